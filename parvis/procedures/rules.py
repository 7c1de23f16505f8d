"""When a request may be filed. Pure functions of rules and days."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from parvis.procedures.errors import AccessInThePast, UnknownMode
from parvis.procedures.models import Mode

LAST_MONTHS = "last_months_before_expiry"
DAYS_BEFORE = "days_before_expiry"
AFTER_EXPIRY = "after_expiry"
TIMED = frozenset({LAST_MONTHS, DAYS_BEFORE})
IMPLICIT_REFUSAL = "implicit_refusal"
ALL_CASES = "all"
REDUCED = "reduced"
# What is paid on top of a case by who comes late or entered without a visa (L311-13; source C17, V20).
CHARGE = "regularisation_charge"
LATE_CASE = "late"
RENEWAL_CASE = "renewal"


class Kind(StrEnum):
    """What the door says to a person who gives the date on their permit."""

    OK = "ok"
    TOO_EARLY = "too_early"
    LATE = "late"
    NOT_APPLICABLE = "not_applicable"


class Rule(Protocol):
    """A filing window as the catalogue words it."""

    kind: str
    case: str
    months: int | None
    from_days: int | None
    to_days: int | None


class DatedEpoch(Protocol):
    """A state of the law and the days between which its rules and its fees hold."""

    code: str
    rules_from: date | None
    rules_to: date | None
    fees_from: date | None
    fees_to: date | None


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a request may be filed, both included."""

    opens: date
    closes: date

    def __contains__(self, day: date) -> bool:
        return self.opens <= day <= self.closes


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one person on one day. ``opens`` is the first valid date of somebody who comes too early."""

    kind: Kind
    opens: date | None = None
    closes: date | None = None
    charge_eur: int | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Which epoch's rules and which epoch's fees hold on a day; empty before the first known one."""

    rules: str
    fees: str


def add_months(day: date, months: int) -> date:
    """The same day of the month, ``months`` later (earlier when negative); a missing day is the month's last one.

    Stops at the first and the last day of the calendar instead of failing.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """``days`` later (earlier when negative), within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def filing_window(rule: Rule, expires_on: date) -> Window:
    """The window that a rule opens before a permit expires (R311-2 in 2017, R431-5 today; source C17, DR:2).

    Raises ``ValueError`` for a rule that does not depend on the expiry date: ask ``is_timed`` first.
    """
    if rule.kind == LAST_MONTHS and rule.months is not None:
        return Window(add_months(expires_on, -rule.months), expires_on)
    if rule.kind == DAYS_BEFORE and rule.from_days is not None and rule.to_days is not None:
        return Window(add_days(expires_on, -rule.from_days), add_days(expires_on, -rule.to_days))
    raise ValueError(f"the window {rule.kind!r} does not depend on the expiry date")


def is_timed(rule: Rule) -> bool:
    """Whether the window depends on the date at which the permit expires."""
    return rule.kind in TIMED


def applicable(rules: Iterable[Rule], case: str) -> list[Rule]:
    """The timed rules of a case, or, for a case that the catalogue does not know, of every case.

    At the door nobody knows whether a title is on the online list: a person is sent home only when every rule that
    may be theirs says so. Where one of them asks for no date, no date sends anybody home.
    """
    filing = [rule for rule in rules if rule.kind != AFTER_EXPIRY]
    theirs = [rule for rule in filing if rule.case == case] or filing
    return theirs if all(is_timed(rule) for rule in theirs) else []


def asks_expiry_date(rules: Iterable[Rule]) -> bool:
    """Whether the door asks the date on the permit: it decides for somebody of whom nothing else is known."""
    return bool(applicable(rules, "default"))


def verdict(
    rules: Iterable[Rule], *, expires_on: date | None, day: date, late_charge_eur: int | None = None
) -> Verdict:
    """What to tell a person whose permit expires on ``expires_on`` and who comes on ``day``.

    Late people are received: the verdict says so, with the regularisation charge once the permit has expired
    (L311-13; source C17, V20). Nothing applies without a date or without a timed rule.
    """
    if expires_on is None:
        return Verdict(Kind.NOT_APPLICABLE)
    windows = [filing_window(rule, expires_on) for rule in rules if is_timed(rule)]
    if not windows:
        return Verdict(Kind.NOT_APPLICABLE)
    if open_now := [window for window in windows if day in window]:
        return Verdict(Kind.OK, min(w.opens for w in open_now), max(w.closes for w in open_now))
    if ahead := [window for window in windows if day < window.opens]:
        first = min(ahead, key=lambda window: window.opens)
        return Verdict(Kind.TOO_EARLY, first.opens, first.closes)
    last = max(windows, key=lambda window: window.closes)
    return Verdict(Kind.LATE, last.opens, last.closes, late_charge_eur if day > expires_on else None)


def rule_set_on(epochs: Iterable[DatedEpoch], day: date) -> RuleSet:
    """The epochs whose rules and whose fees hold on a day: they did not change together."""
    known = list(epochs)
    rules = [epoch.code for epoch in known if _holds(epoch.rules_from, epoch.rules_to, day)]
    fees = [epoch.code for epoch in known if _holds(epoch.fees_from, epoch.fees_to, day)]
    return RuleSet(rules=rules[-1] if rules else "", fees=fees[-1] if fees else "")


class OfCase(Protocol):
    """A rule that holds for one case of a procedure."""

    case: str


C = TypeVar("C", bound=OfCase)


def most_fitting(rows: Iterable[C], cases: Iterable[str]) -> C | None:
    """The first rule of the first of these cases that has one."""
    known = list(rows)
    return next((row for case in cases for row in known if row.case == case), None)


class FeeLine(Protocol):
    """One line of the fee table."""

    case: str
    component: str
    eur: int | None
    eur_min: int | None
    eur_max: int | None
    due_at_filing_eur: int


@dataclass(frozen=True, slots=True)
class Amount:
    """What is due in whole euros: exactly, or between two sums when only the range of the law is known.

    ``parts`` are the lines it is made of, as (component, exact sum or None). Nothing known: all are None.
    """

    eur: int | None
    eur_min: int | None = None
    eur_max: int | None = None
    parts: tuple[tuple[str, int | None], ...] = ()


def amount_due(lines: Iterable[FeeLine], fee_case: str, *, reduced: bool = False) -> Amount:
    """The total of a case's lines and of those that everybody pays; what was due at filing is taken off.

    A line of the case replaces that of everybody for the same component. ``fee_case`` may join several
    (``renewal+late``); ``reduced`` takes the reduced line where there is one. A line that is missing is unknown, not
    free: where nothing but the stamp is known, the total is not.
    """
    chosen = _chosen(lines, [*fee_case.split("+"), *([REDUCED] if reduced else [])])
    own_stamp = "stamp" in chosen and chosen["stamp"].case != ALL_CASES
    if not own_stamp and not {"tax", "total"} & chosen.keys():
        return Amount(None, parts=tuple((line.component, line.eur) for line in chosen.values()))
    least, most, parts = 0, 0, []
    for component, line in chosen.items():
        low, high = (line.eur, line.eur) if line.eur is not None else (line.eur_min or 0, line.eur_max or 0)
        least += low - line.due_at_filing_eur
        most += high - line.due_at_filing_eur
        parts.append((component, None if line.eur is None else line.eur - line.due_at_filing_eur))
    return Amount(least if least == most else None, least, most, tuple(parts))


def due_at_filing(lines: Iterable[FeeLine], fee_case: str) -> int:
    """What is paid on the day of the deposit, in whole euros: the part of a charge that does not wait for the card."""
    return sum(line.due_at_filing_eur for line in _chosen(lines, fee_case.split("+")).values())


def own_and_charge(fee_case: str) -> tuple[str, str]:
    """A joined fee case as its own part and the charge on top, empty when there is none."""
    own, _plus, charge = fee_case.partition("+")
    return own, charge


def fee_case_of(
    lines: Iterable[FeeLine], *, day: date, expires_on: date | None = None, own: str = "", charge: str | None = None
) -> str:
    """The fee case of a request deposited on ``day`` by who holds a permit until ``expires_on``, if any.

    ``own`` is the case that was named: without one it is the renewal where a permit was held, else the first request,
    else the first line that is no charge. ``charge`` is the charge on top (empty: none is due, as by force majeure or
    with a valid visa); None leaves it to the date: late once the permit has expired, where the table has that line
    (L311-13; source C17, V20). Late and irregular entry are never due together: the one asks a permit held, the other
    a first one.
    """
    known = list(lines)
    cases = [line.case for line in known if line.component != CHARGE and line.case != ALL_CASES]
    if not own and expires_on is not None and RENEWAL_CASE in cases:
        own = RENEWAL_CASE
    own = own or ("first" if "first" in cases or not cases else cases[0])
    if charge is None:
        is_late = expires_on is not None and expires_on < day
        charge = LATE_CASE if is_late and any(_is_charge(line, LATE_CASE) for line in known) else ""
    return f"{own}+{charge}" if charge else own


def _is_charge(line: FeeLine, case: str) -> bool:
    return line.component == CHARGE and line.case == case


def _chosen(lines: Iterable[FeeLine], cases: Iterable[str]) -> dict[str, FeeLine]:
    """One line a component: that of the last of these cases that has one, else that of everybody."""
    known = list(lines)
    return {line.component: line for case in [ALL_CASES, *cases] for line in known if line.case == case}


def check_access_change(mode: str, *, valid_from: date, today: date) -> None:
    """Raise ``UnknownMode``, or ``AccessInThePast`` when the day is over."""
    if mode not in Mode.values:
        raise UnknownMode
    if valid_from < today:
        raise AccessInThePast


def _holds(start: date | None, end: date | None, day: date) -> bool:
    return start is not None and start <= day and (end is None or day <= end)
