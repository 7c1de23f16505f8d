"""Who comes with something already begun: a card that waits, a receipt that ends. Laid down the day before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from parvis.casefiles.models import CaseFile
from parvis.casefiles.queries.law import Law
from parvis.common import clock
from parvis.offices.models import Agent, Office
from parvis.people import rules
from parvis.people.models import Person
from parvis.permits.models import Permit
from parvis.permits.rules import HANDOVER
from parvis.procedures import queries as catalogue
from parvis.procedures.rules import add_months
from parvis.rehearsal import drawers, laying
from parvis.rehearsal.documents import all_seen
from parvis.rehearsal.draws import stream
from parvis.rehearsal.names import card_number, foreign_number
from parvis.rehearsal.office_days import OfficeDays, evenly, spread, worked, worked_by
from parvis.rehearsal.visitors import Crowd, Visitor

RECEIPT = "receipt_renewal"
# Assumptions of the rehearsal, which no source gives.
ASKED_FOR = ("renewal", "renewal", "renewal", "student", "employee", "private_family_life", "resident_card")
DELIVERED_BEFORE = (13, 10, 6, 4)  # days; nobody who comes was to be reminded yet
MADE_IN = (14, 40)  # days from the decision to the delivery
REVIEWED = (75, 150)  # days from the deposit to the decision
FILED_AHEAD = (5, 55)  # days from the deposit to the end of the permit
# Days before, of the deposits of those whose first receipt ends: their permit still ran, and the law still waits.
RENEWERS_DEPOSITED = (118, 80)
RENEWED_FROM = 96  # days before, at the latest, for a receipt of four months: less than one is left of it
FOUR_MONTHS = "private_family_life"
ENDS_WITHIN = 14  # days, of a receipt that is renewed

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
        with clock.held(clock.at(day - timedelta(days=1), "20:00")):
            known = _Drawers(office, day, officer, signatory).fill(visitors, persons, list(numbers.values()))
    return {number: known[card] for number, card in numbers.items() if card in known}


@dataclass(slots=True)
class _Drawers:
    """The files of those who come for their card: deposited, decided and delivered over the months before."""

    office: Office
    day: date
    officer: Agent
    signatory: Agent

    def fill(
        self, visitors: Sequence[Visitor], persons: dict[int, Person], numbers: Sequence[str]
    ) -> dict[str, Permit]:
        """Their cards by number, each in its drawer and announced."""
        law, days = Law(), OfficeDays(self.office)
        delivered = evenly(len(visitors), [worked_by(self.day - timedelta(days=ago)) for ago in DELIVERED_BEFORE])
        chance = stream(0, f"cards {self.day}")
        decided = self._decision_days(delivered, chance)
        deposited = [days.received_around(one - timedelta(days=chance.randint(*REVIEWED)), chance) for one in decided]
        expires = [one + timedelta(days=chance.randint(*FILED_AHEAD)) for one in deposited]
        files = _complete(self.office, deposited, visitors, persons=persons, expires=expires, law=law)
        laying.give_receipts(list(zip(files, decided, strict=True)), law)
        for on in sorted(set(decided)):
            signed = [file for file, when in zip(files, decided, strict=True) if when == on]
            laying.decide(signed, on, officer=self.officer, signatory=self.signatory)
        for on in sorted(set(delivered)):
            first = delivered.index(on)
            here = range(first, first + delivered.count(on))
            drawers.deliver(self.office, on, [(numbers[n], files[n].number, drawers.place_of(n)) for n in here])
        return {one.number: one for one in Permit.objects.filter(number__in=numbers)}

    def _decision_days(self, delivered: Sequence[date], chance: Random) -> list[date]:
        """A card comes two weeks after the decision at the earliest, six at the latest."""
        decided = []
        for on in sorted(set(delivered)):
            soonest, latest = (on - timedelta(days=ago) for ago in MADE_IN)
            decided += spread(delivered.count(on), worked(latest, soonest), chance)
        return decided


def _files(office: Office, day: date, visitors: Sequence[Visitor], persons: dict[int, Person]) -> dict[int, CaseFile]:
    """Files under review whose receipt ends in the days that come."""
    pks = [persons[visitor.number].pk for visitor in visitors]
    undecided = CaseFile.objects.undecided().select_related("procedure", "person", "office")
    known = {one.person_id: one for one in undecided.filter(person__in=pks)}
    if not known and visitors:
        law, days = Law(), OfficeDays(office)
        chance = stream(0, f"receipts {day}")
        ends = [day + timedelta(days=chance.randint(0, ENDS_WITHIN)) for _visitor in visitors]
        expires = [add_months(end, -3) for end in ends]
        first, last = (day - timedelta(days=ago) for ago in RENEWERS_DEPOSITED)
        deposited = spread(len(visitors), days.received(first, last), chance) or [last] * len(visitors)
        chance.shuffle(deposited)
        latest = day - timedelta(days=RENEWED_FROM)
        sooner = days.received(first, latest) or [first]
        deposited = [
            chance.choice(sooner) if one > latest and _asked_for(visitor) == FOUR_MONTHS else one
            for one, visitor in zip(deposited, visitors, strict=True)
        ]
        files = _complete(office, deposited, visitors, persons=persons, expires=expires, law=law)
        # Two days are what the first receipt of a renewal needs to have been issued before it starts.
        laying.give_receipts([(file, file.deposited_on + timedelta(days=2)) for file in files], law)
        known = {one.person_id: one for one in files}
    found = {visitor.number: known.get(persons[visitor.number].pk) for visitor in visitors}
    return {number: file for number, file in found.items() if file is not None}


def _complete(
    office: Office,
    days: Sequence[date],
    visitors: Sequence[Visitor],
    *,
    persons: dict[int, Person],
    expires: Sequence[date],
    law: Law,
) -> list[CaseFile]:
    procedures = {code: catalogue.by_code(code) for code in dict.fromkeys(ASKED_FOR)}
    deposits = []
    for day, visitor, expires_on in zip(days, visitors, expires, strict=True):
        procedure = procedures[_asked_for(visitor)]
        seen = all_seen(procedure, law.since(day))
        deposits.append(laying.Deposit(day, persons[visitor.number], procedure, expires_on, seen))
    return laying.deposit_all(office, deposits, law)


def _asked_for(visitor: Visitor) -> str:
    return ASKED_FOR[visitor.number % len(ASKED_FOR)]
