"""What an officer has before them: theirs, what nobody has, or all; by procedure and state; and the search."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from parvis.casefiles import queries as lists
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import UNDECIDED, WORKABLE, State
from parvis.common import clock
from parvis.offices.models import Agent
from parvis.procedures import queries as catalogue
from parvis.web.casework.forms import ActForm, GiveForm, GrantForm, HoldForm, officers_of
from parvis.web.casework.pages import may_open, show
from parvis.web.requests import AgentRequest, key_in

PAGE = 50
MINE, FREE, ALL = "miennes", "libres", "toutes"
KINDS: tuple[tuple[str, Promise], ...] = ((MINE, _("Les miens")), (FREE, _("Libres")), (ALL, _("Tous")))
# What a state filter names: single states, and what an officer can do something about now.
TO_DO = "a-faire"
STATES: tuple[tuple[str, Any], ...] = (
    (TO_DO, _("À faire maintenant")),
    *((state.value, state.label) for state in State if state in UNDECIDED),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which list, as its address says; ``query`` carries it from page to page."""

    kind: str = MINE
    procedure: str = ""
    state: str = ""
    query: str = field(default="", compare=False)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read from the address; what no list is called is the first one."""
        return cls.read(request.GET, reviews=_reviews(request))

    @classmethod
    def read(cls, given: QueryDict, *, reviews: bool = True) -> Self:
        """Who reviews nothing has no list of their own: theirs is all."""
        kind = given.get("liste", "")
        kind = kind if kind in dict(KINDS) else MINE if reviews else ALL
        state = given.get("etat", "")
        state = state if state in dict(STATES) else ""
        procedure = given.get("d", "")[:40]
        asked = {"liste": kind, "d": procedure, "etat": state}
        query = urlencode({name: value for name, value in asked.items() if value})
        return cls(kind, procedure, state, f"?{query}")

    def files(self, agent: Agent, *, after: str | None = None, limit: int = PAGE) -> list[CaseFile]:
        """The files of this list, nearest legal deadline first."""
        states = sorted(WORKABLE) if self.state == TO_DO else (self.state,) if self.state else ()
        return lists.worklist(
            agent.office,
            officer=None if self.kind == ALL else agent,
            free=self.kind == FREE,
            procedures=(self.procedure,) if self.procedure else (),
            states=states,
            due=self.state == TO_DO,
            after=after,
            limit=limit,
        )


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a list one is: what was searched, or behind which file the page begins."""

    typed: str = ""
    after: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> Self:
        """As an address or a form says it."""
        return cls(given.get("q", "").strip()[:120], given.get("apres", "")[:60])

    @property
    def query(self) -> str:
        """What an address adds to the filters to come back here."""
        said = {"q": self.typed, "apres": self.after}
        return "".join(f"&{urlencode({name: value})}" for name, value in said.items() if value)


@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """A list or what was searched; a search that finds one file opens it, a page that is empty by now the first one."""
    filters, spot = Filters.of(request), Spot.of(request.GET)
    rows = _rows(request.agent, filters, spot)
    if spot.typed and len(rows) == 1:
        return redirect("casework:file", pk=rows[0].pk)
    if spot.after and not rows:
        spot = Spot()
        rows = _rows(request.agent, filters, spot)
    return _page(request, filters, spot, rows)


def again(request: AgentRequest, form: ActForm) -> HttpResponse:
    """The list that a batch was sent from: the same boxes ticked, and what was typed in its form."""
    filters, spot = Filters.of(request), Spot.of(request.POST)
    picked = {key_in(typed.partition(".")[0]) for typed in request.POST.getlist("file")}
    rows = _rows(request.agent, filters, spot)
    return _page(request, filters, spot, rows, picked=picked, tried=form)


def _rows(agent: Agent, filters: Filters, spot: Spot) -> list[CaseFile]:
    """A page of the list, and one more when there is more; of a search everything that was found."""
    if spot.typed:
        return lists.search(agent.office, spot.typed)
    return filters.files(agent, after=spot.after, limit=PAGE + 1)


def _page(
    request: AgentRequest,
    filters: Filters,
    spot: Spot,
    found: list[CaseFile],
    *,
    picked: Collection[int] = (),
    tried: ActForm | None = None,
) -> HttpResponse:
    agent = request.agent
    may_act = may_open(agent, "casework:batch")
    more = not spot.typed and len(found) > PAGE
    rows = found[:PAGE]
    context = {
        "rows": rows,
        "typed": spot.typed,
        "spot": spot,
        "picked": picked,
        "filters": filters,
        "kinds": KINDS if may_act else KINDS[2:],
        "states": STATES,
        "procedures": catalogue.procedures_on(clock.today()),
        "counts": lists.counts(agent) if may_act else None,
        "after": lists.place(rows[-1]) if more else "",
        "is_first": not spot.after,
        "today": clock.today(),
        "selects": False,
        "batch": False,
        **(batch_forms(request, tried) if may_act and rows else {}),
    }
    return show(request, "home.html", context, status=422 if tried else 200)


def batch_forms(request: AgentRequest, tried: ActForm | None = None) -> dict[str, Any]:
    """The forms under a list: what may be done with several files at once; ``tried`` is the one that was refused."""
    agent = request.agent
    may_give = may_open(agent, "casework:give_batch")
    giving = GiveForm(officers=officers_of(agent.office), auto_id="give_%s") if may_give else None
    return {
        "batch": True,
        "giving": tried if isinstance(tried, GiveForm) else giving,
        "holding": tried if isinstance(tried, HoldForm) else HoldForm(auto_id="hold_%s"),
        "granting": tried if isinstance(tried, GrantForm) else GrantForm(auto_id="grant_%s"),
        "may_sign": may_open(agent, "casework:sign_batch"),
    }


def following(agent: Agent, filters: Filters, found: CaseFile) -> CaseFile | None:
    """The next file of a list to do something about; after the last one, the first."""
    behind = filters.files(agent, after=lists.place(found), limit=PAGE)
    return _first_to_do(behind, found) or _first_to_do(filters.files(agent, limit=PAGE), found)


def _first_to_do(rows: Iterable[CaseFile], found: CaseFile) -> CaseFile | None:
    today = clock.today()
    waits = (one for one in rows if one.pk != found.pk and one.state in WORKABLE)
    return next((one for one in waits if one.held_until is None or one.held_until <= today), None)


def _reviews(request: HttpRequest) -> bool:
    agent = getattr(request, "agent", None)
    return bool(agent and agent.can("casefiles.review_case_file"))
