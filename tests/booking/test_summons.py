"""A card arrives: its person is told once, and chooses when to come for it by a personal link."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from parvis.booking import actions, queries
from parvis.booking.actions.summons import card_of, link
from parvis.booking.errors import AlreadyBooked, CardNotInStock, ContactMissing, IdentityMissing, SummonsOld
from parvis.booking.models import Appointment
from parvis.booking.rules import Contact
from parvis.booking.states import Status
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages import composing
from parvis.messages import queries as messages
from parvis.messages.models import Message
from parvis.messages.rules import sms_parts, sms_text
from parvis.permits import actions as permits
from parvis.permits import queries as permit_queries
from parvis.permits.errors import AlreadyHandedOver
from parvis.permits.models import Permit
from parvis.procedures.models import AccessMode, Mode
from tests.booking.house import DAY, SINCE, BookingHouse
from tests.offices.factories import OfficeFactory
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory


@pytest.fixture
def card(house: BookingHouse) -> Permit:
    person = PersonFactory(email="carte@exemple.invalid", phone="+33199000000", language="ar")
    return PermitFactory(office=house.office, person=person)


@pytest.fixture
def seat(house: BookingHouse) -> int:
    """The only seat to fetch a card."""
    return house.slots("handover", minutes=10, hours=("09:00", "09:10"), seats=1)[0].pk


class TestSummons:
    def test_by_every_channel_in_their_language_and_once(self, card: Permit) -> None:
        assert actions.summon(card, by=SYSTEM)
        assert not actions.summon(card, by=SYSTEM)
        told = Message.objects.filter(kind="booking.summons").order_by("pk")
        assert [(one.channel, one.recipient, one.language) for one in told] == [
            ("email", "carte@exemple.invalid", "ar"),
            ("sms", "+33199000000", "ar"),
        ]
        assert card_of(told[0].facts["token"]) == card
        assert Entry.objects.about(card).filter(what="permit.summoned").count() == 1

    def test_it_shows_in_the_outbox_of_the_cards_office_alone(self, house: BookingHouse, card: Permit) -> None:
        actions.summon(card, by=SYSTEM)
        assert messages.of_office(house.office).count() == 2
        assert not messages.of_office(OfficeFactory()).exists()

    def test_again_once_a_day(self, card: Permit) -> None:
        actions.summon(card, by=SYSTEM)
        for _twice in range(2):
            actions.summon(card, by=SYSTEM, again=True)
        assert Message.objects.count() == 4

    def test_by_letter_when_nothing_else_is_known(self, house: BookingHouse) -> None:
        card = PermitFactory(office=house.office)
        actions.summon(card, by=SYSTEM)
        assert Message.objects.get().channel == "letter"

    def test_those_that_are_due(self, house: BookingHouse, card: Permit) -> None:
        PermitFactory(office=house.office, gone=True)
        assert list(permit_queries.to_announce()) == [card]
        assert actions.summon_due() == 1
        assert actions.summon_due() == 0

    def test_many_are_told_at_once_each_office_its_own(
        self,
        house: BookingHouse,
        card: Permit,
        django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
    ) -> None:
        cards = [card, *(PermitFactory(office=house.office) for _ in range(8)), PermitFactory()]
        actions.summon(cards[1], by=SYSTEM)
        with django_assert_max_num_queries(30):
            assert actions.summon_due() == 9
        assert Message.objects.filter(kind="booking.summons").count() == 11
        for one in cards:
            one.refresh_from_db()
            assert one.announced_at == clock.now()
            entry = Entry.objects.about(one).get(what="permit.summoned")
            assert entry.office_id == one.office_id
        assert Entry.objects.about(card).get(what="permit.summoned").facts == {"ways": ["email", "sms"], "again": False}

    def test_whoever_left_meanwhile_is_passed_over(self, house: BookingHouse, card: Permit) -> None:
        gone = PermitFactory(office=house.office, gone=True)
        assert actions.summon_all([gone, card], by=SYSTEM) == 1
        gone.refresh_from_db()
        assert gone.announced_at is None

    def test_nobody_is_asked_to_choose_while_cards_need_no_appointment(self, house: BookingHouse, card: Permit) -> None:
        """They are told when to come instead."""
        AccessMode.objects.all().delete()
        AccessMode.objects.create(
            procedure=house.house.procedures["permit_handover"], mode=Mode.WALK_IN, valid_from=SINCE
        )
        assert actions.summon_due() == 1
        Message.objects.update(language="fr")
        told = composing.composed(Message.objects.get(channel="email"))
        assert "sans rendez-vous" in told.body
        assert "lundi : 09:00-16:00" in told.body
        assert "Choisissez une heure" not in told.body

    def test_a_card_that_left_summons_nobody(self, house: BookingHouse) -> None:
        with pytest.raises(AlreadyHandedOver):
            actions.summon(PermitFactory(office=house.office, gone=True), by=SYSTEM)


class TestSentBack:
    def test_the_hour_taken_for_a_faulty_card_is_given_back_and_its_person_told(
        self, house: BookingHouse, card: Permit, seat: int
    ) -> None:
        made = actions.book_handover(card, seat)
        actions.send_cards_back([card], "faulty", by=house.agent)
        made.refresh_from_db()
        assert made.state == Status.CANCELLED
        assert Message.objects.filter(kind="booking.cancelled_by_office").exists()
        with pytest.raises(SummonsOld):
            card_of(link(card))


class TestAmount:
    @pytest.fixture
    def told(self, house: BookingHouse, card: Permit, settings: Any) -> Any:
        """What is said of a card whose stamp costs so much, by a way."""
        settings.PUBLIC_URL = "https://rdv.hauts-de-seine.exemple"
        card.person.language = "fr"
        card.person.save()
        actions.summon(card, by=SYSTEM)

        def say(way: str, **cost: int | None) -> str:
            Permit.objects.filter(pk=card.pk).update(**cost)
            return composing.composed(Message.objects.get(channel=way)).body

        return say

    def test_exactly_in_words(self, told: Any) -> None:
        assert "un timbre fiscal de 269 euros exactement" in told("email", stamp_eur=269)
        assert "Timbre : 269 euros." in told("sms", stamp_eur=269)
        assert sms_parts(sms_text(told("sms", stamp_eur=269))) <= 2

    def test_nothing_to_pay(self, told: Any) -> None:
        assert "Aucun timbre" in told("email", stamp_eur=0)
        assert "Timbre" not in told("sms", stamp_eur=0)

    def test_honestly_when_it_is_not_known(self, told: Any) -> None:
        assert "le bureau vous dira son montant exact" in told("email", stamp_eur=None)


class TestLink:
    @pytest.mark.parametrize("token", ["", "x", "W10", "a:b", "1" * 5000, "\u202e", "é"])
    def test_forged(self, house: BookingHouse, token: str) -> None:
        with pytest.raises(SummonsOld):
            card_of(token)

    def test_somebody_elses_letters_changed(self, card: Permit) -> None:
        token = link(card)
        with pytest.raises(SummonsOld):
            card_of(token[:-1] + ("A" if token[-1] != "A" else "B"))

    def test_it_ends_with_the_card(self, house: BookingHouse, card: Permit) -> None:
        token = link(card)
        permits.hand_over(card, by=house.agent)
        with pytest.raises(SummonsOld):
            card_of(token)


class TestChoosing:
    def test_nothing_known_is_asked_again(self, card: Permit, seat: int) -> None:
        made = actions.book_handover(card, seat)
        assert (made.state, made.email, made.language) == (Status.CONFIRMED, "carte@exemple.invalid", "ar")
        booked = made.booked.get()
        assert (booked.permit, booked.person, booked.family_name) == (card, card.person, card.person.family_name)
        assert queries.booked_for(card) == made

    def test_one_live_booking_a_card(self, house: BookingHouse, card: Permit) -> None:
        first, second = house.slots("handover", minutes=10, hours=("09:00", "09:20"), seats=1)
        made = actions.book_handover(card, first.pk)
        with pytest.raises(AlreadyBooked):
            actions.book_handover(card, second.pk)
        actions.cancel(made, by=SYSTEM)
        assert actions.book_handover(card, second.pk).state == Status.CONFIRMED

    def test_sent_twice_it_is_one(self, card: Permit, seat: int) -> None:
        first = actions.book_handover(card, seat, key="k")
        assert actions.book_handover(card, seat, key="k") == first

    def test_not_once_the_card_has_gone(self, house: BookingHouse, card: Permit, seat: int) -> None:
        permits.hand_over(card, by=house.agent)
        with pytest.raises(CardNotInStock):
            actions.book_handover(card, seat)

    def test_what_the_office_does_not_know_is_asked(self, house: BookingHouse, seat: int) -> None:
        card = PermitFactory(office=house.office, person=PersonFactory(birth_date=None))
        with pytest.raises(ContactMissing):
            actions.book_handover(card, seat)
        contact = Contact(phone="01 99 00 00 01", language="uk")
        with pytest.raises(IdentityMissing):
            actions.book_handover(card, seat, contact=contact)
        made = actions.book_handover(card, seat, contact=contact, birth_date=DAY.replace(year=1980))
        assert (made.phone, made.language) == ("+33199000001", "uk")


class TestPage:
    def page(self, card: Permit) -> str:
        return f"/rendez-vous/remise/{link(card)}/"

    def test_a_day_then_an_hour(self, card: Permit, seat: int) -> None:
        phone = Client(enforce_csrf_checks=True)
        address = self.page(card)
        answer = phone.get(address)
        assert '<html lang="ar" dir="rtl">' in answer.content.decode()
        assert f"jour={DAY}" in answer.content.decode()
        page = phone.get(f"{address}?jour={DAY}&lang=fr").content.decode()
        assert f'name="slot" value="{seat}"' in page
        assert card.person.family_name not in page
        answer = phone.post(f"{address}?jour={DAY}", {"slot": seat, "key": "k"})
        made = Appointment.objects.get()
        assert answer["Location"] == f"/rendez-vous/r/{made.token}/"
        assert phone.get(address)["Location"] == answer["Location"]

    def test_a_full_hour_is_said_and_others_shown(self, house: BookingHouse, card: Permit) -> None:
        first, second = house.slots("handover", minutes=10, hours=("09:00", "09:20"), seats=1)
        other = PermitFactory(office=house.office, person=PersonFactory(email="autre@exemple.invalid"))
        actions.book_handover(other, first.pk)
        answer = Client().post(f"{self.page(card)}?jour={DAY}&lang=fr", {"slot": first.pk, "key": "k"})
        assert answer.status_code == 409
        assert "vient d'être pris" in answer.content.decode().replace("&#x27;", "'")
        assert f'value="{second.pk}"' in answer.content.decode()

    @pytest.mark.parametrize("sent", [{}, {"slot": "x"}, {"slot": "9" * 30}, {"slot": "0", "key": "x" * 500}])
    def test_what_no_button_sends(self, card: Permit, sent: dict[str, str]) -> None:
        assert Client().post(self.page(card), sent).status_code == 409
        assert Client().get(f"{self.page(card)}?jour=2017-02-31").status_code == 200

    def test_a_birth_date_that_does_not_exist_is_asked_again(self, house: BookingHouse, seat: int) -> None:
        card = PermitFactory(office=house.office, person=PersonFactory(birth_date=None, email="a@exemple.invalid"))
        sent = {"slot": seat, "key": "k", "day": "31", "month": "2", "year": "1990"}
        assert Client().post(f"{self.page(card)}?jour={DAY}", sent).status_code == 422
        assert not Appointment.objects.exists()
        assert Client().post(f"{self.page(card)}?jour={DAY}", sent | {"day": "28"}).status_code == 302

    def test_a_link_that_no_longer_serves(self, house: BookingHouse) -> None:
        answer = Client().get("/rendez-vous/remise/rien/?lang=fr")
        assert answer.status_code == 404
        assert "ne sert plus" in answer.content.decode()

    def test_cards_without_appointment_are_fetched_at_opening_hours(self, house: BookingHouse, card: Permit) -> None:
        AccessMode.objects.all().delete()
        page = Client().get(f"{self.page(card)}?lang=fr").content.decode()
        assert "sans rendez-vous" in page


def test_hours_keep_their_order_from_right_to_left(house: BookingHouse, card: Permit) -> None:
    AccessMode.objects.all().delete()
    actions.summon(card, by=SYSTEM)
    told = composing.composed(Message.objects.get(channel="email"))
    assert "\u206609:00-16:00\u2069" in told.body
