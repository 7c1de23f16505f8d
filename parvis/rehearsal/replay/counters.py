"""At the counters of a replayed day: files deposited, completed, receipts given and renewed; not minute by minute."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import cycle

from parvis.casefiles import actions as casefiles
from parvis.casefiles.errors import NoReceiptFor
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import Closing, DocumentState, State
from parvis.common import clock
from parvis.journal.actions import SYSTEM, Actor
from parvis.people.models import Person
from parvis.rehearsal.documents import all_seen, one_missing, work_said
from parvis.rehearsal.replay.people import NEWCOMERS, invent
from parvis.rehearsal.replay.plan import NEVER_COMPLETED, RENEWS_BEFORE_DAYS
from parvis.rehearsal.replay.stage import Stage

EXPIRES_IN_DAYS = (5, 55)  # what is left of the permit of whoever renews in time
COMES_BACK_DAYS = (3, 28)  # with the document that was missing
GIVEN_UP_AFTER = timedelta(days=60)  # from the deposit of a file never completed to its closing
WITH_A_PERMIT = frozenset({"renewal", "student", "employee", "algerian_certificate", "resident_card"})


class Counters:
    """The 19 counters that take files and receipts, as one: their order within the day changes nothing here."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._agents = cycle(stage.roster.filing)
        self._deposits = stage.chance("deposits")
        self._back = stage.chance("completions")
        self._renews = stage.chance("renewals")
        self._turn = 0
        self._given_up: list[tuple[date, int]] = []

    def live(self, day: date, hours: tuple[datetime, datetime]) -> None:
        """A day on which people are received."""
        visits = [
            *((self._complete, pk) for pk in self.stage.completions.pop(day, [])),
            *((self._renew, pk) for pk in self.stage.renewals.pop(day, [])),
            *((self._deposit, pk) for pk in self._newcomers(day)),
        ]
        step = (hours[1] - hours[0]) / max(1, len(visits))
        for turn, (visit, who) in enumerate(visits):
            clock.hold(hours[0] + step * turn)
            visit(day, who)

    def give_up(self, day: date) -> None:
        """Close the files that nobody came to complete."""
        while self._given_up and self._given_up[0][0] <= day:
            file = CaseFile.objects.get(pk=self._given_up.pop(0)[1])
            if file.state == State.INCOMPLETE:
                self.stage.act(casefiles.close, file, closing=Closing.NOT_COMPLETED, by=SYSTEM)
                self.stage.ledger.count("closed_undecided")

    def expect(self, files: Sequence[CaseFile], receipts: Sequence[Receipt]) -> None:
        """What the stock of the start brings to the counters: documents awaited, receipts that end."""
        for file in files:
            if file.state == State.INCOMPLETE:
                self._await_documents(file, self.stage.plan.first)
        in_hand = {receipt.case_file_id: receipt for receipt in sorted(receipts, key=lambda one: one.rank)}
        for receipt in in_hand.values():
            self._plan_renewal(receipt, self.stage.plan.first)

    def _newcomers(self, day: date) -> Sequence[int]:
        plan = self.stage.plan
        monday = day - timedelta(days=day.weekday())
        week = [monday + timedelta(days=ahead) for ahead in range(5)]
        public = [one for one in week if self.stage.next_open("filing", one) == one]
        place, many = public.index(day), plan.files_a_week
        today = many * (place + 1) // len(public) - many * place // len(public)
        people = invent(NEWCOMERS + self._turn, today)
        self._turn += today
        self._persons = {person.pk: person for person in people}
        return list(self._persons)

    def _deposit(self, day: date, who: int) -> None:
        stage, draw = self.stage, self._deposits
        code = draw.choices(list(stage.plan.mix), weights=list(stage.plan.mix.values()))[0]
        left, complete = draw.randint(*EXPIRES_IN_DAYS), draw.random() >= stage.plan.incomplete
        agent, procedure = next(self._agents), stage.procedures[code]
        person: Person = self._persons[who]
        file = stage.act(
            casefiles.deposit,
            stage.office,
            person=person,
            procedure=procedure,
            permit_expires_on=day + timedelta(days=left) if code in WITH_A_PERMIT else None,
            by=agent,
        )
        stage.ledger.count("opened")
        checks = all_seen(procedure, day) if complete else one_missing(procedure, day, draw)
        file = stage.act(casefiles.tick, file, checks, by=agent)
        if file.state == State.UNDER_REVIEW:
            self._receipt(file, day, by=agent)
        else:
            stage.act(casefiles.give_slip, file, by=agent)
            self._await_documents(file, day)

    def _complete(self, day: date, who: int) -> None:
        file, agent = CaseFile.objects.select_related("procedure").get(pk=who), next(self._agents)
        if file.state != State.INCOMPLETE:
            return
        checks = dict.fromkeys(all_seen(file.procedure, file.deposited_on), (DocumentState.SEEN, ""))
        file = self.stage.act(casefiles.tick, file, checks, by=agent)
        self.stage.ledger.count("completed")
        self._receipt(file, day, by=agent)

    def _await_documents(self, file: CaseFile, day: date) -> None:
        never, days = self._back.random() < NEVER_COMPLETED, self._back.randint(*COMES_BACK_DAYS)
        if never:
            self._given_up.append((day + GIVEN_UP_AFTER, file.pk))
        else:
            comes = self.stage.next_open("filing", day + timedelta(days=days))
            self.stage.completions[comes].append(file.pk)

    def _receipt(self, file: CaseFile, day: date, *, by: Actor) -> None:
        try:
            receipt = self.stage.act(casefiles.issue_receipt, file, work=work_said(file.procedure), by=by)
        except NoReceiptFor:
            return
        self.stage.ledger.count("receipts")
        self._plan_renewal(receipt, day)

    def _renew(self, day: date, who: int) -> None:
        file = CaseFile.objects.select_related("procedure", "person", "office").get(pk=who)
        try:
            receipt = self.stage.act(casefiles.renew_receipt, file, by=next(self._agents))
        except NoReceiptFor:
            return
        self.stage.ledger.count("renewals")
        self._plan_renewal(receipt, day)

    def _plan_renewal(self, receipt: Receipt, day: date) -> None:
        before = timedelta(days=self._renews.randint(*RENEWS_BEFORE_DAYS))
        comes = self.stage.next_open("receipts", max(day + timedelta(days=1), receipt.valid_to - before))
        if comes <= self.stage.plan.last:
            self.stage.renewals[comes].append(receipt.case_file_id)
