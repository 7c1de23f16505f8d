"""What lies in the office on the first day: files deposited over months, decisions of the last weeks, receipts.

Laid down day by day in few statements, with the same rows and the same journal as the actions would have left.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from parvis.casefiles import actions as casefiles
from parvis.casefiles import rules
from parvis.casefiles.actions.completeness import TO_BRING
from parvis.casefiles.actions.moves import become_all, move_facts
from parvis.casefiles.errors import NoReceiptFor
from parvis.casefiles.models import CaseFile, DocumentCheck, Receipt
from parvis.casefiles.queries import first_fee_case
from parvis.casefiles.states import Channel, Decision, State
from parvis.common import clock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Office
from parvis.offices.rules import public_holiday
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.rehearsal.draws import stream
from parvis.rehearsal.replay.documents import all_seen, one_missing
from parvis.rehearsal.replay.people import invent

# Assumptions of the replay, which no source gives.
YOUNG, YOUNG_DAYS, OLD_DAYS = 0.85, (1, 115), (116, 240)  # the age of an undecided file
INCOMPLETE = 0.08  # share of the stock whose documents are awaited
INCOMPLETE_DAYS = (1, 28)  # and since when
DECIDED_AFTER_DAYS = (75, 150)  # from the deposit to the decision, of those decided lately
FRIDAY = 5


@dataclass(slots=True)
class Past:
    """What was laid down."""

    undecided: list[CaseFile] = field(default_factory=list)
    granted: list[CaseFile] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Measures:
    """How much lies there: undecided files, and the files decided over the days before."""

    undecided: int
    decided: int
    decided_over_days: int


def lay_down(
    office: Office,
    day: date,
    measures: Measures,
    *,
    mix: Mapping[str, float],
    procedures: Mapping[str, Procedure],
    agents: Sequence[Agent],
    signatory: Agent,
    seed: int,
    with_documents: bool = False,
) -> Past:
    """Make the past of an office up to the evening before ``day``; ``agents`` took the files and proposed."""
    return _Making(office, day, measures, mix, procedures, agents, signatory, seed, with_documents).make()


@dataclass(slots=True)
class _Making:
    office: Office
    day: date
    measures: Measures
    mix: Mapping[str, float]
    procedures: Mapping[str, Procedure]
    agents: Sequence[Agent]
    signatory: Agent
    seed: int
    with_documents: bool
    past: Past = field(default_factory=Past)
    fees: dict[str, str] = field(default_factory=dict)

    def make(self) -> Past:
        chance = stream(self.seed, "past")
        decided = self._decision_days(chance)
        cohorts: dict[date, list[date | None]] = defaultdict(list)
        for _file in range(self.measures.undecided):
            cohorts[self.day - timedelta(days=self._age(chance))].append(None)
        for when in decided:
            cohorts[when - timedelta(days=chance.randint(*DECIDED_AFTER_DAYS))].append(when)
        first, to_decide = 0, defaultdict[date, list[CaseFile]](list)
        for deposited in sorted(cohorts):
            wanted = cohorts[deposited]
            with clock.held(clock.at(deposited, "11:00")):
                files = self._deposit(first, deposited, wanted, chance)
            first += len(files)
            for file, decided_on in zip(files, wanted, strict=True):
                if decided_on is None:
                    self.past.undecided.append(file)
                else:
                    to_decide[decided_on].append(file)
        self._receipts()
        for turn, decided_on in enumerate(sorted(to_decide)):
            self._decide(to_decide[decided_on], decided_on, self.agents[turn % len(self.agents)])
        return self.past

    def _age(self, chance: Random) -> int:
        return chance.randint(*(YOUNG_DAYS if chance.random() < YOUNG else OLD_DAYS))

    def _decision_days(self, chance: Random) -> list[date]:
        days = [self.day - timedelta(days=ahead) for ahead in range(1, self.measures.decided_over_days + 1)]
        working = [one for one in days if one.isoweekday() <= FRIDAY and not public_holiday(one)]
        return [chance.choice(working) for _file in range(self.measures.decided)] if working else []

    def _deposit(self, first: int, day: date, wanted: Sequence[date | None], chance: Random) -> list[CaseFile]:
        """The files of one day: opened, and those whose documents are all there under review from that day."""
        now = clock.now()
        persons = invent(first, len(wanted), prefix="99000")
        codes = chance.choices(list(self.mix), weights=list(self.mix.values()), k=len(wanted))
        files = CaseFile.objects.bulk_create(
            CaseFile(
                office=self.office,
                person=person,
                procedure=self.procedures[code],
                fee_case=self._fee_case(code),
                channel=Channel.COUNTER,
                deposited_on=day,
                permit_expires_on=day + timedelta(days=chance.randint(5, 55)),
                created_at=now,
                changed_at=now,
            )
            for person, code in zip(persons, codes, strict=True)
        )
        told = {"channel": Channel.COUNTER.value, "case": "default", "officer": None}
        subjects = [(file, move_facts(file, "", State.DEPOSITED, now, told)) for file in files]
        journal.record_all("case_file.deposited", subjects, by=SYSTEM, at=now, office=self.office.pk)
        recent = (self.day - day).days <= INCOMPLETE_DAYS[1]
        share = INCOMPLETE * (YOUNG_DAYS[1] / INCOMPLETE_DAYS[1]) / YOUNG if recent else 0.0
        lacking = {
            file.pk for file, decided in zip(files, wanted, strict=True) if not decided and chance.random() < share
        }
        self._look_at(files, lacking, day, chance)
        return files

    def _look_at(self, files: Sequence[CaseFile], lacking: set[int], day: date, chance: Random) -> None:
        now = clock.now()
        if self.with_documents:
            seen = {
                file: one_missing(file.procedure, day, chance) if file.pk in lacking else all_seen(file.procedure, day)
                for file in files
            }
            DocumentCheck.objects.bulk_create(
                DocumentCheck(case_file=file, code=code, state=state, reason=reason, at=now)
                for file, checks in seen.items()
                for code, (state, reason) in checks.items()
            )
        until = day + TO_BRING
        incomplete = [file for file in files if file.pk in lacking]
        become_all(
            incomplete, State.INCOMPLETE, by=SYSTEM, now=now, facts={"until": until}, fields={"missing_by": until}
        )
        by_deadline: dict[date | None, list[CaseFile]] = defaultdict(list)
        for file in files:
            if file.pk not in lacking:
                rule = catalogue.silence_rule(file.procedure, day, file.case)
                by_deadline[rules.silence_ends(rule, day) if rule else None].append(file)
        for decide_by, complete in by_deadline.items():
            dates = {
                "complete_on": day,
                "decide_by": decide_by,
                "warn_on": rules.warn_from(decide_by) if decide_by else None,
            }
            facts = {name: value for name, value in dates.items() if value}
            become_all(complete, State.UNDER_REVIEW, by=SYSTEM, now=now, facts=facts, fields=dates)

    def _fee_case(self, code: str) -> str:
        if code not in self.fees:
            self.fees[code] = first_fee_case(self.procedures[code], self.day)
        return self.fees[code]

    def _receipts(self) -> None:
        """Receipts without a break from the deposit on: each renewed when it ended, the last one still running."""
        made: dict[date, list[Receipt]] = defaultdict(list)
        for file in self.past.undecided:
            if file.state == State.UNDER_REVIEW:
                for issued, receipt in self._chain(file):
                    made[issued].append(receipt)
        for issued in sorted(made):
            receipts = Receipt.objects.bulk_create(made[issued])
            self.past.receipts += receipts
            self._tell(receipts, issued)

    def _chain(self, file: CaseFile) -> Iterator[tuple[date, Receipt]]:
        rule = catalogue.receipt_rule(file.procedure, file.deposited_on, file.case)
        issued, until, rank = file.deposited_on, None, 1
        while rule is not None and issued < self.day:
            try:
                since, until = rules.receipt_validity(
                    rule, rank=rank, issued_on=issued, permit_expires_on=file.permit_expires_on, previous_to=until
                )
            except NoReceiptFor:
                return
            yield (
                issued,
                Receipt(
                    case_file=file,
                    office=self.office,
                    rank=rank,
                    valid_from=since,
                    valid_to=until,
                    work=rules.work_right(rule, file.procedure, None, None),
                    issued_at=clock.at(issued, "11:00"),
                ),
            )
            issued, rank = until - timedelta(days=3), rank + 1

    def _tell(self, receipts: Sequence[Receipt], issued: date) -> None:
        for what, is_renewal in (("case_file.receipt_issued", False), ("case_file.receipt_renewed", True)):
            subjects = [(one.case_file, _facts(one)) for one in receipts if (one.rank > 1) == is_renewal]
            journal.record_all(what, subjects, by=SYSTEM, at=clock.at(issued, "11:00"), office=self.office.pk)

    def _decide(self, files: Sequence[CaseFile], day: date, officer: Agent) -> None:
        with clock.held(clock.at(day, "15:00")):
            casefiles.propose_all(files, Decision.GRANT, by=officer)
        with clock.held(clock.at(day, "17:00")):
            signed = casefiles.sign_all(files, by=self.signatory)
        self.past.granted += [file for file in signed.done if file.state == State.IN_PRODUCTION]


def _facts(receipt: Receipt) -> dict[str, object]:
    return {
        "procedure": receipt.case_file.procedure.code,
        "receipt": receipt.number,
        "rank": receipt.rank,
        "valid_from": receipt.valid_from.isoformat(),
        "valid_to": receipt.valid_to.isoformat(),
        "work": str(receipt.work),
    }
