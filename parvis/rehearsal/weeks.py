"""The weeks before a day received by appointment: people book, some cancel, others take their seats."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from parvis.booking import actions as booking
from parvis.booking.models import Appointment
from parvis.booking.states import CancelReason, Channel
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent
from parvis.permits.rules import HANDOVER
from parvis.procedures import actions as catalogue
from parvis.procedures import queries as procedures
from parvis.procedures.models import Mode
from parvis.rehearsal.agenda import Agenda, EventsDriveClock
from parvis.rehearsal.draws import stream
from parvis.rehearsal.play import Setting
from parvis.rehearsal.seats import take_seat
from parvis.rehearsal.visitors import Crowd, Visitor, let_in

# Assumptions of the rehearsal, which no source gives.
LONGEST_LEAD = 21  # days between asking and coming, at most
MIXED_BOOKS = 0.5  # share who book where one may also come without
COUNTED = ("asked", "told_before_coming", "no_seat_that_day", "booked", "cancelled", "not_coming", "kept")
FREED_AFTER = 60  # minutes before a freed seat is offered again
HOURS = (8, 22)  # when people ask, on the web, in the evening too
CHANNELS = {Channel.DIGITAL_POINT: 0.5, Channel.PHONE: 0.35, Channel.DESK: 0.15}  # of those whom somebody helps


def live_through(setting: Setting, crowd: Crowd, *, helper: Agent) -> tuple[Crowd, Counter[str]]:
    """Play the weeks before: who will come, those with an appointment at its hour, and how many did what.

    Told before coming: another office, or too early. Who has no appointment comes as they were going to. The clock
    ends on the evening before.
    """
    evening = clock.now()
    _prepare(setting)
    weeks = _Weeks(setting, crowd, helper)
    weeks.run()
    clock.hold(evening)
    return weeks.ended()


class _Weeks:
    def __init__(self, setting: Setting, crowd: Crowd, helper: Agent) -> None:
        self.setting = setting
        self.crowd = crowd
        self._helper = helper
        self._agenda = Agenda(EventsDriveClock())
        self._chance = stream(setting.seed, "weeks")
        self._gone: set[int] = set()
        self.outcomes: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))

    def run(self) -> None:
        """Everybody who books, in the order in which they ask."""
        scenario = self.setting.scenario
        for visitor in self.crowd.visitors:
            books, late, cancels, fails, early = (self._chance.random() for _ in range(5))
            if not self._books(visitor, books):
                continue
            self.outcomes["asked"] += 1
            if self._is_told(visitor):
                self._leaves(visitor, "told_before_coming")
                continue
            asks_at = self._asks_at(late)
            self._agenda.plan(asks_at, lambda visitor=visitor: self._book(visitor))  # type: ignore[misc]
            if cancels < scenario.cancelled:
                left = clock.at(self.setting.day, "00:00") - timedelta(hours=6) - asks_at
                self._agenda.plan(asks_at + left * early, lambda visitor=visitor: self._cancel(visitor))  # type: ignore[misc]
            elif fails < scenario.no_show:
                self._agenda.plan(asks_at, lambda visitor=visitor: self._stay_away(visitor))  # type: ignore[misc]
        for days in (2, 1):
            self._agenda.plan(clock.at(self.setting.day - timedelta(days=days), "20:00"), self._remind)
        self._agenda.run()

    def ended(self) -> tuple[Crowd, Counter[str]]:
        """The crowd without those who will not come, each at the door at their hour."""
        coming = [visitor for visitor in self.crowd.visitors if visitor.number not in self._gone]
        early = stream(self.setting.seed, "punctuality")
        for visitor in coming:
            if visitor.appointment_at is not None:
                minutes = early.gauss(self.setting.scenario.punctuality.mean, self.setting.scenario.punctuality.spread)
                comes = visitor.appointment_at + timedelta(seconds=round(minutes * 60))
                visitor.joins_at = max(comes, self.setting.doors)
                self.outcomes["kept"] += 1
        ordered = let_in(coming, self.setting.doors, self.setting.scenario.door_seconds)
        return replace(self.crowd, visitors=ordered, no_shows=self.outcomes["not_coming"]), self.outcomes

    def _books(self, visitor: Visitor, drawn: float) -> bool:
        code = visitor.procedures[0]
        if code == HANDOVER:
            return False
        mode = procedures.access_mode(self.setting.procedures[code], self.setting.day)
        share = {Mode.APPOINTMENT_ONLY: 1 - self.setting.scenario.comes_without, Mode.MIXED: MIXED_BOOKS}
        return drawn < share.get(mode, 0.0)

    def _is_told(self, visitor: Visitor) -> bool:
        """Whether the path says, before any calendar, that this is not the place or not yet the time."""
        if visitor.lives_elsewhere is not None:
            return True
        procedure = self.setting.procedures[visitor.procedures[0]]
        verdict = procedures.filing_verdict(procedure, expires_on=visitor.permit_expires, day=self.setting.day)
        return bool(visitor.permit_expires) and verdict.kind == "too_early"

    def _asks_at(self, drawn: float) -> datetime:
        days = self._chance.randint(1, LONGEST_LEAD)
        hour = HOURS[0] + drawn * (HOURS[1] - HOURS[0])
        return clock.at(self.setting.day - timedelta(days=days), "00:00") + timedelta(hours=hour)

    def _book(self, visitor: Visitor) -> None:
        booked = take_seat(
            self.setting, visitor, self.setting.day, channel=self._channel(), helper=self._helper, chance=self._chance
        )
        if booked is None:
            self._leaves(visitor, "no_seat_that_day")
            return
        self.outcomes["booked"] += 1
        visitor.appointment, visitor.appointment_at = booked.pk, booked.starts_at

    def _channel(self) -> Channel:
        if self._chance.random() >= self.setting.scenario.needs_helper:
            return Channel.WEB
        return self._chance.choices(list(CHANNELS), weights=list(CHANNELS.values()))[0]

    def _cancel(self, visitor: Visitor) -> None:
        if visitor.appointment is None:
            return
        booking.cancel(Appointment.objects.get(pk=visitor.appointment), reason=CancelReason.PERSON, by=self._helper)
        self._leaves(visitor, "cancelled")

    def _stay_away(self, visitor: Visitor) -> None:
        if visitor.appointment is not None:
            self._leaves(visitor, "not_coming")

    def _remind(self) -> None:
        booking.remind_due()

    def _leaves(self, visitor: Visitor, outcome: str) -> None:
        self.outcomes[outcome] += 1
        self._gone.add(visitor.number)


def _prepare(setting: Setting) -> None:
    """The head of office's decisions of the half-year, at their dates, then the seats up to the day."""
    with clock.held(clock.at(setting.scenario.starts, "08:00")):
        for switch in setting.scenario.switches:
            for code in switch.procedures:
                procedure = procedures.by_code(code)
                if procedures.access_mode(procedure, switch.on) != switch.mode:
                    catalogue.change_access(procedure, mode=switch.mode, valid_from=switch.on, by=SYSTEM)
    with clock.held(clock.at(setting.day - timedelta(days=LONGEST_LEAD + 1), "06:00")):
        # Freed seats come back after a random delay: here always the same, so that a seed gives one day.
        booking.change_policy(setting.office, release_after_min=FREED_AFTER, release_after_max=FREED_AFTER, by=SYSTEM)
        booking.make_slots(setting.office, until=setting.day + timedelta(days=LONGEST_LEAD), by=SYSTEM)
