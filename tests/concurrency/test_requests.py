"""A request, its proof, its offer and its certificate in several hands at once, with controls without the lock."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from parvis.booking import actions
from parvis.booking.actions import certificates, offers, requests
from parvis.booking.errors import AlreadyRequested
from parvis.booking.models import Appointment, Certificate, Offer, Seat, SeatRequest
from parvis.booking.states import CancelReason, UrgentGround
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices.models import Agent
from tests.booking.house import WEB, build
from tests.booking.scarcity import Scarcity, drawn
from tests.concurrency.threads import Meeting, only_read, together
from tests.offices.factories import AgentFactory
from tests.reception.house import MONDAY, at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
SOON = MONDAY.replace(day=13)


@pytest.fixture
def scarce(transactional_db: None) -> Iterator[Scarcity]:
    """Seats that are drawn, with rows that every thread sees."""
    with clock.held(at("10:00")):
        yield drawn(build())


def without_lock(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a module's lock away, and let two hands read before either writes."""
    monkeypatch.setattr(module, "lock", Meeting().after(only_read))


def certificate(scarce: Scarcity) -> Callable[[], Any]:
    """Somebody presses for their certificate."""
    asked = scarce.ask()
    return lambda: actions.issue_certificate(asked, by=WEB)


def test_a_certificate_pressed_eight_times_is_one(scarce: Scarcity) -> None:
    given = together([certificate(scarce)] * 8)
    assert {type(one) for one in given} == {Certificate}
    assert len({one.pk for one in given}) == Certificate.objects.count() == 1


def test_control_without_the_lock_there_are_two_certificates(scarce: Scarcity, monkeypatch: pytest.MonkeyPatch) -> None:
    without_lock(certificates, monkeypatch)
    together([certificate(scarce)] * 2)
    assert Certificate.objects.count() == 2


def withdrawn(scarce: Scarcity) -> Callable[[], Any]:
    """Somebody whose drawn place the office withdrew presses to ask again."""
    lost = actions.cancel(scarce.give(scarce.seats(1)), reason=CancelReason.SEAT_WITHDRAWN, by=scarce.house.agent)
    return lambda: actions.request_again(lost, by=WEB)


def test_a_request_made_again_by_eight_presses_is_one(scarce: Scarcity) -> None:
    made = together([withdrawn(scarce)] * 8)
    assert {type(one) for one in made} == {SeatRequest}
    assert SeatRequest.objects.filter(state="waiting").count() == 1
    assert Entry.objects.named("request.made").count() == 1


def test_control_without_the_lock_a_press_is_refused(scarce: Scarcity, monkeypatch: pytest.MonkeyPatch) -> None:
    press = withdrawn(scarce)
    monkeypatch.setattr(requests, "lock", only_read)
    monkeypatch.setattr(requests.draws, "asked_again", Meeting().after(requests.draws.asked_again))
    assert {type(one) for one in together([press] * 2)} == {SeatRequest, AlreadyRequested}


def seen(scarce: Scarcity) -> Callable[[], Any]:
    """An agent says that the proof of an urgent ground was seen."""
    asked: SeatRequest = scarce.ask(ground=UrgentGround.JOB_AT_RISK)
    agent: Agent = AgentFactory(office=asked.office)
    return lambda: actions.confirm_ground(asked, by=agent)


def test_a_proof_is_seen_once(scarce: Scarcity) -> None:
    together([seen(scarce)] * 6)
    assert Entry.objects.named("request.ground_confirmed").count() == 1


def test_control_without_the_lock_a_proof_is_seen_twice(scarce: Scarcity, monkeypatch: pytest.MonkeyPatch) -> None:
    without_lock(requests, monkeypatch)
    together([seen(scarce)] * 2)
    assert Entry.objects.named("request.ground_confirmed").count() == 2


def withdrawal(scarce: Scarcity) -> Callable[[], Any]:
    """Somebody takes their request back."""
    asked = scarce.ask()
    return lambda: actions.withdraw_request(asked, by=WEB)


def test_a_request_is_withdrawn_once(scarce: Scarcity) -> None:
    together([withdrawal(scarce)] * 6)
    assert Entry.objects.named("request.withdrawn").count() == 1


def test_control_without_the_lock_it_is_withdrawn_twice(scarce: Scarcity, monkeypatch: pytest.MonkeyPatch) -> None:
    without_lock(requests, monkeypatch)
    together([withdrawal(scarce)] * 2)
    assert Entry.objects.named("request.withdrawn").count() == 2


def taking(scarce: Scarcity) -> Callable[[], Any]:
    """Somebody presses to take the place that was proposed to them."""
    slot = scarce.seats(1, day=SOON)
    scarce.ask()
    offer = actions.offer_next(slot.seats.get())
    assert isinstance(offer, Offer)
    return lambda: actions.take_offer(offer, by=WEB)


def test_an_offer_pressed_six_times_gives_one_appointment_each_time(scarce: Scarcity) -> None:
    given = together([taking(scarce)] * 6)
    assert {type(one) for one in given} == {Appointment}
    assert len({one.pk for one in given}) == Appointment.objects.count() == 1


def test_control_without_the_locks_the_second_press_is_refused(
    scarce: Scarcity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seat still belongs to one appointment: the constraints hold alone, but the person is told no."""
    without_lock(offers, monkeypatch)
    monkeypatch.setattr(offers, "_locked", lambda pk: Seat.objects.select_related("slot__line__office").get(pk=pk))
    given = together([taking(scarce)] * 2)
    assert sum(isinstance(one, Appointment) for one in given) == 1
    assert Appointment.objects.count() == 1
