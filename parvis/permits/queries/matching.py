"""Which file a card that arrives belongs to: exactly one, or none with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from parvis.casefiles.models import CaseFile
from parvis.casefiles.models.numbers import as_kept
from parvis.casefiles.states import AWAITING_CARD, WITH_CARD
from parvis.common import text
from parvis.offices.models import Office
from parvis.people import rules as people
from parvis.people.errors import ForeignNumberMalformed
from parvis.people.models import Person

MOST_CANDIDATES = 20
NO_FILE, SEVERAL, HAS_CARD, AWAITS_NONE, DIFFERS = (
    "no_file",
    "several_files",
    "file_has_card",
    "file_awaits_no_card",
    "identity_differs",
)


@dataclass(frozen=True, slots=True)
class Match:
    """The file of a card; without one, ``code`` says why."""

    case_file: CaseFile | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a sender wrote of the person of a card; what is empty was not written."""

    foreign_number: str
    name: str
    birth_date: date | None

    def differs(self, person: Person) -> bool:
        """Whether it cannot be this person: another number or day of birth, or not one word of the names in common."""
        words, known = text.folded(self.name).split(), person.folded_name.split()
        return (
            _differ(self.foreign_number, person.foreign_number)
            or _differ(self.birth_date, person.birth_date)
            or bool(words and known and not set(words) & set(known))
        )


def match(
    office: Office,
    *,
    file_number: str = "",
    foreign_number: str = "",
    name: str = "",
    birth_date: date | None = None,
) -> Match:
    """The one file of this office that awaits this card.

    By the number of the file; else by the foreign number; else by name and birth date when exactly one answers. What
    else the sender wrote must be of the same person (``Said.differs``): the card of one must not go to the other.
    """
    foreign = _foreign(foreign_number)
    said = Said(foreign, name, birth_date)
    rows = CaseFile.objects.filter(office=office).select_related("person", "procedure")
    wanted = as_kept(file_number)
    if wanted:
        former = rows.filter(former_number=text.clean(file_number, limit=40))
        named = rows.filter(number=wanted).first() or former.first()
        if named is not None:
            return _checked(named, said)
    if foreign:
        return _one(rows.filter(person__foreign_number=foreign), said)
    if name and birth_date:
        return _one(_by_name(rows, name, birth_date), said)
    return Match(None, NO_FILE)


def match_all(office: Office, cards: Mapping[int, Mapping[str, Any]]) -> dict[int, CaseFile]:
    """The files of those cards of a list that name the number of a file that awaits one, by their place in the list."""
    wanted = {place: as_kept(card["file_number"]) for place, card in cards.items()}
    rows = CaseFile.objects.filter(office=office, number__in=set(wanted.values())).select_related("person")
    found = {file.number: file for file in rows}
    named = {place: found[number] for place, number in wanted.items() if number in found}
    matched = {place: _checked(file, _said(cards[place])) for place, file in named.items()}
    return {place: one.case_file for place, one in matched.items() if one.case_file is not None}


def candidates(
    office: Office, *, foreign_number: str = "", name: str = "", birth_date: date | None = None
) -> list[CaseFile]:
    """The files that a card set aside could belong to: awaiting a card, of that person, day of birth or name.

    A name counts only where the sender gave no day of birth: with one, somebody born on another day is not offered.
    """
    about = Q(pk=None)
    if foreign := _foreign(foreign_number):
        about |= Q(person__foreign_number=foreign)
    if birth_date:
        about |= Q(person__birth_date=birth_date)
    elif folded := text.folded(name):
        about |= Q(person__folded_name__startswith=folded.split()[0])
    rows = CaseFile.objects.filter(about, office=office, state__in=sorted(AWAITING_CARD))
    return list(rows.select_related("person", "procedure").order_by("deposited_on", "pk")[:MOST_CANDIDATES])


def _checked(found: CaseFile, said: Said) -> Match:
    if said.differs(found.person):
        return Match(None, DIFFERS)
    if found.state in AWAITING_CARD:
        return Match(found)
    return Match(None, HAS_CARD if found.state in WITH_CARD else AWAITS_NONE)


def _one(rows: QuerySet[CaseFile], said: Said) -> Match:
    found = list(rows.filter(state__in=sorted(AWAITING_CARD)).order_by("pk")[:2])
    if len(found) == 1:
        return _checked(found[0], said)
    if found:
        return Match(None, SEVERAL)
    return Match(None, HAS_CARD if rows.filter(state__in=sorted(WITH_CARD)).exists() else NO_FILE)


def _by_name(rows: QuerySet[CaseFile], name: str, birth_date: date) -> QuerySet[CaseFile]:
    """Those whose names are made of these words, in whatever order they are written."""
    words = sorted(text.folded(name).split())
    born = rows.filter(person__birth_date=birth_date).values_list("person_id", "person__folded_name").distinct()
    same = [pk for pk, folded in born if sorted(folded.split()) == words]
    return rows.filter(person_id__in=same)


def _said(card: Mapping[str, Any]) -> Said:
    return Said(_foreign(card["foreign_number"]), card["name"], card["birth_date"])


def _differ(said: object, known: object) -> bool:
    return bool(said and known and said != known)


def _foreign(typed: str) -> str:
    try:
        return people.foreign_number(typed)
    except ForeignNumberMalformed:
        return ""
