"""Tell people about their appointment or their request, by every channel they gave."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from parvis.booking.models import Appointment, SeatRequest
from parvis.booking.states import BookedBy
from parvis.messages.actions import Draft, queue_all
from parvis.messages.states import Channel

# Somebody who was not at the screen when it happened must learn it, by letter when nothing else arrives.
MUST_ARRIVE = frozenset(
    {
        "booking.cancelled_by_office",
        "booking.moved_by_office",
        "booking.seat_withdrawn",
        "booking.summons",
        "booking.taken_for_you",
        "booking.request_drawn",
    }
)


def about(thing: Appointment | SeatRequest) -> str:
    """How messages name what they are about."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def tell_person(appointment: Appointment, kind: str, *, now: datetime, suffix: str = "", **facts: Any) -> None:
    """Tell the person, and whoever booked for them, once per state of the appointment (its ``sequence``).

    Inside the caller's transaction, after its write, in one statement. ``suffix`` tells apart what is told twice
    within one state of the appointment.
    """
    queue_all(messages_of(appointment, kind, suffix=suffix, **facts), now=now)


def messages_of(appointment: Appointment, kind: str, *, suffix: str = "", **facts: Any) -> list[Draft]:
    """What the person, and whoever booked for them, are to be told; for a statement that writes more than that."""
    stem = f"{kind}:{appointment.pk}:{appointment.sequence}"
    common: dict[str, Any] = {
        "kind": kind,
        "language": appointment.language,
        "about": about(appointment),
        "facts": {"appointment": appointment.pk, "office": appointment.office_id, **facts},
    }
    return [
        *_drafts(appointment, stem=stem, suffix=suffix, **common),
        *_booker_drafts(appointment, stem=stem, suffix=suffix, **common),
    ]


def tell_requester(request: SeatRequest, kind: str, *, now: datetime, suffix: str = "", **facts: Any) -> None:
    """Tell whoever asked for a place what became of it. ``facts`` are the keys of what it is about (``batch=12``)."""
    queue_all(_requester_drafts(request, kind, suffix, facts), now=now)


def tell_requesters(requests: Sequence[SeatRequest], kind: str, *, now: datetime, **facts: Any) -> None:
    """Tell everybody of a draw the same thing, a thousand at a time."""
    drafts = [draft for request in requests for draft in _requester_drafts(request, kind, "", facts)]
    for start in range(0, len(drafts), 1000):
        queue_all(drafts[start : start + 1000], now=now)


def _requester_drafts(request: SeatRequest, kind: str, suffix: str, facts: dict[str, Any]) -> list[Draft]:
    stem = f"{kind}:{request.pk}" + "".join(f":{name}={value}" for name, value in sorted(facts.items()))
    common: dict[str, Any] = {
        "kind": kind,
        "language": request.language,
        "about": about(request),
        "facts": {"request": request.pk, "office": request.office_id, **facts},
    }
    return [
        *_drafts(request, stem=stem, suffix=suffix, **common),
        *_booker_drafts(request, stem=stem, suffix=suffix, **common),
    ]


def _booker_drafts(thing: Appointment | SeatRequest, *, stem: str, suffix: str, **common: Any) -> list[Draft]:
    """The copy of whoever did it for the person."""
    to = thing.booker_email if thing.booked_by != BookedBy.SELF else ""
    if not to or to == thing.email:
        return []
    common["facts"] = {**common["facts"], "to_booker": True}
    return [Draft(key=f"{stem}:booker{suffix}", to=to, channel=Channel.EMAIL, **common)]


def _drafts(person: Appointment | SeatRequest, *, stem: str, suffix: str, **common: Any) -> list[Draft]:
    if common["kind"] in MUST_ARRIVE:
        common["facts"] = {**common["facts"], "otherwise": [[Channel.LETTER.value, person.number]]}
    ways = [(Channel.EMAIL, person.email), (Channel.SMS, person.phone)]
    drafts = [Draft(key=f"{stem}:{way}{suffix}", to=to, channel=way, **common) for way, to in ways if to]
    if not drafts and common["kind"] in MUST_ARRIVE:
        # Nothing was given to reach them by: the letter at once.
        letter = {**common, "facts": {**common["facts"], "otherwise": []}}
        drafts = [Draft(key=f"{stem}:{Channel.LETTER}{suffix}", to=person.number, channel=Channel.LETTER, **letter)]
    return drafts
