"""The figures of a day, read from ``data/scenarios.toml``: sourced, derived, or marked there as assumptions."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError

SOURCE = Path(__file__).parent / "data" / "scenarios.toml"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLAYED = ("summer-2017", "december-2017", "appointments-2018")
# What a scenario does not say of people holds as in December.
REFERENCE = "december-2017"


class UnknownScenario(BusinessError):
    """No scenario of this name can be played."""

    code = "unknown_scenario"
    message = _("Le scénario « %(name)s » n'existe pas. Scénarios : %(known)s.")
    status = 404


@dataclass(frozen=True, slots=True)
class Share:
    """The share of the arrivals between two moments, in minutes from midnight (negative: the day before)."""

    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A distribution in minutes: its mean and its spread."""

    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Switch:
    """From a day on, these procedures are received in this mode."""

    procedures: tuple[str, ...]
    mode: str
    on: date


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a day is made of. Shares are between 0 and 1, durations in minutes unless their name says otherwise."""

    code: str
    name: str
    starts: date
    ends: date
    reference_day: date | None
    persons: int
    handovers_inside: bool
    handovers_per_day: int
    licence_per_week: int
    mix: Mapping[str, float]
    arrivals: tuple[Share, ...]
    day_factor: Mapping[str, float]
    patience: Shape
    punctuality: Shape
    no_show: float
    cancelled: float
    extra_slots: float
    base_slots: float
    extra_fill: float
    base_fill: float
    student_share: float
    priority: float
    wrong_commune: float
    too_early: float
    incomplete: float
    walk_seconds: int
    calls_before_absent: int
    tickets_a_day: int | None
    gates_shut: int | None
    door_seconds: float
    # By appointment: the share of seats that people ask for, who comes without one all the same, who needs a helper.
    switches: tuple[Switch, ...]
    seats_booked: float
    comes_without: float
    needs_helper: float

    @property
    def by_appointment(self) -> bool:
        """Whether the weeks before the day are played: people book, cancel, and come at their hour or do not."""
        return bool(self.switches)

    def persons_on(self, day: date) -> int:
        """How many come for a residence permit: exactly the figure on the reference day, else by weekday."""
        if day == self.reference_day:
            return self.persons
        return round(self.persons * self.day_factor.get(WEEKDAYS[day.weekday()], 1.0))


def for_day(day: date) -> Scenario:
    """The scenario whose dates hold this day; after the last of them, the last; else the December one."""
    known = [load(name) for name in PLAYED]
    found = [scenario for scenario in known if scenario.starts <= day <= scenario.ends]
    return found[0] if found else known[-1] if day > known[-1].ends else load(REFERENCE)


@functools.cache
def load(name: str) -> Scenario:
    """Read one scenario. Raises ``UnknownScenario``."""
    everything = tomllib.loads(SOURCE.read_text())
    if name not in PLAYED:
        raise UnknownScenario(name=name, known=", ".join(PLAYED))
    found = {row["id"]: row for row in everything["scenario"]}
    return _scenario(everything["common"], found[name], found[REFERENCE]["behaviour"])


def _scenario(common: dict[str, Any], own: dict[str, Any], usual: dict[str, Any]) -> Scenario:
    demand, capacity, fill = (own.get(part, {}) for part in ("demand", "capacity", "fill"))
    behaviour = usual | own.get("behaviour", {})
    tickets = capacity.get("received_per_day", {}).get("value")
    gates = capacity.get("gates_shut", {}).get("value")
    shut = _minute(gates) if gates else None
    return Scenario(
        code=own["id"],
        name=own["name_fr"],
        starts=own["starts"],
        ends=own["ends"],
        reference_day=own.get("reference_day"),
        persons=demand["persons_per_public_day"]["value"],
        handovers_inside=demand.get("handovers_inside_the_800", {}).get("value", True),
        handovers_per_day=capacity.get("handovers_per_day", {}).get("value", 200),
        licence_per_week=own["contacts"].get("licence_per_week", demand.get("licence_per_week"))["value"],
        mix={code: share for code, share in common["motive_mix"].items() if code != "kind"},
        arrivals=tuple(Share(_minute(row["from"]), _minute(row["to"]), row["share"]) for row in own["arrivals"]),
        day_factor={name: value for name, value in common["day_factor"].items() if name in WEEKDAYS},
        patience=_shape(behaviour["patience_minutes"]),
        punctuality=_shape(behaviour["punctuality_minutes"]),
        no_show=_value(behaviour, "no_show_rate"),
        cancelled=_value(behaviour, "cancellation_rate"),
        extra_slots=_value(capacity, "extra_appointments_per_public_day"),
        base_slots=_value(capacity, "base_appointments_per_week") / common["public_days_per_week"]["value"],
        extra_fill=_value(fill, "extra_appointments"),
        base_fill=_value(fill, "base_appointments"),
        student_share=capacity.get("extra_split", {}).get("student", 0.5),
        priority=common["priority_share"]["value"],
        wrong_commune=common["wrong_commune_share"]["value"],
        too_early=common["too_early_share"]["value"],
        incomplete=common["incomplete_file_share"]["value"],
        walk_seconds=common["walk_to_counter_seconds"]["value"],
        calls_before_absent=common["recall_before_no_answer"]["value"],
        tickets_a_day=tickets,
        gates_shut=shut,
        door_seconds=_door_seconds(tickets, shut, capacity),
        switches=tuple(Switch(tuple(row["procedures"]), row["to"], row["on"]) for row in own.get("switch", [])),
        seats_booked=_value(fill, "slots_booked"),
        # A share in January that falls: once every procedure has switched, its lowest value.
        comes_without=behaviour.get("come_without_appointment_share", {}).get("range", [0.0])[0],
        needs_helper=_value(behaviour, "cannot_use_internet_share"),
    )


def _door_seconds(tickets: int | None, shut: int | None, capacity: dict[str, Any]) -> float:
    """Seconds between two persons let in. In summer what empties the day's tickets by the hour the gates were
    shut (DR:14); in December three kiosks and desks at fifteen seconds each (assumption)."""
    if tickets and shut:
        return (shut - _minute(capacity["doors_open"]["value"])) * 60 / tickets
    return 5.0


def _value(table: dict[str, Any], name: str) -> float:
    return float(table.get(name, {}).get("value", 0))


def _shape(table: dict[str, Any]) -> Shape:
    return Shape(mean=float(table["mean"]), spread=float(table.get("sigma", table.get("sd", 0))))


def _minute(text: str) -> int:
    """Minutes from midnight of ``HH:MM``, negative when the text says the previous day."""
    hours, minutes = text.removeprefix("previous day ").split(":")
    total = int(hours) * 60 + int(minutes)
    return total - int(timedelta(days=1).total_seconds() // 60) if text.startswith("previous day") else total
