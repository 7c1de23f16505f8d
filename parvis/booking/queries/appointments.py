"""Find an appointment: by its address, its number, or the person it is for."""

import re
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from parvis.booking.models import Appointment, BookedProcedure
from parvis.booking.states import SEATED, CancelReason, Status
from parvis.common import text
from parvis.offices.models import Office
from parvis.people import rules as people
from parvis.people.errors import ForeignNumberMalformed
from parvis.permits.models import Permit
from parvis.procedures.models import Procedure

MOST_FOUND = 20
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def appointments() -> QuerySet[Appointment]:
    """Appointments with all that a page of one shows."""
    booked = BookedProcedure.objects.select_related("procedure", "permit").order_by("position")
    return Appointment.objects.select_related("office", "line", "line__office", "procedure").prefetch_related(
        Prefetch("booked", queryset=booked)
    )


def has_an_hour() -> Exists:
    """In a query over cards: whether an hour is taken to fetch the card."""
    return Exists(BookedProcedure.objects.filter(permit=OuterRef("pk"), is_live=True))


def booked_for(permit: Permit) -> Appointment | None:
    """The appointment already taken to fetch a card."""
    found = BookedProcedure.objects.select_related("appointment").filter(permit=permit, is_live=True).first()
    return found.appointment if found else None


def appointment(pk: int) -> Appointment:
    """The appointment of this key."""
    return appointments().get(pk=pk)


def by_token(token: str) -> Appointment | None:
    """The appointment of this address; None when there is none."""
    return appointments().filter(token=token).first() if _TOKEN.fullmatch(token) else None


def by_number(office: Office, typed: str) -> Appointment | None:
    """The appointment of this number at an office, however it was typed; None when there is none."""
    number = _number(typed)
    return appointments().filter(office=office, number=number).first() if number else None


def live_of(identity: str, procedure: Procedure) -> Appointment | None:
    """The live booking of a person for a procedure; None when they have none."""
    return (
        appointments()
        .filter(booked__identity=identity, booked__procedure=procedure, booked__is_live=True)
        .order_by("pk")
        .first()
    )


def was_withdrawn(appointment: Appointment) -> bool:
    """Whether the office took its seats back: the person may choose another hour."""
    return appointment.state == Status.CANCELLED and appointment.cancel_reason == CancelReason.SEAT_WITHDRAWN


def is_served_otherwise(appointment: Appointment) -> bool:
    """Whether somebody of an appointment that is over has another one for the same procedure."""
    return any(live_of(one.identity, one.procedure) is not None for one in appointment.booked.all())


def of_day(office: Office, day: date) -> QuerySet[Appointment]:
    """The people expected on a day, those who came and those who did not, by hour."""
    expected = SEATED - {Status.HELD, Status.PENDING}
    return appointments().filter(office=office, day=day, state__in=sorted(expected)).order_by("starts_at", "pk")


def for_check_in(office: Office, day: date, typed: str) -> list[Appointment]:
    """At most twenty appointments of the day that a person may mean by a QR address, a number or their name.

    A number of the appointment or of the national file is found whatever the day: the check-in says which day it is.
    """
    words = text.clean(typed, limit=300)
    if not words:
        return []
    if token := _TOKEN.fullmatch(words.rstrip("/").rpartition("/")[2]):
        found = appointments().filter(office=office, token=token.group())
        if exact := list(found.order_by("pk")):
            return exact
    if (numbered := by_number(office, words)) is not None:
        return [numbered]
    coming = appointments().filter(office=office, state__in=[Status.CONFIRMED, Status.NO_SHOW, Status.CHECKED_IN])
    if digits := _foreign_number(words):
        known = coming.filter(booked__foreign_number=digits, day__gte=day)
        return list(known.distinct().order_by("starts_at", "pk")[:MOST_FOUND])
    named = coming.filter(day=day)
    for word in people.folded_name(words, "").split():
        matching = BookedProcedure.objects.filter(
            Q(folded_name__startswith=word) | Q(folded_name__contains=f" {word}"), appointment__day=day
        )
        named = named.filter(pk__in=matching.values("appointment"))
    return list(named.order_by("starts_at", "pk")[:MOST_FOUND]) if people.folded_name(words, "") else []


def _number(typed: str) -> str:
    """A number as it was printed; empty when it is none."""
    kept = re.sub(r"[\s.\-]", "", text.clean(typed, limit=40)).upper()
    return kept if re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", kept) else ""


def _foreign_number(typed: str) -> str:
    try:
        return people.foreign_number(typed)
    except ForeignNumberMalformed:
        return ""
