"""Draws, under ``/tirages/``: what anybody may check, one's own request, an offer, a certificate for a court."""

from django.urls import path

from parvis.web.draws import certificates, offers, requests, results

app_name = "draws"
urlpatterns = [
    path("", results.batches, name="batches"),
    path("verify_draw.py", results.program, name="program"),
    path("certificat.pem", certificates.office_certificate, name="office_certificate"),
    path("demande/<str:token>/", requests.see, name="request"),
    path("demande/<str:token>/retirer/", requests.withdraw, name="withdraw"),
    path("demande/<str:token>/attestation/", requests.certificate, name="issue"),
    path("offre/<str:token>/", offers.see, name="offer"),
    path("offre/<str:token>/accepter/", offers.take, name="take"),
    path("offre/<str:token>/refuser/", offers.refuse, name="refuse"),
    path("attestation/<str:token>/", certificates.check, name="certificate"),
    path("attestation/<str:token>/attestation.pdf", certificates.paper, name="paper"),
    path("<slug:office>/<slug:procedure>/<int:number>/", results.batch, name="batch"),
    path("<slug:office>/<slug:procedure>/<int:number>/tirage.json", results.document, name="document"),
]
