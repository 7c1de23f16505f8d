"""What lies in the office on the first day: files deposited over months, decisions of the last weeks, receipts.

Laid down day by day in few statements, with the same rows and the same journal as the actions would have left.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.queries.law import Law
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
) -> Past:
    """Make the past of an office up to the evening before ``day``; ``agents`` took the files and proposed."""
    chance, documents = stream(seed, "past"), stream(seed, "documents of the past")
    return _Making(office, day, measures, mix, procedures, agents, signatory, chance, documents, Law()).make()


@dataclass(slots=True)
class _Making:
    office: Office
    day: date
    measures: Measures
    mix: Mapping[str, float]
    procedures: Mapping[str, Procedure]
    agents: Sequence[Agent]
    signatory: Agent
    chance: Random
    documents: Random
    law: Law

    def make(self) -> Past:
        decided = self._decision_days()
        cohorts: dict[date, list[date | None]] = defaultdict(list)
        for _file in range(self.measures.undecided):
            cohorts[self.day - timedelta(days=self._age())].append(None)
        for when in decided:
            cohorts[when - timedelta(days=self.chance.randint(*DECIDED_AFTER_DAYS))].append(when)
        deposits: list[laying.Deposit] = []
        for deposited in sorted(cohorts):
            deposits += self._deposits(len(deposits), deposited, cohorts[deposited])
        past, files = Past(), laying.deposit_all(self.office, deposits, self.law)
        to_decide: dict[date, list[CaseFile]] = defaultdict(list)
        for file, decided_on in zip(files, (when for day in sorted(cohorts) for when in cohorts[day]), strict=True):
            (past.undecided if decided_on is None else to_decide[decided_on]).append(file)
        complete = [(file, self.day) for file in past.undecided if file.state == State.UNDER_REVIEW]
        past.receipts = laying.give_receipts(complete, self.law)
        for turn, when in enumerate(sorted(to_decide)):
            officer = self.agents[turn % len(self.agents)]
            signed = laying.decide(to_decide[when], when, officer=officer, signatory=self.signatory)
            past.granted += [file for file in signed if file.state == State.IN_PRODUCTION]
        return past

    def _age(self) -> int:
        return self.chance.randint(*(YOUNG_DAYS if self.chance.random() < YOUNG else OLD_DAYS))

    def _decision_days(self) -> list[date]:
        days = [self.day - timedelta(days=ahead) for ahead in range(1, self.measures.decided_over_days + 1)]
        working = [one for one in days if one.isoweekday() <= FRIDAY and not public_holiday(one)]
        return [self.chance.choice(working) for _file in range(self.measures.decided)] if working else []

    def _deposits(self, first: int, day: date, wanted: Sequence[date | None]) -> Iterator[laying.Deposit]:
        """The files of one day; of those undecided some lack a document."""
        with clock.held(clock.at(day, laying.HOUR)):
            persons = invent(first, len(wanted))
        chance, law_day = self.chance, self.law.since(day)
        codes = chance.choices(list(self.mix), weights=list(self.mix.values()), k=len(wanted))
        expires = [day + timedelta(days=chance.randint(5, 55)) for _person in persons]
        recent = (self.day - day).days <= INCOMPLETE_DAYS[1]
        share = INCOMPLETE * (YOUNG_DAYS[1] / INCOMPLETE_DAYS[1]) / YOUNG if recent else 0.0
        lacks = [decided_on is None and chance.random() < share for decided_on in wanted]
        for person, code, expires_on, is_lacking in zip(persons, codes, expires, lacks, strict=True):
            procedure = self.procedures[code]
            checks = one_missing(procedure, law_day, self.documents) if is_lacking else all_seen(procedure, law_day)
            yield laying.Deposit(day, person, procedure, expires_on, checks)
