"""Read the office: when it opens and why it does not, who works there, who lives in its territory."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.common import clock
from parvis.common.text import folded, in_language
from parvis.offices import rules
from parvis.offices.errors import UnknownCommune
from parvis.offices.models import Agent, Closure, Commune, Counter, Line, Office, OpeningWindow, Shift
from parvis.offices.rules import Span

# How far ahead an open day is looked for: past a year, the office has no plan worth telling.
HORIZON = timedelta(days=366)

_HOURS = """
SELECT opens, closes FROM offices_openingwindow
WHERE line_id = %(line)s AND weekday = %(weekday)s
    AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
    AND NOT EXISTS (
        SELECT FROM offices_closure AS closure
        LEFT JOIN offices_closure_lines AS named ON named.closure_id = closure.id
        WHERE closure.office_id = %(office)s AND closure.day = %(day)s
            AND (named.line_id IS NULL OR named.line_id = %(line)s))
ORDER BY opens
"""


def hours(line: Line, day: date) -> list[Span]:
    """The instants between which the line receives on this day, in the office's time zone, earliest first.

    One indexed query; none on a public holiday.
    """
    if rules.public_holiday(day):
        return []
    with connection.cursor() as cursor:
        # By hand: asked at every ticket.
        cursor.execute(_HOURS, {"line": line.pk, "office": line.office_id, "day": day, "weekday": day.isoweekday()})
        return [(rules.instant(day, opens), rules.instant(day, closes)) for opens, closes in cursor.fetchall()]


def hours_by_line(office: Office, day: date) -> dict[int, list[Span]]:
    """The hours of every line of the office on this day, by the line's key, in one query; closed lines are absent."""
    if rules.public_holiday(day):
        return {}
    by_line: dict[int, list[OpeningWindow]] = defaultdict(list)
    for window in _windows(day).filter(line__office=office):
        by_line[window.line_id].append(window)
    return {line: rules.spans(windows, day) for line, windows in by_line.items()}


def is_open(line: Line, at: datetime) -> bool:
    """Whether the line receives at this instant."""
    return rules.is_within(at, hours(line, timezone.localtime(at).date()))


def open_lines(office: Office, at: datetime) -> list[Line]:
    """The lines that receive at this instant, in their order."""
    spans = hours_by_line(office, timezone.localtime(at).date())
    return [line for line in lines(office) if rules.is_within(at, spans.get(line.pk, []))]


def opening_time(line: Line, day: date) -> datetime | None:
    """When the line first opens on this day; None when it does not."""
    spans = hours(line, day)
    return spans[0][0] if spans else None


def closing_time(line: Line, day: date) -> datetime | None:
    """When the line closes for the last time on this day; None when it does not open."""
    spans = hours(line, day)
    return spans[-1][1] if spans else None


def office_hours(office: Office, day: date) -> Span | None:
    """The first opening and the last closing of any line on this day; None when the office stays shut."""
    spans = [span for line_spans in hours_by_line(office, day).values() for span in line_spans]
    return (min(start for start, _end in spans), max(end for _start, end in spans)) if spans else None


def next_open_day(line: Line, after: date) -> date | None:
    """The first day later than ``after`` on which the line opens; None when it does not within a year."""
    windows = list(line.opening_windows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=after)).order_by("pk"))
    closed = set(
        Closure.objects.reaching(line)
        .filter(office=line.office_id, day__gt=after, day__lte=after + HORIZON)
        .values_list("day", flat=True)
    )
    days = (after + timedelta(days=ahead) for ahead in range(1, HORIZON.days + 1))
    return next((day for day in days if day not in closed and rules.spans(windows, day)), None)


def why_closed(line: Line, day: date) -> str | None:
    """Why the line does not open on this day, in the language being spoken; None when it opens."""
    if holiday := rules.public_holiday(day):
        return holiday if (get_language() or "fr").startswith("fr") else _("Jour férié")
    closure = Closure.objects.reaching(line).filter(office=line.office_id, day=day).order_by("pk").first()
    if closure:
        return in_language(closure.reason) or _("Fermeture exceptionnelle")
    if OpeningWindow.objects.in_force(day).filter(line=line).exists():
        return None
    if day.isoweekday() >= rules.SATURDAY:
        return _("Fermé le week-end")
    return _weekly_reason(line, day) or _("Fermé au public le %(weekday)s") % {"weekday": WEEKDAYS[day.weekday()]}


def _weekly_reason(line: Line, day: date) -> str:
    """What the public was told when the hours of this weekday ended, if they ever existed."""
    ended = (
        line.opening_windows.filter(weekday=day.isoweekday(), valid_to__lt=day, valid_to__gte=F("valid_from"))
        .order_by("-valid_to", "-pk")
        .first()
    )
    return in_language(ended.ended_because) if ended else ""


def weekly_hours(line: Line, day: date) -> dict[int, rules.Hours]:
    """The ordinary week of the line as it stands on this day: hours by weekday (1 is Monday), closures aside."""
    week: dict[int, rules.Hours] = dict.fromkeys(range(1, 8), ())
    for window in line.opening_windows.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day
    ).order_by("weekday", "opens"):
        week[window.weekday] = (*week[window.weekday], (window.opens, window.closes))
    return week


def opening_history(line: Line) -> QuerySet[OpeningWindow]:
    """Every window the line ever had, by weekday, latest first."""
    return line.opening_windows.order_by("weekday", "-valid_from", "opens")


def plan_opening_change(
    line: Line, *, weekday: int, hours: Sequence[tuple[time, time]], valid_from: date
) -> rules.OpeningPlan:
    """What a change of hours would do, before anybody decides it. Raises what ``rules.plan_opening_change`` raises."""
    windows = list(line.opening_windows.filter(weekday=weekday).order_by("pk"))
    return rules.plan_opening_change(windows, weekday=weekday, hours=hours, valid_from=valid_from, today=clock.today())


def closures(office: Office, since: date) -> QuerySet[Closure]:
    """The exceptional closures of the office from this day on, soonest first, with the lines they name."""
    return office.closures.filter(day__gte=since).prefetch_related("lines").order_by("day", "pk")


def lines(office: Office) -> QuerySet[Line]:
    """The lines of the office in the order in which they are shown."""
    return office.lines.order_by("position", "pk")


def counters(office: Office) -> QuerySet[Counter]:
    """The counters in use, by number, with the lines each serves."""
    return office.counters.filter(is_active=True).prefetch_related("lines").order_by("number")


def counters_serving(served: Iterable[Line]) -> QuerySet[Counter]:
    """The counters in use that serve at least one of these lines, by number."""
    wanted = [line.pk for line in served]
    serves = Counter.lines.through.objects.filter(counter_id=OuterRef("pk"), line_id__in=wanted)
    return Counter.objects.filter(Exists(serves), is_active=True).order_by("office_id", "number")


def office_for_commune(insee: str) -> Office:
    """The office that serves the people who live in this commune. Raises ``UnknownCommune``."""
    commune = Commune.objects.select_related("office").filter(insee=insee).first()
    if commune is None:
        raise UnknownCommune(insee=insee)
    return commune.office


def communes() -> QuerySet[Commune]:
    """Every commune of the department by name, with its office."""
    return Commune.objects.select_related("office").order_by("name")


def find_communes(text: str) -> list[Commune]:
    """The communes whose name contains this text, accents and hyphens aside, or whose postcode begins with it."""
    wanted = folded(text)
    if not wanted:
        return []
    return [
        commune
        for commune in communes()
        if wanted in folded(commune.name) or any(code.startswith(wanted) for code in commune.postcodes)
    ]


def agent_of(user: AbstractBaseUser | AnonymousUser) -> Agent | None:
    """The agent who signed in with this account; None for an account without one or an agent who has left."""
    if not user.is_authenticated:
        return None
    return Agent.objects.select_related("office", "user").filter(user_id=user.pk, is_active=True).first()


def agents(office: Office) -> QuerySet[Agent]:
    """The agents who work at the office, by name, with their account, roles and skills."""
    return (
        office.agents.filter(is_active=True)
        .select_related("user")
        .prefetch_related("user__groups", "lines")
        .order_by("name", "pk")
    )


def roles_of(agent: Agent) -> list[str]:
    """The codes of the roles of an agent."""
    return sorted(agent.user.groups.values_list("name", flat=True))


def shifts(office: Office, day: date) -> QuerySet[Shift]:
    """The shifts that touch this day, by start, with their agent and counter."""
    start, end = clock.at(day, "00:00"), clock.at(day + timedelta(days=1), "00:00")
    return (
        Shift.objects.filter(agent__office=office, starts_at__lt=end, ends_at__gt=start)
        .select_related("agent", "counter")
        .order_by("starts_at", "agent__name", "pk")
    )


def shift_of(agent: Agent, at: datetime) -> Shift | None:
    """What the agent is on duty for at this instant, if anything; the constraint allows one shift at most."""
    return agent.shifts.filter(starts_at__lte=at, ends_at__gt=at).select_related("counter").order_by("pk").first()


def _windows(day: date) -> QuerySet[OpeningWindow]:
    """The windows that open a line on this day, those of a line closed that day left out."""
    closed = Closure.objects.filter(
        Q(lines=OuterRef("line")) | Q(lines__isnull=True), office=OuterRef("line__office"), day=day
    )
    return OpeningWindow.objects.in_force(day).filter(~Exists(closed))
