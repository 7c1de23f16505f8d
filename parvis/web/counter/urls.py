"""One counter, one screen: every action is a POST on its own address."""

from django.urls import path

from parvis.web.counter import cards, people, sitting, views
from parvis.web.counter.filing import views as filing

app_name = "counter"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:number>/", views.work, name="work"),
    path("<int:number>/ecran/", views.screen, name="screen"),
    path("<int:number>/etat/", views.live, name="live"),
    path("<int:number>/cartes/", cards.cards, name="cards"),
    path("<int:number>/retour/<int:pk>/", views.return_pass, name="return_pass"),
    path("<int:number>/ouvrir/", sitting.open_counter, name="open"),
    path("<int:number>/relever/", sitting.relieve, name="relieve"),
    path("<int:number>/pause/", sitting.pause, name="pause"),
    path("<int:number>/reprise/", sitting.back, name="back"),
    path("<int:number>/fermer/", sitting.close, name="close"),
    path("<int:number>/renfort/", sitting.call_help, name="help"),
    path("<int:number>/renfort/repondre/", sitting.answer, name="answer"),
    path("<int:number>/appeler/", people.call, name="call"),
    path("<int:number>/rappeler/", people.again, name="again"),
    path("<int:number>/arrive/", people.arrived, name="arrived"),
    path("<int:number>/absent/", people.absent, name="absent"),
    path("<int:number>/parti/", people.left, name="left"),
    path("<int:number>/autre-personne/", people.not_the_holder, name="not_the_holder"),
    path("<int:number>/de-cote/", people.park, name="park"),
    path("<int:number>/reprendre/", people.resume, name="resume"),
    path("<int:number>/transferer/", people.transfer, name="transfer"),
    path("<int:number>/ajouter/", people.add, name="add"),
    path("<int:number>/terminer/", people.finish, name="finish"),
    path("<int:number>/remettre/", cards.hand_over, name="hand_over"),
    path("<int:number>/remise-impossible/", cards.fail_handover, name="fail_handover"),
    path("<int:number>/puce/<int:pk>.pdf", cards.chip_copy, name="chip_copy"),
    path("<int:number>/piece-manquante/", people.give_return, name="give_return"),
    path("<int:number>/dossier/chercher/", filing.find, name="file_find"),
    path("<int:number>/dossier/prendre/", filing.attach, name="file_attach"),
    path("<int:number>/dossier/personne/", filing.choose_person, name="file_person"),
    path("<int:number>/dossier/ouvrir/", filing.open_file, name="file_open"),
    path("<int:number>/dossier/corriger/", filing.correct, name="file_correct"),
    path("<int:number>/dossier/pieces/", filing.tick, name="file_tick"),
    path("<int:number>/dossier/complet/", filing.complete, name="file_complete"),
    path("<int:number>/dossier/incomplet/", filing.leave_incomplete, name="file_incomplete"),
    path("<int:number>/dossier/renouveler/", filing.renew, name="file_renew"),
    path("<int:number>/recepisse/<int:pk>/", filing.receipt, name="receipt"),
    path("<int:number>/fiche/<int:pk>/", filing.slip, name="slip"),
    path("<int:number>/choisir/", people.pick, name="pick"),
    path("<int:number>/remettre-en-file/", people.put_back, name="put_back"),
]
