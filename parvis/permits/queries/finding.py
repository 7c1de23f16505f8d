"""Find the card from whatever the scanner or the keyboard gives."""

import re
from dataclasses import dataclass, field

from django.db.models import QuerySet

from parvis.casefiles.models import CaseFile
from parvis.casefiles.models.numbers import NUMBER, as_kept
from parvis.common import text
from parvis.offices.models import Office
from parvis.people import rules as people
from parvis.people.errors import ForeignNumberMalformed
from parvis.people.models import Person
from parvis.permits import links, rules
from parvis.permits.errors import PermitNumberMalformed
from parvis.permits.models import Permit
from parvis.permits.states import State

_SUMMONS = re.compile(r"/remise/([^/?#\s]+)")
MOST = 12


@dataclass(frozen=True, slots=True)
class Found:
    """What was scanned: one card; or several to choose from; or a file that has no card yet; or nothing at all.

    ``elsewhere`` is the office where the card is, when it is not this one.
    """

    permit: Permit | None = None
    choice: list[Permit] = field(default_factory=list)
    case_file: CaseFile | None = None
    elsewhere: Office | None = None


def by_number(typed: str) -> Permit | None:
    """The card of this number, however it was typed; None when there is none."""
    try:
        number = rules.number(typed)
    except PermitNumberMalformed:
        return None
    return _rows().filter(number=number).first()


def by_scan(office: Office, typed: str, *, person: Person | None = None) -> Found:
    """The card meant by a scan: summons, receipt, file, card or foreign number; ``person`` is the ticket's.

    The cards that wait come before those that left. Nothing typed: those of the person of the ticket.
    """
    said = text.clean(typed, limit=300)
    if not said:
        return _found(office, _rows().filter(person=person)) if person else Found()
    if summons := _SUMMONS.search(said):
        card = links.card_of(summons[1])
        return _found(office, _rows().filter(pk=card.pk)) if card else Found()
    number = as_kept(said)
    if NUMBER.fullmatch(number) and (file := _file(number)):
        # With its person, whose cards are few: all cards of a file, those sent back too, have no index of their own.
        return _found(office, _rows().filter(person=file.person_id, case_file=file), file)
    card = by_number(said)
    if card is not None:
        return _found(office, _rows().filter(pk=card.pk))
    return _by_foreign_number(office, said)


def _by_foreign_number(office: Office, said: str) -> Found:
    try:
        number = people.foreign_number(said)
    except ForeignNumberMalformed:
        return Found()
    if not number:
        return Found()
    found = _found(office, _rows().filter(person__foreign_number=number))
    if found.permit or found.choice:
        return found
    files = CaseFile.objects.select_related("person", "procedure", "office").filter(person__foreign_number=number)
    return Found(case_file=files.order_by("-deposited_on", "-pk").first())


def _file(sign: str) -> CaseFile | None:
    """The file of this number, or of the receipt of this number."""
    rows = CaseFile.objects.select_related("person", "procedure", "office")
    return rows.filter(number=sign).first() or rows.filter(receipts__number=sign).first()


def _found(office: Office, rows: QuerySet[Permit], file: CaseFile | None = None) -> Found:
    cards = list(rows.order_by("-received_at", "-pk")[:MOST])
    waiting = [card for card in cards if card.state == State.IN_STOCK]
    here = [card for card in waiting if card.office_id == office.pk]
    best = here or waiting or cards[:1]
    if len(best) > 1:
        return Found(choice=best, case_file=file)
    if not best:
        return Found(case_file=file)
    card = best[0]
    return Found(permit=card, case_file=card.case_file, elsewhere=card.office if card.office_id != office.pk else None)


def _rows() -> QuerySet[Permit]:
    return Permit.objects.select_related("person", "office", "case_file__procedure", "case_file__person")
