"""Every address, by audience. The French paths are stable: they are printed on doors and tickets."""

from django.urls import include, path

from parvis.web.public.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("parvis.web.public.urls")),
    path("", include("parvis.web.documents.urls")),
    path("borne/", include("parvis.web.kiosk.urls", namespace="kiosk")),
    path("porte/", include("parvis.web.kiosk.urls", namespace="door")),
    path("affichage/", include("parvis.web.display.urls")),
    path("rendez-vous/", include("parvis.web.appointments.urls")),
    path("tirages/", include("parvis.web.draws.urls")),
    path("dossier/", include("parvis.web.files.urls")),
    path("aide/", include("parvis.web.helpdesk.urls")),
    path("messages/", include("parvis.web.outbox.urls")),
    path("api/", include("parvis.web.api.urls")),
    path("compte/", include("parvis.web.account.urls")),
    path("accueil/", include("parvis.web.desk.urls")),
    path("guichet/", include("parvis.web.counter.urls")),
    path("titres/", include("parvis.web.cards.urls")),
    path("instruction/", include("parvis.web.casework.urls")),
    path("pilotage/", include("parvis.web.steering.urls")),
    path("journal/", include("parvis.web.audit.urls")),
]
