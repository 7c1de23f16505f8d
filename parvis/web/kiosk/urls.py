"""The steps at the door, one question each; under ``/borne/`` for the kiosk and ``/porte/`` for a phone."""

from django.urls import path

from parvis.web.kiosk import appointments, views

app_name = "kiosk"
urlpatterns = [
    path("", views.offices, name="offices"),
    path("<slug:code>/", views.start, name="start"),
    path("<slug:code>/demarche/", views.procedure, name="procedure"),
    path("<slug:code>/commune/", views.commune, name="commune"),
    path("<slug:code>/expiration/", views.expiry, name="expiry"),
    path("<slug:code>/conseil/", views.advice, name="advice"),
    path("<slug:code>/priorite/", views.priority, name="priority"),
    path("<slug:code>/identite/", views.holder, name="holder"),
    path("<slug:code>/rendez-vous/", appointments.find, name="appointment"),
    path("<slug:code>/rendez-vous/arrivee/", appointments.check_in, name="check_in"),
    path("<slug:code>/ticket/<str:token>/", views.printed, name="printed"),
    path("<slug:code>/affiche/", views.poster, name="poster"),
]
