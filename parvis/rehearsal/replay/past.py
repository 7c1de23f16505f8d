"""What lies in the office on the first day: files deposited over months, decisions of the last weeks, receipts.

Laid down day by day in few statements, with the same rows and the same journal as the actions would have left.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import State
from parvis.common import clock
from parvis.offices.models import Agent, Office
from parvis.offices.rules import public_holiday
from parvis.procedures.models import Procedure
from parvis.rehearsal import laying
from parvis.rehearsal.documents import all_seen, one_missing
from parvis.rehearsal.draws import stream
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
            files = self._deposit(first, deposited, wanted, chance)
            first += len(files)
            for file, decided_on in zip(files, wanted, strict=True):
                if decided_on is None:
                    self.past.undecided.append(file)
                else:
                    to_decide[decided_on].append(file)
        complete = [file for file in self.past.undecided if file.state == State.UNDER_REVIEW]
        self.past.receipts = laying.give_receipts(complete, self.day)
        for turn, decided_on in enumerate(sorted(to_decide)):
            officer = self.agents[turn % len(self.agents)]
            signed = laying.decide(to_decide[decided_on], decided_on, officer=officer, signatory=self.signatory)
            self.past.granted += [file for file in signed if file.state == State.IN_PRODUCTION]
        return self.past

    def _age(self, chance: Random) -> int:
        return chance.randint(*(YOUNG_DAYS if chance.random() < YOUNG else OLD_DAYS))

    def _decision_days(self, chance: Random) -> list[date]:
        days = [self.day - timedelta(days=ahead) for ahead in range(1, self.measures.decided_over_days + 1)]
        working = [one for one in days if one.isoweekday() <= FRIDAY and not public_holiday(one)]
        return [chance.choice(working) for _file in range(self.measures.decided)] if working else []

    def _deposit(self, first: int, day: date, wanted: Sequence[date | None], chance: Random) -> list[CaseFile]:
        """The files of one day: opened, and those whose documents are all there under review from that day."""
        with clock.held(clock.at(day, laying.HOUR)):
            persons = invent(first, len(wanted))
        codes = chance.choices(list(self.mix), weights=list(self.mix.values()), k=len(wanted))
        expires = [day + timedelta(days=chance.randint(5, 55)) for _person in persons]
        procedures = [self.procedures[code] for code in codes]
        files = laying.open_files(self.office, day, persons, procedures, expires)
        recent = (self.day - day).days <= INCOMPLETE_DAYS[1]
        share = INCOMPLETE * (YOUNG_DAYS[1] / INCOMPLETE_DAYS[1]) / YOUNG if recent else 0.0
        kept = [file for file, decided in zip(files, wanted, strict=True) if decided is None]
        lacking = {file.pk for file in kept if chance.random() < share}
        if self.with_documents:
            self._look_at(files, lacking, day, chance)
        laying.leave_incomplete([file for file in files if file.pk in lacking], day)
        laying.complete([file for file in files if file.pk not in lacking], day)
        return files

    def _look_at(self, files: Sequence[CaseFile], lacking: set[int], day: date, chance: Random) -> None:
        seen = {
            file: one_missing(file.procedure, day, chance) if file.pk in lacking else all_seen(file.procedure, day)
            for file in files
        }
        laying.write_checks(seen, day)
