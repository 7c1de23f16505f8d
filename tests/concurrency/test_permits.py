"""Several agents hand over the same card: the lock, the constraint, and what happens without either."""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.db import connection

from parvis.booking import actions as booking
from parvis.common import clock
from parvis.journal.actions import Device
from parvis.journal.models import Entry
from parvis.permits import actions, rules
from parvis.permits.actions import deliveries
from parvis.permits.actions import handing as step
from parvis.permits.errors import (
    AlreadyHandedOver,
    AlreadySetAside,
    AlreadySettled,
    CardReturned,
    PermitNumberTaken,
    StampUsed,
)
from parvis.permits.models import Handover, Permit, SetAside, Stamp
from parvis.permits.states import Returned
from tests.casefiles.house import CaseHouse, build
from tests.concurrency.threads import Meeting, only_read, together
from tests.permits.cards import announced, card, delivery, everything
from tests.permits.factories import PermitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with clock.held(clock.at(date(2017, 12, 11), "09:00")):
        yield


def handing_over(permit: Permit, agent: int) -> Callable[[], Handover]:
    return lambda: actions.hand_over(permit, by=Device("agent", agent_id=agent))


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock away, and let two agents both see the card in stock before either writes."""
    monkeypatch.setattr(step, "locked", lambda permit: Permit.objects.get(pk=permit.pk))
    monkeypatch.setattr(rules, "check_may_hand_over", Meeting().after(rules.check_may_hand_over))


def test_eight_agents_hand_over_one_card_and_one_does() -> None:
    permit = PermitFactory()
    answers = together([handing_over(permit, agent) for agent in range(8)])
    assert Tally(map(type, answers)) == {Handover: 1, AlreadyHandedOver: 7}
    handover = Handover.objects.get()
    assert Entry.objects.about(permit).get().agent_id == handover.agent_id


@pytest.mark.usefixtures("no_lock")
def test_without_the_lock_the_constraint_alone_holds_and_says_it_in_the_same_words() -> None:
    permit = PermitFactory()
    answers = together([handing_over(permit, 1), handing_over(permit, 2)])
    assert Tally(map(type, answers)) == {Handover: 1, AlreadyHandedOver: 1}
    assert Handover.objects.count() == 1
    assert Entry.objects.about(permit).count() == 1


@pytest.mark.usefixtures("no_lock")
def test_control_without_lock_nor_constraint_the_card_leaves_twice() -> None:
    permit = PermitFactory()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE permits_handover DROP CONSTRAINT permits_handover_permit_id_key")
    try:
        answers = together([handing_over(permit, 1), handing_over(permit, 2)])
        assert Tally(map(type, answers)) == {Handover: 2}
        assert Handover.objects.count() == 2
    finally:
        Handover.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE permits_handover ADD CONSTRAINT permits_handover_permit_id_key UNIQUE (permit_id)"
            )


@pytest.fixture
def cases(transactional_db: None) -> CaseHouse:
    """An office that takes files and makes cards."""
    return build()


def test_two_counters_hand_over_the_card_of_a_file_and_the_file_is_closed_once(cases: CaseHouse) -> None:
    permit = card(cases)
    given = [everything(permit), everything(permit)]
    answers = together([lambda one=one: actions.hand_over(permit, by=cases.clerk, **one) for one in given])
    assert Tally(map(type, answers)) == {Handover: 1, AlreadyHandedOver: 1}
    assert Stamp.objects.count() == 1
    assert Entry.objects.filter(what="case_file.handed_over").count() == 1


def two_counters_one_stamp(cases: CaseHouse) -> list[Callable[[], Handover]]:
    shown = {"stamps": [("1234567890123456", 219)]}
    cards = [card(cases), card(cases, procedure="student")]
    given = [everything(permit) | shown for permit in cards]
    return [
        lambda permit=permit, one=one: actions.hand_over(permit, by=cases.clerk, **one)
        for permit, one in zip(cards, given, strict=True)
    ]


def test_one_stamp_at_two_counters_serves_once(cases: CaseHouse) -> None:
    answers = together(two_counters_one_stamp(cases))
    assert Tally(map(type, answers)) == {Handover: 1, StampUsed: 1}
    assert Permit.objects.in_stock().count() == 1
    assert Entry.objects.filter(what="permit.handed_over").count() == 1


def test_control_without_the_constraint_one_stamp_pays_twice(cases: CaseHouse) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE permits_stamp DROP CONSTRAINT stamp_once")
    try:
        answers = together(two_counters_one_stamp(cases))
        assert Tally(map(type, answers)) == {Handover: 2}
    finally:
        Stamp.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE permits_stamp ADD CONSTRAINT stamp_once UNIQUE (number)")


def scanning(cases: CaseHouse, scans: list[tuple[str, str]]) -> list[Callable[[], Permit | SetAside]]:
    """One delivery read by as many hands as there are scans: the number of the card, the number of the file."""
    arrived = delivery(cases)
    return [
        lambda number=number, file=file: actions.scan(arrived, number, file_number=file, by=cases.clerk)
        for number, file in scans
    ]


def test_eight_hands_scan_one_card_and_it_is_one(cases: CaseHouse) -> None:
    file = cases.granted()
    answers = together(scanning(cases, [("TEST1", file.number)] * 8))
    assert set(answers) == {Permit.objects.get()}
    assert Entry.objects.filter(what="case_file.received").count() == 1


def test_eight_hands_set_one_card_aside_and_it_is_one(cases: CaseHouse) -> None:
    answers = together(scanning(cases, [("TEST1", "")] * 8))
    assert set(answers) == {SetAside.objects.get()}


def test_two_cards_for_one_file_scanned_together(cases: CaseHouse) -> None:
    file = cases.granted()
    answers = together(scanning(cases, [("TEST1", file.number), ("TEST2", file.number)]))
    assert Tally(map(type, answers)) == {Permit: 1, SetAside: 1}
    assert SetAside.objects.get().code == "file_has_card"


def test_two_hands_read_one_list_and_a_third_scans(cases: CaseHouse) -> None:
    files = [cases.granted() for _ in range(6)]
    arrived = delivery(cases)
    lines = "\n".join(["Titre;Dossier", *(f"TEST{turn};{file.number}" for turn, file in enumerate(files))]).encode()
    answers = together(
        [
            lambda: actions.read_csv(arrived, lines, by=cases.clerk),
            lambda: actions.read_csv(arrived, lines, by=cases.officer),
            lambda: actions.scan(arrived, "TEST3", file_number=files[3].number, by=cases.clerk),
        ]
    )
    assert not [one for one in answers if isinstance(one, BaseException)]
    assert Permit.objects.count() == Entry.objects.filter(what="case_file.received").count() == 6
    assert not SetAside.objects.exists()


def test_two_lists_with_the_same_cards_take_each_once(cases: CaseHouse) -> None:
    files = [cases.granted() for _ in range(6)]
    lines = "\n".join(["Titre;Dossier", *(f"TEST{turn};{file.number}" for turn, file in enumerate(files))]).encode()
    two = [delivery(cases), delivery(cases)]
    answers = together([lambda arrived=one: actions.read_csv(arrived, lines, by=cases.clerk) for one in two])
    assert not [one for one in answers if isinstance(one, BaseException)]
    assert Permit.objects.count() == Entry.objects.filter(what="case_file.received").count() == 6
    assert set(SetAside.objects.values_list("code", flat=True)) <= {"card_known"}


def test_one_card_in_two_deliveries_is_taken_once(cases: CaseHouse) -> None:
    files = [cases.granted(), cases.granted("student")]
    answers = together([job for file in files for job in scanning(cases, [("TEST1", file.number)])])
    assert Permit.objects.count() == 1
    assert Tally(map(type, answers)) in ({Permit: 1, SetAside: 1}, {Permit: 1, PermitNumberTaken: 1})


def test_control_without_the_lock_of_the_delivery_the_constraint_alone_says_so(
    cases: CaseHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, put_aside = Meeting(), deliveries.put_aside

    def wait_then_put_aside(*args: object, **said: object) -> SetAside:
        both.wait()
        return put_aside(*args, **said)  # type: ignore[arg-type]

    monkeypatch.setattr(deliveries, "lock", only_read)
    monkeypatch.setattr(deliveries, "put_aside", wait_then_put_aside)
    answers = together(scanning(cases, [("TEST1", "")] * 2))
    assert Tally(map(type, answers)) == {SetAside: 1, AlreadySetAside: 1}


def test_several_workers_list_the_unclaimed_once(cases: CaseHouse) -> None:
    announced(cases)
    with clock.held(clock.now() + timedelta(days=90)):
        assert sorted(together([actions.mark_unclaimed_due] * 4)) == [0, 0, 0, 1]
    assert Entry.objects.filter(what="permit.unclaimed").count() == 1


def test_several_workers_remind_once(cases: CaseHouse) -> None:
    announced(cases)
    with clock.held(clock.now() + timedelta(days=15)):
        assert sorted(together([booking.remind_of_cards] * 4)) == [0, 0, 0, 1]


def test_a_card_sent_back_while_it_is_handed_over_does_one_of_both(cases: CaseHouse) -> None:
    permit = card(cases)
    given = everything(permit)
    handing = together(
        [
            lambda: actions.hand_over(permit, by=cases.clerk, **given),
            lambda: actions.send_back([permit], Returned.FAULTY, by=cases.clerk),
        ]
    )
    permit.refresh_from_db()
    left, refused = (handing[0], handing[1]) if permit.state == "handed_over" else (handing[1], handing[0])
    assert isinstance(refused, AlreadyHandedOver | CardReturned)
    assert not isinstance(left, BaseException)


def test_one_card_set_aside_is_dismissed_once(cases: CaseHouse) -> None:
    aside = actions.scan(delivery(cases), "TEST1", by=cases.clerk)
    assert isinstance(aside, SetAside)
    answers = together([lambda: actions.dismiss(aside, "Partie à Antony.", by=cases.clerk)] * 4)
    assert Tally(map(type, answers)) == {SetAside: 1, AlreadySettled: 3}
    assert Entry.objects.filter(what="permit.dismissed").count() == 1


def test_a_card_handed_over_is_not_failed_afterwards(cases: CaseHouse) -> None:
    """Whichever comes first is kept; a failure is never written after the card has gone."""
    permit = card(cases)
    given = everything(permit)
    answers = together(
        [
            lambda: actions.hand_over(permit, by=cases.clerk, **given),
            lambda: actions.fail_handover(permit, "stamp_missing", by=cases.officer),
        ]
    )
    assert isinstance(answers[0], Handover)
    told = list(Entry.objects.about(permit).order_by("pk").values_list("what", flat=True))
    if isinstance(answers[1], AlreadyHandedOver):
        assert "permit.not_handed_over" not in told
    else:
        assert told.index("permit.not_handed_over") < told.index("permit.handed_over")


def test_one_card_set_aside_is_settled_once_by_two_agents_and_a_scan(cases: CaseHouse) -> None:
    arrived = delivery(cases)
    aside = actions.scan(arrived, "TEST1", by=cases.clerk)
    assert isinstance(aside, SetAside)
    first, second, third = cases.granted(), cases.granted("student"), cases.granted()
    answers = together(
        [
            lambda: actions.settle(aside, first, by=cases.clerk),
            lambda: actions.settle(aside, second, by=cases.officer),
            lambda: actions.scan(arrived, "TEST1", file_number=third.number, by=cases.clerk),
        ]
    )
    permit = Permit.objects.get()
    aside.refresh_from_db()
    assert aside.permit == permit
    assert {type(one) for one in answers} <= {Permit, AlreadySettled}
