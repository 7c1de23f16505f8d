"""Receipts: the one in hand, those that end, how often they were renewed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from parvis.casefiles import rules
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.models.numbers import as_kept
from parvis.casefiles.states import UNDECIDED, Work
from parvis.common import clock
from parvis.offices.models import Office
from parvis.procedures import queries as catalogue

# The first receipt is no renewal: the third is the second renewal.
RENEWED_TWICE = 3


def current_receipt(case_file: CaseFile) -> Receipt | None:
    """The last receipt of a file, whether it still runs or not; None when none was given here or it was taken back."""
    last = Receipt.objects.filter(case_file=case_file).order_by("-rank").first()
    return last if last and last.returned_at is None else None


@dataclass(frozen=True, slots=True)
class FirstReceipt:
    """What an agent may choose of the first receipt of a file: months, the usual ones among them, the right to work.

    ``work`` is what will be printed when nobody says otherwise; None when the agent must say. ``is_fixed``: nobody may.
    """

    lengths: range
    months: int
    work: Work | None
    is_fixed: bool


def first_receipt(case_file: CaseFile, day: date) -> FirstReceipt | None:
    """What the rule of a day leaves to choose of the first receipt of a file; None where the law gives no receipt."""
    rule = catalogue.receipt_rule(case_file.procedure, day, case_file.case)
    if rule is None or rule.kind not in rules.GIVEN or rule.months is None:
        return None
    work, is_fixed = rules.usual_work(rule, case_file.procedure), rules.fixed_work(rule) is not None
    return FirstReceipt(rules.lengths(rule, 1), rules.usual_months(rule, 1), work, is_fixed)


def receipt_due(case_file: CaseFile) -> date | None:
    """The last day to give the first receipt where the law fixes one, as for a refugee; None once it is given."""
    if not case_file.is_undecided or Receipt.objects.filter(case_file=case_file).exists():
        return None
    asked_on = case_file.deposited_on
    rule = catalogue.receipt_rule(case_file.procedure, asked_on, case_file.case)
    return rules.refugee_receipt_due(asked_on, rule.due_within_days) if rule and rule.due_within_days else None


def awaits_receipt(case_file: CaseFile) -> bool:
    """Whether a file is complete, undecided and without a first receipt that its procedure gives."""
    if case_file.complete_on is None or not case_file.is_undecided:
        return False
    if Receipt.objects.filter(case_file=case_file).exists():
        return False
    return catalogue.receipt_rule(case_file.procedure, clock.today(), case_file.case) is not None


def proves_stay_until(case_file: CaseFile) -> date | None:
    """Until when the expired permit of somebody who asked in time still proves lawful stay and the right to work.

    None where the law gives no such time, or gives it to long permits and nobody wrote down how long this one ran.
    """
    expires_on = case_file.permit_expires_on
    if expires_on is None or case_file.deposited_on > expires_on:
        return None
    rule = catalogue.tolerance_rule(case_file.procedure, expires_on)
    return rules.proves_stay_until(expires_on, rule) if rule else None


def receipt_by_number(typed: str) -> Receipt | None:
    """The receipt of this number, however it was typed or scanned; None when there is none."""
    number = as_kept(typed)
    rows = Receipt.objects.select_related(
        "case_file__office", "case_file__person", "case_file__procedure", "case_file__officer"
    )
    return rows.filter(number=number).first() if number else None


def ending(office: Office, days: int) -> QuerySet[Receipt]:
    """The receipts in hand of an office that end within so many days while nothing is decided, the first to end first.

    One that ends today is in it; one that has ended is not.
    """
    rows = _running_out(clock.today(), days).filter(office=office)
    return rows.select_related("case_file__person", "case_file__procedure", "case_file__officer")


def ended(office: Office, days: int = 30) -> QuerySet[Receipt]:
    """The last receipts that ended in these last days while nothing was decided: their holders have no valid paper."""
    today = clock.today()
    rows = _last_undecided().filter(office=office, valid_to__gte=today - timedelta(days=days), valid_to__lt=today)
    return rows.select_related("case_file__person", "case_file__procedure", "case_file__officer").order_by(
        "valid_to", "pk"
    )


def ending_untold(today: date, days: int) -> QuerySet[Receipt]:
    """The same in every office, of those whose person was not told yet."""
    rows = _running_out(today, days).filter(told_at=None)
    return rows.select_related("case_file__person", "case_file__procedure")


def renewed_more_than_once(office: Office) -> int:
    """How many undecided files of an office live on a receipt that was renewed more than once."""
    return Receipt.objects.filter(office=office, rank=RENEWED_TWICE, case_file__state__in=sorted(UNDECIDED)).count()


def _running_out(today: date, days: int) -> QuerySet[Receipt]:
    until = today + timedelta(days=days)
    return _last_undecided().filter(valid_to__gte=today, valid_to__lte=until).order_by("valid_to", "pk")


def _last_undecided() -> QuerySet[Receipt]:
    """The receipts that no later one replaced, of files nobody decided."""
    later = Receipt.objects.filter(case_file=OuterRef("case_file"), rank__gt=OuterRef("rank"))
    return Receipt.objects.filter(~Exists(later), returned_at=None, case_file__state__in=sorted(UNDECIDED))
