"""The interface for programs and the page that documents it."""

from django.urls import path

from parvis.api.interface import api
from parvis.web.api import views

app_name = "api"
urlpatterns = [path("", views.documentation, name="documentation"), path("v1/", api.urls)]
