"""One file: whose it is, where it stands, what is awaited, what may be done now, and everything that happened."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from parvis.casefiles import queries
from parvis.casefiles.letters import ways_of_appeal
from parvis.casefiles.models import CaseFile, SentDocument
from parvis.casefiles.states import OPEN, State
from parvis.common.errors import BusinessError
from parvis.journal import queries as journal
from parvis.offices.models import Agent
from parvis.permits.models import Permit
from parvis.web.audit.sentences import Teller, Told
from parvis.web.casework.acts import ACTS, OF_ONE_ACT, Act
from parvis.web.casework.forms import ActForm
from parvis.web.casework.pages import file_of, may_open, show
from parvis.web.casework.worklist import Filters, following
from parvis.web.requests import AgentRequest

FACTS = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page offers it, with its form when it has one."""

    act: Act
    address: str
    form: ActForm | None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the house answered to an act: why not, and what was typed, which nobody has to type again."""

    act: Act
    error: BusinessError | None
    form: ActForm | None
    read_until: int = 0


@require_GET
def file(request: AgentRequest, pk: int) -> HttpResponse:
    """The page of a file."""
    return page(request, file_of(request, pk))


def page(request: AgentRequest, found: CaseFile, trouble: Trouble | None = None) -> HttpResponse:
    """The page, and after a refusal its words, what changed meanwhile and what was typed."""
    told = _history(found)
    offers = _offers(found, request.agent, trouble)
    filters = Filters.of(request)
    context: dict[str, Any] = {
        "file": found,
        "told": told,
        "last_fact": told[0].entry.pk if told else 0,
        "documents": queries.list_for(found),
        "receipts": found.receipts.order_by("-rank"),
        "receipt_due": queries.receipt_due(found),
        "proves_stay_until": queries.proves_stay_until(found),
        "slips": found.slips.order_by("-pk")[:3],
        "prints_slips": may_open(request.agent, "casework:slip_paper"),
        "prints_receipts": may_open(request.agent, "casework:receipt_paper"),
        "questions": _questions(found),
        "opinions": found.opinions.order_by("-pk"),
        "committees": found.committees.order_by("-pk"),
        "notes": _notes(found),
        "card": Permit.objects.filter(case_file=found).order_by("-pk").first(),
        "offers": offers,
        "others": _others(found),
        "filters": filters,
        "next": following(request.agent, filters, found),
        "is_mine": found.officer_id == request.agent.pk,
        "trouble": None,
        "since": [],
        "typed": [],
        "appeals": ways_of_appeal(found),
        "is_elsewhere": _is_elsewhere(found, request.agent),
        "is_own_proposal": found.state == State.PROPOSED and found.proposed_by_id == request.agent.pk,
    }
    if trouble:
        context |= _said_of(trouble, told, offers)
    status = 422 if trouble else 200
    return show(request, "file.html", context, status=trouble.error.status if trouble and trouble.error else status)


def _said_of(trouble: Trouble, told: list[Told], offers: list[Offer]) -> dict[str, Any]:
    """Why not; what happened since the page was read; what was typed, when its form is no longer offered."""
    is_offered = any(offer.act == trouble.act for offer in offers)
    typed = [] if is_offered or trouble.form is None else trouble.form.typed()
    since = [one for one in told if trouble.read_until and one.entry.pk > trouble.read_until]
    return {"trouble": trouble, "since": since, "typed": [(label, value) for label, value in typed if value]}


def _offers(found: CaseFile, agent: Agent, trouble: Trouble | None) -> list[Offer]:
    offers = []
    for act in ACTS.values():
        is_tried = trouble is not None and trouble.act == act
        # What was refused stays, with its words, even when the file went to a colleague meanwhile.
        if not act.is_possible(found, agent) or not (is_tried or act.is_for(found, agent)):
            continue
        if trouble and is_tried:
            offers.append(Offer(act, _address(act, found), trouble.form, is_open=True))
        else:
            form = act.form(file=found, auto_id=f"{act.code}_%s") if act.form else None
            offers.append(Offer(act, _address(act, found), form))
    return offers


def _is_elsewhere(found: CaseFile, agent: Agent) -> bool:
    """Whether a colleague has it, and some acts wait until it is taken over."""
    return any(act.is_possible(found, agent) and not act.is_for(found, agent) for act in ACTS.values())


def _address(act: Act, found: CaseFile) -> str:
    parts = {"pk": found.pk} if act.url in OF_ONE_ACT else {"pk": found.pk, "code": act.code}
    return reverse(act.url, kwargs=parts)


def _history(found: CaseFile) -> list[Told]:
    """Everything that happened, the latest first, as sentences."""
    facts = list(journal.about(found).order_by("-id")[:FACTS])
    return Teller(found.office, facts).tell()


def _questions(found: CaseFile) -> list[Any]:
    sent = Prefetch("sent", SentDocument.objects.defer("content").order_by("pk"))
    return list(found.questions.prefetch_related(sent).order_by("-pk"))


def _notes(found: CaseFile) -> list[tuple[Any, str]]:
    notes = list(found.notes.order_by("-pk")[:20])
    names = dict(Agent.objects.filter(pk__in={one.agent_id for one in notes}).values_list("pk", "name"))
    return [(one, names.get(one.agent_id or 0, "")) for one in notes]


def _others(found: CaseFile) -> list[CaseFile]:
    """The person's other open files at this office."""
    rows = CaseFile.objects.filter(person=found.person_id, office=found.office_id, state__in=sorted(OPEN))
    return list(rows.exclude(pk=found.pk).select_related("procedure").order_by("-deposited_on", "-pk")[:5])
