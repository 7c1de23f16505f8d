"""The pages that anybody may open; their addresses are printed on tickets and slips."""

from django.urls import path

from parvis.web.public import handover, views

app_name = "public"
urlpatterns = [
    path("t/<str:token>/", views.ticket, name="ticket"),
    path("t/<str:token>/etat/", views.ticket_state, name="ticket_state"),
    path("t/<str:token>/partir/", views.ticket_leave, name="ticket_leave"),
    path("orientation/<str:token>/", views.redirection, name="redirection"),
    path("rendez-vous/remise/<str:token>/", handover.handover, name="handover"),
]
