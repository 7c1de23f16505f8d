"""Who comes with something already begun: a card that waits, a receipt that ends. Laid down the day before."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from parvis.booking.actions import summons
from parvis.casefiles.models import CaseFile
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Office
from parvis.people import rules
from parvis.people.models import Person
from parvis.permits import actions as permits
from parvis.permits.models import Permit
from parvis.permits.rules import HANDOVER
from parvis.permits.states import Source
from parvis.procedures import queries as catalogue
from parvis.procedures.rules import add_months
from parvis.rehearsal import laying
from parvis.rehearsal.draws import stream
from parvis.rehearsal.names import card_number, foreign_number
from parvis.rehearsal.visitors import Crowd, Visitor

RECEIPT = "receipt_renewal"
# Assumptions of the rehearsal, which no source gives.
ASKED_FOR = ("renewal", "renewal", "renewal", "student", "employee", "private_family_life", "resident_card")
DEPOSITED_BEFORE, DECIDED_BEFORE, DELIVERED_BEFORE = 110, 24, 4  # days
EXPIRED_BEFORE = 90  # of the permit of whoever waits for a card
ENDS_WITHIN = 14  # days, of a receipt that is renewed
A_DRAWER = 25

Stock = dict[int, tuple[Person, Permit | None]]


def holders(crowd: Crowd) -> list[Visitor]:
    """The persons of a day who come for a card or for the next receipt, cards first."""
    come_for = {HANDOVER: 0, RECEIPT: 1}
    found = [visitor for visitor in crowd.visitors if visitor.procedures[0] in come_for]
    return sorted(found, key=lambda one: (come_for[one.procedures[0]], one.number))


def stock(
    office: Office, day: date, crowd: Crowd, *, officer: Agent, signatory: Agent
) -> tuple[Stock, dict[int, CaseFile]]:
    """Lay down the files of those who come for a card or a receipt, and put their cards into the drawers.

    By visitor: the person and their card, the file whose receipt ends. Harmless the second time.
    """
    visitors = holders(crowd)
    persons = _persons(day, visitors)
    with_card = [visitor for visitor in visitors if visitor.has_card]
    renewing = [visitor for visitor in visitors if visitor.procedures[0] == RECEIPT]
    cards = _cards(office, day, with_card, persons, officer=officer, signatory=signatory)
    files = _files(office, day, renewing, persons)
    return {one.number: (persons[one.number], cards.get(one.number)) for one in visitors}, files


def _persons(day: date, visitors: Sequence[Visitor]) -> dict[int, Person]:
    numbers = {visitor.number: foreign_number(day, place) for place, visitor in enumerate(visitors)}
    known = {one.foreign_number: one for one in Person.objects.filter(foreign_number__in=numbers.values())}
    now = clock.now()
    made = Person.objects.bulk_create(
        Person(
            foreign_number=numbers[visitor.number],
            family_name=visitor.family_name,
            given_name=visitor.given_name,
            folded_name=rules.folded_name(visitor.family_name, visitor.given_name),
            birth_date=visitor.born,
            language=visitor.language,
            created_at=now,
        )
        for visitor in visitors
        if numbers[visitor.number] not in known
    )
    known |= {one.foreign_number: one for one in made}
    return {number: known[foreign] for number, foreign in numbers.items()}


def _cards(
    office: Office,
    day: date,
    visitors: Sequence[Visitor],
    persons: dict[int, Person],
    *,
    officer: Agent,
    signatory: Agent,
) -> dict[int, Permit]:
    numbers = {visitor.number: card_number(day, place) for place, visitor in enumerate(visitors)}
    known = {one.number: one for one in Permit.objects.filter(number__in=numbers.values())}
    if not known and visitors:
        deposited = day - timedelta(days=DEPOSITED_BEFORE)
        expires: list[date | None] = [day - timedelta(days=EXPIRED_BEFORE)] * len(visitors)
        files = _complete(office, deposited, visitors, persons, expires)
        laying.give_receipts(files, day - timedelta(days=DECIDED_BEFORE))
        laying.decide(files, day - timedelta(days=DECIDED_BEFORE), officer=officer, signatory=signatory)
        with clock.held(clock.at(day - timedelta(days=DELIVERED_BEFORE), "09:00")):
            known = _deliver(office, zip(numbers.values(), files, strict=True))
    return {number: known[card] for number, card in numbers.items() if card in known}


def _deliver(office: Office, wanted: Iterable[tuple[str, CaseFile]]) -> dict[str, Permit]:
    """The cards of one delivery, scanned, each at its place, and their persons told."""
    delivery = permits.open_delivery(office, label=f"{clock.today():%d/%m}", source=Source.SCAN, by=SYSTEM)
    found = {}
    for place, (number, file) in enumerate(wanted):
        where = f"T{place // A_DRAWER + 1}-{place % A_DRAWER + 1:02d}"
        card = permits.scan(delivery, number, file_number=file.number, place=where, by=SYSTEM)
        if isinstance(card, Permit):
            summons.summon(card, by=SYSTEM)
            found[number] = card
    permits.close_delivery(delivery, by=SYSTEM)
    return found


def _files(office: Office, day: date, visitors: Sequence[Visitor], persons: dict[int, Person]) -> dict[int, CaseFile]:
    """Files under review whose receipt ends in the days that come."""
    pks = [persons[visitor.number].pk for visitor in visitors]
    undecided = CaseFile.objects.undecided().select_related("procedure", "person", "office")
    known = {one.person_id: one for one in undecided.filter(person__in=pks)}
    if not known and visitors:
        chance = stream(0, f"receipts {day}")
        ends = [day + timedelta(days=chance.randint(0, ENDS_WITHIN)) for _visitor in visitors]
        expires: list[date | None] = [add_months(end, -3) for end in ends]
        files = _complete(office, day - timedelta(days=DEPOSITED_BEFORE), visitors, persons, expires)
        # Two days are what the first receipt of a renewal needs to have been issued before it starts.
        laying.give_receipts(files, day - timedelta(days=DEPOSITED_BEFORE - 2))
        known = {one.person_id: one for one in files}
    found = {visitor.number: known.get(persons[visitor.number].pk) for visitor in visitors}
    return {number: file for number, file in found.items() if file is not None}


def _complete(
    office: Office,
    day: date,
    visitors: Sequence[Visitor],
    persons: dict[int, Person],
    expires: Sequence[date | None],
) -> list[CaseFile]:
    asked = {code: catalogue.by_code(code) for code in dict.fromkeys(ASKED_FOR)}
    procedures = [asked[ASKED_FOR[visitor.number % len(ASKED_FOR)]] for visitor in visitors]
    files = laying.open_files(office, day, [persons[one.number] for one in visitors], procedures, expires)
    laying.complete(files, day)
    return files
