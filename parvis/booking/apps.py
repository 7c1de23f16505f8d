from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "parvis.booking"
