"""Delays of the law around a file: the committee, the refugee's receipt, the asylum desk, the ways of appeal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parvis.casefiles.rules.silence import working_days_after
from parvis.casefiles.states import Decision, OrderToLeave
from parvis.procedures.rules import Window, add_days, add_months

REFUGEE_RECEIPT_DAYS = 8
SUMMONS_DAYS = 15
COMMITTEE_MONTHS = 3
ASYLUM_DAYS = 3
ASYLUM_DAYS_MASS = 10
APPEAL_MONTHS = 2


def refugee_receipt_due(asked_on: date, within_days: int = REFUGEE_RECEIPT_DAYS) -> date:
    """The last day on which a recognised refugee must have the receipt (L311-5-1; source C17)."""
    return add_days(asked_on, within_days)


def asylum_due(presented_on: date, holidays: Iterable[date], *, mass_arrivals: bool = False) -> date:
    """The last day to register somebody who came to ask for asylum: three working days, ten when many arrive at once.

    L741-1 (source C17). ``holidays`` are the public holidays of the weeks that follow.
    """
    return working_days_after(presented_on, ASYLUM_DAYS_MASS if mass_arrivals else ASYLUM_DAYS, holidays)


def committee_window(referred_on: date, summoned_on: date) -> Window:
    """The days on which the committee may meet (L312-2, R312-7; source C17).

    From the fifteenth day after the written summons to three months after the referral; empty (``opens`` after
    ``closes``) when the summons left too late.
    """
    return Window(add_days(summoned_on, SUMMONS_DAYS), add_months(referred_on, COMMITTEE_MONTHS))


class Court(StrEnum):
    """Before whom a decision is disputed."""

    GRACIOUS = "gracious"
    HIERARCHICAL = "hierarchical"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class Appeal:
    """One way of appeal, and the time for it: one of ``months``, ``days``, ``hours`` is not zero."""

    to: Court
    months: int = 0
    days: int = 0
    hours: int = 0

    def closes(self, told_on: date) -> date | None:
        """The last day, counted from the day the decision was told; None when it is counted in hours."""
        if self.hours:
            return None
        return add_months(told_on, self.months) if self.months else add_days(told_on, self.days)


_IN_COURT = {
    OrderToLeave.WITHIN_THIRTY_DAYS: Appeal(Court.COURT, days=30),
    OrderToLeave.OTHER_GROUNDS: Appeal(Court.COURT, days=15),
    OrderToLeave.WITHOUT_DELAY: Appeal(Court.COURT, hours=48),
}


def appeal_delays(decision: str, *, order: str = "") -> tuple[Appeal, ...]:
    """The ways of appeal against a refusal, or against silence (``decision`` empty); none against a grant.

    Two months before each; in court thirty days, fifteen days or forty-eight hours when an order to leave
    (``OrderToLeave``) goes with the refusal (source V20).
    """
    if decision == Decision.GRANT:
        return ()
    amicable = (Appeal(Court.GRACIOUS, months=APPEAL_MONTHS), Appeal(Court.HIERARCHICAL, months=APPEAL_MONTHS))
    return (*amicable, _IN_COURT[OrderToLeave(order)] if order else Appeal(Court.COURT, months=APPEAL_MONTHS))
