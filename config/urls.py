"""Every address of Parvis."""

from django.urls import include, path

urlpatterns = [path("", include("parvis.web.urls"))]
