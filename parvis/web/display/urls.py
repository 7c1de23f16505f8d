from django.urls import path

from parvis.web.display import views

app_name = "display"
urlpatterns = [
    path("<slug:office>/", views.page, name="page"),
    path("<slug:office>/tableau/", views.board, name="board"),
    path("<slug:office>/qr.svg", views.qr, name="qr"),
]
