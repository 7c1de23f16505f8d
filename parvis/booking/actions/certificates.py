"""The certificate of request: dated, signed facts that somebody asked for a seat and has none yet."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from parvis.booking import signing
from parvis.booking.models import Attempt, Certificate, SeatRequest
from parvis.booking.models.appointments import new_token
from parvis.booking.queries import draws, links
from parvis.booking.states import REQUEST_LIVE, REQUEST_MOVES, RequestState
from parvis.common import clock
from parvis.common.database import action, lock
from parvis.common.states import check_move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor

A_WEEK = timedelta(days=7)


@action()
def issue_certificate(request: SeatRequest, *, by: Actor) -> Certificate:
    """State, dated and signed, that a person asked and has no seat yet. The same day, the same one while it is true.

    The dates of the attempts are what a judge counts: several that are not all of one week (source: CE 10 June 2020,
    n° 435594). Raises ``IllegalMove`` for somebody who has a seat, or who withdrew the request.
    """
    now = clock.now()
    request = lock(SeatRequest, request.pk)
    if request.state not in REQUEST_LIVE or draws.is_served(request):
        check_move(REQUEST_MOVES, RequestState.PLACED, request.state)
    tried = list(draws.attempts(request))
    last = request.certificates.order_by("-issued_at").first()
    facts = _facts(request, tried, day=clock.today())
    if last is not None and _same(last.facts, facts):
        return last
    token = new_token()
    stated = {**facts, "token": token}
    made = Certificate.objects.create(
        request=request, token=token, issued_at=now, facts=stated, signature=signing.sign(stated)
    )
    procedure = request.procedure.code
    journal.record(
        "certificate.issued", made, by=by, at=now, office=request.office_id,
        procedure=procedure, attempts=len(tried), lost=request.lost, apart=facts["more_than_a_week_apart"],
    )  # fmt: skip
    return made


def is_valid(certificate: Certificate) -> bool:
    """Whether the office signed this, for this address, and nothing in it was changed since."""
    named = certificate.facts.get("token") == certificate.token
    return named and signing.is_genuine(certificate.facts, certificate.signature)


def _facts(request: SeatRequest, tried: Sequence[Attempt], *, day: date) -> dict[str, Any]:
    days = [timezone.localtime(attempt.at).date() for attempt in tried]
    return {
        "issued_on": day.isoformat(),
        "checked_until": links.last_day_of(day).isoformat(),
        "office": request.office.code,
        "procedure": request.procedure.code,
        "number": request.number,
        "family_name": request.family_name,
        "given_name": request.given_name,
        "birth_date": request.birth_date.isoformat(),
        "asked_on": timezone.localtime(request.created_at).date().isoformat(),
        "expires_on": request.expires_on.isoformat() if request.expires_on else "",
        "attempts": [
            {"on": on.isoformat(), "outcome": attempt.outcome} for on, attempt in zip(days, tried, strict=True)
        ],
        "draws_lost": request.lost,
        "more_than_a_week_apart": bool(days) and max(days) - min(days) > A_WEEK,
    }


def _same(before: dict[str, Any], facts: dict[str, Any]) -> bool:
    return {name: value for name, value in before.items() if name != "token"} == facts
