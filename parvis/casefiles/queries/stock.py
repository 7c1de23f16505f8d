"""The stock: how many files wait, since when, what comes in and what goes out."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from parvis.casefiles.models import CaseFile, StockDay
from parvis.casefiles.states import UNDECIDED, State
from parvis.common import clock
from parvis.journal.queries import day_bounds
from parvis.offices.models import Office
from parvis.procedures.models import Procedure

IMPORTED = "case_file.imported"
# What the journal calls the moves of a file; ``facts`` say from which state to which.
MOVED = [IMPORTED, *(f"case_file.{state}" for state in State.values)]
_WAITING = sorted(UNDECIDED)


class Band(models.TextChoices):
    """How long a file has waited since its deposit."""

    MONTH = "month", _("Moins d'un mois")
    TWO_MONTHS = "two_months", _("Un à deux mois")
    FOUR_MONTHS = "four_months", _("Deux à quatre mois")
    HALF_YEAR = "half_year", _("Quatre à six mois")
    YEAR = "year", _("Six mois à un an")
    LONGER = "longer", _("Plus d'un an")


BANDS = tuple(Band)
# The age in days at which the next band begins.
BAND_ENDS = [30, 60, 120, 180, 365]


@dataclass(frozen=True, slots=True)
class StockRow:
    """So many files of a procedure (its code), in a state, of an age; ``state`` is empty for a day that has passed."""

    procedure: str
    state: str
    band: Band
    files: int


def stock(office: Office) -> list[StockRow]:
    """The undecided files of an office by procedure, state and age, now."""
    # The columns of the index ``case_file_stock`` and no other: the table itself is not read.
    files = CaseFile.objects.undecided().filter(office=office)
    counted = files.annotate(band=_band(clock.today())).values_list("procedure", "state", "band").order_by()
    codes = dict(Procedure.objects.order_by("position", "code").values_list("pk", "code"))
    places = {pk: place for place, pk in enumerate(codes)}
    rows = sorted(counted.annotate(files=models.Count("*")), key=lambda row: (places[row[0]], *row[1:3]))
    return [StockRow(codes[procedure], state, BANDS[band], files) for procedure, state, band, files in rows]


def _band(day: date) -> models.Case:
    """The place among ``BANDS`` of a file's age on a day."""
    younger = [
        models.When(deposited_on__gt=day - timedelta(days=end), then=models.Value(place))
        for place, end in enumerate(BAND_ENDS)
    ]
    return models.Case(*younger, default=models.Value(len(BAND_ENDS)), output_field=models.IntegerField())


@dataclass(frozen=True, slots=True)
class DayMoves:
    """What a day did to the stock: files that came in, files that left it, files taken over from a former register."""

    opened: int = 0
    decided: int = 0
    imported: int = 0

    @property
    def net(self) -> int:
        return self.opened + self.imported - self.decided


_MOVES = """
SELECT (at AT TIME ZONE 'Europe/Paris')::date AS day,
    count(*) FILTER (WHERE NOT was AND is_now AND what <> %s),
    count(*) FILTER (WHERE was AND NOT is_now),
    count(*) FILTER (WHERE is_now AND what = %s)
FROM (
    SELECT at, what, coalesce(facts->>'from', '') = ANY(%s) AS was, coalesce(facts->>'to', '') = ANY(%s) AS is_now
    FROM journal_entry WHERE office_id = %s AND what = ANY(%s) AND at >= %s AND at < %s
) e GROUP BY day
"""


def moves_by_day(office: Office, since: date, until: date) -> dict[date, DayMoves]:
    """The moves in and out of the stock on each day of a span, both ends included, from the journal."""
    start, end = day_bounds(since)[0], day_bounds(until)[1]
    with connection.cursor() as cursor:
        cursor.execute(_MOVES, [IMPORTED, IMPORTED, _WAITING, _WAITING, office.pk, MOVED, start, end])
        return {day: DayMoves(*numbers) for day, *numbers in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday: files that came in and that left the stock, and the stock at its end (or now)."""

    monday: date
    opened: int
    decided: int
    stock: int
    is_complete: bool


def flows(office: Office, weeks: int = 12) -> list[Week]:
    """The last ``weeks`` weeks, the present one last, the oldest first.

    Days are those kept at night; the journal tells those that are not kept yet, today among them.
    """
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=weeks - 1)
    moved, stocks = _days(office, first, today)
    told = []
    for start in (first + timedelta(weeks=n) for n in range(weeks)):
        days = [start + timedelta(days=n) for n in range(7)]
        opened = sum(moved[day].opened for day in days if day in moved)
        decided = sum(moved[day].decided for day in days if day in moved)
        told.append(Week(start, opened, decided, stocks[min(days[-1], today)], days[-1] < today))
    return told


def stock_on(office: Office, day: date) -> int:
    """How many files were undecided at the end of a day; of today and later, how many are now."""
    today = clock.today()
    return _days(office, min(day, today), today)[1][min(day, today)]


def _days(office: Office, first: date, today: date) -> tuple[dict[date, DayMoves], dict[date, int]]:
    """What each day did, and the stock at its end, counted back from the present one to the first day."""
    kept = _kept(office, first, today - timedelta(days=1))
    missing = [day for day in _span(first, today) if day not in kept]
    moved = {day: moves for day, (_stock, moves) in kept.items()}
    moved |= moves_by_day(office, missing[0], missing[-1]) if missing else {}
    stocks = {today: waiting_now(office)}
    for day in reversed(_span(first, today - timedelta(days=1))):
        following = day + timedelta(days=1)
        stocks[day] = kept[day][0] if day in kept else stocks[following] - moved.get(following, DayMoves()).net
    return moved, stocks


def waiting_now(office: Office) -> int:
    """How many files of the office are undecided."""
    return CaseFile.objects.undecided().filter(office=office).count()


def _kept(office: Office, first: date, last: date) -> dict[date, tuple[int, DayMoves]]:
    """The days of a span that were kept at night."""
    found = StockDay.objects.filter(office=office, day__range=(first, last)).values("day").order_by("day")
    summed = found.annotate(left=models.Sum("stock"), came=models.Sum("opened"), went=models.Sum("decided"))
    summed = summed.annotate(taken_over=models.Sum("imported"))
    return {day["day"]: (day["left"], DayMoves(day["came"], day["went"], day["taken_over"])) for day in summed}


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
