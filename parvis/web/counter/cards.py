"""At a handover counter: find the card, hand it over, say why it stays, print the copy of its data."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parvis.offices.models import Counter
from parvis.permits.models import Permit
from parvis.permits.states import Failure, Notice
from parvis.reception import actions, queries
from parvis.reception.errors import TextMissing
from parvis.web.counter import chip_copy as paper
from parvis.web.counter import handing, pages, screens
from parvis.web.counter.pages import at_counter, key_of, ticket_of
from parvis.web.requests import AgentRequest, key_in


@never_cache
@require_GET
def cards(request: AgentRequest, number: int) -> HttpResponse:
    """The card that something read or typed stands for, with its checklist; the whole screen without a script."""
    pages.counter_of(request, number)
    session = screens.held_session(request.agent, number)
    if session is None:
        return pages.leave(request)
    if not request.htmx:
        return pages.page(request, session)
    ticket = queries.current(session.counter)
    shown = handing.handing(ticket, request.GET) if ticket else handing.Handing()
    context = {"counter": session.counter, "ticket": ticket, "handing": shown, **pages.rights_of(request.agent)}
    return render(request, "counter/_cards.html", context)


@at_counter
def hand_over(request: AgentRequest, counter: Counter) -> str:
    """Hand over a card to the person, with what was ticked, the stamps and the notice."""
    permit = _card(request)
    signature = request.POST.get("signature", "")
    notice = request.POST.get("notice", "") or (Notice.SCREEN if signature else "")
    ticket = actions.hand_over(
        ticket_of(request),
        permit=permit,
        checks=tuple(request.POST.getlist("check")),
        stamps=tuple((one.number, key_in(one.eur)) for one in handing.stamps_in(request.POST)),
        notice=notice,
        signature=signature,
        by=request.agent,
        key=key_of(request),
    )
    return _("Titre %(card)s remis à %(number)s.") % {"card": permit.number, "number": ticket}


@at_counter
def fail_handover(request: AgentRequest, counter: Counter) -> str:
    """The person leaves without the card: why, what they are told, and whether they come back today."""
    reason = request.POST.get("reason", "")
    if reason not in Failure.values:
        raise TextMissing
    permit = _card(request)
    comes_back = request.POST.get("comes_back") == "1" and request.agent.can("reception.give_return")
    failed = actions.fail_handover(
        ticket_of(request),
        permit=permit,
        reason=Failure(reason),
        text=request.POST.get("text", ""),
        comes_back=comes_back,
        by=request.agent,
        key=key_of(request),
    )
    said = _("Non remis : %(reason)s.") % {"reason": Failure(reason).label}
    remedy = handing.remedy(permit, reason)
    if failed is None:
        return f"{said} {remedy}".strip()
    request.session["counter_return"] = failed.pk
    back = _("Revient aujourd'hui sans refaire la file. Code : %(code)s") % {"code": failed.code}
    return f"{said} {back}"


@never_cache
@require_GET
def chip_copy(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """The paper copy of the data held in the chip, in the language of the person."""
    pages.counter_of(request, number)
    rows = Permit.objects.select_related("person", "office", "case_file__procedure")
    permit = get_object_or_404(rows, office=request.agent.office, pk=pk)
    answer = HttpResponse(paper.chip_copy_pdf(permit), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="puce-{permit.number}.pdf"'
    return answer


def _card(request: AgentRequest) -> Permit:
    typed = request.POST.get("permit", "")
    return get_object_or_404(Permit, office=request.agent.office, pk=key_in(typed))
