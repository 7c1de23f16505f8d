"""Where one's file stands, what is awaited, and the days that count."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from parvis.booking import queries as bookings
from parvis.booking.letters.summons import opening_week, stamp_says
from parvis.casefiles import queries, rules
from parvis.casefiles.models import CaseFile, Committee, Question
from parvis.casefiles.states import State
from parvis.common import clock
from parvis.permits import queries as cards
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
        "proves_stay_until": _proves_stay_until(file, today),
        "renewal_opens": rules.renewal_opens(receipt) if receipt else None,
        "card": _card(file, today),
    }


_STILL_HELD = frozenset({State.GRANTED, State.IN_PRODUCTION})


def _proves_stay_until(file: CaseFile, today: date) -> date | None:
    """While the old permit expires or has, and there is no new one in hand."""
    if not (file.is_undecided or file.state in _STILL_HELD or file.state in WITH_CARD):
        return None
    until = queries.proves_stay_until(file)
    return until if until and until >= today else None


def _question(file: CaseFile) -> Question | None:
    if file.state != State.INFORMATION_REQUESTED:
        return None
    return Question.objects.filter(case_file=file, ended_at=None).first()


def _committee(file: CaseFile) -> Committee | None:
    if file.state != State.COMMITTEE_REFERRAL:
        return None
    return Committee.objects.filter(case_file=file, heard_at=None).first()


def _card(file: CaseFile, today: date) -> dict[str, Any] | None:
    """The card that waits: what its stamp costs, what to bring, and the hour taken, the link or the week."""
    if file.state not in WITH_CARD:
        return None
    rows = Permit.objects.in_stock().select_related("office", "person", "case_file__procedure")
    card = rows.filter(case_file=file).first()
    if card is None:
        return None
    booked, by_appointment = bookings.booked_for(card), _by_appointment(today)
    return {
        "stamp": stamp_says(card),
        "documents": cards.to_bring(card, today),
        "booked": booked.token if booked else "",
        "choose": token_of(card) if by_appointment and not booked else "",
        "week": [] if by_appointment or booked else opening_week(card.office),
    }


def _silence(file: CaseFile, today: date) -> Silence | None:
    if file.decide_by is None or not file.is_undecided:
        return None
    until = rules.appeal_delays("")[-1].closes(file.decide_by)
    return Silence(file.decide_by, rules.is_silent(file, today), until, today <= until) if until else None


def _by_appointment(day: date) -> bool:
    return catalogue.access_mode(catalogue.by_code(HANDOVER), day) != Mode.WALK_IN
