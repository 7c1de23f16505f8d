"""Receipts: from when to when, whether they let work, when they are renewed."""

from datetime import date
from typing import Protocol

from parvis.casefiles.errors import DateImpossible, NoReceiptFor, ReceiptTooEarly, WorkUnsaid
from parvis.casefiles.states import State, Work
from parvis.procedures.rules import add_days, add_months

DAY_AFTER_EXPIRY = "day_after_expiry"
# A renewed receipt, where the rule of the procedure says nothing else (R311-5, source C17; V20 F15763).
USUAL_RENEWAL_MONTHS = 3

# Complete and undecided: what the person holds is a receipt.
_ISSUED_IN = frozenset(
    {
        State.UNDER_REVIEW,
        State.INFORMATION_REQUESTED,
        State.OPINION_PENDING,
        State.COMMITTEE_REFERRAL,
        State.PROPOSED,
    }
)
# Granted, and the card is not in the office yet: somebody who holds a receipt goes on holding one.
_RENEWED_IN = _ISSUED_IN | {State.GRANTED, State.IN_PRODUCTION}

_WORK_BY_PROCEDURE = {
    "employee": Work.YES,
    "talent_passport": Work.YES,
    "private_family_life": Work.YES,
    "resident_card": Work.YES,
    "refugee_card": Work.YES,
    "student": Work.STUDENT,
}
# What the catalogue says outright; an agent cannot say otherwise.
_WORK_BY_RULE = {"yes": Work.YES, "no": Work.NO, "not_before_six_months": Work.NO}
# The papers that let their holder stay; others that the catalogue knows are not given here.
GIVEN = frozenset({"recepisse", "online_certificate"})


class Lengths(Protocol):
    """The rule of a receipt, in months."""

    @property
    def min_months(self) -> int: ...

    @property
    def months(self) -> int | None: ...

    @property
    def max_months(self) -> int | None: ...

    @property
    def extension_max_months(self) -> int: ...

    @property
    def renewal_months(self) -> int | None: ...

    @property
    def starts(self) -> str: ...

    @property
    def work(self) -> str: ...

    @property
    def is_renewable(self) -> bool: ...


class Coded(Protocol):
    """A procedure, by its code."""

    @property
    def code(self) -> str: ...


class Running(Protocol):
    """A receipt that runs until a day, included."""

    @property
    def valid_to(self) -> date: ...


def usual_months(rule: Lengths, rank: int) -> int:
    """How long a receipt of this rank is usually valid. Raises ``NoReceiptFor`` when the rule gives no length.

    First requests: four months (six at most); renewals three; a renewed receipt three, six for a refugee (R311-5,
    L311-5-1, source C17; V20 F15763).
    """
    if rule.months is None:
        raise NoReceiptFor
    if rank == 1:
        return rule.months
    return rule.renewal_months or (rule.months if rule.is_renewable else USUAL_RENEWAL_MONTHS)


def lengths(rule: Lengths, rank: int) -> range:
    """The months that an agent may choose: from what the rule asks to its longest, with its extension.

    Raises ``NoReceiptFor`` when the rule gives no length.
    """
    usual = usual_months(rule, rank)
    return range(rule.min_months, max(usual, rule.max_months or usual) + rule.extension_max_months + 1)


def receipt_validity(
    rule: Lengths,
    *,
    rank: int,
    issued_on: date,
    permit_expires_on: date | None,
    previous_to: date | None,
    months: int | None = None,
) -> tuple[date, date]:
    """The first and the last day of a receipt.

    A renewal's starts the day after the permit expires, while it still runs; a renewed receipt the day after the one
    before, while that still runs; else the day of issue: nothing is antedated. ``months`` chosen by the agent stays
    between what the rule asks and what it allows with its extension. Raises ``DateImpossible``, ``NoReceiptFor``.
    """
    chosen = usual_months(rule, rank) if months is None else months
    if chosen not in lengths(rule, rank):
        raise DateImpossible
    after = previous_to if rank > 1 else permit_expires_on if rule.starts == DAY_AFTER_EXPIRY else None
    starts = add_days(after, 1) if after is not None and after >= issued_on else issued_on
    return starts, _last_day(starts, chosen)


def _last_day(starts: date, months: int) -> date:
    """The day before the same day so many months later; where that day is missing, the last of its month."""
    same = add_months(starts, months)
    return add_days(same, -1) if same.day == starts.day else same


def work_right(rule: Lengths, procedure: Coded, previous: str | None, said: str | None) -> Work:
    """Whether a receipt lets its holder work (R311-6, source C17; V20 F15763).

    What the rule says outright holds. A renewed receipt says what the one before said, unless the agent says
    otherwise. Else the agent's word, else that of the permit asked (``usual_work``). Raises ``WorkUnsaid`` where the
    rule depends on a permit that only the agent has read: nobody loses the right to work by a silence.
    """
    if fixed := fixed_work(rule):
        return fixed
    if said:
        return Work(said)
    found = Work(previous) if previous else usual_work(rule, procedure)
    if found is None:
        raise WorkUnsaid
    return found


def fixed_work(rule: Lengths) -> Work | None:
    """The right to work where the rule says it outright and nobody may say otherwise."""
    return _WORK_BY_RULE.get(rule.work)


def usual_work(rule: Lengths, procedure: Coded) -> Work | None:
    """The right to work of the permit asked: yes for employees, talents, family, residents and refugees, beside the
    studies for students, no by default; None where it depends on a permit that the procedure does not name.
    """
    known = fixed_work(rule) or _WORK_BY_PROCEDURE.get(procedure.code)
    return known or (None if rule.work else Work.NO)


def check_may_issue(state: str) -> None:
    """Raise ``NoReceiptFor`` before the file is complete and once it is decided (R311-4; source C17)."""
    if state not in _ISSUED_IN:
        raise NoReceiptFor


def renewal_opens(receipt: Running) -> date:
    """The first day on which a receipt is renewed: a month before its end."""
    return add_months(receipt.valid_to, -1)


def may_renew_receipt(receipt: Running, day: date) -> bool:
    """From a month before its end; once it has ended, always."""
    return day >= renewal_opens(receipt)


def check_may_renew(state: str, receipt: Running, day: date) -> None:
    """Raise ``NoReceiptFor`` when nothing is awaited any more, ``ReceiptTooEarly`` with the day to come back."""
    if state not in _RENEWED_IN:
        raise NoReceiptFor
    if not may_renew_receipt(receipt, day):
        raise ReceiptTooEarly(
            until=receipt.valid_to.strftime("%d/%m/%Y"), opens=renewal_opens(receipt).strftime("%d/%m/%Y")
        )


def proves_stay_until(expired_on: date, rule: Lengths) -> date:
    """Until when an expired card still proves lawful stay and the right to work, once the request was filed in time.

    Three months (L311-4, source C17; L433-3 today).
    """
    return add_months(expired_on, rule.months or 0)
