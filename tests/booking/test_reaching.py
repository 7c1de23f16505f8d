"""Somebody who lost their link, or never typed their code: what they are sent, and what it says."""

import pytest

from parvis.booking import actions
from parvis.booking.models import Appointment, SeatRequest
from parvis.booking.rules import Booker, Contact
from parvis.booking.states import BookedBy
from parvis.messages import composing
from parvis.messages.models import Message
from parvis.messages.states import Channel
from tests.booking.house import WEB, BookingHouse
from tests.booking.scarcity import drawn

MINE, ASSOCIATION = "la-personne@exemple.invalid", "asso@exemple.invalid"


def said(kind: str, to: str) -> str:
    """The e-mail of this kind that went to somebody."""
    return composing.composed(Message.objects.get(kind=kind, recipient=to, channel=Channel.EMAIL)).body


def test_who_gives_both_though_they_gave_one_is_found(house: BookingHouse) -> None:
    house.booked(house.slot(), contact=house.contact(email=MINE))
    actions.send_links(Contact(email=MINE.upper(), phone="+33611111111"), by=WEB)
    assert "déjà" in said("booking.already", MINE)


def test_who_has_a_request_is_sent_its_link(house: BookingHouse) -> None:
    asked: SeatRequest = drawn(house).ask()
    Message.objects.all().delete()
    actions.send_links(Contact(email=asked.email), by=WEB)
    assert f"/tirages/demande/{asked.token}/" in said("booking.request_received", asked.email)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
def test_what_awaits_its_code_is_not_called_an_appointment(house: BookingHouse, channel: str) -> None:
    pending: Appointment = house.pending(house.slot(), contact=house.contact(email=MINE))
    actions.send_links(Contact(email=MINE), by=WEB)
    message = Message.objects.get(kind="booking.already")
    message.channel = channel
    told = composing.composed(message)
    assert "pas encore confirmé" in told.subject + told.body
    assert "déjà" not in told.subject + told.body
    assert f"/rendez-vous/r/{pending.token}/" in told.body
    assert not told.attach()


def test_who_booked_for_another_is_not_told_that_somebody_booked_for_them(house: BookingHouse) -> None:
    booker = Booker(kind=BookedBy.ASSOCIATION, name="Association Exemple", email=ASSOCIATION)
    house.booked(house.slot(), contact=house.contact(email=MINE), booker=booker)
    assert "Quelqu'un a pris" in said("booking.taken_for_you", MINE)
    assert "Vous avez pris ce rendez-vous pour une autre personne" in said("booking.taken_for_you", ASSOCIATION)
    assert "Quelqu'un a pris" not in said("booking.taken_for_you", ASSOCIATION)


def test_a_request_where_nothing_is_drawn_says_nothing_of_a_draw(house: BookingHouse) -> None:
    asked = actions.request(
        house.office,
        house.house.procedures["renewal"],
        attendee=house.attendee(),
        contact=house.contact(email=MINE),
        by=WEB,
    )
    told = said("booking.request_received", asked.email)
    assert "regardez encore" in told
    assert "au sort" not in told
