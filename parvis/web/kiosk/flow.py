"""From one answer to the next question, and what is told to a person who is not received now."""

import dataclasses
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Line
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.reception import actions, queries
from parvis.reception.models import Redirection
from parvis.reception.states import RedirectReason
from parvis.web import prereception
from parvis.web.addresses import qr
from parvis.web.kiosk.answers import Answers
from parvis.web.kiosk.doors import Door
from parvis.web.prereception import Advice

INFORMATION = "information"
# In an address: the person says that they hold a right to come back.
COMES_BACK = "retour"


def after(door: Door, answers: Answers, *, key: str = "") -> str:
    """The address that follows an answer. Records each procedure for which the person is told otherwise.

    A procedure of another office is told at once; the rest once every question it needs is answered. ``key`` makes
    answering twice harmless.
    """
    if not answers.procedures:
        return door.to("procedure")
    if asks_commune(answers) and not answers.commune:
        return door.to("commune", answers)
    here = [one for one in answers.procedures if not _elsewhere(door, one, answers)]
    if here and asks_expiry(here) and not answers.expires:
        return door.to("expiry", answers)
    advised = advise(door, answers)
    told = [_record(door, advice, advice.reason, key=key) for advice in advised if advice.reason]
    if not told:
        return door.to("priority", answers)
    kept = [advice.procedure for advice in advised if not advice.reason]
    return door.to("advice", answers.with_only(*kept), o=[one.token for one in told])


def coming_back(door: Door, answers: Answers, told: Iterable[Redirection]) -> str:
    """Where somebody goes on who was told to book and has the right to come back; empty when nobody was told so.

    What can be done without an appointment goes along.
    """
    booked = [one.procedure for one in told if one.reason == RedirectReason.APPOINTMENT_ONLY]
    if not booked:
        return ""
    return door.to("priority", answers.with_only(*booked, *answers.procedures), **{COMES_BACK: "1"})


def choosing(door: Door, answers: Answers) -> str:
    """Back to the choice of procedures; several stay ticked."""
    several = len(answers.procedures) > 1
    return door.to("procedure", Answers(answers.procedures), plusieurs="1") if several else door.to("procedure")


def before_priority(door: Door, answers: Answers) -> str:
    """The question that came before the card of priority, with what was answered until then."""
    if asks_expiry(list(answers.procedures)):
        return door.to("expiry", dataclasses.replace(answers, expires="", priority=""))
    if asks_commune(answers):
        return door.to("commune", Answers(answers.procedures))
    return choosing(door, answers)


def advise(door: Door, answers: Answers) -> list[Advice]:
    """What to tell about each procedure asked for."""
    return [
        prereception.advise(door.office, one, commune=answers.commune, expires_on=answers.expires_on)
        for one in answers.procedures
    ]


def asks_commune(answers: Answers) -> bool:
    """Whether where the person lives changes something."""
    return any(prereception.depends_on_commune(one) for one in answers.procedures)


def asks_expiry(procedures: list[Procedure]) -> bool:
    """Whether the date on the permit changes something."""
    return any(catalogue.needs_expiry_date(one, clock.today()) for one in procedures)


def may_ask_information(door: Door) -> Procedure | None:
    """The information procedure when its line takes people now: nobody leaves without a word."""
    found = catalogue.public_procedures(clock.today()).filter(code=INFORMATION).first()
    return found if found and not prereception.advise(door.office, found).reason else None


@dataclass(frozen=True, slots=True)
class Slip:
    """What the orientation slip says. ``closed_because`` and ``opens_again`` when the line is closed.

    ``booking``: where an appointment is taken, when one is asked for; ``booking_qr`` the same for a phone.
    """

    redirection: Redirection
    closed_because: str = ""
    opens_again: datetime | None = None
    booking: str = ""
    booking_qr: str = ""


def slip(redirection: Redirection, request: HttpRequest, *, links: bool = True) -> Slip:
    """The slip of a redirection, in the language being spoken.

    Without ``links`` the way to an appointment is a code to photograph: a machine in the hall keeps nobody's papers.
    """
    if redirection.reason == RedirectReason.APPOINTMENT_ONLY:
        way = reverse("appointments:start", args=[redirection.office.code])
        return Slip(redirection, booking=way if links else "", booking_qr=qr(request, way))
    line = prereception.line_of(redirection.office, redirection.procedure)
    if redirection.reason != RedirectReason.LINE_CLOSED or line is None:
        return Slip(redirection)
    return Slip(
        redirection,
        closed_because=offices.why_closed(line, redirection.day) or "",
        opens_again=_next_opening(line, redirection.at),
    )


def _next_opening(line: Line, at: datetime) -> datetime | None:
    """Today's opening for somebody who came before it, else that of the next open day."""
    day = clock.office_day(at)
    today = offices.opening_time(line, day)
    return today if today and today > at else queries.next_opening(line, at)


def _elsewhere(door: Door, procedure: Procedure, answers: Answers) -> bool:
    return prereception.territory(door.office, procedure, answers.commune).reason is not None


def _record(door: Door, advice: Advice, reason: RedirectReason, *, key: str) -> Redirection:
    return actions.redirect(
        door.office,
        procedure=advice.procedure,
        reason=reason,
        by=door.device,
        language=get_language() or "fr",
        first_valid_date=advice.first_valid_date,
        to_office=advice.to_office,
        key=_key(key or uuid.uuid4().hex, advice),
    )


def _key(sent: str, advice: Advice) -> str:
    """One key per advice given: a page gone back to and answered otherwise is another advice."""
    told = [sent, advice.procedure.code, advice.reason, advice.first_valid_date, advice.to_office]
    return "door:" + hashlib.sha256(repr(told).encode()).hexdigest()
