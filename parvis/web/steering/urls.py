"""The view of the day, then what the head of office decides: hours, closures, counters, order, end of the day."""

from django.urls import include, path

from parvis.web.steering import (
    access_modes,
    booking_policy,
    capacity,
    closing,
    closures,
    counters,
    day,
    openings,
    policy,
    returns,
    views,
)

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
    path("places/", capacity.capacity, name="capacity"),
    path("places/remplissage/", capacity.fill, name="fill"),
    path("places/regles/", booking_policy.booking_policy, name="booking_policy"),
    path("places/<slug:code>/nouveau/", capacity.new_plan, name="new_plan"),
    path("places/plan/<int:pk>/", capacity.plan, name="plan"),
    path("places/plan/<int:pk>/changer/", capacity.change_plan, name="change_plan"),
    path("places/plan/<int:pk>/terminer/", capacity.end_plan, name="end_plan"),
    path("acces/", access_modes.access_modes, name="access_modes"),
    path("acces/<slug:code>/", access_modes.access_mode, name="access_mode"),
    path("acces/<slug:code>/changer/", access_modes.change_access, name="change_access"),
    path("acces/<slug:code>/places/", access_modes.change_allocation, name="change_allocation"),
    path("agents/", include("parvis.web.administration.urls")),
]
