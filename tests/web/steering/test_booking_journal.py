"""What was done to seats, as the journal screen tells it: in words, never by codes."""

from datetime import date, time, timedelta

from parvis.booking import actions, queries
from parvis.booking.rules.plans import Draft
from parvis.journal.models import Entry
from parvis.offices.models import Agent
from parvis.procedures.models import AccessMode, Mode
from parvis.web.audit.kinds import KINDS
from parvis.web.audit.sentences import Teller
from tests.booking.house import SINCE, BookingHouse
from tests.reception.house import MONDAY, House


def told(house: House, what: str) -> str:
    """The sentence of the last fact of a kind."""
    entry = Entry.objects.named(what).latest("pk")
    return Teller(house.office, [entry]).tell()[0].sentence


def test_seats_plans_rules_and_modes_are_told_in_words(house: House, head: Agent) -> None:
    for procedure in house.procedures.values():
        AccessMode.objects.create(procedure=procedure, mode=Mode.MIXED, valid_from=SINCE)
    booking = BookingHouse(house, head)
    grid = Draft(name="Grille", weekday=2, starts=time(9), ends=time(10), slot_minutes=20, seats=2, valid_from=MONDAY)
    plan = actions.add_plan(house.lines["filing"], grid, by=head)
    slot = queries.free_slots(booking.wish(), MONDAY + timedelta(days=8))[0]
    booking.booked(plan.slots.get(pk=slot.slot_id))
    actions.close_exceptionally(house.office, MONDAY + timedelta(days=8), reason={"fr": "Panne"}, by=head)
    renewal = house.procedures["renewal"]
    actions.change_policy(house.office, by=head, horizon_days=30)
    actions.change_allocation(house.office, renewal, allocation="draw", valid_from=date(2018, 1, 8), by=head)
    actions.change_access(house.office, renewal, mode=Mode.APPOINTMENT_ONLY, valid_from=date(2018, 2, 1), by=head)
    actions.end_plan(plan, last_day=date(2018, 1, 9), by=head)
    assert "« Grille », mardi 09:00-10:00 : 2 places à partir du 11 décembre 2017" in told(house, "plan.changed")
    assert "places ouverts jusqu'au" in told(house, "slot.made")
    assert "places retirées (changement de plan) : 0 rendez-vous" in told(house, "seat.withdrawn")
    assert told(house, "appointment.moved").startswith("Rendez-vous déplacé du 19 décembre 09:00 au ")
    assert "On réserve jusqu'à 30 jours à l'avance" in told(house, "booking_policy.changed")
    assert "Au premier arrivé, puis Par tirage le 8 janvier 2018" in told(house, "allocation.changed")
    assert "Avec ou sans rendez-vous, puis Sur rendez-vous seulement" in told(house, "procedure.access_changed")
    assert "plus de places après le 9 janvier 2018" in told(house, "plan.ended")
    assert {entry.what for entry in Entry.objects.order_by("pk")} <= set(KINDS)
