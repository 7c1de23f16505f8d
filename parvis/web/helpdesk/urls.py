from django.urls import path

from parvis.web.helpdesk import assistance, booking, changing, home, requesting

app_name = "helpdesk"
urlpatterns = [
    path("", home.home, name="home"),
    path("prendre/", booking.book, name="book"),
    path("demander/", requesting.request_place, name="request"),
    path("rendez-vous/<int:pk>/", home.appointment, name="appointment"),
    path("rendez-vous/<int:pk>/deplacer/", changing.move, name="move"),
    path("rendez-vous/<int:pk>/annuler/", changing.cancel, name="cancel"),
    path("rendez-vous/<int:pk>/arrivee/", changing.check_in, name="check_in"),
    path("point/commencer/", assistance.begin, name="begin"),
    path("point/terminer/", assistance.end, name="end"),
]
