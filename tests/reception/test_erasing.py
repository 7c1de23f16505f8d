"""What is left of a visit: the day after, nothing of a legal priority; after the setting's days, no name."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from parvis.common import clock
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.reception import actions, queries, tasks
from parvis.reception.models import Ticket
from parvis.reception.states import Outcome, Priority, Rank, ReturnKind
from tests.offices.factories import AgentFactory
from tests.people.factories import PersonFactory
from tests.reception.house import MONDAY, House, at

TUESDAY = MONDAY + timedelta(days=1)
# Everything by which the visits of two people are not the same visit.
OF_ONE_VISIT = {"id", "token", "number", "holder_name", "identity"}


def rows() -> Iterator[tuple[str, Any]]:
    """Every row of every table, by the names of its columns, with the name of its table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("SELECT row_to_json(one)::text FROM {} one").format(sql.Identifier(table)))
            yield from ((table, json.loads(text)) for (text,) in cursor.fetchall())


def values(of: Any) -> Iterator[str]:
    """Every value of a row, those inside its documents too, as text."""
    if isinstance(of, dict | list):
        for one in of.values() if isinstance(of, dict) else of:
            yield from values(one)
    else:
        yield str(of)


def telling(*words: str) -> list[tuple[str, Any]]:
    """The rows in which one of these words is a value."""
    return [(table, row) for table, row in rows() if set(values(row)) & set(words)]


def visit(house: House, desk: Any, **arrival: Any) -> Ticket:
    """Somebody takes a ticket, is called, missed, put back, called again and received."""
    counter, agent = desk
    ticket = house.ticket("renewal", key=f"visite-{arrival['holder_name']}", **arrival)
    for _ in range(2):
        actions.call_next(counter, by=agent)
        actions.mark_absent(queries.ticket(ticket.pk), by=agent)
        clock.hold(clock.now() + timedelta(minutes=5))
    actions.put_back(queries.ticket(ticket.pk), by=agent)
    house.serve(counter, agent, outcome=Outcome.DONE)
    return queries.ticket(ticket.pk)


def test_the_day_after_nothing_tells_who_had_a_legal_priority(house: House) -> None:
    desk = house.desk()
    come = {}
    for hour, appointment_at in (("10:00", None), ("12:00", at("12:15"))):
        for name, priority in (("Fictif Un", Priority.NONE), ("Fictif Deux", Priority.MOBILITY_CARD)):
            clock.hold(at(hour))
            more = {"holder_name": f"{name} {hour}", "priority": priority, "appointment_at": appointment_at}
            come[hour, priority] = visit(house, desk, **more)
    left = house.ticket("renewal", holder_name="Fictif Parti", priority=Priority.FAMILY_CARD)
    words = (Rank.PRIORITY.value, *(one for one in Priority.values if one))
    assert {table for table, _row in telling(*words)} == {"reception_ticket"}
    clock.hold(at("18:00"))
    tasks.close_forgotten_days(timestamp=0)
    clock.hold(at("03:30", TUESDAY))
    tasks.erase_old_traces(timestamp=0)

    assert telling(*words) == []
    assert queries.ticket(left.pk).rank == Rank.WALK_IN
    for hour in ("10:00", "12:00"):
        with_none, with_one = (come[hour, one] for one in (Priority.NONE, Priority.MOBILITY_CARD))
        assert _columns(with_none) == _columns(with_one)
        assert _facts(with_none) == _facts(with_one)


def _columns(ticket: Ticket) -> dict[str, Any]:
    """The row of a ticket, without what differs from one person to the next."""
    return {
        name: value for name, value in Ticket.objects.filter(pk=ticket.pk).values().get().items()
        if name not in OF_ONE_VISIT
    }  # fmt: skip


def _facts(ticket: Ticket) -> list[tuple[str, dict[str, Any]]]:
    """What the journal says of a ticket, kind by kind."""
    return [(entry.what, entry.facts) for entry in Entry.objects.about(ticket).order_by("id")]


def test_names_are_erased_after_the_days_of_the_setting_and_not_before(house: House, settings: Any) -> None:
    settings.TICKET_NAMES_DAYS = 30
    counter, agent = house.desk()
    typed = house.ticket("renewal", holder_name="Xylophone Fictif")
    house.serve(counter, agent)
    known = house.ticket("renewal", holder_name="", holder_born=None, person=PersonFactory())
    house.serve(counter, agent)
    clock.hold(at("03:30", MONDAY + timedelta(days=30)))
    tasks.erase_old_traces(timestamp=0)
    assert queries.ticket(typed.pk).holder_name == "Xylophone Fictif"
    clock.hold(at("03:30", MONDAY + timedelta(days=31)))
    tasks.erase_old_traces(timestamp=0)
    assert [row for row in rows() if "xylophone" in str(row).lower()] == []
    erased = queries.ticket(typed.pk)
    assert (erased.holder_name, erased.holder_born, erased.identity) == ("—", None, "")
    kept = queries.ticket(known.pk)
    assert (kept.person, kept.identity) == (known.person, known.identity)
    assert actions.purge_holders(MONDAY + timedelta(days=31), by=KIOSK) == 0


def test_who_may_still_come_back_and_who_still_waits_keep_their_name(house: House) -> None:
    _counter, agent = house.desk()
    promised = house.ticket("renewal", holder_name="Fictif Promis")
    actions.give_return(promised, kind=ReturnKind.FIRST_NEXT_DAY, by=agent, reason="Photographies à refaire")
    waiting = house.ticket("renewal", holder_name="Fictif Présent")
    assert actions.purge_holders(TUESDAY, by=KIOSK) == 0
    assert actions.purge_holders(TUESDAY + timedelta(days=1), by=KIOSK) == 1
    names = [queries.ticket(one.pk).holder_name for one in (promised, waiting)]
    assert names == ["—", "Fictif Présent"]


@pytest.mark.parametrize("linked", [True, False])
def test_a_name_typed_before_the_person_was_known_is_erased_and_the_person_stays(house: House, linked: bool) -> None:
    counter, agent = house.desk()
    ticket = house.ticket("renewal", holder_name="Fictif Inconnu")
    house.serve(counter, agent)
    if linked:
        Ticket.objects.filter(pk=ticket.pk).update(person=PersonFactory())
    actions.purge_holders(TUESDAY, by=AgentFactory(office=house.office))
    left = queries.ticket(ticket.pk)
    assert (left.holder_name, left.holder_born, left.person is not None) == ("" if linked else "—", None, linked)
