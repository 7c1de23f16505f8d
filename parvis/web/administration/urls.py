"""The agents. Part of the menu of the head of office, whose namespace these addresses share."""

from django.urls import path

from parvis.web.administration import views

urlpatterns = [
    path("", views.agents, name="agents"),
    path("nouveau/", views.new_agent, name="new_agent"),
    path("<int:pk>/", views.agent, name="agent"),
    path("<int:pk>/mot-de-passe/", views.reset_password, name="reset_password"),
    path("<int:pk>/fermer/", views.deactivate, name="deactivate_agent"),
]
