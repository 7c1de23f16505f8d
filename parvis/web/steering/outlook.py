"""Will everybody be received today? The lines, the reason when not, and who should be offered to come back."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.common import clock
from parvis.offices.models import Line, Office
from parvis.reception import queries
from parvis.reception.models import Ticket
from parvis.reception.queries import CounterView, LineAdmission, LineWait
from parvis.reception.states import Rank
from parvis.web import words

SHOWN = 12
LEVELS = ("ok", "tight", "over")


@dataclass(frozen=True, slots=True)
class LineOutlook:
    """One line: its level, why, what would help, and what its people wait."""

    line: Line
    level: str
    reason: str
    remedy: str
    admission: LineAdmission
    wait: LineWait | None


@dataclass(frozen=True, slots=True)
class Offers:
    """The last people of a line who cannot all be received: each may be offered another moment."""

    line: Line
    reason: str
    tickets: Sequence[Ticket]
    hours: Sequence[datetime]
    next_opening: datetime | None
    more: int


def lines(office: Office, plan: Sequence[CounterView]) -> list[LineOutlook]:
    """Every line open today or with people waiting, in their order."""
    now = clock.now()
    waits = {wait.line.pk: wait for wait in queries.wait_by_line(office)}
    return [
        LineOutlook(
            line=one.line,
            level=level_of(one),
            reason=reason_of(one, now),
            remedy=remedy_of(one, plan) if level_of(one) != "ok" else "",
            admission=one,
            wait=waits.get(one.line.pk),
        )
        for one in queries.admission(office)
    ]


def worst(outlooks: Sequence[LineOutlook]) -> str:
    """The level of the whole office: that of its worst line."""
    return max((one.level for one in outlooks), key=LEVELS.index, default="ok")


def level_of(one: LineAdmission) -> str:
    """The level of a line; people who wait where no counter is open are never all right."""
    return "over" if one.waiting and not one.counters_open else one.level


def reason_of(one: LineAdmission, now: datetime) -> str:
    """Why a line has its level, in one sentence."""
    work, left = words.duration_in_words(one.work_minutes), words.duration_in_words(one.minutes_left)
    closes = f"{timezone.localtime(one.closes_at):%H:%M}" if one.closes_at else ""
    facts = {"work": work, "left": left, "closes": closes, "missing": words.duration_in_words(one.late_by)}
    if not one.waiting:
        return _("Personne n'attend.")
    if one.closes_at is None or one.closes_at <= now:
        return _("La file est fermée et il reste %(work)s de travail.") % facts
    if not one.counters_open:
        return _("Aucun guichet ouvert pour %(work)s de travail.") % facts
    if one.level == "over":
        return _("Il manque %(missing)s de guichet avant %(closes)s.") % facts
    if one.level == "tight":
        return _("Juste : %(work)s de travail pour %(left)s de guichet avant %(closes)s.") % facts
    return _("%(work)s de travail, %(left)s de guichet avant %(closes)s.") % facts


def remedy_of(one: LineAdmission, plan: Sequence[CounterView]) -> str:
    """What opening more counters would do, and which ones could open; empty when nothing can."""
    able = [view for view in plan if one.line in view.counter.lines.all()]
    said = []
    idle = [view for view in able if view.state in {"closed", "break"}]
    if one.late_by and one.minutes_open and idle:
        needed = math.ceil(one.late_by / one.minutes_open)
        said.append(ngettext("Il en faut %(n)d de plus.", "Il en faut %(n)d de plus.", needed) % {"n": needed})
    if paused := [view.counter.number for view in able if view.state == "break"]:
        said.append(_("En pause : %(numbers)s.") % {"numbers": runs(paused)})
    if closed := [view.counter.number for view in able if view.state == "closed"]:
        said.append(_("Guichets fermés qui servent cette file : %(numbers)s.") % {"numbers": runs(closed)})
    return " ".join(said)


def runs(numbers: Sequence[int]) -> str:
    """Ascending numbers in short: 1, 4–6, 9."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return ", ".join(f"{one[0]}–{one[-1]}" if len(one) > 2 else ", ".join(map(str, one)) for one in groups)


def offers(office: Office) -> list[Offers]:
    """For every line whose work does not fit: its last people, as many as it takes for the rest to fit.

    Whoever has a legal priority is never among them.
    """
    now = clock.now()
    short = [one for one in queries.admission(office) if level_of(one) == "over" and one.waiting]
    known = queries.outlook(office.pk, now=now).durations if short else {}
    found = []
    for one in short:
        waiting = queries.waiting_on(one.line).exclude(rank=Rank.PRIORITY).select_related("procedure", "line", "person")
        last, minutes = [], 0.0
        for ticket in reversed(list(waiting)):
            if minutes >= one.late_by:
                break
            last.append(ticket)
            minutes += known[ticket.procedure_id].mean / 60
        if last:
            found.append(
                Offers(
                    line=one.line,
                    reason=reason_of(one, now),
                    tickets=last[:SHOWN],
                    hours=queries.return_hours(last[0]),
                    next_opening=queries.next_opening(one.line, now),
                    more=max(0, len(last) - SHOWN),
                )
            )
    return found
