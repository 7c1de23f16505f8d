"""When the places of a procedure are drawn: ask for one, see what became of it, take the request back."""

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api import schemas
from parvis.api.endpoints import reading
from parvis.api.endpoints.answers import REFUSED, IdempotencyKey
from parvis.api.senders import sender_of
from parvis.booking import actions, rules
from parvis.common.network import address_of

router = Router(tags=["Requests"])


@router.post("/requests", response={201: schemas.RequestOut, **REFUSED}, url_name="requests")
def ask(request: HttpRequest, sent: schemas.RequestIn, key: IdempotencyKey) -> Status[schemas.RequestOut]:
    """Ask for a place. One person, one request: asked again, it is the same one."""
    sender = sender_of(request)
    contact = rules.Contact(email=sent.email, phone=sent.phone, language=sent.language)
    actions.check_proof(sent.proof, rules.checked_contact(contact))
    office, attendee = reading.asker(sent)
    made = actions.request(
        office,
        attendee.procedure,
        attendee=attendee,
        contact=contact,
        expires_on=sent.expires_on,
        ground=sent.ground,
        ground_reason=sent.ground_reason,
        suits=sent.suits,
        channel=sender.channel,
        by=sender,
        key=sender.key(key),
        address="" if sender.client else address_of(request),
    )
    return Status(201, reading.request_out(reading.request(made.token)))


@router.get("/requests/{token}", response={200: schemas.RequestOut, **REFUSED}, url_name="request")
def see(request: HttpRequest, token: schemas.Code) -> schemas.RequestOut:
    """A request, by the token that was given when it was made."""
    return reading.request_out(reading.request(token))


@router.post("/requests/{token}/withdraw", response={200: schemas.RequestOut, **REFUSED}, url_name="withdraw")
def withdraw(request: HttpRequest, token: schemas.Code) -> schemas.RequestOut:
    """Take the request back; twice changes nothing."""
    made = actions.withdraw_request(reading.request(token), by=sender_of(request))
    return reading.request_out(reading.request(made.token))
