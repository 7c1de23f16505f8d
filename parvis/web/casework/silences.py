"""The delays that end while nothing is decided: those of the law, and the receipts people live on."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from parvis.casefiles import queries as lists
from parvis.casefiles.actions.receipts import TOLD_AHEAD_DAYS
from parvis.casefiles.models import Receipt
from parvis.web.casework.pages import show
from parvis.web.casework.worklist import Filters, Spot
from parvis.web.requests import AgentRequest, key_in

M = TypeVar("M", bound=Model)

SHOWN = 100
MOST_DAYS = 180
# The lists of the page, by the name that an address gives them.
PARTS = {"proches": "near", "passes": "passed", "finissent": "ending", "finis": "ended"}


@require_GET
def silences(request: AgentRequest) -> HttpResponse:
    """Near first: these can still be decided in time. ``jours`` says how far ahead the receipts are looked at.

    ``suite`` and ``apres`` show the following page of one of the lists, alone.
    """
    office = request.agent.office
    days = key_in(request.GET.get("jours", ""))
    days = days if 2 <= days <= MOST_DAYS else TOLD_AHEAD_DAYS
    part = PARTS.get(request.GET.get("suite", ""), "")
    after = Spot.of(request.GET).after if part else ""
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "near": lambda: _page(lists.near_silence(office), lists.behind, lists.place, after),
        "passed": lambda: _page(lists.silent(office), lists.behind, lists.place, after),
        "ending": lambda: _page(lists.ending(office, days), _behind_end, _end, after),
        "ended": lambda: _page(lists.ended(office), _behind_end, _end, after),
    }
    context = {
        **{name: make() if part in {"", name} else None for name, make in made.items()},
        "days": days,
        "most_days": MOST_DAYS,
        "part": part,
        "selects": False,
        "filters": Filters.of(request),
    }
    return show(request, "silences.html", context)


def _behind_end(receipts: QuerySet[Receipt], after: str) -> QuerySet[Receipt]:
    return lists.behind_day(receipts, "valid_to", after)


def _end(receipt: Receipt) -> str:
    return lists.day_place(receipt.valid_to, receipt)


def _page(
    rows: QuerySet[M], behind: Callable[[QuerySet[M], str], QuerySet[M]], place: Callable[[M], str], after: str
) -> dict[str, Any]:
    """The rows of a page, how many the whole list has, and where the next page begins when there is one."""
    found = list(behind(rows, after)[: SHOWN + 1])
    shown = found[:SHOWN]
    return {"rows": shown, "count": rows.count(), "after": place(shown[-1]) if len(found) > SHOWN else ""}
