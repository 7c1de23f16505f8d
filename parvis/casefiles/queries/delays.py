"""How the stock stands beside the official delays, procedure by procedure."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from django.db.models import Count, Q, Sum

from parvis.casefiles.models import CaseFile, StockDay
from parvis.casefiles.rules.official import FIRST_REQUEST_DAYS, LATE_SHARE, RENEWAL_DAYS, STOCK_DAYS, longest_days
from parvis.common import clock
from parvis.offices.models import Office
from parvis.procedures.models import Procedure

PACE_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Delay:
    """The undecided files of a procedure (its code; empty for all): how many, how many of them over their delay.

    ``longest`` is that delay in days since the deposit; 0 for all procedures together, which have several.
    ``days_of_work`` is how many working days the stock takes at the pace of the last weeks: infinity when they decided
    nothing, None when no week is known yet.
    """

    procedure: str
    longest: int
    files: int
    over: int
    days_of_work: float | None

    @property
    def share(self) -> float:
        """The part of the files that is over its delay, from 0 to 1."""
        return self.over / self.files if self.files else 0.0

    @property
    def is_late(self) -> bool:
        """Whether more than half of the files are over their delay."""
        return self.share > LATE_SHARE

    @property
    def is_too_much(self) -> bool:
        """Whether the stock takes more than fifty working days."""
        return self.days_of_work is not None and self.days_of_work > STOCK_DAYS

    @property
    def is_endless(self) -> bool:
        """Whether none of them was decided in the last weeks."""
        return self.days_of_work == inf


def official_delays(office: Office, *, weeks: int = PACE_WEEKS) -> list[Delay]:
    """Each procedure that has undecided files, in the order of the catalogue, then all together.

    The pace is that of the working days kept in the last complete ``weeks``, Mondays to Fridays, public holidays among
    them. Nothing kept yet: no pace is known.
    """
    today = clock.today()
    decided, worked = _pace(office, today, weeks)
    found = CaseFile.objects.undecided().filter(office=office).order_by()
    over = {days: Q(deposited_on__lt=today - timedelta(days=days)) for days in (FIRST_REQUEST_DAYS, RENEWAL_DAYS)}
    counted = {
        pk: (files, {FIRST_REQUEST_DAYS: first, RENEWAL_DAYS: renewal})
        for pk, files, first, renewal in found.values_list("procedure").annotate(
            files=Count("*"),
            first=Count("deposited_on", filter=over[FIRST_REQUEST_DAYS]),
            renewal=Count("deposited_on", filter=over[RENEWAL_DAYS]),
        )
    }
    rows = []
    for procedure in Procedure.objects.filter(pk__in=counted).order_by("position", "code"):
        files, late = counted[procedure.pk]
        longest = longest_days(procedure.code)
        days = _days_of_work(files, decided[procedure.pk], worked)
        rows.append(Delay(procedure.code, longest, files, late[longest], days))
    if not rows:
        return []
    whole = sum(row.files for row in rows)
    return [*rows, Delay("", 0, whole, sum(row.over for row in rows), _days_of_work(whole, decided.total(), worked))]


def _pace(office: Office, today: date, weeks: int) -> tuple[Counter[int], int]:
    """The decisions of each procedure in the last complete weeks, and on how many working days."""
    monday = today - timedelta(days=today.weekday())
    kept = StockDay.objects.filter(office=office, day__gte=monday - timedelta(weeks=weeks), day__lt=monday).order_by()
    decided = Counter(dict(kept.values_list("procedure").annotate(went=Sum("decided"))))
    return decided, kept.filter(day__week_day__in=range(2, 7)).values("day").distinct().count()


def _days_of_work(files: int, decided: int, worked: int) -> float | None:
    if not worked:
        return None
    return files * worked / decided if decided else inf
