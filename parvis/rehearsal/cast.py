"""Who plays: the office as it stands, an agent for every counter, and the cards that wait for their persons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.journal.actions import SYSTEM
from parvis.offices import actions as offices
from parvis.offices import queries as office_queries
from parvis.offices.models import Agent, Counter, Line, Office
from parvis.people import actions as people
from parvis.people.models import Person
from parvis.permits import actions as permits
from parvis.permits.models import Permit
from parvis.rehearsal.names import card_number, foreign_number
from parvis.rehearsal.visitors import Visitor

OFFICE = "nanterre"
PLAYED = ("filing", "receipts", "handover", "licence", "information")
POOLED = ("filing", "receipts")
PREFIX = "simule-"
ROLES = {"handover": "handover_agent"}


@dataclass(frozen=True, slots=True)
class Cast:
    """The simulated agents: one a counter, one who relieves the handover counters at noon, one at the door."""

    seats: Sequence[tuple[Counter, Agent]]
    relief: Agent
    greeter: Agent


def gather(office: Office) -> Cast:
    """The simulated agents of an office, registered when they are missing; harmless the second time."""
    lines = {line.code: line for line in office_queries.lines(office)}
    seats = []
    for counter in office_queries.counters(office):
        codes = [line.code for line in counter.lines.all() if line.code in PLAYED]
        if codes:
            seats.append((counter, agent(office, f"{counter.number:02d}", _skills(codes, lines), ROLES.get(codes[0]))))
    relief = agent(office, "releve", [lines["handover"]], ROLES["handover"])
    return Cast(seats=seats, relief=relief, greeter=agent(office, "accueil", [lines["information"]], "greeter"))


def pool_filing_and_receipts(office: Office) -> None:
    """The head of office's setting for a crowded day: each of the 19 counters takes both lines, oldest person first.

    The data take the four receipts counters from the 19 filing ones and say that the group shares its work.
    """
    lines = list(office.lines.filter(code__in=POOLED).order_by("position"))
    for counter in office_queries.counters_serving(lines):
        offices.set_counter_lines(counter, lines=lines, by=SYSTEM)


def stock_cards(office: Office, day: date, visitors: Iterable[Visitor]) -> dict[int, tuple[Person, Permit | None]]:
    """Put into stock the cards of the persons who will come for one; by visitor, the person and their card.

    Harmless the second time: persons are registered with a key, cards are found by their number.
    """
    stock: dict[int, tuple[Person, Permit | None]] = {}
    for card, visitor in enumerate(sorted(visitors, key=lambda one: one.number)):
        person = people.register(
            by=SYSTEM,
            key=f"rehearsal:{day}:person:{card}",
            family_name=visitor.family_name,
            given_name=visitor.given_name,
            birth_date=visitor.born,
            foreign_number=foreign_number(day, card),
            language=visitor.language,
        )
        stock[visitor.number] = (person, _card(office, day, card, person) if visitor.has_card else None)
    return stock


def _card(office: Office, day: date, card: int, person: Person) -> Permit:
    number = card_number(day, card)
    known = Permit.objects.filter(number=number).first()
    if known:
        return known
    place = f"T{card // 25 + 1}-{card % 25 + 1:02d}"
    return permits.receive(office, number=number, person=person, kind="temporary_permit", place=place, by=SYSTEM)


def _skills(codes: Sequence[str], lines: dict[str, Line]) -> list[Line]:
    wanted = set(codes) | (set(POOLED) if set(codes) & set(POOLED) else set())
    return [line for code, line in lines.items() if code in wanted]


def agent(office: Office, name: str, lines: Sequence[Line], role: str | None) -> Agent:
    """The simulated agent of this name, registered when they are missing."""
    username = PREFIX + name
    known = Agent.objects.filter(user__username=username).first()
    if known:
        return known
    return offices.register_agent(
        office,
        username=username,
        name=f"Agent Fictif {name}",
        roles=[role or "counter_agent"],
        lines=lines,
        by=SYSTEM,
    )
