from django.urls import path

from parvis.web.desk import arrivals, tickets

app_name = "desk"
urlpatterns = [
    path("", arrivals.home, name="home"),
    path("etat/", arrivals.live, name="live"),
    path("arrivee/", arrivals.issue, name="issue"),
    path("rendez-vous/", arrivals.scan, name="scan"),
    path("personnes/", arrivals.persons, name="persons"),
    path("ticket/<int:pk>/", tickets.ticket, name="ticket"),
    path("ticket/<int:pk>/papier/", tickets.paper, name="paper"),
    path("ticket/<int:pk>/imprimer/", tickets.reprint, name="reprint"),
    path("ticket/<int:pk>/remettre/", tickets.put_back, name="put_back"),
    path("ticket/<int:pk>/parti/", tickets.leave, name="leave"),
    path("ticket/<int:pk>/autre-personne/", tickets.not_the_holder, name="not_the_holder"),
    path("ticket/<int:pk>/revenir/", tickets.give_return, name="give_return"),
]
