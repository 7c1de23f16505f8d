"""The view of the day, then what the head of office decides: hours, closures, counters, order, end of the day."""

from django.urls import include, path

from parvis.web.steering import closing, closures, counters, day, openings, policy, returns, views

app_name = "steering"
urlpatterns = [
    path("", views.home, name="home"),
    path("etat/", views.live, name="live"),
    path("renfort/<int:pk>/", views.answer_help, name="answer_help"),
    path("retours/", returns.offers, name="offers"),
    path("retours/proposer/", returns.offer, name="offer"),
    path("retours/<int:pk>/", returns.return_pass, name="return_pass"),
    path("horaires/", openings.openings, name="openings"),
    path("horaires/<slug:code>/", openings.opening, name="opening"),
    path("horaires/<slug:code>/changer/", openings.change, name="change_opening"),
    path("fermetures/", closures.closures, name="closures"),
    path("fermetures/declarer/", closures.declare, name="declare_closure"),
    path("fermetures/<int:pk>/annuler/", closures.cancel, name="cancel_closure"),
    path("guichets/", counters.counters, name="counters"),
    path("guichets/<int:number>/", counters.lines, name="counter_lines"),
    path("regles/", policy.policy, name="policy"),
    path("regles/garantie/", policy.guarantee, name="guarantee"),
    path("cloture/", closing.closing, name="closing"),
    path("cloture/fermer/", closing.close_day, name="close_day"),
    path("jour/", day.day, name="day"),
    path("agents/", include("parvis.web.administration.urls")),
]
