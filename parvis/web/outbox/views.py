"""What was sent to people, whether it arrived, and sending it again."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notices
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import queries as booking
from parvis.common import clock
from parvis.messages import actions, composing, queries
from parvis.messages.errors import NotALetter, NothingToSay
from parvis.messages.models import Message
from parvis.messages.states import Channel, Status
from parvis.web.outbox.forms import SearchForm
from parvis.web.outbox.kinds import KINDS
from parvis.web.requests import AgentRequest, key_in

PAGE = 50
# Only who may open a person's file reads what was said to one.
READS = "people.view_person"


@never_cache
@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """Letters to print and what failed first, then the newest, a page at a time by key."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    before = key_in(request.GET.get("avant", ""))
    is_search = any(asked.values()) or bool(before)
    found = _found(request, asked) if any(asked.values()) else queries.calm(request.agent.office)
    rows = list((found.filter(pk__lt=before) if before else found).order_by("-id")[: PAGE + 1])
    shown = rows[:PAGE]
    kept = {name: value for name, value in asked.items() if value}
    mine = queries.of_office(request.agent.office)
    now = clock.now()
    context: dict[str, Any] = {
        "form": form,
        "letters": [] if is_search else _told(request, queries.letters_to_print(now).filter(pk__in=mine)[:PAGE]),
        "failed": [] if is_search else _told(request, queries.failed().filter(pk__in=mine)[:PAGE]),
        "shown": _told(request, shown),
        "older": urlencode({**kept, "avant": shown[-1].pk}) if len(rows) > PAGE else "",
        "newest": urlencode(kept) if before else None,
        "unconnected": [channel.label for channel in (Channel.EMAIL, Channel.SMS) if not queries.is_connected(channel)],
        "is_shown_only": queries.is_shown_only(),
        "stuck": queries.stuck(now),
        "refused": queries.refused().count(),
        "refusal": queries.refused().values_list("answer", flat=True).first(),
    }
    return render(request, "outbox/home.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def paper(request: AgentRequest, pk: int) -> HttpResponse:
    """The letter, ready to print."""
    message = _message(request, pk)
    if message.channel != Channel.LETTER or not request.agent.can(READS):
        raise NotALetter
    try:
        made = composing.composed(message).paper
    except NothingToSay:
        raise Http404 from None
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="courrier-{message.pk}.pdf"'
    return answer


@require_POST
def resend(request: AgentRequest, pk: int) -> HttpResponse:
    """Send it again; the same form pressed twice sends it once."""
    actions.resend(_message(request, pk), by=request.agent, key=request.POST.get("key", "")[:64])
    notices.success(request, _("Le message part de nouveau."))
    return HttpResponseRedirect(reverse("outbox:home"))


@require_POST
def printed(request: AgentRequest, pk: int) -> HttpResponse:
    """Note that the letter was printed and posted."""
    actions.printed(_message(request, pk), by=request.agent)
    notices.success(request, _("Courrier noté comme envoyé."))
    return HttpResponseRedirect(reverse("outbox:home"))


def _found(request: AgentRequest, asked: dict[str, str]) -> Any:
    found = queries.of_office(request.agent.office)
    if asked.get("state"):
        found = found.filter(state=asked["state"])
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    who = asked.get("who", "").strip()
    if not who:
        return found
    appointment = booking.by_number(request.agent.office, who)
    about = f"booking.appointment:{appointment.pk}" if appointment else ""
    return queries.to_or_about(found, who, about)


def _told(request: AgentRequest, rows: Iterable[Message]) -> list[dict[str, Any]]:
    reads = request.agent.can(READS)
    return [
        {
            "message": one,
            "kind": KINDS.get(one.kind, one.kind),
            "to": one.recipient if reads else _masked(one.recipient),
            "is_read": reads and bool(one.body),
            "may_print": reads and one.channel == Channel.LETTER and one.state == Status.QUEUED,
            "may_resend": bool(one.facts) and one.state in {Status.FAILED, Status.SENT, Status.DELIVERED},
            "at": one.ended_at or one.sent_at or one.claimed_at or one.due_at,
        }
        for one in rows
    ]


def _masked(recipient: str) -> str:
    return f"{recipient[:2]}…{recipient[-4:]}"


def _message(request: AgentRequest, pk: int) -> Message:
    found = queries.of_office(request.agent.office).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found
