"""A batch from its commitment to its published result, on real seats and through the real actions."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from parvis.booking import actions, lottery, queries
from parvis.booking.errors import BatchStillOpen, ByDrawOnly, DrawNotYet, NotByDraw
from parvis.booking.lottery import verify_draw
from parvis.booking.models import AllocationRule, Appointment, Batch, Seat, SeatRequest, Slot
from parvis.booking.rules import Booker
from parvis.booking.states import BatchState, BookedBy, RequestState, SeatState, UrgentGround
from parvis.common import clock
from parvis.common.errors import IllegalMove
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages import composing
from parvis.messages.models import Message
from parvis.procedures.models import FilingWindow
from tests.booking.house import SINCE, WEB, BookingHouse, seat_states
from tests.booking.scarcity import FIRST_DAY, OPEN, Scarcity, drawn


@pytest.fixture
def scarce(house: BookingHouse) -> Scarcity:
    return drawn(house)


def states(*requests: SeatRequest) -> list[str]:
    for one in requests:
        one.refresh_from_db()
    return [one.state for one in requests]


def test_the_whole_way(scarce: Scarcity, tmp_path: Path) -> None:
    """Five ask for two seats: two are expected, three have one loss and wait for the next batch, and all are told."""
    slot = scarce.seats(2)
    batch = scarce.batch()
    people = [scarce.ask() for _ in range(5)]
    batch = scarce.draw(batch)
    assert (batch.state, batch.requests, batch.seats, batch.placed) == (BatchState.DRAWN, 5, 2, 2)
    winners = scarce.placed(*people)
    losers = [one for one in people if one not in winners]
    assert len(winners) == 2
    assert seat_states(slot) == ["booked", "booked"]
    for one in winners:
        assert one.appointment is not None
        assert (one.appointment.state, one.appointment.starts_at) == ("confirmed", slot.starts_at)
        assert queries.live_of(one.identity, scarce.procedure) == one.appointment
    assert {(one.state, one.lost) for one in losers} == {(RequestState.WAITING, 1)}
    assert {one.outcome for loser in losers for one in queries.draws.attempts(loser)} == {"asked", "drawn_without_seat"}
    told = Message.objects.order_by("pk").values_list("recipient", "kind")
    assert {to for to, kind in told if kind == "booking.request_drawn"} == {one.email for one in winners}
    assert {to for to, kind in told if kind == "booking.request_lost"} == {one.email for one in losers}
    path = tmp_path / "tirage.json"
    path.write_text(json.dumps(batch.published))
    assert verify_draw.main([str(path), "--commitment", batch.commitment]) == 0


def test_the_commitment_comes_first_and_the_seed_last(scarce: Scarcity) -> None:
    scarce.seats(1)
    batch = scarce.batch()
    scarce.ask()
    assert batch.commitment == lottery.commitment(batch.seed)
    assert batch.published is None
    clock.hold(batch.closes_at)
    batch = actions.close_batch(batch, by=SYSTEM)
    assert batch.seed not in json.dumps(batch.published)
    assert batch.published is not None
    assert lottery.digest(batch.published["list"]) == batch.list_digest == batch.published["digest"]
    drawn_batch = actions.draw(batch, by=SYSTEM)
    assert drawn_batch.published is not None
    assert drawn_batch.published["seed"] == batch.seed
    assert drawn_batch.published["list"] == batch.published["list"]


def test_nothing_published_names_anybody(scarce: Scarcity) -> None:
    scarce.seats(1)
    batch = scarce.batch()
    people = [scarce.ask() for _ in range(3)]
    published = json.dumps(scarce.draw(batch).published)
    facts = str(list(Entry.objects.order_by("pk").values_list("facts", flat=True)))
    for one in people:
        for secret in (one.number, one.token, one.family_name, one.email, one.foreign_number, one.identity):
            assert secret not in published
            assert secret not in facts


def test_a_person_finds_their_own_line(scarce: Scarcity) -> None:
    scarce.seats(1)
    batch = scarce.batch()
    mine = scarce.ask()
    document = scarce.draw(batch).published
    line = verify_draw.my_line(document or {}, mine.number, mine.token)
    assert verify_draw.my_result(document or {}, line) == f"{FIRST_DAY}T09:00"


def test_nobody_closes_before_the_hour_announced(scarce: Scarcity) -> None:
    batch = scarce.batch()
    with pytest.raises(BatchStillOpen):
        actions.close_batch(batch, by=scarce.house.agent)
    with pytest.raises(IllegalMove):
        actions.draw(batch, by=scarce.house.agent)


def test_closed_or_drawn_twice_nothing_more_happens(scarce: Scarcity) -> None:
    scarce.seats(1)
    batch = scarce.batch()
    scarce.ask()
    first = scarce.draw(batch)
    again = scarce.draw(batch)
    assert again.published == first.published
    assert Appointment.objects.count() == 1
    assert Entry.objects.named("batch.drawn").count() == 1


def test_one_batch_open_and_requests_that_waited_belong_to_it(scarce: Scarcity) -> None:
    early = scarce.ask()
    assert early.batch is None
    batch = scarce.batch()
    assert scarce.batch() == batch
    early.refresh_from_db()
    assert early.batch == batch


def test_a_procedure_that_is_booked_directly_has_no_batch(house: BookingHouse) -> None:
    with pytest.raises(NotByDraw):
        actions.open_batch(house.office, house.house.procedures["student"], by=SYSTEM)


def test_its_seats_are_not_booked_directly(scarce: Scarcity) -> None:
    slot = scarce.seats(1)
    with pytest.raises(ByDrawOnly):
        scarce.house.hold(slot)


@pytest.mark.parametrize(
    ("hour", "days", "closes"),
    [("10:00", 7, "2017-12-17"), ("13:00", 7, "2017-12-18"), ("10:00", 1, "2017-12-12"), ("13:00", 1, "2017-12-12")],
)
def test_a_batch_closes_at_noon_after_a_whole_day_at_least(
    house: BookingHouse, hour: str, days: int, closes: str
) -> None:
    clock.hold(clock.at(OPEN, hour))
    batch = drawn(house, batch_days=days, near_days=4).batch()
    day = date.fromisoformat(closes)
    assert batch.closes_at == clock.at(day, "12:00")
    assert (batch.seats_from, batch.seats_to) == (day + timedelta(days=1), day + timedelta(days=4 + days))


def test_legal_urgency_goes_before_the_lot(scarce: Scarcity, house: BookingHouse) -> None:
    scarce.seats(3)
    batch = scarce.batch()
    others = [scarce.ask() for _ in range(8)]
    soon = scarce.ask(expires_on=FIRST_DAY + timedelta(days=5))
    court = actions.confirm_ground(scarce.ask(ground=UrgentGround.COURT_ORDER), by=house.agent)
    claimed = scarce.ask(ground=UrgentGround.JOB_AT_RISK)
    scarce.draw(batch)
    placed = scarce.placed(*others, soon, court, claimed)
    assert {soon, court} <= set(placed)
    assert len(placed) == 3
    listed = {row["stratum"] for row in Batch.objects.get().published["list"]["requests"]}
    assert listed == {lottery.COURT_ORDER, lottery.TWO_WEEKS, lottery.OTHERS}, (
        "an unconfirmed ground counts for nothing"
    )


def test_who_asked_for_somebody_else_is_kept_with_the_place(scarce: Scarcity) -> None:
    scarce.seats(1)
    batch = scarce.batch()
    booker = Booker(kind=BookedBy.ASSOCIATION, name="Association Fictive", email="accueil@association.invalid")
    request = scarce.ask(booker=booker)
    scarce.draw(batch)
    (won,) = scarce.placed(request)
    assert won.appointment is not None
    kept = won.appointment.booked_by, won.appointment.booker_name, won.appointment.booker_email
    assert kept == (booker.kind, booker.name, booker.email)


def test_only_days_that_suit(scarce: Scarcity) -> None:
    monday = scarce.seats(1, day=FIRST_DAY)
    tuesday = scarce.seats(1, day=FIRST_DAY + timedelta(days=1), hour="14:00")
    batch = scarce.batch()
    afternoon = scarce.ask(suits=["2pm"])
    wednesday = scarce.ask(suits=["3am", "3pm"])
    scarce.draw(batch)
    assert states(afternoon, wednesday) == [RequestState.PLACED, RequestState.WAITING]
    assert seat_states(tuesday) == ["booked"]
    assert seat_states(monday) == ["free"]


def test_nobody_is_seated_before_their_window_opens(scarce: Scarcity) -> None:
    """A permit that expires on 20 February may be renewed from 20 December: Monday 18 is too early, Thursday 21 not."""
    FilingWindow.objects.create(
        procedure=scarce.procedure, kind="last_months_before_expiry", months=2, valid_from=SINCE
    )
    too_early = scarce.seats(1, day=FIRST_DAY)
    scarce.seats(1, day=FIRST_DAY + timedelta(days=4))
    batch = scarce.batch()
    made = scarce.ask(expires_on=date(2018, 2, 20))
    scarce.draw(batch)
    made.refresh_from_db()
    assert made.appointment is not None
    assert made.appointment.day == FIRST_DAY + timedelta(days=4)
    assert seat_states(too_early) == ["free"]


def test_nobody_loses_more_than_k_draws(house: BookingHouse) -> None:
    """Nine wait, two more come each week for three seats: with three losses at most, nobody has four."""
    scarce = drawn(house, most_losses=3)
    people = [scarce.ask() for _ in range(9)]
    for week in range(6):
        batch = scarce.batch()
        scarce.seats(3, day=batch.seats_from + timedelta(days=1))
        scarce.draw(batch)
        assert len(scarce.placed(*people)) == 3 * (week + 1)
        people += [scarce.ask() for _ in range(2)]
    assert max(one.lost for one in people) <= 3
    assert queries.draws.beyond_the_bound(house.office) == {}


def test_more_people_carried_over_than_seats_is_said(house: BookingHouse) -> None:
    """One seat a week for four who may lose once: the bound cannot hold; most losses go first, and it is counted."""
    scarce = drawn(house, most_losses=1)
    people = [scarce.ask() for _ in range(4)]
    for _ in range(3):
        batch = scarce.batch()
        scarce.seats(1, day=batch.seats_from + timedelta(days=1))
        scarce.draw(batch)
    scarce.placed(*people)
    assert sorted(one.lost for one in people) == [0, 1, 2, 3]
    assert queries.draws.beyond_the_bound(house.office) == {scarce.procedure.pk: 1}
    beyond = [entry.facts["beyond"] for entry in Entry.objects.named("batch.drawn").order_by("pk")]
    assert beyond == [0, 2, 1]


def test_seats_withheld_are_drawn_and_what_is_left_is_free_again_later(scarce: Scarcity) -> None:
    slot = scarce.seats(2)
    Seat.objects.filter(slot=slot, number=1).update(state=SeatState.WITHHELD)
    batch = scarce.batch()
    made = scarce.ask()
    scarce.draw(batch)
    made.refresh_from_db()
    assert seat_states(slot) == ["booked", "free"]
    left = Seat.objects.get(slot=slot, state=SeatState.FREE)
    assert left.available_from is not None
    assert left.available_from > clock.now()


def test_seats_kept_for_another_audience_or_for_urgent_cases_are_not_drawn(scarce: Scarcity) -> None:
    """Before they fall back to everybody; those of a channel are, since every channel asks in one list."""
    later = FIRST_DAY + timedelta(days=4)
    students = scarce.seats(1, day=later, hour="09:00", audience="students")
    urgent = scarce.seats(1, day=later, hour="10:00", channel="urgent")
    phone = scarce.seats(1, day=later, hour="11:00", channel="phone")
    batch = scarce.batch()
    for _ in range(3):
        scarce.ask()
    assert scarce.draw(batch).seats == 1
    assert [seat_states(slot) for slot in (students, urgent, phone)] == [["free"], ["free"], ["booked"]]


def test_a_visit_that_needs_two_slots_takes_two_seats_in_a_row(scarce: Scarcity) -> None:
    """Fifteen minutes in slots of ten: three slots of one seat hold one visit, and the third seat stays free."""
    slots = scarce.house.slots(day=FIRST_DAY, hours=("09:00", "09:30"), seats=1, minutes=10)
    batch = scarce.batch()
    people = [scarce.ask() for _ in range(2)]
    assert scarce.draw(batch).seats == 1
    (placed,) = scarce.placed(*people)
    assert placed.appointment is not None
    assert placed.appointment.minutes == 20
    assert [seat_states(slot) for slot in slots] == [["booked"], ["booked"], ["free"]]


def test_closed_days_and_holidays_give_no_place(scarce: Scarcity) -> None:
    from parvis.offices import actions as offices

    closed = scarce.seats(1, day=FIRST_DAY)
    offices.close_exceptionally(
        scarce.house.office, FIRST_DAY, lines=[], reason={"fr": "Travaux fictifs"}, by=scarce.house.agent
    )
    batch = scarce.batch()
    scarce.ask()
    assert scarce.draw(batch).seats == 0
    assert seat_states(closed) == ["free"]


def test_a_place_withdrawn_between_the_close_and_the_draw_is_named(scarce: Scarcity, tmp_path: Path) -> None:
    scarce.seats(2)
    batch = scarce.batch()
    people = [scarce.ask() for _ in range(3)]
    clock.hold(batch.closes_at)
    batch = actions.close_batch(batch, by=SYSTEM)
    gone = Seat.objects.order_by("pk")[0]
    Seat.objects.filter(pk=gone.pk).update(state=SeatState.WITHDRAWN)
    batch = actions.draw(batch, by=SYSTEM)
    assert len(scarce.placed(*people)) == 1
    assert batch.published is not None
    assert batch.published["withdrawn"] == [str(gone.pk)]
    assert verify_draw.faults(batch.published) == []


def test_who_withdraws_after_the_close_leaves_the_place_to_somebody_else(scarce: Scarcity) -> None:
    slot = scarce.seats(1)
    batch = scarce.batch()
    made = scarce.ask()
    clock.hold(batch.closes_at)
    batch = actions.close_batch(batch, by=SYSTEM)
    actions.withdraw_request(made, by=WEB)
    batch = actions.draw(batch, by=SYSTEM)
    assert batch.placed == 0
    assert seat_states(slot) == ["free"]
    assert verify_draw.faults(batch.published or {}) == []


@pytest.mark.parametrize("when", ["before the close", "after the close"])
def test_who_has_booked_otherwise_needs_no_place(scarce: Scarcity, when: str) -> None:
    """The scarce seats go to those who have none, and nobody has two."""
    slot = scarce.seats(1)
    batch = scarce.batch()
    made = scarce.ask()

    def book_otherwise() -> None:
        other = scarce.seats(1, day=FIRST_DAY + timedelta(days=1))
        appointment = scarce.give(other)
        appointment.booked.update(identity=made.identity)

    if when == "before the close":
        book_otherwise()
    clock.hold(batch.closes_at)
    batch = actions.close_batch(batch, by=SYSTEM)
    if when == "after the close":
        book_otherwise()
    actions.draw(batch, by=SYSTEM)
    assert states(made) == [RequestState.WITHDRAWN]
    assert seat_states(slot) == ["free"]


def test_a_freed_seat_goes_to_the_next_draw(scarce: Scarcity) -> None:
    """Cancelled at three in the morning: nobody can take it by name, the next draw gives it."""
    batch = scarce.batch()
    slot = scarce.seats(1, day=batch.seats_to - timedelta(days=1))
    first = scarce.ask()
    scarce.draw(batch)
    first.refresh_from_db()
    waiting = [scarce.ask() for _ in range(3)]
    following = scarce.batch()
    clock.hold(clock.at(clock.today() + timedelta(days=1), "03:00"))
    assert first.appointment is not None
    actions.cancel(first.appointment, by=WEB)
    assert seat_states(slot) == ["withheld"]
    with pytest.raises(ByDrawOnly):
        scarce.house.hold(slot)
    scarce.draw(following)
    assert len(scarce.placed(*waiting)) == 1
    assert seat_states(slot) == ["booked"]


def test_the_clock_alone_opens_closes_and_draws(scarce: Scarcity) -> None:
    assert actions.run_due() == 0
    batch = Batch.objects.get()
    scarce.seats(1)
    made = scarce.ask()
    clock.hold(batch.closes_at - timedelta(seconds=1))
    assert actions.run_due() == 0
    clock.hold(batch.closes_at)
    assert actions.run_due() == 1
    assert states(made) == [RequestState.PLACED]
    assert list(Batch.objects.order_by("number").values_list("number", "state")) == [(1, "drawn"), (2, "open")]
    assert actions.run_due() == 0


def test_losers_are_in_the_batch_that_is_open(scarce: Scarcity) -> None:
    actions.run_due()
    made = scarce.ask()
    clock.hold(Batch.objects.get().closes_at)
    actions.run_due()
    made.refresh_from_db()
    assert made.batch == Batch.objects.get(state=BatchState.OPEN)


def test_who_asks_after_the_hour_is_in_the_next_list(scarce: Scarcity) -> None:
    """The list closes at the hour announced even when the close itself comes a minute later."""
    batch = scarce.batch()
    clock.hold(batch.closes_at + timedelta(seconds=30))
    late = scarce.ask()
    closed = actions.close_batch(batch, by=SYSTEM)
    assert closed.requests == 0
    actions.run_due()
    late.refresh_from_db()
    assert late.batch == Batch.objects.get(state=BatchState.OPEN)


def test_an_empty_batch_is_drawn_too(scarce: Scarcity, tmp_path: Path) -> None:
    batch = scarce.draw(scarce.batch())
    assert (batch.requests, batch.seats, batch.placed) == (0, 0, 0)
    path = tmp_path / "vide.json"
    path.write_text(json.dumps(batch.published))
    assert verify_draw.main([str(path)]) == 0


def test_both_people_and_seats_are_counted_in_the_journal(scarce: Scarcity) -> None:
    scarce.seats(1)
    batch = scarce.batch()
    for _ in range(2):
        scarce.ask()
    scarce.draw(batch)
    told: dict[str, Any] = {entry.what: entry.facts for entry in Entry.objects.about(batch)}
    assert list(told) == ["batch.opened", "batch.closed", "batch.drawn"]
    assert told["batch.drawn"] | {"procedure": "renewal"} == {
        "procedure": "renewal", "batch": 1, "requests": 2, "seats": 1, "placed": 1, "carried": 0, "beyond": 0,
    }  # fmt: skip
    assert Entry.objects.named("request.lost").count() == Entry.objects.named("request.placed").count() == 1
    assert Entry.objects.named("appointment.confirmed").count() == 1


def test_a_batch_without_a_place_counts_no_loss(scarce: Scarcity) -> None:
    batch = scarce.batch()
    made = scarce.ask()
    drawn_batch = scarce.draw(batch)
    made.refresh_from_db()
    assert (made.state, made.lost, drawn_batch.seats) == (RequestState.WAITING, 0, 0)
    assert [one.outcome for one in queries.draws.attempts(made)] == ["asked", "no_seat"]
    assert not Entry.objects.named("request.lost").exists()
    said = composing.composed(Message.objects.get(kind="booking.request_lost"))
    assert "aucune place à ce tirage" in said.body
    assert "compte pour le tirage suivant" in said.body


def test_no_batch_opens_before_it_reaches_a_day_of_the_draw(house: BookingHouse) -> None:
    """Opened on Monday a batch gives up to the 28th: a draw that begins on the 29th has its first one on Tuesday."""
    begins = OPEN + timedelta(days=18)
    scarce = drawn(house)
    AllocationRule.objects.update(valid_from=begins)
    assert actions.run_due() == 0
    assert not Batch.objects.exists()
    with pytest.raises(DrawNotYet):
        scarce.batch()
    clock.hold(clock.now() + timedelta(days=1))
    actions.run_due()
    assert Batch.objects.get().seats_to == begins


class TestTheDrawEnds:
    """From Monday on, the seats that a draw gave are booked directly."""

    @pytest.fixture
    def slot(self, scarce: Scarcity) -> Slot:
        """A seat kept for the next draw, of the days that the open batch would give."""
        scarce.batch()
        slot = scarce.seats(1, day=FIRST_DAY + timedelta(days=1))
        actions.cancel(scarce.give(slot), by=WEB)
        assert seat_states(slot) == ["withheld"]
        return slot

    def end(self, scarce: Scarcity, **changes: Any) -> None:
        said = {"allocation": "immediate", "valid_from": FIRST_DAY, "by": scarce.house.agent} | changes
        actions.change_allocation(scarce.house.office, scarce.procedure, **said)

    def test_kept_seats_are_free_after_a_random_delay(self, scarce: Scarcity, slot: Slot) -> None:
        self.end(scarce)
        seat = slot.seats.get()
        assert seat.state == SeatState.FREE
        assert seat.available_from is not None
        assert seat.available_from >= clock.now() + timedelta(minutes=10)
        clock.hold(seat.available_from)
        assert scarce.house.hold(slot)

    def test_those_of_the_days_before_stay_the_draw_s(self, scarce: Scarcity, slot: Slot) -> None:
        self.end(scarce, valid_from=slot.day + timedelta(days=1))
        assert seat_states(slot) == ["withheld"]

    def test_those_that_another_draw_may_give_stay_its(self, scarce: Scarcity, slot: Slot) -> None:
        drawn(scarce.house, "student")
        self.end(scarce)
        assert seat_states(slot) == ["withheld"]

    def test_those_of_a_closed_list_are_still_drawn(self, scarce: Scarcity, slot: Slot) -> None:
        made = scarce.ask()
        clock.hold(Batch.objects.get().closes_at)
        batch = actions.close_batch(Batch.objects.get(), by=SYSTEM)
        self.end(scarce)
        actions.draw(batch, by=SYSTEM)
        assert states(made) == [RequestState.PLACED]

    @pytest.mark.usefixtures("slot")
    def test_who_waited_is_told_the_truth(self, scarce: Scarcity) -> None:
        made = scarce.ask()
        self.end(scarce)
        batch = scarce.draw(Batch.objects.get())
        made.refresh_from_db()
        assert (batch.seats, made.state, made.lost, made.batch) == (0, RequestState.WAITING, 0, None)
        said = composing.composed(Message.objects.get(kind="booking.request_lost"))
        assert "se réservent maintenant directement" in said.body.replace("\n", " ")
        assert "tirage suivant" not in said.body
        assert actions.run_due() == 0
        assert not Batch.objects.filter(state=BatchState.OPEN).exists()
