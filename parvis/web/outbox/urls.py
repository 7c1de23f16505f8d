from django.urls import path

from parvis.web.outbox import receipts, views

app_name = "outbox"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/courrier.pdf", views.paper, name="paper"),
    path("<int:pk>/renvoyer/", views.resend, name="resend"),
    path("<int:pk>/imprime/", views.printed, name="printed"),
    path("recu/", receipts.receipt, name="receipt"),
]
