"""A contact corrected while its code is typed: what confirms an appointment is the contact it keeps."""

from collections.abc import Iterator

import pytest

from parvis.booking import actions
from parvis.booking.actions import moves
from parvis.booking.actions.guards import digest
from parvis.booking.errors import CodeExpired, CodeWrong, HoldExpired
from parvis.booking.models import Appointment, ContactCheck
from parvis.booking.states import Status
from parvis.common import clock
from tests.booking.house import WEB, BookingHouse, build
from tests.concurrency.threads import together
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(transactional_db: None) -> Iterator[BookingHouse]:
    with clock.held(at("10:00")):
        yield build()


def confirmed_by_its_own_contact(appointment: Appointment) -> None:
    """A confirmed appointment keeps a contact that somebody proved to read."""
    appointment.refresh_from_db()
    if appointment.state == Status.CONFIRMED:
        assert ContactCheck.objects.filter(contact=digest(appointment.email), proved_at__isnull=False).exists()


@pytest.mark.parametrize("_time", range(5))
def test_the_contact_that_is_kept_is_the_one_that_was_proved(house: BookingHouse, _time: int) -> None:
    waiting = house.pending(house.slot())
    code = house.code()
    results = together(
        [
            lambda: actions.confirm(waiting, code=code, by=WEB),
            lambda: actions.correct_contact(waiting, house.contact(), by=WEB),
        ]
    )
    # Corrected first, the code is one of the address it was sent to before; corrected meanwhile, it counts no more.
    refusals = HoldExpired | CodeExpired | CodeWrong
    assert all(one is None or isinstance(one, Appointment | refusals) for one in results)
    assert sum(isinstance(one, Exception) for one in results) == 1
    confirmed_by_its_own_contact(waiting)


def test_control_without_the_lock_an_appointment_is_confirmed_for_a_contact_nobody_proved(
    house: BookingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read without locking: one confirms what the other has just sent elsewhere."""
    waiting = house.pending(house.slot())
    code = house.code()
    corrected: list[object] = []

    def read(appointment: Appointment) -> Appointment:
        found = Appointment.objects.get(pk=appointment.pk)
        if not corrected:
            corrected.append("begun")
            corrected.extend(together([lambda: actions.correct_contact(waiting, house.contact(), by=WEB)]))
        return found

    monkeypatch.setattr(moves, "locked", read)
    actions.confirm(waiting, code=code, by=WEB)
    assert corrected == ["begun", None]
    with pytest.raises(AssertionError):
        confirmed_by_its_own_contact(waiting)
