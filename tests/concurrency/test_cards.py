"""Several hands on one card or one delivery: each act is told once, and twice when the locks go."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from parvis.booking import actions as booking
from parvis.booking.actions import summons
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.permits import actions
from parvis.permits.actions import announcing, cards, deliveries, handing
from parvis.permits.models import Handover, Permit, SetAside
from parvis.permits.states import Returned
from tests.casefiles.house import CaseHouse, build, days_later
from tests.concurrency.threads import Meeting, together, without_row_locks
from tests.permits.cards import announced, card, delivery, everything
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
Job = Callable[[], object]
Make = Callable[[CaseHouse], tuple[str, Job]]


@pytest.fixture
def house(transactional_db: None) -> Iterator[CaseHouse]:
    with clock.held(at("09:00")):
        yield build()


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the row locks away, and let two hands read, and check, before either writes."""
    without_row_locks(monkeypatch)
    both = Meeting()
    for module, name in ((announcing, "locked"), (announcing, "locked_all"), (cards, "lock"), (deliveries, "lock")):
        monkeypatch.setattr(module, name, both.after(getattr(module, name)))
    monkeypatch.setattr(Permit, "save", both.before(Permit.save))


def told(what: str) -> int:
    return Entry.objects.filter(what=what).count()


def set_aside(house: CaseHouse) -> SetAside:
    aside = actions.scan(delivery(house), "TEST1", by=house.clerk)
    assert isinstance(aside, SetAside)
    return aside


def move_to(house: CaseHouse) -> tuple[str, Job]:
    permit = card(house)
    return "permit.moved", lambda: actions.move_to(permit, "Tiroir 2", by=house.clerk)


def close_delivery(house: CaseHouse) -> tuple[str, Job]:
    arrived = delivery(house)
    return "delivery.closed", lambda: actions.close_delivery(arrived, by=house.clerk)


def send_back(house: CaseHouse) -> tuple[str, Job]:
    permit = card(house)
    return "permit.returned", lambda: actions.send_back([permit], Returned.FAULTY, by=house.clerk)


def dismiss(house: CaseHouse) -> tuple[str, Job]:
    aside = set_aside(house)
    return "permit.dismissed", lambda: actions.dismiss(aside, "Partie à Antony.", by=house.clerk)


def settle(house: CaseHouse) -> tuple[str, Job]:
    """Each hand gives the card to another file, under the number it reads on it."""
    aside = set_aside(house)
    files = iter([house.granted() for _ in range(4)])
    numbers = count(1)
    return "permit.received", lambda: actions.settle(aside, next(files), number=f"LU{next(numbers):05}", by=house.clerk)


def announce(house: CaseHouse) -> tuple[str, Job]:
    permit = card(house)
    return "permit.announced", lambda: actions.announce(permit, by=house.clerk)


def mark_unclaimed_due(house: CaseHouse) -> tuple[str, Job]:
    announced(house)
    days_later(90)
    return "permit.unclaimed", actions.mark_unclaimed_due


def remind_of_cards(house: CaseHouse) -> tuple[str, Job]:
    announced(house)
    days_later(15)
    return "permit.reminded", booking.remind_of_cards


def summon(house: CaseHouse) -> tuple[str, Job]:
    permit = card(house)
    return "permit.announced", lambda: booking.summon(permit, by=SYSTEM)


def summon_due(house: CaseHouse) -> tuple[str, Job]:
    card(house)
    return "permit.announced", booking.summon_due


ACTS = [move_to, close_delivery, send_back, dismiss, settle, announce]
ACTS += [mark_unclaimed_due, remind_of_cards, summon, summon_due]


@pytest.mark.parametrize("make", ACTS)
def test_four_hands_tell_it_once(house: CaseHouse, make: Make) -> None:
    what, job = make(house)
    before = told(what)
    failed = [one for one in together([job] * 4) if isinstance(one, BaseException)]
    assert all(isinstance(one, BusinessError) for one in failed), failed
    assert told(what) - before == 1


@pytest.mark.parametrize("make", ACTS)
def test_control_without_the_lock_it_is_told_twice(
    house: CaseHouse, make: Make, request: pytest.FixtureRequest
) -> None:
    what, job = make(house)
    before = told(what)
    request.getfixturevalue("no_lock")
    together([job] * 2)
    assert told(what) - before == 2


def summoning(house: CaseHouse) -> Job:
    """A card that was announced, whose person has had no word yet."""
    permit = announced(house)
    return lambda: booking.summon(permit, by=SYSTEM)


def test_who_was_announced_is_summoned_once(house: CaseHouse) -> None:
    assert sorted(together([summoning(house)] * 4)) == [False, False, False, True]  # type: ignore[type-var]
    assert told("permit.summoned") == 1


def test_control_without_the_lock_who_was_announced_is_summoned_twice(
    house: CaseHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = summoning(house)
    without_row_locks(monkeypatch)
    monkeypatch.setattr(summons, "_drafts", Meeting().before(summons._drafts))
    assert together([job] * 2) == [True, True]
    assert told("permit.summoned") == 2


def test_control_without_the_lock_a_card_is_failed_after_it_has_gone(
    house: CaseHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that ``test_a_card_handed_over_is_not_failed_afterwards`` looks for."""
    permit = card(house)
    given = everything(permit)
    both = Meeting()
    without_row_locks(monkeypatch)
    monkeypatch.setattr(handing, "lock", both.after(handing.lock))

    def hand_over() -> Handover:
        done = actions.hand_over(permit, by=house.clerk, **given)
        both.wait()
        return done

    together([hand_over, lambda: actions.fail_handover(permit, "stamp_missing", by=house.officer)])
    order = list(Entry.objects.about(permit).order_by("pk").values_list("what", flat=True))
    assert order.index("permit.handed_over") < order.index("permit.not_handed_over")
