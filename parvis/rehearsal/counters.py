"""Behind the counters: agents who call, serve, take their lunch, and leave the counter to whoever takes it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.offices.models import Agent, Counter
from parvis.reception import actions, queries
from parvis.reception.models import CounterSession, Ticket
from parvis.reception.states import SessionState, Status
from parvis.rehearsal import desk

if TYPE_CHECKING:
    from parvis.rehearsal.play import Play, Visit

LUNCH = timedelta(minutes=45)
LUNCH_FROM = "11:30"
SITTING_DOWN = timedelta(minutes=15)
CALL_AGAIN_AFTER = timedelta(seconds=45)
LOOK_AGAIN = timedelta(minutes=1)
IN_THE_ROOM = timedelta(minutes=10)
AT_ONCE = timedelta(minutes=2)
FINGERPRINT_ROOM = "12"
BEFORE_ASIDE = 0.4
RELIEVED = "handover"


class Staff:
    """One simulated agent at one counter, with a single thing to do next."""

    def __init__(
        self, play: "Play", counter: Counter, agent: Agent, *, lines: frozenset[str], hours: tuple[datetime, datetime]
    ) -> None:
        self.play = play
        self.counter = counter
        self.lines = lines
        self.free_since: datetime | None = None
        self.has_left = False
        self.is_at_counter = False
        self._agent = agent
        self._own = agent
        self._opens, self._closes = hours
        self._turn = 0
        self._lunch_at: datetime | None = None
        self._together = 1
        self._aside: list[tuple[datetime, Ticket]] = []

    @property
    def group(self) -> str:
        """Counters that take turns at lunch."""
        return "+".join(sorted(self.lines))

    def plan_day(self, *, place: int, of: int) -> None:
        """Plan when to sit down and when to eat: in turns, so that at most a third of a group is away."""
        self._together = max(1, of // 3)
        lunch = clock.at(self.play.setting.day, LUNCH_FROM) + LUNCH * (place // self._together)
        if RELIEVED in self.lines:
            # The three handover counters never close: a colleague relieves each in turn.
            self.play.agenda.plan(lunch, lambda: self._relieve(self.play.cast.relief))
            self.play.agenda.plan(lunch + LUNCH - timedelta(seconds=1), lambda: self._relieve(self._own))
        elif lunch + LUNCH < self._closes and not (self.play.live and clock.now() > lunch):
            self._lunch_at = lunch
        self._then(self._opens - SITTING_DOWN, self._sit_down)

    def look_up(self) -> None:
        """Somebody has come while this counter was free."""
        self.free_since = None
        self._then(clock.now(), self._next)

    def notice(self, session: CounterSession | None) -> None:
        """Somebody else may have taken this counter, or closed it after that."""
        if self.is_at_counter and (session is None or session.agent_id != self._agent.pk):
            self.free_since = None
            self._then(clock.now(), self.take_stock)

    def _then(self, at: datetime, do: Callable[[], None]) -> None:
        """The one thing to do next; whatever was planned before is dropped."""
        self._turn += 1
        turn = self._turn

        def happen() -> None:
            if turn != self._turn:
                return
            if not self.play.live:
                do()
                return
            try:
                do()
            except BusinessError:
                # Somebody acted at this counter meanwhile: look at how things stand.
                self._then(clock.now() + AT_ONCE / 4, self.take_stock)

        self.play.agenda.plan(at, happen)

    def take_stock(self) -> None:
        """See how the counter stands, after a restart or somebody's intervention, and go on from there."""
        session = queries.open_session(self._agent)
        if session is None or session.counter_id != self.counter.pk:
            self.is_at_counter = False
            self._sit_down()
            return
        self.is_at_counter = True
        if session.state == SessionState.BREAK:
            self._end_lunch()
            return
        ticket = queries.current(self.counter)
        if ticket is None:
            self._next()
        elif ticket.state == Status.CALLED:
            self._called(ticket)
        else:
            self._serve(self.play.visit(ticket), since=ticket.served_at)

    def _sit_down(self) -> None:
        now = clock.now()
        if now >= self._closes and not self.play.lines_in_use(self.lines):
            self.has_left = True
            return
        try:
            self.play.act(actions.open_counter, self.counter, by=self._own)
        except BusinessError:
            if not self.play.live:
                raise
            if not self._take_back():
                # Somebody holds the counter: it is theirs until they close it.
                self._then(now + LOOK_AGAIN / 2, self._sit_down)
                return
        self._agent = self._own
        self.is_at_counter = True
        if self.play.live:
            self._then(max(now, self._opens), self.take_stock)
        else:
            self._then(self._opens, self._next)

    def _take_back(self) -> bool:
        """Relieve the simulated colleague who holds the counter; False when it is somebody else."""
        session = queries.held_by(self.play.setting.office).get(self.counter.pk)
        if session is None or session.agent_id != self.play.cast.relief.pk:
            return False
        self.play.act(actions.relieve, self.counter, by=self._own)
        return True

    def _next(self) -> None:
        """Free: lunch if it is time, somebody put aside if they are ready, else the next in line."""
        now = clock.now()
        self.free_since = None
        if self._may_eat(now):
            self._go_to_lunch(now)
            return
        if self._aside and self._aside[0][0] <= now:
            self._called(self.play.act(actions.resume, self._aside.pop(0)[1], counter=self.counter, by=self._agent))
            return
        ticket = self.play.act(actions.call_next, self.counter, by=self._agent)
        if ticket:
            self._called(ticket)
        else:
            self._rest(now)

    def _rest(self, now: datetime) -> None:
        """Nobody waits. After closing, leave unless somebody in the building may still need this counter."""
        if now >= self._closes and not self._aside and not self._is_needed():
            self.play.act(actions.close_counter, self.counter, by=self._agent)
            self.is_at_counter, self.has_left = False, True
            return
        self.free_since = now
        until = [self._aside[0][0]] if self._aside else []
        if self._lunch_at and now < self._lunch_at:
            until.append(self._lunch_at)
        if now >= self._closes:
            until.append(now + LOOK_AGAIN)
        elif not until:
            until.append(self._closes)
        self._then(max(now, min(until)), self._next)

    def _is_needed(self) -> bool:
        return self.play.lines_in_use(self.lines) or (self.play.is_last_of(self) and self.play.anybody_left())

    def _called(self, ticket: Ticket) -> None:
        visit = self.play.visit(ticket)
        if ticket.absences < visit.visitor.absent:
            calls = self.play.setting.scenario.calls_before_absent
            self._then(clock.now() + CALL_AGAIN_AFTER, lambda: self._call_again(visit, calls - 1))
        else:
            walk = timedelta(seconds=self.play.setting.scenario.walk_seconds)
            self._then(clock.now() + walk, lambda: self._arrived(visit))

    def _call_again(self, visit: "Visit", left: int) -> None:
        if left:
            self.play.act(actions.call_again, visit.ticket, by=self._agent)
            self._then(clock.now() + CALL_AGAIN_AFTER, lambda: self._call_again(visit, left - 1))
            return
        ticket = self.play.act(actions.mark_absent, visit.ticket, by=self._agent)
        if ticket.state == Status.WAITING and ticket.not_before:
            line = visit.ticket.line.code
            self.play.agenda.plan(ticket.not_before, lambda: self.play.wake(line))
        self._next()

    def _arrived(self, visit: "Visit") -> None:
        self.play.act(actions.arrive, visit.ticket, by=self._agent)
        self._serve(visit)

    def _serve(self, visit: "Visit", *, since: datetime | None = None) -> None:
        """Plan how this stay at the counter ends; ``since`` when it began before a restart."""
        visitor, now = visit.visitor, since or clock.now()
        lasts = visitor.services[min(visit.step, len(visitor.services) - 1)]
        if visitor.transferred and not visit.was_transferred:
            self._then(now + AT_ONCE, lambda: self._transfer(visit))
        elif visitor.put_aside and not visit.was_put_aside:
            self._then(now + lasts * BEFORE_ASIDE, lambda: self._put_aside(visit))
        elif visit.was_put_aside and visit.step == 0:
            self._then(now + lasts * (1 - BEFORE_ASIDE), lambda: self._finish(visit))
        else:
            self._then(now + lasts, lambda: self._finish(visit))

    def _transfer(self, visit: "Visit") -> None:
        visit.was_transferred = True
        right = self.play.setting.procedures["receipt_renewal"]
        self.play.act(actions.transfer, visit.ticket, procedure=right, by=self._agent)
        self.play.wake(right.line_code)
        self._next()

    def _put_aside(self, visit: "Visit") -> None:
        visit.was_put_aside = True
        ticket = self.play.act(actions.park, visit.ticket, room=FINGERPRINT_ROOM, by=self._agent)
        self._aside.append((clock.now() + IN_THE_ROOM, ticket))
        self._next()

    def _finish(self, visit: "Visit") -> None:
        ticket = self._record(visit)
        visit.step += 1
        if ticket.state == Status.SERVING:
            self._serve(self.play.visit(ticket))
            return
        if ticket.state == Status.WAITING:
            self.play.wake(ticket.line.code)
        self._next()

    def _record(self, visit: "Visit") -> Ticket:
        """Write what was done: the card handed over, the file complete or not, the receipt issued."""
        try:
            if desk.record(self.play, visit, by=self._agent):
                return queries.ticket(visit.ticket.pk)
        except BusinessError:
            # Beside people who click: somebody has seen to this person's file or card already.
            if not self.play.live:
                raise
        outcome = desk.outcome(visit.ticket.procedure.code, visit)
        return self.play.act(actions.finish, visit.ticket, outcome=outcome, by=self._agent)

    def _may_eat(self, now: datetime) -> bool:
        return (
            self._lunch_at is not None
            and now >= self._lunch_at
            and self.play.away[self.group] < self._together
            and now < self._closes - LUNCH
        )

    def _go_to_lunch(self, now: datetime) -> None:
        self._lunch_at = None
        self.play.away[self.group] += 1
        self.play.act(actions.take_break, self.counter, by=self._agent)
        for line in sorted(self.lines):
            self.play.wake(line)
        self._then(now + LUNCH, self._back_from_lunch)

    def _back_from_lunch(self) -> None:
        self.play.away[self.group] -= 1
        self._end_lunch()

    def _end_lunch(self) -> None:
        self.play.act(actions.end_break, self.counter, by=self._agent)
        self._next()

    def _relieve(self, by: Agent) -> None:
        """Hand the counter to a colleague, whoever is being served there included."""
        if not self.is_at_counter or self._agent.pk == by.pk:
            return
        session = queries.open_session(self._agent)
        if session is None or session.counter_id != self.counter.pk:
            return
        self.play.act(actions.relieve, self.counter, by=by)
        self._agent = by
