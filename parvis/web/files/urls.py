"""One's own case file, under ``/dossier/``: where it stands, and what was asked."""

from django.urls import path

from parvis.web.files import answering, finding, status

app_name = "files"
urlpatterns = [
    path("", finding.start, name="start"),
    path("code/<str:sealed>/", finding.code, name="code"),
    path("suivi/<str:sealed>/", status.see, name="see"),
    path("repondre/<str:token>/", answering.answer, name="answer"),
]
