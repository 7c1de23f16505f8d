"""The stock: how many files wait, of which age; what comes in and goes out; when it will be halved."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from parvis.casefiles import queries
from parvis.casefiles.queries import Band, Projection, StockRow
from parvis.casefiles.states import UNDECIDED, State
from parvis.common import clock
from parvis.procedures.models import Procedure
from parvis.web.casework import charts
from parvis.web.casework.pages import may_open, show
from parvis.web.requests import AgentRequest

WEEKS = 26
MOST_AHEAD = 52
EARLIEST = date(2000, 1, 1)


@require_GET
def stock(request: AgentRequest) -> HttpResponse:
    """Everything about the stock; ``depuis`` names the day whose stock is to be halved."""
    office = request.agent.office
    rows = queries.stock(office)
    weeks = queries.flows(office, WEEKS)
    since = _since(request)
    ahead = queries.projection(office, since=since)
    names = {one.code: one.label for one in Procedure.objects.order_by("pk")}
    context = {
        "total": sum(row.files for row in rows),
        "bands": [band.label for band in Band],
        "by_age": _by_age(rows, names),
        "by_state": _by_state(rows),
        "delays": [(names.get(one.procedure, one.procedure), one) for one in queries.official_delays(office)],
        "weeks": list(reversed(weeks)),
        "projection": ahead,
        "rise": -(ahead.pace or 0),
        "slow": -(ahead.low or 0),
        "quick": -(ahead.high or 0),
        "since": since,
        "half": ahead.baseline / 2,
        "chart": charts.chart(
            [(date_format(week.monday, "d/m"), week.stock) for week in weeks],
            from_zero=True,
            ahead=_ahead(ahead),
            half=ahead.baseline / 2 if ahead.baseline else None,
        ),
        "renewed_twice": queries.renewed_more_than_once(office),
        "may_export": may_open(request.agent, "casework:imports"),
        "today": clock.today(),
    }
    return show(request, "stock.html", context)


def _since(request: AgentRequest) -> date | None:
    try:
        day = parse_date(request.GET.get("depuis", "")[:10])
    except ValueError:
        return None
    return day if day and EARLIEST <= day < clock.today() else None


def _ahead(projection: Projection) -> charts.Ahead | None:
    """The coming weeks until the stock is halved, a year at most; a quarter when it never is."""
    if projection.pace is None:
        return None
    weeks = 13
    if projection.halved_on:
        weeks = min(MOST_AHEAD, max(1, (projection.halved_on - clock.today()).days // 7 + 1))
    return charts.Ahead(weeks, projection.pace, projection.low, projection.high)


def _by_age(rows: list[StockRow], names: dict[str, str]) -> list[dict[str, Any]]:
    """A line a procedure: its files by age, the most numerous first."""
    counted: dict[str, Counter[Band]] = defaultdict(Counter)
    for row in rows:
        counted[row.procedure][row.band] += row.files
    table = [
        {"name": names.get(code, code), "code": code, "cells": [ages[band] for band in Band], "total": ages.total()}
        for code, ages in counted.items()
    ]
    return sorted(table, key=lambda line: -int(line["total"]))


def _by_state(rows: list[StockRow]) -> list[tuple[Any, int, str]]:
    counted: Counter[str] = Counter()
    for row in rows:
        counted[row.state] += row.files
    return [(state.label, counted[state], state.value) for state in State if state in UNDECIDED and counted[state]]
