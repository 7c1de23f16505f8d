"""Who comes on a day, when, for what, and how they will behave: all of it drawn before the doors open."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from parvis.common import clock
from parvis.permits.rules import HANDOVER
from parvis.rehearsal.draws import lognormal, minutes, stream
from parvis.rehearsal.names import family_and_given
from parvis.rehearsal.scenarios import Scenario, Share

LICENCE = "licence_exchange"
BY_APPOINTMENT = ("student", "employee")
FILED = frozenset(
    {"first_request", "renewal", "student", "employee", "private_family_life", "algerian_certificate", "resident_card"}
    | {"minor_travel_document", "duplicate", "file_deposit"}
)

# Assumptions of the rehearsal, which no source gives.
LANGUAGES = {"fr": 0.60, "ar": 0.22, "en": 0.18}
ORIGINS = {"kiosk": 0.60, "phone": 0.15, "desk": 0.25}
PRIORITIES = {"mobility_card": 0.35, "family_card": 0.60, "war_disabled": 0.05}
SEVERAL = 0.02  # share of the persons who come for two things
ALSO = {HANDOVER: "address_change", "renewal": "address_change", "receipt_renewal": "address_change"}
ABSENT = 0.02  # share not there when first called
COMES_BACK = 0.6  # share of these who are there the second time
FINGERPRINTS_AGAIN = 0.04  # share of filings put aside for the fingerprint station
WRONG_CHOICE = 0.02  # share of "other step" and "file deposit" that the counter sends to the receipts line
CARD_NOT_READY = 0.02  # share of handovers whose card is not in stock yet
COMES_ANYWAY = 0.02  # share of an ordinary day's walk-ins who come although their line is closed
WITH_APPOINTMENT = 0.9  # at most this share of students and employees comes with an appointment
FOR_A_CARD = 2.0  # who comes for a card that is ready waits twice as long before leaving


@dataclass(frozen=True, slots=True)
class Work:
    """What the draws need of a procedure: its line, and its counter time (mean in minutes, sigma of the logarithm)."""

    line: str
    mean: float
    sigma: float


@dataclass(slots=True)
class Visitor:
    """One person of the day. ``joins_at`` is when they join the line outside, ``enters_at`` when they pass the door."""

    number: int
    procedures: tuple[str, ...]
    joins_at: datetime
    family_name: str
    given_name: str
    born: date
    language: str
    origin: str
    enters_at: datetime = field(init=False)
    appointment_at: datetime | None = None
    # The key of the appointment they booked; without one, the hour alone was drawn.
    appointment: int | None = None
    priority: str = ""
    lives_elsewhere: float | None = None
    permit_expires: date | None = None
    patience: timedelta = timedelta(0)
    services: tuple[timedelta, ...] = ()
    incomplete: bool = False
    absent: int = 0
    put_aside: bool = False
    transferred: bool = False
    has_card: bool = False

    @property
    def name(self) -> str:
        """As typed on the ticket."""
        return f"{self.family_name} {self.given_name}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """The persons of a day in the order in which they pass the door, and the appointments nobody came to."""

    visitors: tuple[Visitor, ...]
    no_shows: int


def crowd(
    scenario: Scenario,
    *,
    day: date,
    seed: int,
    catalogue: Mapping[str, Work],
    doors: datetime,
    hours: tuple[datetime, datetime],
    open_lines: frozenset[str],
) -> Crowd:
    """Draw the persons of a day.

    ``doors`` is when people are let in, ``hours`` when counters first open and last close.
    """
    asked = _motives(scenario, day, stream(seed, "motives"), catalogue, open_lines)
    moments = _moments(scenario, day, hours[1], stream(seed, "arrivals"), len(asked))
    visitors = _persons(asked, moments, stream(seed, "persons"))
    no_shows = _appointments(visitors, scenario, hours, stream(seed, "appointments"))
    _requests(visitors, scenario, day, seed)
    _several(visitors, catalogue, open_lines, stream(seed, "several"))
    _behaviour(visitors, scenario, catalogue, seed)
    return Crowd(let_in(visitors, doors, scenario.door_seconds), no_shows)


def _motives(
    scenario: Scenario, day: date, chance: Random, catalogue: Mapping[str, Work], open_lines: frozenset[str]
) -> list[str]:
    """What each person comes for. The handovers are a number, the other motives are drawn by their shares."""
    persons = scenario.persons_on(day)
    others = {code: share for code, share in scenario.mix.items() if code != HANDOVER}
    if scenario.handovers_inside:
        handovers = round(persons * scenario.mix[HANDOVER])
        walk_ins = persons - handovers
    else:
        handovers, walk_ins = scenario.handovers_per_day, persons
    if "filing" not in open_lines:
        handovers, walk_ins = scenario.handovers_per_day, round(walk_ins * COMES_ANYWAY)
    if "handover" not in open_lines:
        handovers = 0
    licences = round(scenario.licence_per_week / 4) if "licence" in open_lines else 0
    drawn = chance.choices(list(others), weights=list(others.values()), k=walk_ins)
    motives = [HANDOVER] * handovers + drawn + [LICENCE] * licences
    chance.shuffle(motives)
    return motives


def _moments(scenario: Scenario, day: date, closing: datetime, chance: Random, count: int) -> list[datetime]:
    """When each person joins the line: independent draws from the profile, which is a Poisson process of that total."""
    last = (closing - clock.at(day, "00:00")).total_seconds() / 60
    shares = list(_until(scenario.arrivals, last))
    picked = chance.choices(shares, weights=[share.share for share in shares], k=count)
    midnight = clock.at(day, "00:00")
    return [midnight + timedelta(seconds=round(chance.uniform(share.start, share.end) * 60)) for share in picked]


def _until(shares: Sequence[Share], last: float) -> Iterator[Share]:
    """The profile cut at closing: what would come after it is added to the share before (Friday closes earlier)."""
    kept = [share for share in shares if share.start < last]
    late = sum(share.share for share in shares if share.start >= last)
    yield from kept[:-1]
    yield Share(kept[-1].start, min(kept[-1].end, int(last)), kept[-1].share + late)


def _persons(asked: Sequence[str], moments: Sequence[datetime], chance: Random) -> list[Visitor]:
    return [
        Visitor(
            number=number,
            procedures=(code,),
            joins_at=joins_at,
            family_name=family_and_given(number)[0],
            given_name=family_and_given(number)[1],
            born=date(1940, 1, 1) + timedelta(days=chance.randrange(20) * 1000 + number),
            language=chance.choices(list(LANGUAGES), weights=list(LANGUAGES.values()))[0],
            origin=chance.choices(list(ORIGINS), weights=list(ORIGINS.values()))[0],
        )
        for number, (code, joins_at) in enumerate(zip(asked, moments, strict=True))
    ]


def _appointments(visitors: list[Visitor], scenario: Scenario, hours: tuple[datetime, datetime], chance: Random) -> int:
    """Give students and employees the appointments that were kept; how many others were booked and not kept.

    The grid (100 more a week and an assumed base of 200) holds more than the students and employees of the mix:
    what they can keep is bounded by their number, and some still come without.
    """
    booked = (scenario.extra_slots * scenario.extra_fill + scenario.base_slots * scenario.base_fill) * (
        1 - scenario.cancelled
    )
    able = [visitor for visitor in visitors if visitor.procedures[0] in BY_APPOINTMENT]
    chance.shuffle(able)
    kept = min(round(booked * (1 - scenario.no_show)), round(len(able) * WITH_APPOINTMENT))
    slots = int((hours[1] - hours[0]).total_seconds() // 600) - 3
    for visitor in able[:kept]:
        visitor.appointment_at = hours[0] + timedelta(minutes=10 * chance.randrange(max(1, slots)))
        early = chance.gauss(scenario.punctuality.mean, scenario.punctuality.spread)
        visitor.joins_at = max(visitor.appointment_at + timedelta(seconds=round(early * 60)), hours[0])
    return round(kept * scenario.no_show / (1 - scenario.no_show))


def _requests(visitors: list[Visitor], scenario: Scenario, day: date, seed: int) -> None:
    """Who lives elsewhere, who comes too early, who holds a priority card, whose card is in stock."""
    territory, early, priority, cards = (
        stream(seed, purpose) for purpose in ("territory", "renewals", "priority", "cards")
    )
    for visitor in visitors:
        code = visitor.procedures[0]
        elsewhere, where = territory.random(), territory.random()
        # A card lies in the stock of the office that serves its holder: nobody comes for it from elsewhere.
        if elsewhere < scenario.wrong_commune and code != HANDOVER:
            visitor.lives_elsewhere = where
        too_early, days = early.random(), early.random()
        if code == "renewal":
            span = (75, 150) if too_early < scenario.too_early else (2, 55)
            visitor.permit_expires = day + timedelta(days=round(span[0] + days * (span[1] - span[0])))
        drawn, kind = priority.random(), priority.choices(list(PRIORITIES), weights=list(PRIORITIES.values()))[0]
        visitor.priority = kind if drawn < scenario.priority else ""
        visitor.has_card = cards.random() >= CARD_NOT_READY and code == HANDOVER


def _several(
    visitors: list[Visitor], catalogue: Mapping[str, Work], open_lines: frozenset[str], chance: Random
) -> None:
    """Who comes for two things; the second only if its line is open today."""
    for visitor in visitors:
        second = ALSO.get(visitor.procedures[0])
        drawn = chance.random()
        if second and drawn < SEVERAL and catalogue[second].line in open_lines:
            visitor.procedures = (visitor.procedures[0], second)


def _behaviour(visitors: list[Visitor], scenario: Scenario, catalogue: Mapping[str, Work], seed: int) -> None:
    """How long each waits before leaving, how long each service lasts, and what goes differently at the counter."""
    patience, services, incidents = (stream(seed, purpose) for purpose in ("patience", "services", "incidents"))
    for visitor in visitors:
        code = visitor.procedures[0]
        patient = lognormal(patience, mean=scenario.patience.mean, sigma=scenario.patience.spread)
        visitor.patience = minutes(patient * (FOR_A_CARD if code == HANDOVER else 1.0))
        lasting = [_service(services, catalogue, each) for each in (code, ALSO.get(code, code))]
        visitor.services = tuple(itertools.islice(lasting, len(visitor.procedures)))
        missing, absent, back, aside, wrong = (incidents.random() for _ in range(5))
        visitor.incomplete = missing < scenario.incomplete and code in FILED
        visitor.absent = 0 if absent >= ABSENT else 1 if back < COMES_BACK else 2
        visitor.put_aside = aside < FINGERPRINTS_AGAIN and code in FILED
        visitor.transferred = wrong < WRONG_CHOICE and code in {"other_permit_step", "file_deposit"}


def _service(chance: Random, catalogue: Mapping[str, Work], code: str) -> timedelta:
    work = catalogue[code]
    return minutes(lognormal(chance, mean=work.mean, sigma=work.sigma))


def let_in(visitors: Sequence[Visitor], doors: datetime, door_seconds: float) -> tuple[Visitor, ...]:
    """The door lets people in one after the other, in the order of the line outside; they come in that order."""
    free = doors
    for visitor in sorted(visitors, key=lambda one: (one.joins_at, one.number)):
        visitor.enters_at = max(visitor.joins_at, free)
        free = visitor.enters_at + timedelta(seconds=door_seconds)
    return tuple(sorted(visitors, key=lambda visitor: (visitor.enters_at, visitor.number)))
