"""Cards of a replayed day: a delivery is read, their persons are told, and they come to the three counters."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle

from parvis.booking.actions import summons
from parvis.casefiles.models import CaseFile
from parvis.common import clock
from parvis.permits import actions as permits
from parvis.permits import queries
from parvis.permits.models import Delivery, Permit
from parvis.permits.rules.checklist import STAMP
from parvis.permits.states import Failure, Notice, Source
from parvis.procedures.rules import Amount
from parvis.rehearsal.drawers import place_of, sender_list
from parvis.rehearsal.names import card_number
from parvis.rehearsal.replay.plan import COMES_AFTER_DAYS, FAILED_HANDOVER, NEVER_COMES
from parvis.rehearsal.replay.roster import Duty
from parvis.rehearsal.replay.stage import Stage

STAMP_EUR = 19  # shown when the fee table knows nothing
COMES_AGAIN_DAYS = (2, 10)


class Cards:
    """The stock of cards of a replay, and who comes for them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._chance = stage.chance("cards")
        self._counters = cycle(stage.roster.handover)
        self._in_line: deque[int] = deque()
        self._stamps = 0

    def live(self, day: date, duty: Duty) -> None:
        """A working day: what was delivered, then who comes, as many as the counters have time for."""
        clock.hold(clock.at(day, "08:15"))
        self._receive(day)
        for due in [one for one in self.stage.visits if one <= day]:
            self._in_line += self.stage.visits.pop(due)
        came = [self._in_line.popleft() for _card in range(min(duty.cards, len(self._in_line)))]
        cards = Permit.objects.select_related("person", "case_file__procedure", "office").in_bulk(came)
        step = timedelta(hours=6, minutes=30) / max(1, len(came))
        for turn, pk in enumerate(came):
            clock.hold(clock.at(day, "09:00") + step * turn)
            self._hand_over(cards[pk], day)

    def _receive(self, day: date) -> None:
        due = [
            pk for one in [one for one in self.stage.deliveries if one <= day] for pk in self.stage.deliveries.pop(one)
        ]
        if not due:
            return
        stage = self.stage
        agent = stage.roster.handover[0][1]
        delivery = stage.act(permits.open_delivery, stage.office, label=f"{day:%d/%m}", source=Source.CSV, by=agent)
        report = stage.act(permits.read_csv, delivery, sender_list(_listed(day, due)), by=agent)
        stage.on_many("read_csv", report.lines)
        if report.set_aside:
            raise AssertionError(report.set_aside[0].code)
        stage.ledger.count("cards_received", report.taken)
        stage.act(permits.close_delivery, delivery, by=agent)
        self._announce(delivery, day)

    def _announce(self, delivery: Delivery, day: date) -> None:
        """Their persons are told, and each will come or never."""
        stage = self.stage
        cards = list(delivery.permits.order_by("pk"))
        told = stage.act(summons.summon_all, cards, by=stage.roster.handover[0][1])
        stage.on_many("summon_all", told)
        stage.ledger.count("cards_announced", told)
        for card in cards:
            never, days = self._chance.random() < NEVER_COMES, self._chance.randint(*COMES_AFTER_DAYS)
            if not never:
                stage.visits[stage.next_working(day + timedelta(days=days))].append(card.pk)

    def _hand_over(self, card: Permit, day: date) -> None:
        counter, agent = next(self._counters)
        stage = self.stage
        if self._chance.random() < FAILED_HANDOVER:
            stage.act(permits.fail_handover, card, Failure.STAMP_MISSING, by=agent, counter_id=counter.pk)
            stage.ledger.count("visits_without_card")
            again = stage.next_working(day + timedelta(days=self._chance.randint(*COMES_AGAIN_DAYS)))
            stage.visits[again].append(card.pk)
            return
        due = queries.amount_due(card, day)
        checks = [check.code for check in queries.checklist(card, day, due)]
        stamps = self._stamp(due) if STAMP in checks else []
        stage.act(
            permits.hand_over,
            card,
            checks=checks,
            stamps=stamps,
            notice=Notice.PAPER,
            counter_id=counter.pk,
            by=agent,
        )
        stage.ledger.count("cards_handed_over")

    def _stamp(self, due: Amount) -> list[tuple[str, int]]:
        """A stamp nobody has shown before, of the amount due; of the highest one when the fee table knows a range."""
        self._stamps += 1
        return [(f"9900{self._stamps:012d}", due.eur if due.eur is not None else due.eur_max or STAMP_EUR)]


def _listed(day: date, files: Sequence[int]) -> Iterator[tuple[str, str, str]]:
    """The cards of these files, as their sender lists them."""
    numbers = CaseFile.objects.filter(pk__in=files).order_by("pk").values_list("number", flat=True)
    for turn, number in enumerate(numbers):
        yield card_number(day, turn), number, place_of(turn)
