"""Officers at the files: each takes the nearest legal deadlines for as long as their hours last; others sign."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from parvis.casefiles import actions as casefiles
from parvis.casefiles import queries
from parvis.casefiles.errors import CommitteeFirst
from parvis.casefiles.models import CaseFile, Question
from parvis.casefiles.states import Decision, State
from parvis.common import clock
from parvis.journal.actions import PHONE
from parvis.offices.models import Agent
from parvis.rehearsal.draws import lognormal
from parvis.rehearsal.replay.plan import (
    ASK_MINUTES,
    ASKED,
    CARD_DAYS,
    REFUSED,
    REVIEW_OVER_COUNTER,
    SIGN_MINUTES,
)
from parvis.rehearsal.replay.roster import Duty
from parvis.rehearsal.replay.stage import Stage

# Assumptions of the replay, which no source gives.
SIGNING_MINUTES = 240.0  # a day, of each who signs
ANSWERS_AFTER_DAYS = (5, 25)
LONGEST = 90.0  # minutes at one file: what is longer is put aside for another day
QUESTION = "Une pièce plus récente est nécessaire."
GROUNDS = "Les conditions du titre demandé ne sont pas remplies (dossier fictif)."


class Review:
    """The officers of a replay, and the files that each has begun."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._chance = stage.chance("review")
        self._makes = stage.chance("production")
        self._agents: dict[int, Agent] = {agent.pk: agent for agent in (*stage.roster.filing, *stage.roster.officers)}
        self._debt: dict[int, float] = defaultdict(float)
        self._answered: dict[int, list[int]] = defaultdict(list)
        self._to_sign: list[CaseFile] = []

    def live(self, day: date, duty: Duty) -> None:
        """A working day: answers come in, files are reviewed and proposed, then signed."""
        self._answers(day)
        self.stage.ledger.work(duty.total)
        _reach(day, "16:30")
        free = self._free(duty)
        for pk, minutes in duty.minutes.items():
            self._work(self._agents[pk], minutes, free)
        _reach(day, "17:30")
        self._sign(day)

    def _free(self, duty: Duty) -> list[CaseFile]:
        """What the officers may reach today, the nearest deadline first, as their worklist shows it."""
        shortest = min(one.mean_minutes for one in self.stage.procedures.values() if one.code in self.stage.plan.mix)
        wanted = int(duty.total / (shortest * REVIEW_OVER_COUNTER) * 2) + len(duty.minutes)
        found = queries.worklist(self.stage.office, free=True, states=[State.UNDER_REVIEW], limit=wanted)
        return list(reversed(found))

    def _work(self, agent: Agent, minutes: float, free: list[CaseFile]) -> None:
        """One agent for so many minutes; what the last file takes beyond them is taken off the next day."""
        left = minutes - self._debt[agent.pk]
        back = [
            file
            for file in CaseFile.objects.select_related("procedure").filter(pk__in=self._answered.pop(agent.pk, []))
            if file.state == State.UNDER_REVIEW
        ]
        taken, granted, refused, asked = [], list[CaseFile](), list[CaseFile](), list[CaseFile]()
        while left > 0 and (back or free):
            is_back = bool(back)
            file = back.pop() if is_back else free.pop()
            if not is_back:
                taken.append(file)
            decides, asks = self._chance.random(), self._chance.random()
            if asks < ASKED and not is_back:
                asked.append(file)
                left -= ASK_MINUTES
                continue
            (refused if decides < REFUSED else granted).append(file)
            left -= self._minutes(file)
        self._debt[agent.pk] = max(0.0, -left)
        self._answered[agent.pk] += [file.pk for file in back]
        self._write(agent, taken, granted, refused, asked)

    def _minutes(self, file: CaseFile) -> float:
        procedure = file.procedure
        mean = procedure.mean_minutes * REVIEW_OVER_COUNTER
        return min(LONGEST, lognormal(self._chance, mean=mean, sigma=procedure.sigma))

    def _write(
        self,
        agent: Agent,
        taken: list[CaseFile],
        granted: list[CaseFile],
        refused: Sequence[CaseFile],
        asked: Iterable[CaseFile],
    ) -> None:
        stage = self.stage
        stage.ledger.count("reviewed", len(granted) + len(refused))
        if taken:
            stage.act(casefiles.give, taken, agent, by=stage.roster.signatories[0])
            stage.on_many("give", len(taken))
        for file in asked:
            stage.act(casefiles.ask_person, file, text=QUESTION, by=agent)
            stage.ledger.count("asked")
            self._await_answer(file)
        for file in refused:
            try:
                self._to_sign.append(stage.act(casefiles.propose, file, Decision.REFUSE, grounds=GROUNDS, by=agent))
            except CommitteeFirst:
                # The committee is the rule before this refusal; the replay does not play it and grants instead.
                granted.append(file)
        if granted:
            proposed = stage.act(casefiles.propose_all, granted, Decision.GRANT, by=agent)
            stage.on_many("propose_all", len(granted))
            self._to_sign += proposed.done

    def _await_answer(self, file: CaseFile) -> None:
        days = self._chance.randint(*ANSWERS_AFTER_DAYS)
        comes = self.stage.next_working(clock.today() + timedelta(days=days))
        self.stage.answers[comes].append(file.pk)

    def _answers(self, day: date) -> None:
        for due in [one for one in self.stage.answers if one <= day]:
            questions = Question.objects.filter(case_file__in=self.stage.answers.pop(due), ended_at=None)
            for question in questions.select_related("case_file").order_by("pk"):
                self.stage.act(casefiles.answer, question, text="Voici la pièce (dossier fictif).", by=PHONE)
                if question.case_file.officer_id is not None:
                    self._answered[question.case_file.officer_id].append(question.case_file_id)

    def _sign(self, day: date) -> None:
        """Whoever signs reads what others proposed, as far as their time goes; the rest waits for the next day."""
        each = int(SIGNING_MINUTES * self.stage.plan.scale / SIGN_MINUTES)
        for signatory in self.stage.roster.signatories:
            batch, self._to_sign = self._to_sign[:each], self._to_sign[each:]
            if not batch:
                return
            grants = [file for file in batch if file.proposal == Decision.GRANT]
            signed = self.stage.act(casefiles.sign_all, grants, by=signatory)
            self.stage.on_many("sign_all", len(signed.done))
            refused = [file for file in batch if file.proposal == Decision.REFUSE]
            self._count([*signed.done, *(self.stage.act(casefiles.sign, one, by=signatory) for one in refused)], day)

    def _count(self, signed: Iterable[CaseFile], day: date) -> None:
        for file in signed:
            self.stage.ledger.count("decided")
            if file.state == State.REFUSED:
                self.stage.ledger.count("refused")
                continue
            self.stage.ledger.count("granted")
            if file.state == State.IN_PRODUCTION:
                comes = self.stage.next_working(day + timedelta(days=self._makes.randint(*CARD_DAYS)))
                self.stage.deliveries[comes].append(file.pk)


def _reach(day: date, hour: str) -> None:
    """This hour, or now when the counters closed later: time never goes back."""
    clock.hold(max(clock.now(), clock.at(day, hour)))
