"""Answering from a counter: the whole page, the screen inside it, or the state after an action."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from parvis.common.errors import BusinessError
from parvis.offices.models import Agent, Counter
from parvis.permits.errors import ChecksMissing
from parvis.reception import queries
from parvis.reception.errors import TicketMoved
from parvis.reception.models import CounterSession, Ticket
from parvis.web.counter import screens
from parvis.web.counter.filing.screen import Asked, filing_of
from parvis.web.counter.handing import Handing, handing
from parvis.web.requests import AgentRequest, key_in

P = ParamSpec("P")
Act = Callable[Concatenate[AgentRequest, Counter, P], str | None]


def counter_of(request: AgentRequest, number: int) -> Counter:
    """The counter of this number in the agent's own office; 404 for any other."""
    return get_object_or_404(Counter.objects.select_related("office"), office=request.agent.office, number=number)


def at_counter(act: Act[P]) -> Callable[..., HttpResponse]:
    """Make an act of the agent a view: POST, then back to the screen; what the office refuses is said on the screen.

    The act may return a text to show. Somebody else's counter is refused before anything is shown of it.
    """

    @require_POST
    @functools.wraps(act)
    def view(request: AgentRequest, number: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        counter = counter_of(request, number)
        try:
            note = act(request, counter, *args, **kwargs)
        except BusinessError as error:
            session = screens.held_session(request.agent, number)
            if session is None:
                raise
            return page(request, session, problem=error)
        return after(request, number, note)

    return view


def key_of(request: AgentRequest) -> str:
    """The key of the form, tied to who sends it: nobody replays a colleague's."""
    typed = request.POST.get("key", "")[:60]
    return f"agent-{request.agent.pk}-{typed}" if typed else ""


def after(request: AgentRequest, number: int, note: str | None) -> HttpResponse:
    """Back to the screen, with a word when there is one; to the list of counters when none is held any more."""
    if screens.held_session(request.agent, number) is None:
        return leave(request)
    if note:
        request.session["counter_note"] = note
    return redirect("counter:screen" if request.htmx else "counter:work", number=number)


def leave(request: AgentRequest) -> HttpResponse:
    """To the list of counters."""
    return HttpResponseClientRedirect("/guichet/") if request.htmx else redirect("counter:home")


def page(
    request: AgentRequest, session: CounterSession, *, problem: BusinessError | None = None, asked: Asked | None = None
) -> HttpResponse:
    """The screen of a counter; with a problem, the same screen and the words of the refusal where the agent acts.

    ``asked`` is what the agent was asking of a case file: it is shown again with its answer, nothing typed is lost.
    """
    context = context_of(request, session, asked, problem)
    if request.method == "GET":
        context["note"] = request.session.pop("counter_note", "")
        context["given"] = request.session.pop("counter_return", None)
        context["paper"] = request.session.pop("counter_paper", None)
    name = "counter/_screen.html" if request.htmx else "counter/work.html"
    response = render(request, name, context, status=problem.status if problem else 200)
    add_never_cache_headers(response)
    return response


def context_of(
    request: AgentRequest,
    session: CounterSession,
    asked: Asked | None = None,
    problem: BusinessError | None = None,
) -> dict[str, Any]:
    """Everything the screen shows."""
    counter, agent = session.counter, request.agent
    visit = screens.visit_at(counter)
    return {
        "counter": counter,
        "session": session,
        "visit": visit,
        "ticket": visit.ticket if visit else None,
        "mark": screens.mark_of(session, visit.ticket if visit else None),
        "side": screens.side_of(counter, agent),
        "note": "",
        "given": None,
        "paper": None,
        "problem": problem,
        "handing": _handing(request, visit, problem),
        "filing": filing_of(visit, agent, asked),
        "is_free": screens.is_free(session, visit),
        "procedures": screens.other_procedures(counter) if visit else [],
        "outcomes": screens.OUTCOMES,
        "may_pick": agent.can("reception.pick_ticket"),
        "may_put_back": agent.can("reception.put_back_ticket"),
        **rights_of(agent),
    }


def rights_of(agent: Agent) -> dict[str, bool]:
    """What the agent may do with a card, and for who comes back."""
    return {
        "may_hand_over": agent.can("permits.hand_over_permit"),
        "may_give_return": agent.can("reception.give_return"),
    }


def _handing(request: AgentRequest, visit: screens.Visit | None, problem: BusinessError | None = None) -> Handing:
    """The card of the person at the counter; after a refusal with all that was ticked and typed."""
    if visit is None or not visit.hands_over:
        return Handing()
    said = request.POST if request.method == "POST" else request.GET
    missing = problem.checks if isinstance(problem, ChecksMissing) else ()
    return handing(visit.ticket, said, missing=missing)


def ticket_here(request: AgentRequest, counter: Counter) -> Ticket:
    """The person at the counter, if it is the one the form was about. Raises ``TicketMoved``: another tab acted."""
    ticket = queries.current(counter)
    if ticket is None or str(ticket.pk) != request.POST.get("ticket", ""):
        raise TicketMoved
    return ticket


def ticket_of(request: AgentRequest) -> Ticket:
    """Any ticket of the agent's own office, named by the form; 404 for another."""
    typed = request.POST.get("ticket", "")
    found = Ticket.objects.select_related("office", "line", "procedure")
    return get_object_or_404(found, office=request.agent.office, pk=key_in(typed))
