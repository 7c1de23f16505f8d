"""Bring the texts to translate into ``locale/``; translations already made are kept."""

from typing import Any

from django.core.management.base import BaseCommand

from parvis.web.management import texts


class Command(BaseCommand):
    """Collect, write, and say what is still to translate."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrite the catalogue of every language."""
        found = texts.collect()
        for language in texts.languages():
            catalogue = texts.update(language, found)
            texts.path_of(language).parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(texts.path_of(language)))
            left = [entry for entry in catalogue if not entry.translated()]
            self.stdout.write(f"{language}: {len(catalogue)} texts, {len(left)} to translate")
