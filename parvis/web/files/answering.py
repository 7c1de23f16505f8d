"""Answer what the office asked: send documents, say a word. Nothing that was good is lost when something is wrong."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.casefiles import actions
from parvis.casefiles.actions.exchanges import MOST_BYTES, MOST_SENT
from parvis.casefiles.errors import SendingTooLarge
from parvis.casefiles.models import Question, SentDocument
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.procedures import queries as catalogue
from parvis.web.files.pages import page, personal, speak
from parvis.web.requests import VisitorRequest

LONGEST = 4_000
OTHER = "other"


@dataclass(slots=True)
class Sending:
    """What came of one press of the button: the names that were kept, those that were not and why."""

    kept: list[str] = field(default_factory=list)
    refused: list[tuple[str, BusinessError]] = field(default_factory=list)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: VisitorRequest, token: str) -> HttpResponse:
    """What is asked, what was sent, and a form to send more or to say that it is all."""
    question = Question.objects.select_related("case_file__person", "case_file__office").filter(token=token).first()
    if question is None:
        raise Http404
    speak(request, question.case_file)
    if request.method != "POST":
        return _page(request, question)
    sending = _keep(request, question)
    error: BusinessError | None = None
    if "finish" in request.POST and not sending.refused:
        try:
            actions.answer(question, text=request.POST.get("text", "")[:LONGEST])
        except BusinessError as refused:
            error = refused
        question.refresh_from_db()
    return _page(request, question, sending=sending, error=error)


def _keep(request: VisitorRequest, question: Question) -> Sending:
    """Keep each file by itself: one that is refused does not lose the others."""
    sending = Sending()
    for name in request.FILES:
        for sent in request.FILES.getlist(name):
            try:
                _keep_one(question, "" if name == OTHER else name, sent)
                sending.kept.append(str(sent.name))
            except BusinessError as refused:
                sending.refused.append((str(sent.name), refused))
    return sending


def _keep_one(question: Question, code: str, sent: "UploadedFile[bytes]") -> None:
    if (sent.size or 0) > MOST_BYTES:
        raise SendingTooLarge
    actions.send_document(question, name=str(sent.name), content=sent.read(), code=code)


def _page(
    request: VisitorRequest,
    question: Question,
    *,
    sending: Sending | None = None,
    error: BusinessError | None = None,
) -> HttpResponse:
    file = question.case_file
    names = {one.code: one.name for one in catalogue.documents_to_bring(file.procedure, file.deposited_on)}
    refused = sending.refused[0][1] if sending and sending.refused else None
    is_answered = question.answered_at is not None
    context = {
        "office": file.office,
        "file": file,
        "question": question,
        "is_answered": is_answered,
        "is_open": question.ended_at is None and clock.today() <= question.answer_by,
        "asked": [(code, names.get(code, code)) for code in question.documents],
        "other": OTHER,
        "sent": [(one, names.get(one.code) or _("Autre document")) for one in _sent(question)],
        "most": MOST_SENT,
        "typed": request.POST.get("text", "")[:LONGEST],
        "sending": sending,
        "error": error,
    }
    status = error.status if error else refused.status if refused else 200
    return page(request, "answer", context, status=200 if is_answered else status)


def _sent(question: Question) -> list[SentDocument]:
    return list(question.sent.defer("content").order_by("at", "pk"))
