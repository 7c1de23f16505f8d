"""One day of the office, played through the actions that the screens call."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ParamSpec, TypeVar

from django.db.models import Count, QuerySet

from parvis.casefiles.models import CaseFile
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices import queries as offices
from parvis.offices.models import Office
from parvis.people.models import Person
from parvis.permits.models import Permit
from parvis.procedures import queries as procedures
from parvis.procedures.models import Procedure
from parvis.reception import actions, queries
from parvis.reception.models import Ticket
from parvis.reception.states import Status
from parvis.rehearsal.agenda import Agenda, Driver
from parvis.rehearsal.cast import Cast
from parvis.rehearsal.counters import Staff
from parvis.rehearsal.door import Door
from parvis.rehearsal.draws import lognormal, minutes, stream
from parvis.rehearsal.scenarios import Scenario
from parvis.rehearsal.visitors import Crowd, Visitor, Work, crowd

P = ParamSpec("P")
R = TypeVar("R")

LOOK_AROUND = timedelta(seconds=20)
LAST_PATIENCE = timedelta(hours=1)
NIGHT = timedelta(hours=4)


@dataclass(slots=True)
class Visit:
    """A ticket and the person who holds it, as far as their visit has gone."""

    ticket: Ticket
    visitor: Visitor
    step: int = 0
    came_late: int = 0
    was_put_aside: bool = False
    was_transferred: bool = False


@dataclass(slots=True)
class Setting:
    """Where and when: the office, the day, its figures, and what is drawn from which seed."""

    office: Office
    day: date
    scenario: Scenario
    seed: int
    hours: tuple[datetime, datetime]
    doors: datetime
    spans: dict[str, tuple[datetime, datetime]]
    procedures: dict[str, Procedure]

    @classmethod
    def of(cls, office: Office, day: date, scenario: Scenario, seed: int) -> "Setting | None":
        """The setting of a day; None when nothing opens."""
        hours = offices.office_hours(office, day)
        if hours is None:
            return None
        before = timedelta(0) if scenario.gates_shut else timedelta(minutes=queries.policy(office).doors_before_opening)
        codes = {line.pk: line.code for line in offices.lines(office)}
        spans = {codes[pk]: (found[0][0], found[-1][1]) for pk, found in offices.hours_by_line(office, day).items()}
        catalogue = {one.code: one for one in procedures.procedures_on(day)}
        return cls(office, day, scenario, seed, hours, hours[0] - before, spans, catalogue)

    def crowd(self) -> Crowd:
        """The persons of the day."""
        work = {code: Work(one.line_code, one.mean_minutes, one.sigma) for code, one in self.procedures.items()}
        return crowd(
            self.scenario,
            day=self.day,
            seed=self.seed,
            catalogue=work,
            doors=self.doors,
            hours=self.hours,
            open_lines=frozenset(self.spans),
        )


@dataclass(slots=True)
class Play:
    """A day being played. ``live`` leaves room for people who click beside the simulated ones."""

    setting: Setting
    cast: Cast
    crowd: Crowd
    stock: dict[int, tuple[Person, Permit | None]]
    agenda: Agenda
    live: bool = False
    files: dict[int, CaseFile] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    actions: int = 0
    visits: dict[int, Visit] = field(default_factory=dict)
    staff: list[Staff] = field(default_factory=list)
    away: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    door: Door = field(init=False)

    @classmethod
    def prepared(
        cls, setting: Setting, cast: Cast, *, crowd: Crowd, stock: dict[int, tuple[Person, Permit | None]],
        driver: Driver, live: bool = False, files: dict[int, CaseFile] | None = None
    ) -> "Play":  # fmt: skip
        """A day with its people planned and its agents about to sit down."""
        play = cls(setting, cast, crowd, stock, Agenda(driver, tolerant=live), live, files or {})
        play.door = Door(play)
        play.door.plan()
        seats = [(counter, agent, [line.code for line in counter.lines.all()]) for counter, agent in cast.seats]
        groups: dict[str, list[Staff]] = defaultdict(list)
        for counter, agent, codes in seats:
            spans = [play.setting.spans[code] for code in codes if code in play.setting.spans]
            if not spans:
                continue
            hours = (min(start for start, _end in spans), max(end for _start, end in spans))
            staff = Staff(play, counter, agent, lines=frozenset(codes), hours=hours)
            groups[staff.group].append(staff)
            play.staff.append(staff)
        for staff in play.staff:
            staff.plan_day(place=groups[staff.group].index(staff), of=len(groups[staff.group]))
        if live:
            play.agenda.plan(clock.now() + LOOK_AROUND, play._look_around)
        return play

    def run(self) -> None:
        """Live through the day until the last counter has closed, then close the day."""
        self.agenda.run(while_true=lambda: not self.is_over)
        while self.live and self.anybody_left() and clock.now() < self.setting.hours[1] + LAST_PATIENCE:
            self.agenda.driver.reach(clock.now() + LOOK_AROUND)
        self.act(actions.close_day, self.setting.office, day=self.setting.day, by=SYSTEM)

    @property
    def is_over(self) -> bool:
        """Whether nobody is to come and every counter has closed for the day, or the night has come."""
        if clock.now() > self.setting.hours[1] + NIGHT:
            return True
        return self.door.is_done and all(staff.has_left for staff in self.staff)

    def act(self, action: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call an action, and count it."""
        self.actions += 1
        return action(*args, **kwargs)

    def visit(self, ticket: Ticket) -> Visit:
        """The visit of a ticket; a person who took theirs by clicking behaves as the catalogue says."""
        known = self.visits.get(ticket.pk)
        if known is None:
            known = self.visits[ticket.pk] = Visit(ticket, self._guest(ticket))
        known.ticket = ticket
        return known

    def wake(self, line: str) -> None:
        """Somebody waits on this line: the counter that has been free longest looks."""
        free = [staff for staff in self.staff if staff.free_since is not None and line in staff.lines]
        if free:
            min(free, key=lambda staff: (staff.free_since or clock.now(), staff.counter.number)).look_up()

    def lines_in_use(self, lines: frozenset[str]) -> bool:
        """Whether somebody of these lines still waits."""
        waiting = self._in_building().filter(state=Status.WAITING, line__code__in=sorted(lines))
        return waiting.exists()

    def is_last_of(self, staff: Staff) -> bool:
        """Whether no other counter of a line would stay."""
        others = [one for one in self.staff if one is not staff and one.is_at_counter]
        return any(all(line not in one.lines for one in others) for line in staff.lines)

    def anybody_left(self) -> bool:
        """Whether anybody in the building may still need a counter."""
        return self._in_building().exists()

    def _look_around(self) -> None:
        """Beside people who click: a counter changed hands, or somebody waits whom no simulated visitor announced."""
        held = queries.held_by(self.setting.office)
        for staff in self.staff:
            staff.notice(held.get(staff.counter.pk))
        waiting = self._in_building().filter(state=Status.WAITING).order_by().values_list("line__code")
        for line, people in waiting.annotate(people=Count("id")):
            for _person in range(people):
                self.wake(line)
        self.agenda.plan(clock.now() + LOOK_AROUND, self._look_around)

    def _in_building(self) -> QuerySet[Ticket]:
        """The open tickets of the lines that have counters today; who was missed twice may have gone."""
        found = Ticket.objects.open().filter(office=self.setting.office, day=self.setting.day)
        return found.filter(line__code__in=sorted(self.setting.spans)).exclude(state=Status.MISSED)

    def _guest(self, ticket: Ticket) -> Visitor:
        chance = stream(self.setting.seed, f"guest {ticket.pk}")
        work = ticket.procedure
        lasts = minutes(lognormal(chance, mean=work.mean_minutes, sigma=work.sigma))
        return Visitor(
            number=-ticket.pk,
            procedures=(work.code,),
            joins_at=ticket.arrived_at,
            family_name="",
            given_name="",
            born=date(1970, 1, 1),
            language=ticket.language,
            origin=ticket.origin,
            services=(lasts,),
        )
