from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "parvis.booking"

    def ready(self) -> None:
        """Tell the outbox how booking words its messages."""
        from parvis.booking import letters

        letters.register_all()
