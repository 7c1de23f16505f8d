"""Prove that somebody reads an address or a phone: a code is sent and typed back."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.db import connection

from parvis.booking import rules
from parvis.booking.actions.guards import allow, digest
from parvis.booking.errors import CodeExpired, CodeWrong, ContactNotProved
from parvis.booking.models import ContactCheck
from parvis.booking.queries.policy import code_limits
from parvis.booking.rules import Contact
from parvis.common import clock
from parvis.common.database import action
from parvis.journal.actions import Actor
from parvis.messages import actions as messages
from parvis.messages.states import Channel
from parvis.offices.models import Office

CODE = "booking.code"
TRIES = 5
CODE_LASTS = timedelta(minutes=15)
PROOF_LASTS = timedelta(hours=24)
_SALT = "parvis.booking.contact"

_TRY = """
UPDATE booking_contactcheck SET tries = tries + 1
WHERE id = %s AND tries < %s AND expires_at > %s RETURNING code
"""


def send_code(contact: Contact, *, office: Office | None = None, by: Actor, address: str = "") -> ContactCheck:
    """Send six digits to the contact's e-mail address, else to its phone; they serve for fifteen minutes.

    The limits are those of the office it is asked at; without any, the strictest of all offices.

    Raises ``ContactMissing``, ``EmailMalformed``, ``PhoneMalformed``, and ``TooOften`` beyond the day's allowance of
    the contact or of the network address.
    """
    per_contact, per_address = code_limits(office)
    checked = rules.checked_contact(contact)
    allow("code.address", address, limit=per_address)
    allow("code.contact", checked.email or checked.phone, limit=per_contact)
    return new_check(checked, now=clock.now(), lasts=CODE_LASTS)


@action()
def new_check(contact: Contact, *, now: datetime, lasts: timedelta, kind: str = CODE) -> ContactCheck:
    """Write a code for a checked contact and queue it; part of the caller's action. ``kind`` says what it opens."""
    to = contact.email or contact.phone
    code = f"{secrets.randbelow(1_000_000):06d}"
    check = ContactCheck(contact=digest(to), created_at=now, expires_at=now + lasts)
    check.code = _sealed(check.token, code)
    check.save(force_insert=True)
    messages.queue(
        kind,
        key=f"{kind}:{check.token}",
        to=to,
        channel=Channel.EMAIL if contact.email else Channel.SMS,
        language=contact.language,
        facts={"code": code},
    )
    return check


@action()
def false_check(*, now: datetime, lasts: timedelta) -> ContactCheck:
    """A check that no code will ever pass: who types a number that nobody has sees what everybody sees."""
    check = ContactCheck(contact=digest(secrets.token_hex()), created_at=now, expires_at=now + lasts)
    check.code = digest(secrets.token_hex())
    check.save(force_insert=True)
    return check


def prove(token: str, code: str) -> str:
    """Give the signed proof that whoever typed this code reads the contact; it serves for a day.

    Raises ``CodeWrong``, and ``CodeExpired`` when the code is too old or was tried five times.
    """
    check = ContactCheck.objects.filter(token=token[:32]).first()
    if check is None:
        raise CodeExpired
    match_code(check, code)
    return proof_for(check.contact)


def prove_contact(to: str, code: str) -> None:
    """Accept the last code that was sent to an address. Raises ``CodeWrong``, ``CodeExpired``."""
    check = ContactCheck.objects.filter(contact=digest(to)).order_by("-created_at", "-pk").first()
    if check is None:
        raise CodeExpired
    match_code(check, code)


def match_code(check: ContactCheck, code: str) -> None:
    """Compare what was typed; the try counts even though the answer is no. Raises ``CodeWrong``, ``CodeExpired``."""
    sealed = _count_try(check)
    typed = "".join(str(int(char)) for char in code[:40] if char.isdecimal())
    if not hmac.compare_digest(sealed, _sealed(check.token, typed)):
        raise CodeWrong
    _proved(check)


def check_proof(proof: str, contact: Contact, booker: rules.Booker = rules.SELF) -> str:
    """The one of these addresses that the proof is of. Raises ``ContactNotProved`` unless it is ours and of today."""
    try:
        made = signing.loads(proof, salt=_SALT)
        fresh = clock.now() - datetime.fromisoformat(made["at"]) < PROOF_LASTS
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        raise ContactNotProved from None
    known = {digest(one): one for one in (contact.email, contact.phone, booker.email) if one}
    if not fresh or made["of"] not in known:
        raise ContactNotProved
    return known[made["of"]]


def proof_for(contact_digest: str) -> str:
    """Sign that a contact was proved now."""
    return signing.dumps({"of": contact_digest, "at": clock.now().isoformat()}, salt=_SALT)


@action()
def _count_try(check: ContactCheck) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [check.pk, TRIES, clock.now()])
        row = cursor.fetchone()
    if row is None:
        raise CodeExpired
    return str(row[0])


@action()
def _proved(check: ContactCheck) -> None:
    ContactCheck.objects.filter(pk=check.pk, proved_at=None).update(proved_at=clock.now())


def _sealed(token: str, code: str) -> str:
    return digest(f"{token}:{code}")
