"""Any order of what may happen to files and their cards: what must never be false never is.

Hypothesis chooses what happens next and sends what people really send: too early, twice, on what somebody else moved,
a card without its checklist, a stamp that served. After each step SQL reads the invariants, and the journal alone
rebuilds every file.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from parvis.casefiles import actions
from parvis.casefiles.actions import card_steps, moves
from parvis.casefiles.models import CaseFile, Committee, Opinion, Question, Receipt
from parvis.casefiles.states import MOVES, OPEN, WITH_CARD, Channel, Closing, Decision, OpinionBody, State
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal import actions as journal
from parvis.journal.models import Entry
from parvis.offices.models import Agent
from parvis.people.models import Person
from parvis.permits import actions as cards
from parvis.permits import queries as stock
from parvis.permits.actions import handing
from parvis.permits.models import Permit
from parvis.permits.states import State as CardState
from parvis.web.audit.kinds import KINDS
from tests.casefiles.house import CaseHouse, build
from tests.reception.house import at

PEOPLE = 3
LAST_DAY = date(2018, 12, 1)
people = st.integers(0, PEOPLE - 1)
which = st.integers(0, 20)
days_ahead = st.sampled_from([10, 1, 30, 0])
kinds = st.sampled_from(["renewal", "student"])

# Each reads as "there is none of".
NONE_OF = {
    "a person with two open files for one procedure": """
        SELECT person_id FROM casefiles_casefile WHERE state = ANY(%(open)s)
        GROUP BY person_id, procedure_id HAVING count(*) > 1""",
    "a decision of one agent": """
        SELECT id FROM casefiles_casefile WHERE state = ANY(%(decided)s)
        AND (signed_by_id IS NULL OR proposed_by_id IS NULL OR signed_by_id = proposed_by_id OR decided_at IS NULL)""",
    "a file under review without its legal dates": """
        SELECT id FROM casefiles_casefile WHERE state NOT IN ('deposited', 'incomplete', 'closed')
        AND (complete_on IS NULL OR decide_by IS NULL OR warn_on IS NULL)""",
    "a file with two cards": """
        SELECT case_file_id FROM permits_permit WHERE state <> 'returned' GROUP BY 1 HAVING count(*) > 1""",
    "a file that awaits a hand without a card in stock": """
        SELECT id FROM casefiles_casefile AS file WHERE (state IN ('received', 'announced', 'unclaimed')) <> EXISTS (
            SELECT FROM permits_permit AS card WHERE card.case_file_id = file.id AND card.state = 'in_stock')""",
    "a card in a hand without its handover, or the reverse": """
        SELECT card.id FROM permits_permit AS card LEFT JOIN permits_handover AS given ON given.permit_id = card.id
        WHERE (card.state = 'handed_over') <> (given.id IS NOT NULL)""",
    "a file handed over without one handover": """
        SELECT file.id FROM casefiles_casefile AS file WHERE (closing = 'handed_over') <> (
            SELECT count(*) = 1 FROM permits_handover AS given JOIN permits_permit AS card ON card.id = given.permit_id
            WHERE card.case_file_id = file.id)""",
    "a card that left without its checklist": """
        SELECT given.id FROM permits_handover AS given WHERE given.notice = ''
        OR NOT given.checks @> '["identity", "chip_data"]'
        OR 219 <> (SELECT sum(eur) FROM permits_stamp AS stamp WHERE stamp.handover_id = given.id)""",
    "a stamp that served twice": """
        SELECT number FROM permits_stamp GROUP BY 1 HAVING count(*) > 1""",
    "a file that awaits an answer nobody was asked": """
        SELECT id FROM casefiles_casefile AS file WHERE (state = 'information_requested') <> EXISTS (
            SELECT FROM casefiles_question AS asked WHERE asked.case_file_id = file.id AND ended_at IS NULL)""",
    "a receipt that does not follow the one before": """
        SELECT id FROM casefiles_receipt AS one WHERE rank > 1 AND NOT EXISTS (
            SELECT FROM casefiles_receipt AS before WHERE before.case_file_id = one.case_file_id
            AND before.rank = one.rank - 1 AND before.valid_to < one.valid_from)""",
    "a file that awaits an opinion nobody was asked": """
        SELECT id FROM casefiles_casefile AS file WHERE state = 'opinion_pending' AND NOT EXISTS (
            SELECT FROM casefiles_opinion AS asked WHERE asked.case_file_id = file.id AND received_at IS NULL)""",
}
EVERYTHING = " UNION ALL ".join(f"SELECT '{what}' WHERE EXISTS ({sql})" for what, sql in NONE_OF.items())
DECIDED = sorted(WITH_CARD | {State.REFUSED})


def rebuilt(entries: list[Entry]) -> dict[str, Any]:
    """What a file is, from what was journaled about it and nothing else."""
    file: dict[str, Any] = dict.fromkeys(
        ["officer_id", "complete_on", "decide_by", "warn_on", "missing_by", "held_until"], None
    )
    file |= {"state": "", "closing": ""}
    for entry in entries:
        facts, what = entry.facts, entry.what.removeprefix("case_file.")
        file["state"] = facts.get("to", file["state"])
        file["closing"] = facts.get("closing", file["closing"])
        for name in ("complete_on", "decide_by", "warn_on"):
            file[name] = facts.get(name, file[name])
        if what in {"deposited", "taken", "given", "proposed"}:
            file["officer_id"] = facts["officer"]
        if what == "let_go":
            file["officer_id"] = None
        if what in {"incomplete", "checked", "slip_given"} and file["state"] == State.INCOMPLETE:
            file["missing_by"] = facts["until"]
        if what == "under_review":
            file["missing_by"] = None
        if what in {"held", "resumed", "proposed"}:
            file["held_until"] = facts.get("until")
    return file


def rebuilt_receipts(entries: list[Entry]) -> list[tuple[str, int, str, str]]:
    """The receipts given on a file, from its journal alone: number, rank, first and last day."""
    given = [
        entry.facts for entry in entries if entry.what in {"case_file.receipt_issued", "case_file.receipt_renewed"}
    ]
    return [(one["receipt"], one["rank"], one["valid_from"], one["valid_to"]) for one in given]


def rebuilt_card(entries: list[Entry]) -> dict[str, Any]:
    """What a card is, from what was journaled about it and nothing else."""
    card: dict[str, Any] = {"announced_at": None, "stamp_eur": None, "unclaimed_on": None, "handed_over_at": None}
    card |= {"state": "", "returned_at": None, "returned_because": ""}
    for entry in entries:
        what = entry.what.removeprefix("permit.")
        if what == "received":
            card |= {"state": CardState.IN_STOCK, "received_at": entry.at}
        if what == "announced":
            card |= {"announced_at": entry.at, "stamp_eur": entry.facts["stamp_eur"]}
        if what == "unclaimed":
            card["unclaimed_on"] = clock.office_day(entry.at)
        if what == "handed_over":
            card |= {"state": CardState.HANDED_OVER, "handed_over_at": entry.at}
        if what == "returned":
            card |= {"state": CardState.RETURNED, "returned_at": entry.at, "returned_because": entry.facts["because"]}
    return card


class Life(RuleBasedStateMachine):
    """One office, from no file on; each life is rolled back."""

    house: CaseHouse
    people: list[Person]
    reached: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        clock.hold(at("10:00"))
        self.dates: dict[int, tuple[date | None, ...]] = {}
        self.numbers = count(1)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        """One file at each of several points of a life, which has few rules at work: none is left to luck alone."""
        self.house.complete(person=self.people[0])
        self.house.taken("student", person=self.people[1])
        self.house.deposited(person=self.people[2])
        person, by = self.people[0], self.house.clerk
        file = self.house.granted("student", person=person)
        card = cards.receive(self.house.office, number="FICTIF00000", person=person, kind="x", case_file=file, by=by)
        cards.announce(card, by=by)
        today, officer = clock.today(), self.house.officer
        before_committee = self.house.taken("renewal", person=self.people[1])
        actions.refer_to_committee(before_committee, summoned_on=today, meets_on=today + timedelta(days=20), by=officer)
        before_mayor = self.house.taken("student", person=self.people[2])
        actions.ask_opinion(before_mayor, OpinionBody.MAYOR, today + timedelta(days=30), by=officer)

    def some(self, number: int, *states: str) -> CaseFile | None:
        """A file, most often in one of these states, else any: what is pressed on a page that is no longer true."""
        rows = CaseFile.objects.order_by("pk")
        found = list(rows.filter(state__in=states)) if number % 7 < 6 else []
        found = found or list(rows)
        return found[number % len(found)] if found else None

    def attempt(self, do: Callable[[CaseFile], object], number: int, *states: str) -> None:
        """Try something on some file; the office may refuse in words, and in no other way."""
        if file := self.some(number, *states):
            with suppress(BusinessError):
                do(file)

    @rule(who=people, procedure=kinds, channel=st.sampled_from(Channel), days=st.sampled_from([0, 0, 5, -1]))
    def deposit(self, who: int, procedure: str, channel: Channel, days: int) -> None:
        with suppress(BusinessError):
            day = clock.today() - timedelta(days=days)
            self.house.deposited(procedure, person=self.people[who], channel=channel, deposited_on=day)

    @rule(number=which, times=st.integers(1, 5))
    def go_on(self, number: int, times: int) -> None:
        """What usually comes next in the life of a file, and next."""
        for _ in range(times):
            if (file := self.some(number)) and file.state in self.usual:
                with suppress(BusinessError):
                    self.usual[file.state](number)

    @property
    def usual(self) -> dict[str, Callable[[int], None]]:
        return {
            State.DEPOSITED: lambda number: self.tick(number, ""),
            State.INCOMPLETE: lambda number: self.tick(number, ""),
            State.UNDER_REVIEW: lambda number: self.propose(number, Decision.GRANT, stale=False),
            State.PROPOSED: lambda number: self.sign(number, is_other=True),
            State.IN_PRODUCTION: lambda number: self.receive(number, is_new=True),
            State.RECEIVED: lambda number: self.card(number, "announce"),
            State.ANNOUNCED: lambda number: self.hand_over(number, is_ready=True, is_new=True),
        }

    @rule(number=which, days=st.sampled_from([95, 0, 10]))
    def go_wrong(self, number: int, days: int) -> None:
        """What comes less often: a refusal, an answer that never came, a card nobody came for."""
        self.propose(number, Decision.REFUSE, stale=False)
        self.sign(number, is_other=True)
        self.ask(number, 10)
        self.card(number, "announce")
        self.wait(days)
        self.card(number, "unclaimed")

    @rule(number=which, missing=st.sampled_from(["", "", "photos", "passport", "unknown"]))
    def tick(self, number: int, missing: str) -> None:
        def do(file: CaseFile) -> object:
            seen = self.house.all_seen(file) | ({missing: ("missing", "")} if missing else {})
            return actions.tick(file, seen, by=self.house.clerk)

        self.attempt(do, number, State.DEPOSITED, State.INCOMPLETE)

    @rule(number=which, days=days_ahead)
    def give_slip(self, number: int, days: int) -> None:
        day = clock.today() + timedelta(days=days)
        self.attempt(
            lambda file: actions.give_slip(file, until=day, by=self.house.clerk),
            number,
            State.DEPOSITED,
            State.INCOMPLETE,
        )

    @rule(number=which, stale=st.booleans(), is_other=st.booleans())
    def take(self, number: int, *, stale: bool, is_other: bool) -> None:
        by = self.house.signatory if is_other else self.house.officer
        self.attempt(lambda file: actions.take(file, by=by, seen=file.version - stale), number, State.UNDER_REVIEW)

    @rule(number=which, days=days_ahead, what=st.sampled_from(["hold", "resume", "let_go", "give"]))
    def put_aside(self, number: int, days: int, what: str) -> None:
        officer, day = self.house.officer, clock.today() + timedelta(days=days)
        ways: dict[str, Callable[[CaseFile], object]] = {
            "hold": lambda file: actions.hold(file, day, "Attend", by=officer),
            "resume": lambda file: actions.resume(file, by=officer),
            "let_go": lambda file: actions.let_go(file, by=officer),
            "give": lambda file: actions.give([file], officer, by=self.house.signatory),
        }
        self.attempt(ways[what], number, State.UNDER_REVIEW)

    @rule(number=which, days=days_ahead)
    def ask(self, number: int, days: int) -> None:
        day = clock.today() + timedelta(days=days)
        self.attempt(
            lambda file: actions.ask_person(file, text="Votre contrat.", answer_by=day, by=self.house.officer),
            number,
            State.UNDER_REVIEW,
        )

    @rule(number=which, is_answered=st.booleans())
    def answer(self, number: int, *, is_answered: bool) -> None:
        if questions := list(Question.objects.order_by("pk")):
            question = questions[number % len(questions)]
            with suppress(BusinessError):
                if is_answered:
                    actions.answer(question, text="Voici.")
                else:
                    actions.end_question(question, by=self.house.officer)

    @rule(number=which, body=st.sampled_from([OpinionBody.MAYOR, OpinionBody.POLICE]))
    def ask_opinion(self, number: int, body: OpinionBody) -> None:
        day = clock.today() + timedelta(days=30)
        self.attempt(
            lambda file: actions.ask_opinion(file, body, day, by=self.house.officer),
            number,
            State.UNDER_REVIEW,
            State.OPINION_PENDING,
        )

    @rule(number=which, days=st.sampled_from([20, 80, 10, 100]))
    def refer(self, number: int, days: int) -> None:
        today = clock.today()
        self.attempt(
            lambda file: actions.refer_to_committee(
                file, summoned_on=today, meets_on=today + timedelta(days=days), by=self.house.officer
            ),
            number,
            State.UNDER_REVIEW,
        )

    @rule(number=which)
    def hear(self, number: int) -> None:
        """The others answer: the bodies asked, and the committee when its day has come."""
        heard = [*Opinion.objects.order_by("pk"), *Committee.objects.order_by("pk")]
        if heard:
            one = heard[number % len(heard)]
            with suppress(BusinessError):
                if isinstance(one, Opinion):
                    actions.record_opinion(one, is_favourable=True, by=self.house.officer)
                else:
                    actions.record_committee(one, is_favourable=True, by=self.house.officer)

    @rule(
        number=which, decision=st.sampled_from([Decision.GRANT, Decision.GRANT, Decision.REFUSE]), stale=st.booleans()
    )
    def propose(self, number: int, decision: Decision, *, stale: bool) -> None:
        self.attempt(
            lambda file: actions.propose(
                file, decision, grounds="Motif.", by=self.house.officer, seen=file.version - stale
            ),
            number,
            State.UNDER_REVIEW,
        )

    @rule(number=which, is_other=st.sampled_from([True, True, False]))
    def sign(self, number: int, *, is_other: bool) -> None:
        by = self.house.signatory if is_other else self.house.officer
        self.attempt(lambda file: actions.sign(file, by=by), number, State.PROPOSED)

    @rule(decision=st.sampled_from([None, Decision.GRANT]))
    def batch(self, decision: Decision | None) -> None:
        files = list(CaseFile.objects.order_by("pk"))
        if decision:
            actions.propose_all(files, decision, by=self.house.officer)
        else:
            actions.sign_all(files, by=self.house.signatory)

    @rule(number=which, is_appeal=st.booleans())
    def undo(self, number: int, *, is_appeal: bool) -> None:
        act, state = (self.reopen, State.REFUSED) if is_appeal else (actions.send_back, State.PROPOSED)
        self.attempt(lambda file: act(file, "À revoir.", by=self.house.signatory), number, state)

    def reopen(self, file: CaseFile, because: str, *, by: Agent) -> CaseFile:
        """An appeal alone begins the delay of silence anew."""
        opened = actions.reopen(file, because, by=by)
        complete_on, _decide_by, _warn_on = self.dates[file.pk]
        self.dates[file.pk] = (complete_on, opened.decide_by, opened.warn_on)
        return opened

    @rule(number=which, closing=st.sampled_from(Closing))
    def close(self, number: int, closing: Closing) -> None:
        self.attempt(lambda file: actions.close(file, closing, by=self.house.officer), number)

    @rule(number=which, is_new=st.sampled_from([True, True, False]))
    def receive(self, number: int, *, is_new: bool) -> None:
        typed = f"FICTIF{next(self.numbers) if is_new else 1:05d}"
        self.attempt(
            lambda file: cards.receive(
                self.house.office, number=typed, person=file.person, kind="x", case_file=file, by=self.house.clerk
            ),
            number,
            State.IN_PRODUCTION,
        )

    @rule(number=which, what=st.sampled_from(["announce", "announce", "unclaimed", "unclaimed", "faulty"]))
    def card(self, number: int, what: str) -> None:
        if card := self._card(number):
            with suppress(BusinessError):
                if what == "announce":
                    cards.announce(card, by=self.house.clerk)
                else:
                    cards.send_back([card], what, by=self.house.clerk)

    @rule(number=which, is_next=st.sampled_from([True, True, False]))
    def receipt(self, number: int, *, is_next: bool) -> None:
        """The first receipt, or the one that follows; too early, too late, or of a file that earns none."""
        act = actions.renew_receipt if is_next else actions.issue_receipt
        self.attempt(lambda file: act(file, by=self.house.clerk), number, State.UNDER_REVIEW)

    @rule(number=which)
    def outlast_a_receipt(self, number: int) -> None:
        """A file that takes longer than its first receipt lasts."""
        self.receipt(number, is_next=False)
        self.wait(75)
        self.receipt(number, is_next=True)

    @rule(number=which, is_ready=st.sampled_from([True, True, False]), is_new=st.sampled_from([True, True, False]))
    def hand_over(self, number: int, *, is_ready: bool, is_new: bool) -> None:
        if card := self._card(number):
            checks = [check.code for check in stock.checklist(card, clock.today())] if is_ready else ["identity"]
            stamps = [(f"TIMBRE{next(self.numbers) if is_new else 1:05d}", 219)]
            with suppress(BusinessError):
                cards.hand_over(card, checks=checks, stamps=stamps, notice="paper", by=self.house.clerk)

    def _card(self, number: int) -> Permit | None:
        rows = Permit.objects.order_by("pk")
        found = (list(rows.filter(state=CardState.IN_STOCK)) if number % 7 < 6 else []) or list(rows)
        return found[number % len(found)] if found else None

    @rule(days=st.sampled_from([95, 1, 7, 31]))
    def wait(self, days: int) -> None:
        """Days pass, and the worker does what it does every night; nothing is left for a second round."""
        if clock.today() < LAST_DAY:
            clock.hold(clock.now() + timedelta(days=days))
            for task in (actions.warn_due, actions.end_unanswered, cards.mark_unclaimed_due):
                task()
                assert task() == 0

    @invariant()
    def nothing_false(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(EVERYTHING, {"open": sorted(OPEN), "decided": DECIDED})
            assert [what for (what,) in cursor.fetchall()] == []

    @invariant()
    def no_legal_date_is_lost(self) -> None:
        now = {file.pk: (file.complete_on, file.decide_by, file.warn_on) for file in CaseFile.objects.order_by("pk")}
        kept = {pk: dates for pk, dates in self.dates.items() if dates[0] is not None}
        assert kept.items() <= now.items(), "a legal date vanished or moved"
        self.dates = now
        Life.reached |= set(Entry.objects.values_list("what", flat=True).order_by("what").distinct())

    @invariant()
    def the_journal_alone_tells_every_file(self) -> None:
        told: dict[int, list[Entry]] = {file.pk: [] for file in CaseFile.objects.order_by("pk")}
        for entry in Entry.objects.filter(subject_type="casefiles.casefile").order_by("pk"):
            assert entry.what in KINDS
            told[entry.subject_id].append(entry)
        for file in CaseFile.objects.order_by("pk"):
            steps = [(entry.facts["from"], entry.facts["to"]) for entry in told[file.pk] if "to" in entry.facts]
            assert steps[0] == ("", State.DEPOSITED)
            assert all(before[1] == after[0] for before, after in pairwise(steps))
            assert all(new in MOVES[old] for old, new in steps[1:]), "a move outside the table"
            known = rebuilt(told[file.pk])
            real = {name: getattr(file, name) for name in known}
            assert known == moves.plain(real), "the journal tells another story"
            assert rebuilt_receipts(told[file.pk]) == receipts(file), "the journal tells of other receipts"

    @invariant()
    def the_journal_alone_tells_every_card(self) -> None:
        told: dict[int, list[Entry]] = {card.pk: [] for card in Permit.objects.order_by("pk")}
        for entry in Entry.objects.filter(subject_type="permits.permit").order_by("pk"):
            told[entry.subject_id].append(entry)
        for card in Permit.objects.order_by("pk"):
            known = rebuilt_card(told[card.pk])
            assert known == {name: getattr(card, name) for name in known}, "the journal tells of another card"


def receipts(file: CaseFile) -> list[tuple[str, int, str, str]]:
    """The receipts of a file in the order they were given, as the journal tells them."""
    given = Receipt.objects.filter(case_file=file).order_by("pk")
    return [(one.number, one.rank, one.valid_from.isoformat(), one.valid_to.isoformat()) for one in given]


@pytest.fixture
def office(db: None) -> Iterator[None]:
    """The office that every life begins with."""
    with clock.held(at("10:00")):
        Life.house = build()
        Life.reached = set()
        Life.people = [Life.house.person() for _ in range(PEOPLE)]
        yield


def live(*phases: Phase) -> None:
    """Let Hypothesis live some lives."""
    chosen = settings(
        max_examples=30,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        # The same lives each time: whether every state is reached must not depend on luck.
        derandomize=True,
        phases=phases,
    )
    run_state_machine_as_test(Life, settings=chosen)  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("office")
def test_any_order_of_things() -> None:
    live(Phase.generate, Phase.shrink)
    assert {f"case_file.{state}" for state in State} <= Life.reached
    assert {"permit.handed_over", "permit.returned", "permit.unclaimed"} <= Life.reached
    assert {"case_file.receipt_issued", "case_file.receipt_renewed"} <= Life.reached


@pytest.mark.usefixtures("office")
def test_control_a_journal_that_misses_one_kind_of_fact_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    record = journal.record
    monkeypatch.setattr(
        moves.journal, "record", lambda what, *rest, **more: what == "case_file.taken" or record(what, *rest, **more)
    )
    with pytest.raises(AssertionError, match="the journal tells another story"):
        live(Phase.generate)


@pytest.mark.usefixtures("office")
def test_control_a_journal_that_misses_a_card_s_return_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    record = journal.record
    monkeypatch.setattr(
        handing.journal, "record", lambda what, *rest, **more: what == "permit.returned" or record(what, *rest, **more)
    )
    with pytest.raises(AssertionError, match="the journal tells of another card"):
        live(Phase.generate)


@pytest.mark.usefixtures("office")
def test_control_a_move_outside_the_table_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    open_states = (State.OPINION_PENDING, State.PROPOSED, State.REFUSED, State.IN_PRODUCTION)
    more = {state: MOVES[state] | {State.INFORMATION_REQUESTED} for state in open_states}
    monkeypatch.setattr(moves, "MOVES", {**MOVES, **more})
    with pytest.raises(AssertionError, match="a move outside the table"):
        live(Phase.generate)


@pytest.mark.usefixtures("office")
def test_control_a_second_handover_of_one_card_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rule, the table and the constraint that each prevent it."""
    close = card_steps.card_handed_over
    check, again = handing.rules.check_may_hand_over, {CardState.HANDED_OVER: frozenset({CardState.HANDED_OVER})}
    monkeypatch.setattr(
        handing.rules, "check_may_hand_over", lambda card: card.state == CardState.HANDED_OVER or check(card)
    )
    monkeypatch.setattr(handing, "MOVES", {**handing.MOVES, **again})
    monkeypatch.setattr(
        card_steps, "card_handed_over", lambda file, **more: file.state == State.CLOSED or close(file, **more)
    )
    with connection.cursor() as cursor:
        # Undone with the test, as all that it does.
        cursor.execute("ALTER TABLE permits_handover DROP CONSTRAINT permits_handover_permit_id_key")
    with pytest.raises(AssertionError, match="a file handed over without one handover"):
        live(Phase.generate)


@pytest.mark.usefixtures("office")
def test_control_a_card_that_leaves_its_file_behind_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_steps, "card_handed_over", lambda file, **_: file)
    with pytest.raises(AssertionError, match="without"):
        live(Phase.generate)


@pytest.mark.usefixtures("office")
def test_control_a_legal_date_that_starts_again_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    become = moves.become

    def again(file: CaseFile, *states: str, **more: Any) -> CaseFile:
        if file.decide_by and states[-1] == State.PROPOSED:
            more["decide_by"] = file.decide_by + timedelta(days=30)
            more["facts"] = {**more["facts"], "decide_by": more["decide_by"]}
        return become(file, *states, **more)

    monkeypatch.setattr(moves, "become", again)
    with pytest.raises(AssertionError, match="a legal date vanished or moved"):
        live(Phase.generate)
