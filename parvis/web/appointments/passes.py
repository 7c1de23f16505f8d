"""The pass: somebody did the proof of work, or proved a contact by a code. Signed, for two hours, a few holds."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.http import HttpResponse

from parvis.booking.rules import Contact
from parvis.web.requests import VisitorRequest

HOLDS = timedelta(hours=2)
SALT = "parvis.appointments.pass"
COOKIE = "parvis_contact"
COOKIE_PATH = "/rendez-vous/"


@dataclass(frozen=True, slots=True)
class Pass:
    """``proof`` proves a contact (``booking.actions.check_proof``); empty after a proof of work."""

    name: str
    proof: str = ""


def make(proof: str = "") -> str:
    """A new pass, as an address carries it."""
    return signing.dumps([uuid.uuid4().hex[:12], proof], salt=SALT)


def read(text: str) -> Pass | None:
    """The pass, None when it is forged, old or missing."""
    try:
        name, proof = signing.loads(text, salt=SALT, max_age=HOLDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Pass(str(name), str(proof))


def remember(response: HttpResponse, contact: Contact, *, secure: bool) -> None:
    """Keep the contact on this device for an hour, so that it is typed once; addresses carry none."""
    response.set_signed_cookie(
        COOKIE,
        f"{contact.email}\n{contact.phone}",
        salt=SALT,
        max_age=3600,
        path=COOKIE_PATH,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def remembered(request: VisitorRequest) -> dict[str, str]:
    """The contact kept on this device, as a form begins with it."""
    kept = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=3600) or ""
    email, _, phone = kept.partition("\n")
    return {"email": email, "phone": phone}


def forget(response: HttpResponse) -> None:
    """The next person at this device finds nothing."""
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
