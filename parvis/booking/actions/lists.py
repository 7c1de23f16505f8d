"""The list of a batch: written when it closes, read again when it is drawn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from parvis.booking import lottery
from parvis.booking.actions.placing import Spot
from parvis.booking.lottery import Entry, Place
from parvis.booking.models import AllocationRule, Batch, Seat, SeatRequest
from parvis.booking.queries import draws
from parvis.booking.states import RequestState, SeatState
from parvis.common import clock
from parvis.procedures import queries as catalogue
from parvis.procedures import rules as filing


def waiting(batch: Batch) -> QuerySet[SeatRequest]:
    """The requests of a batch that still wait."""
    return SeatRequest.objects.filter(batch=batch, state=RequestState.WAITING).order_by("pk")


def closed_list(batch: Batch, found: Sequence[Spot], now: datetime) -> dict[str, Any]:
    """What is published when a batch closes: who asks, hidden behind lines, and these places."""
    day = clock.office_day(now)
    rule = draws.drawing(batch.office, batch.procedure)
    timed = filing.applicable(catalogue.filing_rules(batch.procedure, batch.seats_from), "default")
    header = {
        "office": batch.office.code,
        "procedure": batch.procedure.code,
        "batch": batch.number,
        "commitment": batch.commitment,
        "opened_at": timezone.localtime(batch.opens_at).isoformat(timespec="seconds"),
        "closed_at": timezone.localtime(now).isoformat(timespec="seconds"),
    }
    entries = (_entry(batch, request, timed, day) for request in waiting(batch))
    places = (Place(place=spot.name, at=spot.at) for spot in found)
    most_losses = rule.most_losses if rule else AllocationRule().most_losses
    return lottery.closed_list(entries, places, header=header, most_losses=most_losses)


def kept_spots(batch: Batch, frozen: Mapping[str, Any]) -> tuple[dict[str, Spot], list[str]]:
    """The places of the list that are still the draw's, locked, and the names of those withdrawn meanwhile."""
    named = {row["place"]: tuple(map(int, row["place"].split("+"))) for row in frozen["places"]}
    wanted = sorted({seat for seats in named.values() for seat in seats})
    rows = Seat.objects.filter(pk__in=wanted, state=SeatState.WITHHELD, slot__starts_at__gt=clock.now())
    locked = rows.select_related("slot").order_by("pk").select_for_update(of=("self",), no_key=True)
    seats = {seat.pk: seat for seat in locked}
    kept, withdrawn = {}, []
    for name, keys in named.items():
        if any(key not in seats for key in keys):
            withdrawn.append(name)
            continue
        first = seats[keys[0]]
        minutes = sum(seats[key].slot.minutes for key in keys)
        kept[name] = Spot(
            keys, first.slot.line_id, first.slot.day, first.slot.starts_at, minutes, first.audience
        )  # fmt: skip
    return kept, withdrawn


def waiting_by_line(batch: Batch) -> dict[str, SeatRequest]:
    """The requests of the list that still wait, locked, with what the many who lose are told by."""
    told = ("office", "procedure", "number", "token", "state", "lost", "email", "phone", "language", "channel", "batch")
    rows = waiting(batch).only(*told).select_for_update(no_key=True)
    return {_line(batch, request): request for request in rows}


def _entry(batch: Batch, request: SeatRequest, timed: Iterable[filing.Rule], day: date) -> Entry:
    ground = request.ground if request.ground_confirmed_by_id else ""
    since = filing.verdict(timed, expires_on=request.expires_on, day=batch.seats_from)
    too_early = since.kind == filing.Kind.TOO_EARLY and since.opens
    return Entry(
        line=_line(batch, request),
        lost=request.lost,
        stratum=lottery.stratum(expires_on=request.expires_on, ground=ground, day=day),
        suits=tuple(request.suits),
        since=too_early.isoformat() if too_early else "",
    )


def _line(batch: Batch, request: SeatRequest) -> str:
    return lottery.line_name(batch.commitment, request.number, request.token)
