"""Find one's file: a number, a birth date, then the code sent to the contact that the office knows.

Whether the number exists, whether the date is right, whether the office knows a contact: the page says the same.
"""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parvis.booking.actions import contacts
from parvis.booking.actions.guards import allow, counted
from parvis.booking.rules import Contact
from parvis.casefiles import queries
from parvis.casefiles.models import CaseFile
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.common.network import address_of
from parvis.web.files.forms import CodeForm, FileForm
from parvis.web.files.pages import ASKED, PROVED, page, personal, sealed, unsealed
from parvis.web.requests import VisitorRequest

CODE = "casefiles.code"
CODE_LASTS = timedelta(minutes=15)
# A shelter, a helper's office, the gateway of a mobile operator: each is one address.
PER_ADDRESS = 60
# Nobody asks for one file ten times a day. A number is counted with the date that was typed: whoever does not know the
# birth date uses up nobody's tries. Who knows both, and asks from one place, leaves some to the person.
FROM_ONE_PLACE = 10
FROM_ANYWHERE = 20


@personal
def start(request: VisitorRequest) -> HttpResponse:
    """Ask for the number and the birth date, and send a code."""
    form = FileForm(request.POST if request.method == "POST" else None)
    error: BusinessError | None = None
    if form.is_bound and form.is_valid():
        number, born = form.cleaned_data["number"], form.cleaned_data["date"]
        try:
            _count(number, born, address_of(request))
            check = _send(_file(number, born))
        except BusinessError as refused:
            error = refused
        else:
            return redirect(reverse("files:code", args=[sealed([check, number], salt=ASKED)]))
    status = error.status if error else 422 if form.errors else 200
    return page(request, "start", {"form": form, "error": error}, status=status)


@personal
def code(request: VisitorRequest, sealed: str) -> HttpResponse:
    """The code that was sent opens the file."""
    asked = unsealed(sealed, salt=ASKED)
    if asked is None:
        return redirect("files:start")
    form = CodeForm(request.POST if request.method == "POST" else None)
    error: BusinessError | None = None
    if form.is_bound and form.is_valid():
        try:
            contacts.prove(str(asked[0]), form.cleaned_data["code"])
        except BusinessError as refused:
            error = refused
        else:
            return _opened(str(asked[1]))
    status = error.status if error else 422 if form.errors else 200
    return page(request, "code", {"form": form, "error": error}, status=status)


def _count(number: str, born: date, address: str) -> None:
    """Count one try. Raises ``TooOften``, the same whether the number exists and the date is right or not."""
    allow("file.address", address, limit=PER_ADDRESS)
    asked = f"{number} {born}"
    allow("file.from_here", f"{counted('file.address', address)} {asked}", limit=FROM_ONE_PLACE)
    allow("file.asked", asked, limit=FROM_ANYWHERE)


def _opened(number: str) -> HttpResponse:
    found = _numbered(number)
    if found is None:
        return redirect("files:start")
    return redirect(reverse("files:see", args=[sealed([found.pk], salt=PROVED)]))


def _file(number: str, born: date) -> CaseFile | None:
    found = _numbered(number)
    return found if found is not None and found.person.birth_date == born else None


def _numbered(number: str) -> CaseFile | None:
    # Both are always asked for: the time of the answer must not tell a number that exists from one that does not.
    found, receipt = queries.by_number(number), queries.receipt_by_number(number)
    return found or (receipt.case_file if receipt else None)


def _send(file: CaseFile | None) -> str:
    """Send a code to the contact of a file, or make as if: the token of the check."""
    now = clock.now()
    person = file.person if file else None
    if person is None or not (person.email or person.phone):
        return contacts.false_check(now=now, lasts=CODE_LASTS).token
    to = Contact(email=person.email, phone="" if person.email else person.phone, language=person.language)
    return contacts.new_check(to, now=now, lasts=CODE_LASTS, kind=CODE).token
