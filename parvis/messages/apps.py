from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "parvis.messages"
    # Django's own "messages" (what a page says once) already has the short label.
    label = "outbox"
