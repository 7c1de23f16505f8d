"""What there is: offices, what they receive, the days and hours that are free."""

from django.http import HttpRequest
from ninja import Query, Router

from parvis.api import schemas
from parvis.api.endpoints import reading
from parvis.api.endpoints.answers import REFUSED
from parvis.api.senders import sender_of
from parvis.booking import queries as booking
from parvis.common import clock
from parvis.offices.models import Office
from parvis.procedures.queries import public_procedures

router = Router(tags=["What there is"])


@router.get("/offices", response=list[schemas.OfficeOut], url_name="offices")
def offices(request: HttpRequest) -> list[schemas.OfficeOut]:
    """Every office, and where its documents are."""
    return [reading.office_out(one) for one in Office.objects.order_by("code")]


@router.get(
    "/offices/{office}/procedures", response={200: list[schemas.ProcedureOut], **REFUSED}, url_name="procedures"
)
def procedures(request: HttpRequest, office: schemas.Code) -> list[schemas.ProcedureOut]:
    """What people may come for alone at this office, and how."""
    at, day = reading.office(office), clock.today()
    lines = set(at.lines.values_list("code", flat=True))
    return [reading.procedure_out(at, one, day) for one in public_procedures(day) if one.line_code in lines]


@router.get("/offices/{office}/days", response={200: list[schemas.DayOut], **REFUSED}, url_name="days")
def days(request: HttpRequest, office: schemas.Code, asked: Query[reading.Asked]) -> list[schemas.DayOut]:
    """The days on which a visit may be booked now. In a rush, ask the office's document instead."""
    wish = asked.wish(reading.office(office), sender_of(request).channel)
    return [schemas.DayOut(day=one.day, seats=one.seats) for one in booking.free_days(wish)]


@router.get("/offices/{office}/slots", response={200: list[schemas.SlotOut], **REFUSED}, url_name="slots")
def slots(request: HttpRequest, office: schemas.Code, asked: Query[reading.AskedOn]) -> list[schemas.SlotOut]:
    """The hours of one day at which a visit may begin."""
    wish = asked.wish(reading.office(office), sender_of(request).channel)
    found = booking.free_slots(wish, asked.day)
    return [
        schemas.SlotOut(slot=one.slot_id, starts_at=one.starts_at, minutes=one.minutes, seats=one.seats)
        for one in found
    ]
