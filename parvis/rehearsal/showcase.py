"""The demonstration's case files: some in every state, receipts that end, cards in the drawers and others set aside.

Deposits and decisions lie on the days on which the office received and worked, so that the stock moves as it would
have: a little every day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from parvis.booking.actions import summons
from parvis.casefiles import actions as casefiles
from parvis.casefiles.models import CaseFile
from parvis.casefiles.queries.law import Law
from parvis.casefiles.rules.deciding import needs_committee
from parvis.casefiles.states import Decision, OpinionBody, State
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Office
from parvis.people.models import Person
from parvis.permits import actions as permits
from parvis.permits.models import Permit
from parvis.permits.states import Source
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.rehearsal import drawers, laying, scenarios
from parvis.rehearsal.desk import OPENS_FILE
from parvis.rehearsal.documents import Checks, all_seen, one_missing
from parvis.rehearsal.draws import stream
from parvis.rehearsal.names import card_number
from parvis.rehearsal.office_days import OfficeDays, evenly, spread, worked, worked_by
from parvis.rehearsal.replay.people import invent

SEED = 7
# Assumptions of the demonstration, which no source gives: so many files over so many days before the first one, from
# the earliest to the latest. Between the two lie the deposits of those who come to renew their receipt.
OLD, OLD_DAYS = 30, (240, 121)
YOUNG, YOUNG_DAYS = 240, (79, 1)
# And so many decisions: at first on the days behind closed doors alone, and most of those cards were fetched; the last
# ones' cards are being made. Between them lie the decisions of those who come for their card.
BEHIND_DOORS, BEHIND_DOORS_DAYS = 200, (165, 54)
LATELY, LATELY_DAYS = 150, (24, 1)
REVIEWED = (75, 150)  # days from the deposit to the decision
FILED_AHEAD = (5, 55)  # days from the deposit to the end of the permit
INCOMPLETE, INCOMPLETE_DAYS = 0.2, 28  # share of the files deposited since then
ON_CLOSED_DAYS = 3  # decisions behind closed doors for one on a day with visitors
REFUSED = 0.05  # share of the decisions
GROUNDS = "Les ressources justifiées n'atteignent pas le montant demandé."
MADE_IN = timedelta(days=14)  # from the decision to the delivery, at least
DELIVERIES = (144, 130, 116, 95, 81, 67, 53, 34, 6)  # days before
FETCHED, VISITS = (2, 12), 3  # days from the delivery to the visits, and on how many of them people came
NEVER_FETCHED, WAITED = 10, 95  # so many cards, of the delivery so many days before
REMINDED = (15, 29)  # days after it
MINE, NEAREST = 18, 8  # files that the demonstration's officer has in hand; those of them whose deadline is next
COMING, UNKNOWN = 10, 3  # cards being taken in this morning, and those of nobody known
CARDS_FROM = 600  # the numbers of these cards, behind those of the people who come on the first day


@dataclass(slots=True)
class Past:
    """What was laid down: files under review, the earliest deadline first, and those granted, in order."""

    under_review: list[CaseFile] = field(default_factory=list)
    granted: list[tuple[date, CaseFile]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who did it: the account one signs in with as an officer, the simulated officer who proposed what waits for a
    signature, who signs, and who hands the cards over."""

    officer: Agent
    colleague: Agent
    signatory: Agent
    handover: Agent


def prepare(office: Office, day: date, staff: Staff) -> None:
    """Lay down the stock that the screens show: a few hundred files, deliveries, cards that wait or were set aside."""
    past = _Making(office, day, staff).make()
    _review(past.under_review, day, officer=staff.officer, colleague=staff.colleague)
    _Cards(office, day, staff.handover).lay(past.granted)


@dataclass(frozen=True, slots=True)
class _Planned:
    deposited: date
    decided: date | None = None


@dataclass(slots=True)
class _Making:
    office: Office
    day: date
    staff: Staff
    law: Law = field(default_factory=Law)
    days: OfficeDays = field(init=False)
    chance: Random = field(init=False)

    def make(self) -> Past:
        self.days, self.chance = OfficeDays(self.office), stream(SEED, "past")
        plan = sorted([*self._waiting(), *self._decided()], key=lambda one: one.deposited)
        files = laying.deposit_all(self.office, self._deposits(plan), self.law)
        both = list(zip(files, plan, strict=True))
        complete = [(file, one.decided or self.day) for file, one in both if file.state == State.UNDER_REVIEW]
        laying.give_receipts(complete, self.law)
        past = Past([file for file, one in both if file.state == State.UNDER_REVIEW and one.decided is None])
        past.under_review.sort(key=lambda file: (file.decide_by or date.max, file.pk))
        for turn, on in enumerate(sorted({one.decided for one in plan if one.decided})):
            together = [file for file, one in both if one.decided == on]
            past.granted += [(on, file) for file in self._decide(turn, on, together)]
        return past

    def _waiting(self) -> Iterator[_Planned]:
        for many, (earliest, latest) in ((OLD, OLD_DAYS), (YOUNG, YOUNG_DAYS)):
            for on in spread(many, self.days.received(self._ago(earliest), self._ago(latest)), self.chance):
                yield _Planned(on)

    def _decided(self) -> Iterator[_Planned]:
        first, last = (worked(*map(self._ago, days)) for days in (BEHIND_DOORS_DAYS, LATELY_DAYS))
        closed = [on for on in first if not self.days.receives(on)]
        weighed = [on for on in last for _time in range(1 if self.days.receives(on) else ON_CLOSED_DAYS)]
        for on in [*evenly(BEHIND_DOORS, closed), *spread(LATELY, weighed, self.chance)]:
            deposited = on - timedelta(days=self.chance.randint(*REVIEWED))
            yield _Planned(self.days.received_around(deposited, self.chance), on)

    def _deposits(self, plan: Sequence[_Planned]) -> list[laying.Deposit]:
        mix = {code: share for code, share in scenarios.for_day(self.day).mix.items() if code in OPENS_FILE}
        procedures = [catalogue.by_code(code) for code in mix]
        drawn = self.chance.choices(procedures, weights=list(mix.values()), k=len(plan))
        persons: list[Person] = []
        for on in dict.fromkeys(one.deposited for one in plan):
            with clock.held(clock.at(on, laying.HOUR)):
                persons += invent(len(persons), sum(one.deposited == on for one in plan))
        return [
            laying.Deposit(
                one.deposited,
                person,
                procedure,
                one.deposited + timedelta(days=self.chance.randint(*FILED_AHEAD)),
                self._seen(procedure, one),
            )
            for one, person, procedure in zip(plan, persons, drawn, strict=True)
        ]

    def _seen(self, procedure: Procedure, one: _Planned) -> Checks:
        lately = one.decided is None and one.deposited >= self._ago(INCOMPLETE_DAYS)
        if lately and self.chance.random() < INCOMPLETE:
            return one_missing(procedure, self.law.since(one.deposited), self.chance)
        return all_seen(procedure, self.law.since(one.deposited))

    def _decide(self, turn: int, on: date, files: Sequence[CaseFile]) -> list[CaseFile]:
        """Those of a day whose cards are being made; the two officers take turns, and some files are refused.

        Never one that the committee would have to hear first.
        """
        by = (self.staff.colleague, self.staff.officer)[turn % 2]
        heard_first = {file for file in files if needs_committee(file.procedure.code)}
        refused = [file for file in files if self.chance.random() < REFUSED and file not in heard_first]
        granted = [file for file in files if file not in refused]
        for some, grounds in ((refused, GROUNDS), (granted, "")):
            if some:
                laying.decide(some, on, officer=by, signatory=self.staff.signatory, grounds=grounds)
        return list(CaseFile.objects.filter(pk__in=[file.pk for file in granted], state=State.IN_PRODUCTION))

    def _ago(self, days: int) -> date:
        return self.day - timedelta(days=days)


def _review(ready: Sequence[CaseFile], day: date, *, officer: Agent, colleague: Agent) -> None:
    """Files in hand, put aside, asked about, before a body outside or the committee, proposed."""
    coming = [file for file in ready if file.decide_by is None or file.decide_by > day]
    nearest, others = (
        coming[:NEAREST],
        [file for file in coming[NEAREST:] if file.deposited_on < day - timedelta(days=24)],
    )
    picked = iter(evenly(MINE - NEAREST + 6 + 4 + 2 + 3 + 8, others))
    friday = worked_by(day - timedelta(days=1))
    with clock.held(clock.at(day - timedelta(days=18), "09:30")):
        casefiles.give([*nearest, *(next(picked) for _file in range(MINE - NEAREST))], officer, by=SYSTEM)
    for on in evenly(6, worked(day - timedelta(days=17), friday)):
        with clock.held(clock.at(on, "10:00")):
            casefiles.ask_person(_mine(next(picked), officer), text="Merci d'envoyer votre dernier avis.", by=officer)
    for on in evenly(4, worked(day - timedelta(days=17), friday)):
        with clock.held(clock.at(on, "10:30")):
            due = on + timedelta(days=30)
            casefiles.ask_opinion(_mine(next(picked), officer), OpinionBody.WORK_DIRECTORATE, due, by=officer)
    with clock.held(clock.at(friday, "10:00")):
        for _file in range(2):
            summoned, meets = friday + timedelta(days=1), friday + timedelta(days=30)
            casefiles.refer_to_committee(_mine(next(picked), officer), summoned_on=summoned, meets_on=meets, by=officer)
        for _file in range(3):
            until = friday + timedelta(days=14)
            casefiles.hold(_mine(next(picked), officer), until, "Vérification en cours", by=officer)
        casefiles.propose_all([next(picked) for _file in range(8)], Decision.GRANT, by=colleague)


def _mine(file: CaseFile, officer: Agent) -> CaseFile:
    return casefiles.take(file, by=officer)


@dataclass(slots=True)
class _Cards:
    """Deliveries of which all cards but a few were fetched, one of last week, one being taken in this morning."""

    office: Office
    day: date
    handover: Agent
    made: int = 0

    def lay(self, granted: Sequence[tuple[date, CaseFile]]) -> None:
        left, chance = list(granted), stream(SEED, "fetched")
        for before in DELIVERIES:
            on = worked_by(self.day - timedelta(days=before))
            here = [file for decided, file in left if decided <= on - MADE_IN]
            left = [(decided, file) for decided, file in left if decided > on - MADE_IN]
            cards = drawers.deliver(self.office, on, [self._listed(place, file) for place, file in enumerate(here)])
            if before != DELIVERIES[-1]:
                self._fetch(cards[NEVER_FETCHED:] if before == WAITED else cards, on, chance)
        for later in REMINDED:
            with clock.held(clock.at(self.day - timedelta(days=WAITED - later), "08:00")):
                summons.remind_of_cards()
        with clock.held(clock.at(self.day - timedelta(days=1), "07:00")):
            permits.mark_unclaimed_due()
        self._take_in([file for _decided, file in left[:COMING]])

    def _fetch(self, cards: Sequence[Permit], delivered: date, chance: Random) -> None:
        first, last = (delivered + timedelta(days=after) for after in FETCHED)
        days = chance.sample(worked(first, last), VISITS)
        visits = sorted((chance.choice(days), place) for place in range(len(cards)))
        for on in sorted({on for on, _place in visits}):
            drawers.hand_over([cards[place] for when, place in visits if when == on], on, by=self.handover)

    def _take_in(self, files: Sequence[CaseFile]) -> None:
        with clock.held(clock.at(worked_by(self.day - timedelta(days=1)), "16:00")):
            delivery = permits.open_delivery(self.office, label="En cours", source=Source.SCAN, by=SYSTEM)
            for place, file in enumerate(files):
                number, file_number, _where = self._listed(place, file)
                permits.scan(delivery, number, file_number=file_number, place="T50", by=SYSTEM)
            for place in range(UNKNOWN):
                number, name = self._number(), f"INCONNU EXEMPLE {place + 1}"
                permits.scan(delivery, number, name=name, by=SYSTEM)

    def _listed(self, place: int, file: CaseFile) -> tuple[str, str, str]:
        return self._number(), file.number, drawers.place_of(place, "U")

    def _number(self) -> str:
        self.made += 1
        return card_number(self.day, CARDS_FROM + self.made)
