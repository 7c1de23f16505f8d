"""What is laid down at once is what the actions leave one by one: the same rows, the same journal."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from django.db.models import Model

from parvis.booking.actions import summons
from parvis.casefiles import actions as casefiles
from parvis.casefiles.models import CaseFile, DocumentCheck, Receipt
from parvis.casefiles.queries.law import Law
from parvis.casefiles.states import DocumentState
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.offices.models import Agent, Office
from parvis.permits import actions as permits
from parvis.permits import queries
from parvis.permits.models import Handover, Permit, Stamp
from parvis.permits.states import Notice, Source
from parvis.procedures import queries as catalogue
from parvis.rehearsal import cast, drawers, laying
from parvis.rehearsal.desk import stamps
from parvis.rehearsal.documents import all_seen, work_said
from parvis.rehearsal.replay.people import invent
from tests.scenarios.office import deliver

pytestmark = pytest.mark.django_db

DAY, RENEWED, DECIDED, RECEIVED, FETCHED = (
    date(2017, 7, 3),
    date(2017, 10, 20),
    date(2017, 11, 2),
    date(2017, 11, 20),
    date(2017, 11, 24),
)
EXPIRES = date(2017, 7, 23)
CODES = ("renewal", "student", "duplicate")


@pytest.fixture
def office() -> Iterator[Office]:
    deliver()
    with clock.held(clock.at(date(2017, 7, 1), "08:00")):
        yield Office.objects.get(code="nanterre")


def same(made: Model, expected: Model, *, but: Sequence[str]) -> None:
    """Every field alike but those that name the row, its person or chance."""
    names = [field.attname for field in made._meta.concrete_fields if field.attname not in {"id", *but}]
    assert {name: getattr(made, name) for name in names} == {name: getattr(expected, name) for name in names}


def told(*subjects: Model) -> list[tuple[Any, ...]]:
    """What the journal says of these, without the numbers drawn by chance."""
    kept = []
    for subject in subjects:
        for one in Entry.objects.about(subject):
            facts = {name: value for name, value in one.facts.items() if name not in {"receipt", "file"}}
            kept.append((one.at, one.what, one.office_id, one.agent_id, one.origin, facts))
    return sorted(kept, key=lambda one: (one[0], one[1]))


def checks_of(file: CaseFile) -> list[tuple[Any, ...]]:
    found = DocumentCheck.objects.filter(case_file=file).order_by("code")
    return list(found.values_list("code", "state", "reason", "at", "agent_id"))


@pytest.mark.parametrize("is_complete", [True, False])
@pytest.mark.parametrize("code", CODES)
def test_deposits_of_past_days_are_those_that_the_counter_leaves(office: Office, code: str, is_complete: bool) -> None:
    procedure, law = catalogue.by_code(code), Law()
    checks = all_seen(procedure, DAY)
    if not is_complete:
        asked = next(code for code, (state, _why) in checks.items() if state == DocumentState.SEEN)
        checks |= {asked: (DocumentState.MISSING, "")}
    one, other = invent(0, 2)
    with clock.held(clock.at(DAY, laying.HOUR)):
        expected = casefiles.deposit(office, person=one, procedure=procedure, permit_expires_on=EXPIRES, by=SYSTEM)
        expected = casefiles.tick(expected, checks, by=SYSTEM)
    (made,) = laying.deposit_all(office, [laying.Deposit(DAY, other, procedure, EXPIRES, checks)], law)
    same(CaseFile.objects.get(pk=made.pk), CaseFile.objects.get(pk=expected.pk), but=["number", "person_id"])
    assert checks_of(made) == checks_of(expected)
    assert told(made) == told(expected)


@pytest.mark.parametrize("code", CODES)
def test_receipts_of_past_days_are_those_that_the_counter_gives(office: Office, code: str) -> None:
    procedure = catalogue.by_code(code)
    one, other = invent(0, 2)
    checks = all_seen(procedure, DAY)
    both = [laying.Deposit(DAY, person, procedure, EXPIRES, checks) for person in (one, other)]
    expected, made = laying.deposit_all(office, both, Law())
    given = laying.give_receipts([(made, RENEWED)], Law())
    for receipt in given:
        with clock.held(receipt.issued_at):
            act = casefiles.issue_receipt if receipt.rank == 1 else casefiles.renew_receipt
            right = act(expected, work=work_said(procedure), by=SYSTEM)
        same(Receipt.objects.get(pk=receipt.pk), right, but=["number", "case_file_id"])
    assert Receipt.objects.filter(case_file=expected).count() == len(given)
    assert told(made) == told(expected)


def granted(office: Office, actors: cast.Cast) -> list[CaseFile]:
    procedure = catalogue.by_code("renewal")
    checks = all_seen(procedure, DAY)
    deposits = [laying.Deposit(DAY, person, procedure, EXPIRES, checks) for person in invent(1, 2)]
    files = laying.deposit_all(office, deposits, Law())
    laying.give_receipts([(file, DECIDED) for file in files], Law())
    return laying.decide(files, DECIDED, officer=actors.officer, signatory=actors.signatory)


def one_by_one(office: Office, file: CaseFile, by: Agent) -> Permit:
    with clock.held(clock.at(RECEIVED, drawers.MORNING)):
        delivery = permits.open_delivery(office, label="20/11", source=Source.CSV, by=SYSTEM)
        card = permits.scan(delivery, "9900-171120-001", file_number=file.number, place="U1", by=SYSTEM)
        assert isinstance(card, Permit)
    with clock.held(clock.at(RECEIVED, drawers.TOLD)):
        summons.summon(card, by=SYSTEM)
    card.refresh_from_db()
    with clock.held(clock.at(FETCHED, drawers.FETCHED)):
        checks, due = [check.code for check in queries.checklist(card, FETCHED)], queries.amount_due(card, FETCHED)
        shown = stamps(FETCHED.toordinal(), card, checks, due.eur or due.eur_max)
        permits.hand_over(card, checks=checks, stamps=shown, notice=Notice.PAPER, by=by)
    return card


def test_cards_delivered_and_fetched_on_past_days_are_those_of_the_counters(office: Office) -> None:
    actors = cast.gather(office)
    one, other = granted(office, actors)
    expected = one_by_one(office, one, actors.relief)
    cards = drawers.deliver(office, RECEIVED, [("9900-171120-002", other.number, "U1")])
    drawers.hand_over(cards, FETCHED, by=actors.relief)
    (made,) = cards
    apart = ["number", "person_id", "case_file_id", "delivery_id"]
    same(Permit.objects.get(pk=made.pk), Permit.objects.get(pk=expected.pk), but=apart)
    same(made.handover, expected.handover, but=["permit_id"])
    assert [stamp.eur for stamp in Stamp.objects.filter(handover__permit=made)] == [
        stamp.eur for stamp in Stamp.objects.filter(handover__permit=expected)
    ]
    same(CaseFile.objects.get(pk=other.pk), CaseFile.objects.get(pk=one.pk), but=["number", "person_id"])
    assert told(made, other) == told(expected, one)
    assert Receipt.objects.filter(case_file__in=[one, other], returned_at=None).count() == 0
    kinds = [list(Message.objects.filter(person=file.person).values_list("kind", "channel")) for file in (one, other)]
    assert sorted(kinds[0]) == sorted(kinds[1])
    assert Handover.objects.count() == 2
