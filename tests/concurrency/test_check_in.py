"""Two kiosks, the desk and the closing of the day meet over one appointment; each lock shown to be needed."""

import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from parvis.booking import actions as booking
from parvis.booking.actions import arriving
from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.common import clock
from parvis.journal.actions import KIOSK, SYSTEM
from parvis.journal.models import Entry
from parvis.reception import actions
from parvis.reception.actions import appointments as checking
from parvis.reception.errors import AlreadyHasTicket
from parvis.reception.models import Ticket
from tests.booking.house import DAY, BookingHouse, build
from tests.concurrency.threads import Meeting, only_read, together
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
THREADS = 16


@pytest.fixture
def appointment(transactional_db: None) -> Iterator[Appointment]:
    """An appointment at ten, and it is half past three: late people are received, the absent are counted."""
    with clock.held(at("10:00")):
        house: BookingHouse = build()
        made = house.booked(house.slot(day=DAY, hour="10:00"))
        clock.hold(at("15:30", DAY))
        yield made


def kiosk(appointment: Appointment) -> Callable[[], Ticket]:
    return lambda: actions.check_in(appointment, by=KIOSK)


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock away, and let two kiosks make every reading before either writes."""
    monkeypatch.setattr(checking, "lock", only_read)
    monkeypatch.setattr(arriving.moves, "locked", Meeting().after(lambda one: Appointment.objects.get(pk=one.pk)))


def test_sixteen_kiosks_give_one_ticket_and_all_show_it(appointment: Appointment) -> None:
    answers = together([kiosk(appointment)] * THREADS)
    assert {answer.pk if isinstance(answer, Ticket) else answer for answer in answers} == {Ticket.objects.get().pk}
    assert Entry.objects.filter(what="appointment.checked_in").count() == 1


@pytest.mark.usefixtures("no_lock")
def test_without_the_lock_the_constraint_alone_holds(appointment: Appointment) -> None:
    answers = together([kiosk(appointment)] * 2)
    assert Tally(map(type, answers)) == {Ticket: 1, AlreadyHasTicket: 1}
    assert Ticket.objects.count() == 1


@pytest.mark.usefixtures("no_lock")
def test_control_without_lock_nor_constraints_one_appointment_gives_two_tickets(appointment: Appointment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reception_ticket DROP CONSTRAINT reception_ticket_appointment_id_key")
        cursor.execute("DROP INDEX ticket_one_open_per_person")
    try:
        together([kiosk(appointment)] * 2)
        assert Ticket.objects.filter(appointment=appointment).count() == 2
    finally:
        Ticket.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX ticket_one_open_per_person ON reception_ticket (office_id, day, identity)"
                " WHERE state IN ('waiting', 'called', 'serving', 'parked', 'missed')"
            )
            cursor.execute(
                "ALTER TABLE reception_ticket"
                " ADD CONSTRAINT reception_ticket_appointment_id_key UNIQUE (appointment_id)"
            )


def refusal(ticket: Ticket) -> Callable[[], Ticket]:
    return lambda: actions.refuse_bearer(ticket, by=SYSTEM)


def test_the_bearer_of_anothers_ticket_is_refused_once(appointment: Appointment) -> None:
    ticket = kiosk(appointment)()
    answers = together([refusal(ticket)] * THREADS)
    assert sum(isinstance(one, Ticket) for one in answers) == 1, answers
    assert Entry.objects.named("appointment.expected_again").count() == 1
    assert Entry.objects.named("ticket.left").count() == 1


def test_control_without_the_lock_the_holder_is_expected_twice(
    appointment: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = kiosk(appointment)()
    monkeypatch.setattr(arriving.moves, "locked", Meeting().after(lambda one: Appointment.objects.get(pk=one.pk)))
    monkeypatch.setattr(checking, "leave", lambda ticket, **_said: ticket)
    together([refusal(ticket)] * 2)
    assert Entry.objects.named("appointment.expected_again").count() == 2


def test_whoever_comes_while_the_absent_are_counted_is_not_absent(appointment: Appointment) -> None:
    """Whichever is first: somebody with a ticket is never counted absent."""

    def close() -> int:
        return booking.mark_no_shows(appointment.office, DAY, by=SYSTEM)

    jobs: list[Callable[[], object]] = [kiosk(appointment), close] * (THREADS // 2)
    answers = together(jobs)
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    appointment.refresh_from_db()
    assert appointment.state == Status.CHECKED_IN
    assert Ticket.objects.filter(appointment=appointment).count() == 1


def test_control_without_the_lock_somebody_who_waits_is_counted_absent(
    appointment: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The closing reads, the kiosk receives, the closing writes what it had decided."""
    read, received = threading.Event(), threading.Event()

    def read_and_wait(one: Appointment) -> Appointment:
        found = Appointment.objects.get(pk=one.pk)
        if threading.current_thread() is closing:
            read.set()
            received.wait(timeout=20)
        return found

    def close() -> None:
        try:
            booking.mark_no_shows(appointment.office, DAY, by=SYSTEM)
        finally:
            connection.close()

    monkeypatch.setattr(arriving.moves, "locked", read_and_wait)
    closing = threading.Thread(target=close)
    closing.start()
    read.wait(timeout=20)
    actions.check_in(appointment, by=KIOSK)
    received.set()
    closing.join(timeout=30)
    appointment.refresh_from_db()
    assert appointment.state == Status.NO_SHOW
    assert Ticket.objects.filter(appointment=appointment).exists()
