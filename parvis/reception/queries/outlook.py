"""Everything that waits depend on, as it stands at one instant: read in one statement, so all of one snapshot."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from parvis.common import clock
from parvis.reception import rules
from parvis.reception.rules import Work

MEASURED_DAYS = 14

# By hand: asked at every ticket. Four parts: the open counters with their lines; how long each procedure takes, by the
# catalogue and by the measures of the last fortnight; the services waited for, by line, of the people ranked before;
# the told and the measured waits of the people called during the last hour.
# The server knows nothing of this morning's people before it next counts its rows: whatever it believes, who is busy is
# read once (an array, not a join) and the people are counted before their few sums meet the catalogue.
_STATEMENT = """
SELECT
(SELECT json_agg(json_build_array(session.counter_id, served.line_id, session.counter_id <> ALL (ARRAY(
            SELECT counter_id FROM reception_ticket
             WHERE office_id = %(office)s AND state IN ('called', 'serving') AND counter_id IS NOT NULL))))
   FROM reception_countersession AS session
   JOIN offices_counter AS counter ON counter.id = session.counter_id AND counter.office_id = %(office)s
   JOIN offices_counter_lines AS served ON served.counter_id = session.counter_id
   JOIN offices_agent_lines AS skill ON skill.line_id = served.line_id AND skill.agent_id = session.agent_id
  WHERE session.state = 'open'),
(SELECT json_agg(json_build_array(procedure.id, procedure.line_code, procedure.mean_minutes, procedure.sigma,
                                    coalesce(done.services, 0), coalesce(done.seconds, 0), coalesce(done.squares, 0)))
   FROM procedures_procedure AS procedure
   LEFT JOIN (SELECT procedure_id, sum(services) AS services, sum(seconds) AS seconds, sum(squares) AS squares
                FROM reception_servicemeasure WHERE office_id = %(office)s AND day > %(since)s AND day <= %(day)s
               GROUP BY procedure_id) AS done ON done.procedure_id = procedure.id),
(SELECT json_agg(json_build_array(waiting.line_id, waiting.procedure_id, waiting.services, waiting.people))
   FROM (SELECT ticket.line_id, step.procedure_id, count(*) AS services,
                count(*) FILTER (WHERE step.procedure_id = ticket.procedure_id) AS people
           FROM reception_ticket AS ticket
           JOIN reception_step AS step ON step.ticket_id = ticket.id AND step.outcome = ''
          WHERE ticket.office_id = %(office)s AND ticket.day = %(day)s AND ticket.state = 'waiting'
            AND (ticket.rank_at, ticket.id) < (%(rank_at)s, %(before)s)
          GROUP BY ticket.line_id, step.procedure_id) AS waiting
   JOIN procedures_procedure AS procedure ON procedure.id = waiting.procedure_id
   JOIN offices_line AS line ON line.id = waiting.line_id AND line.code = procedure.line_code),
(SELECT json_agg(json_build_array(line_id, people, modelled, waited))
   FROM (SELECT line_id, count(*) AS people, sum(told_low / told_pace) AS modelled,
                extract(epoch FROM sum(first_called_at - arrived_at)) AS waited
           FROM reception_ticket
          WHERE office_id = %(office)s AND day = %(day)s AND told_low > 0 AND first_called_at >= %(hour_ago)s
          GROUP BY line_id) AS called)
"""
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class Duration:
    """A procedure's service: the line that serves it, services measured, mean (s) and variance (s²)."""

    line_code: str
    services: int
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The queue of an office at an instant, as far as waits depend on it; keys are those of counters and lines."""

    now: datetime
    counters: Mapping[int, frozenset[int]]
    idle: frozenset[int]
    durations: Mapping[int, Duration]
    work: Mapping[int, Work]
    paces: Mapping[int, float]

    def serving(self, line_id: int) -> set[int]:
        """The open counters that serve a line."""
        return {counter for counter, lines in self.counters.items() if line_id in lines}

    def work_for(self, line_id: int) -> Work:
        """The work ahead that falls to the counters of a line: a counter of two lines takes its share of each."""
        own = self.serving(line_id)
        shares = {line: self.serving(line) for line in self.work}
        return rules.total(
            self.work[line].times(len(theirs & own) / len(theirs)) for line, theirs in shares.items() if theirs
        )

    def usual_service(self, line_code: str) -> float:
        """The usual service of a line in seconds: its procedures weighed by how often they are done."""
        own = [one for one in self.durations.values() if one.line_code == line_code]
        weight = sum(one.services + 1 for one in own)
        return sum((one.services + 1) * one.mean for one in own) / weight if weight else 0.0


def outlook(office_id: int, *, now: datetime, rank_at: datetime | None = None, before: int | None = None) -> Outlook:
    """What waits depend on; only the people ranked before ``rank_at`` count as ahead, everybody by default.

    ``before`` breaks the tie between tickets of one rank time: a newcomer comes after all of them.
    """
    day = clock.office_day(now)
    values: dict[str, int | date | datetime] = {
        "office": office_id,
        "day": day,
        "since": day - timedelta(days=MEASURED_DAYS),
        "hour_ago": now - timedelta(hours=1),
        "rank_at": rank_at or now + timedelta(days=2),
        "before": before or _LAST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        room, procedures, waiting, called = (part or [] for part in cursor.fetchone())
    durations = {
        pk: Duration(line_code, services, *rules.measured(mean, sigma, services, seconds, squares))
        for pk, line_code, mean, sigma, services, seconds, squares in procedures
    }
    return Outlook(
        now=now,
        counters=_lines_by_counter(room),
        idle=frozenset(counter for counter, _line, is_idle in room if is_idle),
        durations=durations,
        work=_work(waiting, durations),
        paces={line: rules.pace(waited, modelled, people) for line, people, modelled, waited in called},
    )


def _lines_by_counter(room: list[tuple[int, int, bool]]) -> dict[int, frozenset[int]]:
    served: dict[int, set[int]] = defaultdict(set)
    for counter, line, _idle in room:
        served[counter].add(line)
    return {counter: frozenset(lines) for counter, lines in served.items()}


def _work(waiting: list[tuple[int, int, int, int]], durations: Mapping[int, Duration]) -> dict[int, Work]:
    work: dict[int, Work] = defaultdict(Work)
    for line, procedure, services, people in waiting:
        one = durations[procedure]
        work[line] += Work(people, services * one.mean, services * one.variance)
    return dict(work)
