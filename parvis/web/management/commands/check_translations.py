"""Fail when a language lacks a text it must have, or translates it with other placeholders."""

import re
from collections.abc import Iterator
from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError

from parvis.web.management import texts

PLACEHOLDER = re.compile(r"%\(\w+\)[sd0-9]+|\{\w+\}")


class Command(BaseCommand):
    """Compare the sources with the catalogues; writes nothing."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Say every fault, then fail if there was one."""
        found = texts.collect()
        faults = [fault for language in texts.languages() for fault in faults_of(language, found)]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} translations to make or to correct (make messages, then locale/)")
        self.stdout.write(f"translations complete: {', '.join(texts.languages())}")


def faults_of(language: str, found: texts.Found) -> Iterator[str]:
    """What is missing, unsure, left over or wrongly filled in one language."""
    path = texts.path_of(language)
    if not path.exists():
        yield f"{language}: no catalogue (make messages)"
        return
    catalogue = polib.pofile(str(path))
    entries = {texts.Text(one.msgid, one.msgid_plural, one.msgctxt or ""): one for one in catalogue}
    wanted = found.wanted_in(language)
    for text in sorted(wanted.keys() - entries.keys()):
        yield f"{language}: not collected: {text.msgid!r}"
    for text in sorted(entries.keys() - wanted.keys()):
        yield f"{language}: no longer used: {text.msgid!r}"
    for text in sorted(wanted.keys() & entries.keys()):
        entry = entries[text]
        if "fuzzy" in entry.flags or not entry.translated():
            yield f"{language}: to translate: {text.msgid!r}"
        elif wrong := [said for said in _said(entry) if not _same_places(text, said)]:
            yield f"{language}: other placeholders than {text.msgid!r}: {wrong[0]!r}"


def _said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _same_places(text: texts.Text, said: str) -> bool:
    """A plural form may say "one" or "two" in words instead of the number; it may not invent a place."""
    expected, given = set(PLACEHOLDER.findall(text.plural or text.msgid)), set(PLACEHOLDER.findall(said))
    return given <= expected if text.plural else given == expected
