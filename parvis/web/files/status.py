"""Where one's file stands, what is awaited, and the days that count."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from parvis.casefiles import queries, rules
from parvis.casefiles.models import CaseFile, Committee, Question
from parvis.casefiles.states import State
from parvis.common import clock
from parvis.permits.links import token_of
from parvis.permits.models import Permit
from parvis.permits.rules import HANDOVER
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Mode
from parvis.web.files.pages import PROVED, page, personal, speak, unsealed
from parvis.web.files.words import SENTENCES
from parvis.web.requests import VisitorRequest

WITH_CARD = (State.ANNOUNCED, State.UNCLAIMED)


@dataclass(frozen=True, slots=True)
class Silence:
    """What the law makes of silence: the day, whether it has passed, until when it may be disputed, and still may."""

    on: date
    is_past: bool
    appeal_until: date
    may_appeal: bool


@personal
@require_safe
def see(request: VisitorRequest, sealed: str) -> HttpResponse:
    """The state of a file in the language of its person. It shows no name: a shoulder may be looked over."""
    known = unsealed(sealed, salt=PROVED)
    file = queries.case_file(int(known[0])) if known else None
    if file is None:
        return redirect("files:start")
    speak(request, file)
    return page(request, "see", _context(file))


def _context(file: CaseFile) -> dict[str, object]:
    today = clock.today()
    receipt = queries.current_receipt(file) if file.is_undecided or file.state in _STILL_HELD else None
    card = _card(file)
    return {
        "office": file.office,
        "file": file,
        "sentence": SENTENCES[file.state],
        "missing": queries.unsettled(queries.list_for(file)) if file.state == State.INCOMPLETE else [],
        "question": _question(file),
        "committee": _committee(file),
        "silence": _silence(file, today),
        "receipt": receipt,
        "receipt_ended": receipt is not None and receipt.valid_to < today,
        "renewal_opens": rules.renewal_opens(receipt) if receipt else None,
        "card": card,
        "choose": token_of(card) if card and _by_appointment(today) else "",
    }


_STILL_HELD = frozenset({State.GRANTED, State.IN_PRODUCTION})


def _question(file: CaseFile) -> Question | None:
    if file.state != State.INFORMATION_REQUESTED:
        return None
    return Question.objects.filter(case_file=file, ended_at=None).first()


def _committee(file: CaseFile) -> Committee | None:
    if file.state != State.COMMITTEE_REFERRAL:
        return None
    return Committee.objects.filter(case_file=file, heard_at=None).first()


def _card(file: CaseFile) -> Permit | None:
    return Permit.objects.in_stock().filter(case_file=file).first() if file.state in WITH_CARD else None


def _silence(file: CaseFile, today: date) -> Silence | None:
    if file.decide_by is None or not file.is_undecided:
        return None
    until = rules.appeal_delays("")[-1].closes(file.decide_by)
    return Silence(file.decide_by, rules.is_silent(file, today), until, today <= until) if until else None


def _by_appointment(day: date) -> bool:
    return catalogue.access_mode(catalogue.by_code(HANDOVER), day) != Mode.WALK_IN
