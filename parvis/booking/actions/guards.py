"""What keeps the public path fair: allowances a day, and proofs of work that serve once."""

import base64
import hashlib
import hmac
import ipaddress
import json
from datetime import datetime, timedelta
from typing import Any

import altcha
from django.conf import settings
from django.db import connection
from django.db.models import Q

from parvis.booking.errors import ChallengeFailed, TooOften
from parvis.booking.models import Allowance, Appointment, BookedProcedure, ContactCheck, SpentChallenge
from parvis.booking.states import Status
from parvis.common import clock
from parvis.common.database import action

CHALLENGE_LASTS = timedelta(minutes=20)
# About a second of a cheap phone: 256 derivations of this cost on average.
CHALLENGE_COST = 2_000
KEPT = timedelta(days=2)
_IGNORES_DOTS = ("gmail.com", "googlemail.com")

_COUNT = """
INSERT INTO booking_allowance AS allowance (kind, sender, day, used) VALUES (%s, %s, %s, 1)
ON CONFLICT (kind, sender, day) DO UPDATE SET used = allowance.used + 1 WHERE allowance.used < %s
"""


def digest(text: str) -> str:
    """A sender as it is kept: told apart, and not to be read back without the key of the installation."""
    return hmac.new(settings.SECRET_KEY.encode(), text.strip().casefold().encode(), hashlib.sha256).hexdigest()


def counted(kind: str, sender: str) -> str:
    """The digest under which the uses of a sender are counted: a network for an address, a mailbox for its aliases."""
    if kind.endswith(".address"):
        return digest(_network(sender))
    return digest(_mailbox(sender)) if kind.endswith(".contact") else digest(sender)


@action()
def allow(kind: str, sender: str, *, limit: int) -> None:
    """Count one use by a sender today. Raises ``TooOften`` beyond the limit; an unknown sender is not counted."""
    if not sender:
        return
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [kind, counted(kind, sender), clock.today(), limit])
        if cursor.rowcount != 1 or limit < 1:
            raise TooOften


def new_challenge(now: datetime) -> dict[str, Any]:
    """A proof of work to be done by the browser, signed, good for twenty minutes."""
    until = {"until": (now + CHALLENGE_LASTS).isoformat()}
    made = altcha.create_challenge("PBKDF2/SHA-256", CHALLENGE_COST, data=until, hmac_secret=_key())
    return made.to_dict()


@action(constraints={"booking_spentchallenge_pkey": ChallengeFailed})
def spend_challenge(payload: str) -> None:
    """Accept a proof of work once. Raises ``ChallengeFailed`` when it is wrong, forged, old or was spent before."""
    now = clock.now()
    parameters = _proved(payload)
    until = datetime.fromisoformat(parameters["data"]["until"])
    if until <= now:
        raise ChallengeFailed
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO booking_spentchallenge (challenge, expires_at) VALUES (%s, %s)",
            [f"{parameters['nonce']}{parameters['salt']}"[:128], until],
        )


@action()
def forget_old() -> int:
    """Delete allowances of other days, spent proofs, codes that no longer serve, and what was typed for nothing.

    Somebody who never confirmed has two days to take up the form again; then the office knows nothing of them.
    How many rows went.
    """
    now = clock.now()
    given_up = Appointment.objects.filter(
        Q(booked__isnull=False) | ~Q(email="") | ~Q(phone="") | ~Q(booker_name="") | ~Q(booker_email=""),
        state__in=[Status.EXPIRED, Status.CANCELLED],
        confirmed_at=None,
        ended_at__lt=now - KEPT,
    ).values("pk")
    locked = list(
        Appointment.objects.filter(pk__in=given_up)
        .order_by("pk")
        .select_for_update(no_key=True, skip_locked=True)
        .values_list("pk", flat=True)
    )
    Appointment.objects.filter(pk__in=locked).update(email="", phone="", booker_name="", booker_email="")
    old = [
        Allowance.objects.filter(day__lt=clock.today() - KEPT),
        SpentChallenge.objects.filter(expires_at__lt=now - KEPT),
        ContactCheck.objects.filter(expires_at__lt=now - KEPT),
        BookedProcedure.objects.filter(appointment__in=locked),
    ]
    return sum(rows.delete()[0] for rows in old)


def _proved(payload: str) -> dict[str, Any]:
    """The parameters of a proof that this installation asked for and that is right."""
    if len(payload) > 4_000:
        raise ChallengeFailed
    try:
        result = altcha.verify_solution(payload, _key())
        parameters: dict[str, Any] = json.loads(base64.b64decode(payload))["challenge"]["parameters"]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise ChallengeFailed from None
    if not result.verified or "until" not in (parameters.get("data") or {}):
        raise ChallengeFailed
    return parameters


def _network(address: str) -> str:
    """One subscriber: an IPv4 address, or the 64 first bits of an IPv6 one, of which they own all the others."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _mailbox(contact: str) -> str:
    """One mailbox: what follows a + in its name is an alias, and so are dots where the provider ignores them."""
    name, at, domain = contact.strip().casefold().rpartition("@")
    name = name.partition("+")[0] or name
    if domain in _IGNORES_DOTS:
        name, domain = name.replace(".", ""), _IGNORES_DOTS[0]
    return f"{name}{at}{domain}"


def _key() -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"booking.challenge", hashlib.sha256).hexdigest()
