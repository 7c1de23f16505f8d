"""How people come for a procedure, from one day to the next."""

from datetime import date

import pytest

from parvis.common import clock
from parvis.journal.actions import SYSTEM, Device
from parvis.journal.models import Entry
from parvis.procedures import actions, queries
from parvis.procedures.errors import AccessInThePast, UnknownMode
from parvis.procedures.models import Mode
from tests.procedures.factories import AccessModeFactory, ProcedureFactory

HEAD = Device("agent", agent_id=7)
MONDAY = date(2017, 12, 11)


@pytest.fixture(autouse=True)
def _december() -> object:
    with clock.held(clock.at(MONDAY, "09:00")):
        yield


@pytest.mark.usefixtures("catalogue")
def test_the_announced_switch_to_appointments() -> None:
    student, handover = queries.by_code("student"), queries.by_code("permit_handover")
    asylum = queries.by_code("asylum_registration")
    assert queries.access_mode(student, MONDAY) == Mode.MIXED
    assert queries.access_mode(student, date(2018, 6, 30)) == Mode.MIXED
    assert queries.access_mode(student, date(2018, 7, 1)) == Mode.APPOINTMENT_ONLY
    assert queries.access_mode(handover, date(2019, 1, 1)) == Mode.WALK_IN
    assert queries.access_mode(asylum, MONDAY) == Mode.APPOINTMENT_ONLY
    assert queries.access_mode(asylum, date(2017, 7, 3)) == Mode.APPOINTMENT_ONLY


@pytest.mark.django_db
def test_without_a_dated_mode_people_walk_in() -> None:
    assert queries.access_mode(ProcedureFactory(), MONDAY) == Mode.WALK_IN


@pytest.mark.django_db
def test_a_change_holds_from_its_day_and_keeps_the_days_before() -> None:
    procedure = ProcedureFactory(mode=Mode.WALK_IN)
    actions.change_access(procedure, mode=Mode.MIXED, valid_from=date(2018, 2, 1), by=HEAD)
    actions.change_access(procedure, mode=Mode.APPOINTMENT_ONLY, valid_from=date(2018, 2, 1), by=HEAD)
    assert queries.access_mode(procedure, date(2018, 1, 31)) == Mode.WALK_IN
    assert queries.access_mode(procedure, date(2018, 2, 1)) == Mode.APPOINTMENT_ONLY
    last = Entry.objects.about(procedure).named("procedure.access_changed").last()
    assert last is not None
    assert (last.agent_id, last.facts) == (
        7,
        {"before": "mixed", "after": "appointment_only", "valid_from": "2018-02-01"},
    )


@pytest.mark.django_db
def test_what_is_refused() -> None:
    procedure = AccessModeFactory().procedure
    with pytest.raises(AccessInThePast):
        actions.change_access(procedure, mode=Mode.MIXED, valid_from=date(2017, 12, 10), by=SYSTEM)
    with pytest.raises(UnknownMode):
        actions.change_access(procedure, mode="by_parachute", valid_from=MONDAY, by=SYSTEM)
    assert Entry.objects.about(procedure).count() == 0
    actions.change_access(procedure, mode=Mode.MIXED, valid_from=MONDAY, by=SYSTEM)
    assert queries.access_mode(procedure, MONDAY) == Mode.MIXED
