"""The back office: what to review, one file and what may be done with it, signing, silences, Thursday, the stock."""

from django.urls import path

from parvis.web.casework import (
    acting,
    batches,
    documents,
    files,
    importing,
    late,
    receiving,
    signing,
    silences,
    stock,
    thursday,
    worklist,
)

app_name = "casework"
urlpatterns = [
    path("", worklist.home, name="home"),
    path("lot/", batches.review, name="batch"),
    path("lot/confier/", batches.give, name="give_batch"),
    path("lot/signer/", batches.sign, name="sign_batch"),
    path("dossier/<int:pk>/", files.file, name="file"),
    path("dossier/<int:pk>/confier/", acting.give, name="give"),
    path("dossier/<int:pk>/pieces/", acting.check, name="check"),
    path("dossier/<int:pk>/recepisse/", acting.receipt, name="receipt"),
    path("dossier/<int:pk>/decider/<slug:code>/", acting.decide, name="decide"),
    path("dossier/<int:pk>/<slug:code>/", acting.act, name="act"),
    path("document/<int:pk>/", documents.document, name="document"),
    path("recepisse/<int:pk>.pdf", documents.receipt_paper, name="receipt_paper"),
    path("fiche/<int:pk>.pdf", documents.slip_paper, name="slip_paper"),
    path("signature/", signing.to_sign, name="to_sign"),
    path("courrier/", receiving.new_file, name="new_file"),
    path("pieces/", late.late, name="late"),
    path("silence/", silences.silences, name="silences"),
    path("jeudi/", thursday.thursday, name="thursday"),
    path("stock/", stock.stock, name="stock"),
    path("reprise/", importing.imports, name="imports"),
    path("reprise/fichier/<slug:mark>/", importing.choose_columns, name="columns"),
    path("reprise/dossiers.csv", importing.export, name="export"),
    path("reprise/<int:pk>/lancer/", importing.run, name="run_import"),
    path("reprise/<int:pk>/", importing.taken_over, name="taken_over"),
    path("reprise/<int:pk>/rejets.csv", importing.rejected, name="rejected"),
]
