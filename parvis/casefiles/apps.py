from django.apps import AppConfig


class CasefilesConfig(AppConfig):
    name = "parvis.casefiles"

    def ready(self) -> None:
        """Tell the outbox how case files word their messages."""
        from parvis.casefiles import letters

        letters.register_all()
