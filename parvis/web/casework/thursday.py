"""The board of a day of review: who works on what, files an hour, the stock falling."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from parvis.casefiles import queries
from parvis.common import clock
from parvis.procedures.models import Procedure
from parvis.web.casework import charts
from parvis.web.casework.pages import show
from parvis.web.requests import AgentRequest

THURSDAY = 4
EARLIEST = date(2000, 1, 1)


@require_GET
def thursday(request: AgentRequest) -> HttpResponse:
    """The day asked for; without one, today on a Thursday and else the last Thursday."""
    day = _day(request)
    board = queries.thursday(request.agent.office, day)
    names = {one.code: one.label for one in Procedure.objects.order_by("pk")}
    context = {
        "board": board,
        "officers": [
            (one, ", ".join(f"{names.get(code, code)} ({n})" for code, n in one.procedures.most_common(3)))
            for one in board.officers
            if _reviewed(one)
        ],
        "proposed": sum(one.proposed for one in board.hours),
        "fallen": board.stock_start - board.stock_end,
        "rise": board.stock_end - board.stock_start,
        "chart": charts.chart(
            [(f"{localtime(hour.at):%H:%M}", hour.stock) for hour in board.hours],
            from_zero=False,
        ),
        "before": day - timedelta(days=7),
        "after": day + timedelta(days=7) if day + timedelta(days=7) <= clock.today() else None,
        "is_today": day == clock.today(),
    }
    return show(request, "thursday.html", context)


def _reviewed(officer: queries.OfficerDay) -> bool:
    """Who deposited or completed files at a counter moved them too, and reviewed none."""
    return bool(officer.on_shift or officer.in_hand or officer.proposed or officer.signed or officer.asked)


def _day(request: AgentRequest) -> date:
    today = clock.today()
    try:
        asked = parse_date(request.GET.get("jour", "")[:10])
    except ValueError:
        asked = None
    if asked and EARLIEST <= asked <= today:
        return asked
    return today - timedelta(days=(today.isoweekday() - THURSDAY) % 7)
