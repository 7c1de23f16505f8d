"""Every kind of message, in every language, by every channel."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.urls import resolve

from parvis.booking import actions, letters, queries
from parvis.booking.actions import telling
from parvis.booking.models import Appointment, Batch, Offer, Seat, SeatRequest
from parvis.booking.rules import Booker
from parvis.booking.states import BookedBy, CancelReason, Status
from parvis.common import clock
from parvis.messages import actions as messages
from parvis.messages import composing, rules
from parvis.messages.composing import Composed
from parvis.messages.errors import NothingToSay
from parvis.messages.models import Message
from parvis.messages.states import Channel
from parvis.messages.states import Status as Sending
from tests.booking.house import WEB, BookingHouse
from tests.booking.scarcity import drawn
from tests.permits.factories import PermitFactory

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LATIN = {"fr", "fr-simple", "en", "es", "pt", "tr"}
# What a country's own address is about as long as.
LONG_URL = "https://rdv.hauts-de-seine.exemple"
KINDS = sorted({**letters.APPOINTMENTS, **letters.REQUESTS, **letters.OTHERS})


@pytest.fixture
def facts(house: BookingHouse) -> dict[str, dict[str, Any]]:
    """Facts for every kind of message."""
    booked = house.booked(house.slot(seats=3))
    gone = house.booked(house.slot(hour="09:30"))
    actions.cancel(gone, reason=CancelReason.SEAT_WITHDRAWN, by=WEB)
    waiting, placed = _request(house, 1), _request(house, 2, appointment=house.booked(house.slot(hour="10:00")))
    batch = Batch.objects.create(
        office=house.office,
        procedure=waiting.procedure,
        number=3,
        opens_at=clock.now(),
        closes_at=clock.now() + timedelta(days=7),
        seats_from=date(2017, 12, 19),
        seats_to=date(2017, 12, 22),
        requests=40,
        seats=12,
    )
    seat = Seat.objects.filter(state="free").order_by("pk")[0]
    until = clock.now() + timedelta(hours=6)
    offer = Offer.objects.create(seat=seat, request=waiting, created_at=clock.now(), expires_at=until)
    permit = PermitFactory(office=house.office)
    appointment, over = {"appointment": booked.pk}, {"appointment": gone.pk}
    about = {"request": waiting.pk, "batch": batch.pk}
    return {
        **dict.fromkeys(letters.APPOINTMENTS, appointment),
        "booking.moved_by_office": {**appointment, "before": "2017-12-18T09:00:00+01:00"},
        "booking.seat_withdrawn": {**over, "before": "2017-12-18T09:00:00+01:00"},
        "booking.cancelled": over,
        "booking.cancelled_by_office": over,
        **dict.fromkeys(letters.REQUESTS, about),
        "booking.request_drawn": {**about, "request": placed.pk},
        "booking.offer": {**about, "offer": offer.pk},
        "booking.code": {"code": "123456"},
        "booking.summons": {"permit": permit.pk, "token": actions.summons.link(permit)},
        "booking.window_opens": {"procedure": "renewal", "opens": "2018-01-15", "office": house.office.code},
    }


def _request(house: BookingHouse, number: int, appointment: Appointment | None = None) -> SeatRequest:
    return SeatRequest.objects.create(
        office=house.office,
        procedure=house.house.procedures["renewal"],
        identity=f"n:990000900{number}",
        family_name="Fictif",
        given_name="Témoin",
        birth_date=date(1990, 2, 28),
        email=f"demande{number}@exemple.invalid",
        created_at=clock.now(),
        state="placed" if appointment else "waiting",
        appointment=appointment,
    )


def worded(kind: str, facts: dict[str, Any], *, channel: str = Channel.EMAIL, language: str = "fr") -> Composed:
    """A message as it would leave."""
    return composing.composed(Message(kind=kind, facts=facts, channel=channel, language=language))


def addresses(text: str) -> list[str]:
    """Every address that a text names."""
    return re.findall(r"https?://\S+", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_worded_in_every_language(facts: dict[str, dict[str, Any]], language: str) -> None:
    for kind in KINDS:
        said = worded(kind, facts[kind], language=language)
        assert said.subject, kind
        assert "%(" not in said.subject + said.body, kind
        if kind != "booking.code":
            assert addresses(said.body), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_sms_is_short_and_says_nothing_of_its_person(
    facts: dict[str, dict[str, Any]], language: str, settings: Any
) -> None:
    settings.PUBLIC_URL = LONG_URL
    for kind in KINDS:
        said = worded(kind, facts[kind], channel=Channel.SMS, language=language).body
        sent = rules.sms_text(said)
        # A summons carries its signature in its address.
        most = 3 if kind == "booking.summons" or language not in LATIN else 1
        assert rules.sms_parts(sent) <= most, (kind, len(sent), sent)
        for word in ("renewal", "Exemple", "Fictif", "Témoin"):
            assert word not in said, kind


def test_messages_lead_to_pages_that_exist_here(facts: dict[str, dict[str, Any]]) -> None:
    for kind in KINDS:
        for channel in (Channel.EMAIL, Channel.SMS):
            for address in addresses(worded(kind, facts[kind], channel=channel).body):
                assert address.startswith(settings.PUBLIC_URL), kind
                assert resolve(address.removeprefix(settings.PUBLIC_URL).partition("#")[0]).url_name, (kind, address)


def test_a_request_without_a_draw_promises_no_offer(facts: dict[str, dict[str, Any]]) -> None:
    said = worded("booking.request_received", facts["booking.request_received"]).body
    assert "proposons" not in said
    assert "regardez encore" in said


@pytest.mark.parametrize("is_drawn", [True, False])
@pytest.mark.parametrize("kind", ["booking.request_received", "booking.request_lost"])
def test_a_request_is_told_where_its_certificate_is(
    house: BookingHouse, facts: dict[str, dict[str, Any]], kind: str, is_drawn: bool
) -> None:
    if is_drawn:
        drawn(house)
    request = SeatRequest.objects.get(pk=facts[kind]["request"])
    assert f"/tirages/demande/{request.token}/#proof" in worded(kind, facts[kind]).body


def test_whoever_has_a_drawn_place_is_not_told_to_move_it(house: BookingHouse) -> None:
    booked = house.booked(house.slot(hour="14:00"))
    assert "déplacer" in worded("booking.confirmed", {"appointment": booked.pk}).body
    scarce = drawn(house)
    mine = scarce.give(scarce.seats(1))
    told = {"appointment": mine.pk, "request": mine.request.pk}
    for kind in ("booking.confirmed", "booking.reminder", "booking.request_drawn"):
        for channel in (Channel.EMAIL, Channel.SMS):
            assert "déplacer" not in worded(kind, told, channel=channel).body, (kind, channel)
    assert "nouvelle demande" in worded("booking.request_drawn", told).body


@pytest.mark.parametrize("kind", ["booking.confirmed", "booking.moved", "booking.request_drawn"])
def test_papers_go_with_a_confirmation(facts: dict[str, dict[str, Any]], kind: str) -> None:
    said = worded(kind, facts[kind])
    assert {one.media_type for one in said.attachments} == {"application/pdf", "text/calendar"}
    assert worded(kind, facts[kind], channel=Channel.SMS).attachments == ()


def test_a_cancellation_takes_the_entry_out_of_the_calendar(facts: dict[str, dict[str, Any]]) -> None:
    (entry,) = worded("booking.cancelled", facts["booking.cancelled"]).attachments
    assert b"METHOD:CANCEL" in entry.content


def test_every_kind_can_be_a_letter(facts: dict[str, dict[str, Any]]) -> None:
    for kind in sorted(telling.MUST_ARRIVE):
        assert worded(kind, facts[kind], channel=Channel.LETTER).paper.startswith(b"%PDF"), kind


def test_a_code_is_secret(facts: dict[str, dict[str, Any]]) -> None:
    for channel in (Channel.EMAIL, Channel.SMS):
        said = worded("booking.code", facts["booking.code"], channel=channel)
        assert said.is_secret
        assert "123456" in said.body


def test_what_no_longer_holds_is_not_said(house: BookingHouse, facts: dict[str, dict[str, Any]]) -> None:
    Appointment.objects.update(state=Status.NO_SHOW)
    Offer.objects.update(state="expired")
    SeatRequest.objects.filter(state="waiting").update(state="withdrawn")
    for kind in ("booking.confirmed", "booking.cancelled", "booking.reminder", "booking.already", "booking.offer"):
        with pytest.raises(NothingToSay):
            worded(kind, facts[kind])
    with pytest.raises(NothingToSay):
        worded("booking.request_lost", facts["booking.request_lost"])


def test_a_reminder_comes_before_the_hour_or_not_at_all(facts: dict[str, dict[str, Any]]) -> None:
    assert "Rappel" in worded("booking.reminder", facts["booking.reminder"]).subject
    with clock.held(clock.now() + timedelta(days=30)), pytest.raises(NothingToSay):
        worded("booking.reminder", facts["booking.reminder"])


def test_who_has_two_ways_is_told_by_both(house: BookingHouse) -> None:
    booked = house.booked(house.slot(), contact=house.contact(phone="+33639980011"))
    told = Message.objects.filter(kind="booking.confirmed")
    assert set(told.values_list("channel", flat=True)) == {Channel.EMAIL, Channel.SMS}
    assert set(told.values_list("about", flat=True)) == {f"booking.appointment:{booked.pk}"}


def test_who_books_for_somebody_and_the_person_are_both_told(house: BookingHouse) -> None:
    booker = Booker(kind=BookedBy.ASSOCIATION, name="Association Exemple", email="asso@exemple.invalid")
    booked = house.booked(house.slot(), booker=booker)
    told = Message.objects.filter(kind="booking.taken_for_you").order_by("pk")
    assert {one.recipient for one in told} == {booked.email, "asso@exemple.invalid"}
    assert all("Association Exemple" in composing.composed(one).body for one in told)


def test_the_same_thing_is_told_once(house: BookingHouse) -> None:
    booked = house.booked(house.slot())
    before = Message.objects.count()
    telling.tell_person(booked, "booking.confirmed", now=clock.now())
    assert Message.objects.count() == before


def test_from_booking_to_the_box_of_the_person(house: BookingHouse, settings: Any) -> None:
    settings.MAIL_CONNECTED = True
    booked = house.booked(house.slot())
    messages.send_due()
    (letter,) = [one for one in mail.outbox if one.to == [booked.email]]
    assert booked.number in letter.body
    assert queries.by_token(addresses(letter.body)[0].rstrip("/").rsplit("/", 1)[1]) == booked
    assert Message.objects.get(recipient=booked.email).state == Sending.SENT
