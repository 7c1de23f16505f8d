"""Cards from the delivery to the hand, or back."""

from django.urls import path

from parvis.web.cards import aside, deliveries, figures, stock

app_name = "cards"
urlpatterns = [
    path("", stock.home, name="home"),
    path("t/<int:pk>/", stock.card, name="card"),
    path("t/<int:pk>/place/", stock.move, name="move"),
    path("t/<int:pk>/defaut/", stock.faulty, name="faulty"),
    path("livraisons/", deliveries.home, name="deliveries"),
    path("livraisons/ouvrir/", deliveries.open_delivery, name="open_delivery"),
    path("livraisons/<int:pk>/", deliveries.delivery, name="delivery"),
    path("livraisons/<int:pk>/lire/", deliveries.scan, name="scan"),
    path("livraisons/<int:pk>/bordereau/", deliveries.preview, name="preview"),
    path("livraisons/<int:pk>/bordereau/lire/", deliveries.read_list, name="read_list"),
    path("livraisons/<int:pk>/clore/", deliveries.close, name="close_delivery"),
    path("a-part/", aside.home, name="set_aside"),
    path("a-part/<int:pk>/", aside.settle, name="settle"),
    path("a-part/<int:pk>/classer/", aside.dismiss, name="dismiss"),
    path("non-reclames/", stock.unclaimed, name="unclaimed"),
    path("non-reclames/renvoyer/", stock.destroy, name="destroy"),
    path("chiffres/", figures.home, name="figures"),
]
