"""Agents book, find, move, cancel and receive for a person."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from parvis.booking import queries as bookings
from parvis.booking.models import Appointment, Seat
from parvis.booking.states import BookedBy, CancelReason, Channel, Status
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.procedures.models import Mode
from parvis.reception.models import Ticket
from tests.booking.house import BookingHouse
from tests.permits.factories import PermitFactory
from tests.reception.house import MONDAY, at
from tests.web.seats import WEDNESDAY, bookable
from tests.web.staff import Staff

VISIT = "d=renewal&n=1&canal=phone"
PERSON = {"p0-family_name": "Exemple", "p0-given_name": "Témoin", "p0-birth_date": "29021996"}
PERSON |= {"p0-foreign_number": "9900 444 444", "p0-passport_number": ""}
CONTACT = {"key": "k1", "email": "temoin@exemple.invalid", "phone": "", "language": "ta"}
CONTACT |= {"booked_by": "self", "booker_name": "", "booker_email": ""}


@pytest.fixture
def seats(staff: Staff) -> BookingHouse:
    return bookable(staff.office)


@pytest.fixture
def phone(staff: Staff) -> Client:
    client, _agent = staff.signed_in("mail_phone_team")
    return client


@pytest.fixture
def greeter(staff: Staff) -> Client:
    client, _agent = staff.signed_in("greeter")
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def book(client: Client, slot: int, visit: str = VISIT, /, **changes: str) -> Any:
    sent = {**PERSON, **CONTACT, "slot": str(slot)} | changes
    return client.post(f"/aide/prendre/?{visit}&jour={WEDNESDAY}", sent, follow=True)


class TestBooking:
    def test_the_days_and_the_hours_then_who(self, seats: BookingHouse, phone: Client) -> None:
        slot = seats.slots(day=WEDNESDAY, seats=3)[0]
        page = text(phone.get(f"/aide/prendre/?{VISIT}"))
        assert f"jour={WEDNESDAY}" in page
        assert "12 places" in page
        page = text(phone.get(f"/aide/prendre/?{VISIT}&jour={WEDNESDAY}"))
        assert f'name="slot" value="{slot.pk}" checked' in page
        answer = book(phone, slot.pk)
        made = Appointment.objects.get()
        assert answer.redirect_chain[-1][0] == f"/aide/rendez-vous/{made.pk}/"
        assert (made.state, made.channel, made.language) == (Status.CONFIRMED, Channel.PHONE, "ta")
        who = made.booked.get()
        assert (who.full_name, who.foreign_number, str(who.birth_date)) == (
            "Témoin Exemple",
            "9900444444",
            "1996-02-29",
        )
        assert "C'est réservé" in text(answer)
        assert Message.objects.filter(kind="booking.confirmed", recipient="temoin@exemple.invalid").exists()

    def test_pressed_twice_it_is_one(self, seats: BookingHouse, phone: Client) -> None:
        slot = seats.slots(day=WEDNESDAY)[0]
        first, second = book(phone, slot.pk), book(phone, slot.pk)
        assert first.redirect_chain == second.redirect_chain
        assert Appointment.objects.count() == 1

    def test_somebody_who_has_one_is_led_to_it(self, seats: BookingHouse, phone: Client) -> None:
        slot = seats.slots(day=WEDNESDAY)[0]
        book(phone, slot.pk)
        answer = book(phone, slot.pk, key="k2")
        assert answer.status_code == 409
        assert f"/aide/rendez-vous/{Appointment.objects.get().pk}/" in text(answer)
        assert Appointment.objects.count() == 1

    def test_a_full_hour_keeps_what_was_typed(self, seats: BookingHouse, phone: Client) -> None:
        first, second = seats.slots(day=WEDNESDAY, hours=("09:00", "09:30"), seats=1)
        seats.booked(first)
        answer = book(phone, first.pk)
        assert answer.status_code == 409
        page = text(answer)
        assert 'role="alert"' in page
        assert 'value="Exemple"' in page
        assert 'value="temoin@exemple.invalid"' in page
        assert f'value="{first.pk}"' not in page
        assert f'value="{second.pk}"' in page

    @pytest.mark.parametrize(
        "wrong",
        [
            {"p0-birth_date": "31/02/1990"},
            {"p0-family_name": ""},
            {"email": "pas une adresse"},
            {"p0-foreign_number": "12"},
            {"p0-foreign_number": ""},
            {"p0-passport_number": "!"},
            {"phone": "abc"},
            {"booked_by": "association"},
            {"slot": ""},
            {"slot": "9" * 40},
            {"slot": "x"},
            {"language": "klingon"},
        ],
    )
    def test_bad_input_is_said_and_books_nothing(
        self, seats: BookingHouse, phone: Client, wrong: dict[str, str]
    ) -> None:
        slot = seats.slots(day=WEDNESDAY)[0]
        answer = book(phone, slot.pk, **wrong)
        assert answer.status_code in {404, 409, 422}
        assert 'role="alert"' in text(answer)
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize(
        "visit",
        ["d=nothing", "d=renewal&n=0", "d=renewal&n=99", "d=renewal&n=x", "d=renewal&canal=web", "d=permit_handover",
         "d=permit_handover&carte=NOPE", "d=", "d=renewal&jour=2017-02-31", "d=renewal&jour=x"],
    )  # fmt: skip
    def test_a_forged_visit_never_breaks_the_page(self, seats: BookingHouse, phone: Client, visit: str) -> None:
        assert phone.get(f"/aide/prendre/?{visit}").status_code in {200, 422}
        assert phone.post(f"/aide/prendre/?{visit}", {**PERSON, **CONTACT}).status_code in {200, 404, 409, 422}
        assert not Appointment.objects.exists()

    def test_a_family_with_two_procedures_takes_the_time_it_needs(self, seats: BookingHouse, greeter: Client) -> None:
        slot = seats.slots(day=WEDNESDAY, hours=("09:00", "12:00"), seats=1)[0]
        second = {name.replace("p0", "p1"): value for name, value in PERSON.items()}
        second |= {"p1-given_name": "Petit", "p1-foreign_number": "9900555555"}
        book(greeter, slot.pk, "d=renewal&d=student&n=2&canal=desk", **second)
        made = Appointment.objects.get()
        assert made.booked.count() == 4
        needed = 2 * sum(seats.house.procedures[code].mean_minutes for code in ("renewal", "student"))
        assert made.minutes >= needed
        assert Seat.objects.filter(appointment=made).count() == made.minutes / slot.minutes

    def test_an_association_asks_and_is_named(self, seats: BookingHouse, phone: Client) -> None:
        slot = seats.slots(day=WEDNESDAY)[0]
        book(phone, slot.pk, booked_by="association", booker_name="Association Fictive")
        made = Appointment.objects.get()
        assert (made.booked_by, made.booker_name) == (BookedBy.ASSOCIATION, "Association Fictive")
        assert Message.objects.filter(kind="booking.taken_for_you").exists()

    def test_a_handover_is_booked_for_its_card(self, seats: BookingHouse, phone: Client, staff: Staff) -> None:
        card = PermitFactory(office=staff.office)
        slot = seats.slots("handover", day=WEDNESDAY, minutes=10)[0]
        visit = f"d=permit_handover&canal=phone&carte={card.number}"
        page = text(phone.get(f"/aide/prendre/?{visit}&jour={WEDNESDAY}"))
        assert f'value="{card.person.family_name}"' in page
        book(phone, slot.pk, visit)
        assert Appointment.objects.get().booked.get().permit == card

    def test_somebody_who_cannot_be_told_is_told_by_the_agent(self, seats: BookingHouse, phone: Client) -> None:
        slot = seats.slots(day=WEDNESDAY)[0]
        assert "Elle ne peut pas être prévenue" in text(book(phone, slot.pk, email=""))
        assert not Message.objects.exists()

    def test_walk_in_procedures_are_not_booked(self, staff: Staff, phone: Client) -> None:
        seats = bookable(staff.office, mode=Mode.WALK_IN)
        slot = seats.slots(day=WEDNESDAY)[0]
        assert "sans rendez-vous" in text(phone.get(f"/aide/prendre/?{VISIT}"))
        assert book(phone, slot.pk).status_code == 409

    def test_seats_kept_for_the_phone_are_offered_on_the_phone(self, seats: BookingHouse, phone: Client) -> None:
        clock.hold(at("10:00", MONDAY))
        late = WEDNESDAY.replace(day=20)
        seats.slots(day=late, channel=Channel.PHONE)
        assert f"jour={late}" in text(phone.get(f"/aide/prendre/?{VISIT}"))
        assert f"jour={late}" not in text(phone.get("/aide/prendre/?d=renewal&canal=desk"))


class TestFinding:
    @pytest.mark.parametrize("typed", ["9900444444", "9900 444 444", "exemple tem", "TÉMOIN", "exe"])
    def test_by_number_and_name_whatever_the_day(self, seats: BookingHouse, phone: Client, typed: str) -> None:
        book(phone, seats.slots(day=WEDNESDAY)[0].pk)
        assert Appointment.objects.get().number in text(phone.get("/aide/", {"q": typed}))

    def test_by_passport_and_by_card(self, seats: BookingHouse, phone: Client, staff: Staff) -> None:
        card = PermitFactory(office=staff.office)
        slot = seats.slots("handover", day=WEDNESDAY, minutes=10)[0]
        visit = f"d=permit_handover&canal=phone&carte={card.number}"
        book(phone, slot.pk, visit, **{"p0-foreign_number": "", "p0-passport_number": "ex 12345"})
        made = Appointment.objects.get()
        for typed in (card.number, "EX12345", made.number.lower()):
            assert made.number in text(phone.get("/aide/", {"q": typed}))

    @pytest.mark.parametrize("typed", ["personne", "%", "_", "0000", "\u202e", "x" * 4000, "9900000001"])
    def test_what_names_nobody_finds_nobody(self, seats: BookingHouse, phone: Client, typed: str) -> None:
        book(phone, seats.slots(day=WEDNESDAY)[0].pk)
        answer = phone.get("/aide/", {"q": typed})
        assert answer.status_code == 200
        assert Appointment.objects.get().number not in text(answer)

    @pytest.mark.parametrize("typed", ["exenple", "exenpel", "Témoin Exampl", "temouin"])
    def test_a_name_heard_badly_is_offered_the_nearest(self, seats: BookingHouse, phone: Client, typed: str) -> None:
        book(phone, seats.slots(day=WEDNESDAY)[0].pk)
        page = text(phone.get("/aide/", {"q": typed}))
        assert "Voici les plus proches" in page
        assert Appointment.objects.get().number in page
        assert "29/02/1996" in page
        Appointment.objects.update(day=MONDAY.replace(day=4))
        assert Appointment.objects.get().number not in text(phone.get("/aide/", {"q": typed}))

    def test_the_list_of_a_day(self, seats: BookingHouse, phone: Client) -> None:
        made = seats.booked(seats.slots(day=WEDNESDAY)[0])
        assert made.number in text(phone.get("/aide/", {"jour": str(WEDNESDAY)}))
        assert made.number not in text(phone.get("/aide/"))
        assert phone.get("/aide/", {"jour": "2017-02-31"}).status_code == 200

    def test_another_office_keeps_its_own(self, seats: BookingHouse, phone: Client) -> None:
        made = seats.booked(seats.slots(day=WEDNESDAY)[0])
        other = bookings.appointments().get().office.__class__.objects.exclude(pk=made.office_id).order_by("pk")[0]
        Appointment.objects.update(office=other)
        for address in ("", "deplacer/"):
            assert phone.get(f"/aide/rendez-vous/{made.pk}/{address}").status_code == 404
        assert phone.post(f"/aide/rendez-vous/{made.pk}/annuler/", {"reason": "person"}).status_code == 404


class TestChanging:
    def test_move(self, seats: BookingHouse, phone: Client) -> None:
        made = seats.booked(seats.slots(day=WEDNESDAY)[0])
        other = seats.slots(day=WEDNESDAY, hours=("14:00", "15:00"))[0]
        page = f"/aide/rendez-vous/{made.pk}/deplacer/"
        assert f'value="{other.pk}"' in text(phone.get(f"{page}?jour={WEDNESDAY}"))
        key = re.search(r'name="key" value="(\w+)"', text(phone.get(f"{page}?jour={WEDNESDAY}")))
        assert key
        for _twice in range(2):
            phone.post(page, {"slot": other.pk, "key": key[1]})
        made.refresh_from_db()
        assert (made.starts_at, made.sequence, made.moves) == (other.starts_at, 1, 1)

    def test_move_to_a_full_hour_changes_nothing(self, seats: BookingHouse, phone: Client) -> None:
        made = seats.booked(seats.slots(day=WEDNESDAY)[0])
        full = seats.slots(day=WEDNESDAY, hours=("14:00", "14:15"), seats=1)[0]
        seats.booked(full)
        answer = phone.post(f"/aide/rendez-vous/{made.pk}/deplacer/", {"slot": full.pk, "key": "k"})
        assert answer.status_code == 409
        before = made.starts_at
        made.refresh_from_db()
        assert made.starts_at == before

    def test_cancel_with_a_reason(self, seats: BookingHouse, phone: Client) -> None:
        made = seats.booked(seats.slots(day=WEDNESDAY)[0])
        address = f"/aide/rendez-vous/{made.pk}/annuler/"
        assert phone.post(address, {"reason": "because"}).status_code == 422
        assert "Convocation à imprimer" in text(phone.get(f"/aide/rendez-vous/{made.pk}/"))
        page = text(phone.post(address, {"reason": "wrong_person"}, follow=True))
        assert "Convocation à imprimer" not in page
        assert str(CancelReason.WRONG_PERSON.label) in page
        made.refresh_from_db()
        assert (made.state, made.cancel_reason) == (Status.CANCELLED, "wrong_person")

    def test_the_desk_receives_and_leads_to_the_ticket(self, seats: BookingHouse, greeter: Client) -> None:
        made = seats.booked(seats.slots(day=WEDNESDAY, hours=("10:00", "11:00"))[0])
        clock.hold(at("09:45", WEDNESDAY))
        assert f"/aide/rendez-vous/{made.pk}/arrivee/" in text(greeter.get("/aide/"))
        answer = greeter.post(f"/aide/rendez-vous/{made.pk}/arrivee/")
        ticket = Ticket.objects.get()
        assert answer["Location"] == f"/accueil/ticket/{ticket.pk}/"
        assert greeter.post(f"/aide/rendez-vous/{made.pk}/arrivee/")["Location"] == answer["Location"]
        assert ticket.appointment_id == made.pk
        assert str(ticket) in text(greeter.get(f"/aide/rendez-vous/{made.pk}/"))

    def test_too_early_is_said(self, seats: BookingHouse, greeter: Client) -> None:
        made = seats.booked(seats.slots(day=WEDNESDAY, hours=("14:00", "15:00"))[0])
        clock.hold(at("09:45", WEDNESDAY))
        answer = greeter.post(f"/aide/rendez-vous/{made.pk}/arrivee/")
        assert answer.status_code == 409
        assert "13:30" in text(answer)


class TestDigitalPoint:
    def test_nothing_is_searched_and_what_was_opened_closes(self, seats: BookingHouse, staff: Staff) -> None:
        helper, _agent = staff.signed_in("digital_helper")
        made = seats.booked(seats.slots(day=WEDNESDAY)[0])
        page = f"/aide/rendez-vous/{made.pk}/"
        assert made.number not in text(helper.get("/aide/", {"q": "exemple", "jour": str(WEDNESDAY)}))
        assert helper.get(page).status_code == 404
        helper.post("/aide/point/commencer/")
        assert helper.get("/aide/", {"q": "exemple"}).status_code == 404
        assert helper.get("/aide/", {"q": made.number}, follow=True).redirect_chain[-1][0] == page
        answer = helper.post("/aide/point/terminer/")
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert "parvis_contact" in answer.cookies
        assert helper.get(page).status_code == 404

    def test_books_with_the_person_through_its_own_channel(self, seats: BookingHouse, staff: Staff) -> None:
        helper, agent = staff.signed_in("digital_helper")
        helper.post("/aide/point/commencer/")
        page = text(helper.get("/aide/prendre/"))
        assert '<option value="digital_point" selected>' in page
        assert "Terminer et effacer" in page
        book(helper, seats.slots(day=WEDNESDAY)[0].pk, "d=renewal&canal=digital_point")
        made = Appointment.objects.get()
        assert made.channel == Channel.DIGITAL_POINT
        assert Entry.objects.about(made).get(what="appointment.confirmed").agent_id == agent.pk
        assert made.number in text(helper.get("/aide/"))

    def test_no_page_is_kept_by_the_browser(self, seats: BookingHouse, staff: Staff) -> None:
        helper, _agent = staff.signed_in("digital_helper")
        assert "no-store" in helper.get(f"/aide/prendre/?{VISIT}").headers["Cache-Control"]
