"""A batch from its opening to its published result: commit, gather, close, draw.

Opening publishes the commitment to a seed, closing the list and its digest, drawing the seed and the result.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from parvis.booking import lottery, queries
from parvis.booking.actions import lists, placing
from parvis.booking.actions.placing import Spot
from parvis.booking.actions.telling import tell_requesters
from parvis.booking.errors import AlreadyBooked, BatchStillOpen, DrawNotYet, NotByDraw
from parvis.booking.models import Appointment, Batch, BookedProcedure, SeatRequest
from parvis.booking.queries import draws
from parvis.booking.states import BATCH_MOVES, REQUEST_MOVES, BatchState, RequestState, SeatState
from parvis.common import clock, live
from parvis.common.database import action
from parvis.common.errors import Busy
from parvis.common.states import check_move, move
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM, Actor
from parvis.offices.models import Office
from parvis.procedures.models import Procedure

_SWEEP = """
UPDATE booking_seatrequest SET batch_id = %s
WHERE office_id = %s AND procedure_id = %s AND state = 'waiting' AND batch_id IS NULL AND created_at <= %s
"""
_LOSE = "UPDATE booking_seatrequest SET lost = lost + %s, batch_id = %s WHERE id = ANY(%s)"
_ATTEMPTS = """
INSERT INTO booking_attempt (request_id, at, channel, batch_id, outcome)
SELECT id, %s, channel, %s, %s FROM booking_seatrequest WHERE id = ANY(%s)
"""


@action(constraints={"batch_one_open_per_procedure": Busy})
def open_batch(office: Office, procedure: Procedure, *, by: Actor) -> Batch:
    """Begin to gather requests, and publish the commitment to a seed that nobody is shown before the result.

    Requests that already wait belong to it. An open batch is left as it is. Raises ``NotByDraw``, and ``DrawNotYet``
    when it would close too early for the first day that is drawn.
    """
    now = clock.now()
    if (existing := draws.open_batch_of(office, procedure)) is not None:
        return existing
    rule = draws.drawing(office, procedure)
    if rule is None:
        raise NotByDraw
    closes_on, seats_from, seats_to = draws.batch_days(rule, now)
    if not draws.reaches_a_draw(office, procedure, seats_from, seats_to):
        raise DrawNotYet
    seed = lottery.new_seed()
    last = Batch.objects.filter(office=office, procedure=procedure).order_by("-number").first()
    batch = Batch.objects.create(
        office=office,
        procedure=procedure,
        number=last.number + 1 if last else 1,
        opens_at=now,
        closes_at=clock.at(closes_on, draws.CLOSES),
        seats_from=seats_from,
        seats_to=seats_to,
        commitment=lottery.commitment(seed),
        seed=seed,
    )
    _sweep(batch, now)
    closes = batch.closes_at.isoformat()
    _record("batch.opened", batch, by=by, now=now, commitment=batch.commitment, closes_at=closes)
    return batch


@action()
def close_batch(batch: Batch, *, by: Actor) -> Batch:
    """Freeze the list of requests and of places, and publish it with its digest. Closed before: nothing more happens.

    The seats of the list are kept until the draw. Raises ``BatchStillOpen`` before the hour that was announced.
    """
    now = clock.now()
    batch = _locked(batch)
    if batch.state != BatchState.OPEN:
        return batch
    if batch.closes_at > now:
        raise BatchStillOpen
    _sweep(batch, batch.closes_at)
    _leave_out_the_served(batch, by=by, now=now)
    found = _spots(batch, now)
    placing.set_state([seat for spot in found for seat in spot.seats], SeatState.WITHHELD)
    frozen = lists.closed_list(batch, found, now)
    document = {"commitment": batch.commitment, "digest": lottery.digest(frozen), "list": frozen}
    counts = {"requests": len(frozen["requests"]), "seats": len(found)}
    closed = {"closed_at": now, "list_digest": document["digest"], "published": document}
    move(batch, BatchState.CLOSED, moves=BATCH_MOVES, **closed, **counts)
    _record("batch.closed", batch, by=by, now=now, digest=batch.list_digest, **counts)
    live.changed(f"booking:{batch.office_id}")
    return batch


@action(constraints={"booked_once_per_person": AlreadyBooked})
def draw(batch: Batch, *, by: Actor) -> Batch:
    """Draw a closed list, give the places, and publish seed and result. Drawn before: nothing more happens.

    Each person who gets nothing has one loss more, if there was any place, and waits for the next batch. Places that
    the office withdrew after the close are named and left out; what is left over is free again. Raises
    ``IllegalMove`` before the close, and ``AlreadyBooked`` when somebody books otherwise at this very instant: try
    again.
    """
    now = clock.now()
    batch = _locked(batch)
    if batch.state == BatchState.DRAWN:
        return batch
    check_move(BATCH_MOVES, batch.state, BatchState.DRAWN)
    document: dict[str, Any] = dict(batch.published or {})
    kept, withdrawn = lists.kept_spots(batch, document["list"])
    result = lottery.draw(document["list"], batch.seed, without=withdrawn)
    waiting = lists.waiting_by_line(batch)
    placed = _give(batch, result, waiting, kept, by=by, now=now)
    lost = [request for line, request in waiting.items() if line not in result]
    _lose(batch, lost, had_places=bool(kept), by=by, now=now)
    document |= {
        "seed": batch.seed,
        "mix": lottery.mix(batch.seed, batch.list_digest),
        "withdrawn": withdrawn,
        "result": result,
        "drawn_at": timezone.localtime(now).isoformat(timespec="seconds"),
    }
    move(batch, BatchState.DRAWN, moves=BATCH_MOVES, drawn_at=now, placed=len(placed), published=document)
    bound = document["list"]["most_losses"]
    _record(
        "batch.drawn", batch, by=by, now=now, requests=batch.requests, seats=len(kept), placed=len(placed),
        carried=sum(lottery.is_carried(row["lost"], bound) for row in document["list"]["requests"]),
        beyond=sum(request.lost + bool(kept) > bound for request in lost),
    )  # fmt: skip
    live.changed(f"booking:{batch.office_id}")
    return batch


def run_due(*, by: Actor = SYSTEM) -> int:
    """Close and draw what is due, and have a batch open wherever seats are drawn; how many draws. Safe to repeat."""
    now, drawn = clock.now(), 0
    for batch in Batch.objects.filter(state=BatchState.OPEN, closes_at__lte=now).order_by("closes_at", "pk"):
        close_batch(batch, by=by)
    for office in Office.objects.filter(allocation_rules__isnull=False).distinct().order_by("pk"):
        for procedure, _rule in draws.drawn_procedures(office):
            # A draw that begins later, or is about to end: no batch opened now would reach one of its days.
            with suppress(DrawNotYet):
                open_batch(office, procedure, by=by)
    for batch in Batch.objects.filter(state=BatchState.CLOSED).order_by("closes_at", "pk"):
        try:
            draw(batch, by=by)
        except AlreadyBooked:
            continue  # somebody was booking at that instant: the next round draws
        drawn += 1
    return drawn


def _sweep(batch: Batch, until: datetime) -> None:
    """Requests that wait for no batch wait for this one."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [batch.pk, batch.office_id, batch.procedure_id, until])


def _leave_out_the_served(batch: Batch, *, by: Actor, now: datetime) -> None:
    """Whoever has a booking made otherwise needs no seat of this draw."""
    booked = BookedProcedure.objects.filter(procedure=batch.procedure_id, is_live=True).values("identity")
    served = lists.waiting(batch).filter(identity__in=booked).select_for_update(of=("self",), no_key=True)
    for request in served:
        _end_as_served(batch, request, by=by, now=now)


def _spots(batch: Batch, now: datetime) -> list[Spot]:
    seats = placing.idle(batch.office, batch.procedure, since=batch.seats_from, until=batch.seats_to, now=now)
    return placing.spots(seats, batch.procedure.mean_minutes)


def _give(
    batch: Batch,
    result: Mapping[str, str],
    waiting: Mapping[str, SeatRequest],
    kept: Mapping[str, Spot],
    *,
    by: Actor,
    now: datetime,
) -> list[Appointment]:
    """Seat those who were drawn; a place whose person withdrew or is served otherwise is free for somebody else."""
    drawn = {line: waiting[line].pk for line in result if line in waiting}
    whole = SeatRequest.objects.select_related("procedure").in_bulk(drawn.values())
    identities = [one.identity for one in whole.values()]
    booked = BookedProcedure.objects.filter(procedure=batch.procedure_id, is_live=True, identity__in=identities)
    served = set(booked.order_by("pk").values_list("identity", flat=True))
    given = []
    for line, name in result.items():
        request = whole.get(drawn.get(line, 0))
        if request is not None and request.identity in served:
            _end_as_served(batch, request, by=by, now=now)
        elif request is not None:
            given.append((request, kept[name]))
    made = placing.place(given, by=by, now=now)
    said = {"procedure": batch.procedure.code, "batch": batch.number}
    facts = [(request, {**said, "lost": request.lost}) for request, _spot in given]
    journal.record_all("request.placed", facts, by=by, at=now, office=batch.office_id)
    tell_requesters([request for request, _spot in given], "booking.request_drawn", now=now, batch=batch.pk)
    taken = {spot for _request, spot in given}
    _let_go([spot for spot in kept.values() if spot not in taken], batch, now=now)
    return made


def _let_go(left: Sequence[Spot], batch: Batch, *, now: datetime) -> None:
    """What nobody could use: free again after a random delay where the line also books directly; the next draw's."""
    policy = queries.policy(batch.office)
    for spot in left:
        placing.set_state(spot.seats, SeatState.FREE, available_from=now + placing.delay(policy))


def _lose(batch: Batch, lost: Sequence[SeatRequest], *, had_places: bool, by: Actor, now: datetime) -> None:
    """One loss and one attempt more for each, kept with its date; the next batch is theirs.

    Without any place nothing was drawn: the attempt found no seat, and nobody has lost.
    """
    following = draws.open_batch_of(batch.office, batch.procedure)
    keys = [request.pk for request in lost]
    with connection.cursor() as cursor:
        cursor.execute(_LOSE, [int(had_places), following.pk if following else None, keys])
        cursor.execute(_ATTEMPTS, [now, batch.pk, "drawn_without_seat" if had_places else "no_seat", keys])
    if had_places:
        said = {"procedure": batch.procedure.code, "batch": batch.number}
        facts = [(request, {**said, "lost": request.lost + 1}) for request in lost]
        journal.record_all("request.lost", facts, by=by, at=now, office=batch.office_id)
    tell_requesters(lost, "booking.request_lost", now=now, batch=batch.pk)


def _end_as_served(batch: Batch, request: SeatRequest, *, by: Actor, now: datetime) -> None:
    move(request, RequestState.WITHDRAWN, moves=REQUEST_MOVES, ended_at=now, batch=None)
    _record_request("request.withdrawn", request, batch, by=by, now=now, reason="served_otherwise")


def _locked(batch: Batch) -> Batch:
    rows = Batch.objects.select_related("office", "procedure").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=batch.pk)


def _record(what: str, batch: Batch, *, by: Actor, now: datetime, **facts: object) -> None:
    said = {"procedure": batch.procedure.code, "batch": batch.number, **facts}
    journal.record(what, batch, by=by, at=now, office=batch.office_id, **said)


def _record_request(
    what: str, request: SeatRequest, batch: Batch, *, by: Actor, now: datetime, **facts: object
) -> None:
    said = {"procedure": batch.procedure.code, "batch": batch.number, "lost": request.lost, **facts}
    journal.record(what, request, by=by, at=now, office=batch.office_id, **said)
