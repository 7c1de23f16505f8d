"""Who plays: the office as it stands, an agent for every counter, and the cards that wait for their persons."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.journal.actions import SYSTEM
from parvis.offices import actions as offices
from parvis.offices import queries as office_queries
from parvis.offices.models import Agent, Counter, Line, Office

OFFICE = "nanterre"
PLAYED = ("filing", "receipts", "handover", "licence", "information")
POOLED = ("filing", "receipts")
PREFIX = "simule-"
ROLES = {"handover": "handover_agent"}


@dataclass(frozen=True, slots=True)
class Cast:
    """The simulated agents: one a counter, one who relieves the handover counters at noon, one at the door.

    Behind them an officer who reviews files, and whoever signs.
    """

    seats: Sequence[tuple[Counter, Agent]]
    relief: Agent
    greeter: Agent
    officer: Agent
    signatory: Agent


def gather(office: Office) -> Cast:
    """The simulated agents of an office, registered when they are missing; harmless the second time."""
    lines = {line.code: line for line in office_queries.lines(office)}
    seats = []
    for counter in office_queries.counters(office):
        codes = [line.code for line in counter.lines.all() if line.code in PLAYED]
        if codes:
            seats.append((counter, agent(office, f"{counter.number:02d}", _skills(codes, lines), ROLES.get(codes[0]))))
    relief = agent(office, "releve", [lines["handover"]], ROLES["handover"])
    return Cast(
        seats=seats,
        relief=relief,
        greeter=agent(office, "accueil", [lines["information"]], "greeter"),
        officer=agent(office, "instruction", [], "case_officer"),
        signatory=agent(office, "signature", [], "head_of_office"),
    )


def pool_filing_and_receipts(office: Office) -> None:
    """The head of office's setting for a crowded day: each of the 19 counters takes both lines, oldest person first.

    The data take the four receipts counters from the 19 filing ones and say that the group shares its work.
    """
    lines = list(office.lines.filter(code__in=POOLED).order_by("position"))
    for counter in office_queries.counters_serving(lines):
        offices.set_counter_lines(counter, lines=lines, by=SYSTEM)


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
