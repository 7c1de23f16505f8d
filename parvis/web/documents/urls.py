"""Where the documents are. The pages' server answers these addresses before Django while they are kept up."""

from django.urls import path

from parvis.web.documents import views
from parvis.web.documents.shelf import Kind

app_name = "documents"
urlpatterns = [
    path("libre/<slug:code>.json", views.document, {"kind": Kind.FREE}, name="free"),
    path("attente/<slug:code>.json", views.document, {"kind": Kind.WAITS}, name="waits"),
]
