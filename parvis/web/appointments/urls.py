"""The way to an appointment, under ``/rendez-vous/``: one question each, then the page of one's own appointment."""

from django.urls import path

from parvis.web.appointments import asking, calendar, details, finding, mine, presence, steps

app_name = "appointments"
urlpatterns = [
    path("", steps.offices, name="offices"),
    path("retrouver/", finding.find, name="find"),
    path("defi/", presence.challenge, name="challenge"),
    path("r/<str:token>/", mine.see, name="see"),
    path("r/<str:token>/identite/", details.details, name="details"),
    path("r/<str:token>/code/", details.code, name="code"),
    path("r/<str:token>/deplacer/", mine.move, name="move"),
    path("r/<str:token>/annuler/", mine.cancel, name="cancel"),
    path("r/<str:token>/convocation.pdf", mine.convocation, name="convocation"),
    path("r/<str:token>/rendez-vous.ics", mine.event, name="event"),
    path("<slug:code>/", steps.start, name="start"),
    path("<slug:code>/demarche/", steps.procedure, name="procedure"),
    path("<slug:code>/a-part/", steps.apart, name="apart"),
    path("<slug:code>/commune/", steps.commune, name="commune"),
    path("<slug:code>/expiration/", steps.expiry, name="expiry"),
    path("<slug:code>/conseil/", steps.advice, name="advice"),
    path("<slug:code>/documents/", steps.what_to_bring, name="documents"),
    path("<slug:code>/documents.pdf", steps.checklist, name="checklist"),
    path("<slug:code>/verification/", presence.verification, name="verification"),
    path("<slug:code>/verification/code/", presence.proof, name="proof"),
    path("<slug:code>/jour/", calendar.days, name="days"),
    path("<slug:code>/heure/", calendar.hours, name="hours"),
    path("<slug:code>/demande/", asking.request_place, name="request"),
]
