"""What an agent does with the case file of the person at the counter."""

import functools
from collections.abc import Callable
from datetime import date
from typing import Concatenate, ParamSpec

from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.casefiles import actions as casefiles
from parvis.casefiles import papers
from parvis.casefiles.errors import FileAlreadyOpen, FileIncomplete
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.states import DocumentState, Work
from parvis.common.errors import BusinessError
from parvis.offices.models import Counter
from parvis.people.errors import FieldRefused
from parvis.people.models import Person
from parvis.reception import actions
from parvis.reception.errors import TicketMoved
from parvis.reception.models import CounterSession, Ticket
from parvis.reception.states import Outcome
from parvis.web.counter import pages, screens
from parvis.web.counter.filing import cases, finding
from parvis.web.counter.filing.forms import CorrectForm
from parvis.web.counter.filing.prefill import Prefill
from parvis.web.counter.filing.screen import RENEWAL, Asked, new_form, of_renewal
from parvis.web.desk.forms import DAYS
from parvis.web.requests import AgentRequest, key_in

P = ParamSpec("P")
DAY_LENGTH = 20


class Desk:
    """One press at a counter: who presses, the session they hold, whom it is about."""

    def __init__(self, request: AgentRequest, counter: Counter, session: CounterSession) -> None:
        self.request, self.counter, self.session = request, counter, session
        self.agent = request.agent

    @property
    def here(self) -> Ticket:
        """The person at the counter, if it is the one the form was about. Raises ``TicketMoved``."""
        return pages.ticket_here(self.request, self.counter)

    @functools.cached_property
    def ticket(self) -> Ticket:
        """The ticket the form was about, gone from the counter or not: a press sent again is answered again."""
        return pages.ticket_of(self.request)

    @functools.cached_property
    def file(self) -> CaseFile:
        """The file the form was about; 404 for one of another office."""
        rows = CaseFile.objects.select_related("procedure", "person", "office").filter(office=self.agent.office)
        return get_object_or_404(rows, pk=key_in(self.posted("file")))

    @property
    def seen(self) -> int | None:
        """The version of the file that the agent read."""
        return key_in(self.posted("version")) or None

    @property
    def key(self) -> str:
        """The key of the form, tied to who sends it."""
        return pages.key_of(self.request)

    @property
    def checks(self) -> dict[str, tuple[DocumentState, str]]:
        """What the form says of each document; those that nobody touched are left out."""
        told = {name.removeprefix("doc-"): state for name, state in self.request.POST.items() if name[:4] == "doc-"}
        return {
            code: (DocumentState(state), self.posted(f"why-{code}") if state == DocumentState.NOT_ACCEPTED else "")
            for code, state in told.items()
            if state in DocumentState.values
        }

    @property
    def work(self) -> str:
        """The right to work that the agent chose; empty for what the rule says."""
        typed = self.posted("work")
        return typed if typed in Work.values else ""

    @property
    def months(self) -> int | None:
        """The length of the receipt that the agent chose; None for the usual one."""
        return key_in(self.posted("months")) or None

    def posted(self, name: str) -> str:
        """What the form says."""
        return self.request.POST.get(name, "")

    def again(self, asked: Asked, problem: BusinessError | None = None) -> HttpResponse:
        """The same screen, with the answer to what was asked."""
        return pages.page(self.request, self.session, problem=problem, asked=asked)

    def done(self, note: str = "", paper: str = "", pk: int = 0) -> HttpResponse:
        """Back to the screen, with a word and the paper to print."""
        if paper:
            self.request.session["counter_paper"] = reverse(f"counter:{paper}", args=[self.counter.number, pk])
        return pages.after(self.request, self.counter.number, note)

    def finished(self, outcome: Outcome, paper: str = "", pk: int = 0) -> HttpResponse:
        """Back to the screen: what was done for whom."""
        return self.done(_("%(number)s : %(outcome)s.") % {"number": self.ticket, "outcome": outcome.label}, paper, pk)


Act = Callable[Concatenate[Desk, P], HttpResponse]


def at_desk(act: Act[P]) -> Callable[..., HttpResponse]:
    """Make an act a view: POST; what the office refuses is said on the screen, with everything that was typed."""

    @require_POST
    @functools.wraps(act)
    def view(request: AgentRequest, number: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        counter = pages.counter_of(request, number)
        session = screens.held_session(request.agent, number)
        if session is None:
            return pages.leave(request)
        try:
            return act(Desk(request, counter, session), *args, **kwargs)
        except BusinessError as error:
            return pages.page(request, session, problem=error, asked=Asked(typed=request.POST.dict()))

    return view


@at_desk
def find(desk: Desk) -> HttpResponse:
    """Find by any number, or by name and birth date; the number of one file puts it on the counter at once."""
    ticket = desk.here
    wanted = None if ticket.procedure.code == RENEWAL else ticket.procedure
    typed, born = desk.posted("typed"), desk.posted("born")[:DAY_LENGTH]
    try:
        day = _day(born)
    except ValidationError:
        return desk.again(Asked(found=finding.Found(typed[: finding.LONGEST], None, [], [], None, no_day=born)))
    found = finding.find(desk.agent.office, typed, day, procedure=wanted)
    if found.sure:
        actions.attach_file(ticket, found.sure, by=desk.agent)
        return desk.done()
    return desk.again(Asked(found=found))


@at_desk
def attach(desk: Desk) -> HttpResponse:
    """Put a file that was found on the counter."""
    actions.attach_file(desk.here, desk.file, by=desk.agent)
    return desk.done()


@at_desk
def choose_person(desk: Desk) -> HttpResponse:
    """Open a file for somebody the office knows."""
    person = get_object_or_404(Person, pk=key_in(desk.posted("person")))
    return desk.again(Asked(form=new_form(desk.here, Prefill(person=person))))


@at_desk
def open_file(desk: Desk) -> HttpResponse:
    """Open a file; whoever may be the same person is shown side by side first, never merged in silence."""
    person = Person.objects.filter(pk=key_in(desk.posted("person"))).first()
    form = new_form(desk.ticket, Prefill(person=person), desk.request.POST)
    if not form.is_valid():
        return desk.again(Asked(form=form))
    who = form.who()
    twins = [] if isinstance(who, Person) else finding.twins(who)
    if twins and not desk.posted("distinct"):
        return desk.again(Asked(form=form, twins=twins))
    try:
        file = actions.open_file(desk.ticket, person=who, by=desk.agent, key=desk.key, **form.request())
    except FieldRefused as error:
        form.refuse(error)
        return desk.again(Asked(form=form, twins=twins))
    except FileAlreadyOpen as error:
        return desk.again(Asked(form=form, other=error.file), error)
    return desk.done(_("Dossier %(number)s ouvert.") % {"number": file.number})


@at_desk
def correct(desk: Desk) -> HttpResponse:
    """Put right the case, the fee or the date that was said when the file was opened."""
    ticket = desk.here
    if not ticket.steps.filter(outcome="", case_file=desk.file).exists():
        raise TicketMoved
    form = CorrectForm(desk.request.POST, file=desk.file)
    if not form.is_valid():
        return desk.again(Asked(correct=form))
    file = casefiles.correct(desk.file, by=desk.agent, seen=desk.seen, **form.request())
    return desk.done(_("Dossier %(number)s : %(fee)s.") % {"number": file.number, "fee": cases.fee_name(file.fee_case)})


@at_desk
def tick(desk: Desk) -> HttpResponse:
    """Write what was seen so far, and stay."""
    file = casefiles.tick(desk.file, desk.checks, by=desk.agent, seen=desk.seen)
    return desk.done(_("Pièces du dossier %(number)s notées.") % {"number": file.number})


@at_desk
def complete(desk: Desk) -> HttpResponse:
    """Everything was seen: the receipt is given and the visit goes on."""
    made = actions.complete_file(
        desk.ticket,
        desk.file,
        checks=desk.checks,
        work=desk.work,
        months=desk.months,
        by=desk.agent,
        seen=desk.seen,
        key=desk.key,
    )
    paper = ("receipt", made.pk) if made else ()
    return desk.finished(Outcome.FILE_DEPOSITED, *paper)


@at_desk
def leave_incomplete(desk: Desk) -> HttpResponse:
    """Documents are missing: the slip is given and the visit goes on."""
    made = actions.leave_incomplete(
        desk.ticket, desk.file, checks=desk.checks, by=desk.agent, seen=desk.seen, key=desk.key
    )
    return desk.finished(Outcome.FILE_INCOMPLETE, "slip", made.pk)


@at_desk
def renew(desk: Desk) -> HttpResponse:
    """The receipt that follows, once every document of a renewal was seen."""
    asked = {row.document.code for row in of_renewal(desk.ticket)}
    if asked - {code for code, (state, _why) in desk.checks.items() if state == DocumentState.SEEN}:
        raise FileIncomplete
    made = actions.renew_receipt(desk.ticket, desk.file, by=desk.agent, work=desk.work, key=desk.key)
    return desk.finished(Outcome.RECEIPT_ISSUED, "receipt", made.pk)


@never_cache
@require_GET
def receipt(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """The receipt, to print and sign."""
    rows = Receipt.objects.select_related("case_file__person", "case_file__procedure", "case_file__office", "office")
    found = get_object_or_404(rows, pk=pk, office=request.agent.office)
    return _paper(papers.receipt_pdf(found), found.number)


@never_cache
@require_GET
def slip(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """The slip of what is missing, to print."""
    rows = MissingSlip.objects.select_related("case_file__person", "case_file__procedure", "case_file__office")
    found = get_object_or_404(rows, pk=pk, case_file__office=request.agent.office)
    return _paper(papers.slip_pdf(found), found.case_file.number)


def _day(typed: str) -> date | None:
    """The day typed, None when none was. Raises ``ValidationError`` for what is no day: never left out in silence."""
    day: date | None = DateField(input_formats=DAYS, required=False).clean(typed.strip())
    return day


def _paper(made: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
