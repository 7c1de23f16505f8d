"""Prove an e-mail address or a phone before anything is booked for it."""

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api import schemas
from parvis.api.endpoints import reading
from parvis.api.endpoints.answers import REFUSED
from parvis.api.senders import sender_of
from parvis.booking import actions, rules
from parvis.common import clock
from parvis.common.network import address_of
from parvis.common.text import clean

router = Router(tags=["Contact"])


@router.post("/challenges", response=schemas.ChallengeOut, url_name="challenges")
def challenges(request: HttpRequest) -> schemas.ChallengeOut:
    """A proof of work, asked of everybody who has no partner's key before a code is sent."""
    return schemas.ChallengeOut(challenge=actions.new_challenge(clock.now()))


@router.post("/contacts", response={201: schemas.CheckOut, **REFUSED}, url_name="contacts")
def contacts(request: HttpRequest, sent: schemas.ContactIn) -> Status[schemas.CheckOut]:
    """Send a code to an e-mail address or a phone."""
    sender = sender_of(request)
    office = reading.office(sent.office) if sent.office else None
    if sender.client is None:
        actions.spend_challenge(sent.challenge)
    contact = rules.Contact(email=sent.email, phone=sent.phone, language=sent.language)
    address = "" if sender.client else address_of(request)
    check = actions.send_code(contact, office=office, by=sender, address=address)
    return Status(201, schemas.CheckOut(check=check.token))


@router.post("/contacts/{check}/proof", response={200: schemas.ProofOut, **REFUSED}, url_name="proof")
def proof(request: HttpRequest, check: schemas.Code, sent: schemas.CodeIn) -> schemas.ProofOut:
    """Give the code that was received; five tries."""
    return schemas.ProofOut(proof=actions.prove(check, clean(sent.code, limit=40)))
