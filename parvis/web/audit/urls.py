from django.urls import path

from parvis.web.audit import views

app_name = "audit"
urlpatterns = [path("", views.home, name="home")]
