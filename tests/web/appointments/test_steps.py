"""The questions before the calendar."""

from datetime import date

import pytest

from parvis.booking.models import AllocationRule
from parvis.messages.models import Message
from parvis.offices.models import Commune
from parvis.procedures.models import AccessMode, Mode
from tests.booking.house import DAY, SINCE, BookingHouse
from tests.web.appointments.booker import EMAIL, EXPIRES, START, Booker


def test_the_only_office_opens_at_once(booker: Booker) -> None:
    booker.get("/rendez-vous/")
    assert booker.url == "/rendez-vous/nanterre/"
    booker.link("Commencer")
    assert "De quoi avez-vous besoin" in booker.text


def test_the_whole_way_asks_each_question_once_and_ends_with_an_appointment(
    booker: Booker, house: BookingHouse
) -> None:
    house.slots()
    booker.open("demarche")
    booker.answer(d="renewal")
    assert "Où habitez-vous" in booker.text
    booker.answer(c="92050")
    booker.date(EXPIRES)
    assert "Ce qu'il faut apporter" in booker.text
    booker.link("Choisir un jour")
    booker.answer(contact="1", email=EMAIL)
    booker.answer(code=booker.code())
    booker.choose(DAY, "09:15")
    assert f'value="{EMAIL}"' in booker.text
    booker.say_who()
    assert "Votre rendez-vous" in booker.text
    assert "Confirmé" in booker.text
    assert "lundi 18 décembre 2017" in booker.text
    assert "09:15" in booker.text
    assert Message.objects.filter(kind="booking.confirmed", recipient=EMAIL).count() == 1


def test_another_commune_is_told_the_right_address(booker: Booker) -> None:
    other = Commune.objects.exclude(office__code="nanterre").order_by("pk")[0]
    booker.open("commune", "d=renewal")
    booker.answer(c=other.insee)
    assert "/conseil/" in booker.url
    assert other.office.name in booker.text
    booker.open("commune", "d=renewal&autres=1")
    booker.answer(c="elsewhere")
    assert "n'est pas dans les Hauts-de-Seine" in booker.text


def test_too_early_says_from_when_and_offers_a_message_on_that_day(booker: Booker) -> None:
    booker.open("expiration", "d=renewal&c=92050")
    booker.date(date(2018, 12, 1))
    assert "lundi 1 octobre 2018" in booker.text
    booker.answer(contact="1", email="pas une adresse")
    assert booker.page is not None
    assert booker.page.status_code == 422
    assert not Message.objects.exists()
    for _ in range(2):
        booker.answer(contact="1", email=EMAIL)
    assert "C'est noté" in booker.text
    [message] = Message.objects.filter(kind="booking.window_opens")
    assert message.recipient == EMAIL
    assert message.due_at.date() == date(2018, 10, 1)
    assert message.facts["procedure"] == "renewal"


def test_a_window_that_opens_within_the_horizon_shows_the_days_from_then_on(
    booker: Booker, house: BookingHouse
) -> None:
    house.slots(day=DAY)
    house.slots(day=date(2018, 1, 15))
    expires = "d=renewal&c=92050&e=2018-03-10"
    booker.open("documents", expires)
    assert "mercredi 10 janvier 2018" in booker.text
    booker.prove(expires)
    assert "j=2018-01-15" in booker.text
    assert f"j={DAY.isoformat()}" not in booker.text
    booker.get(booker.url.replace("/jour/", "/heure/") + f"&j={DAY.isoformat()}")
    assert "plus de place ce jour-là" in booker.text


def test_late_is_received_and_told_what_it_costs(booker: Booker) -> None:
    booker.open("documents", "d=renewal&c=92050&e=2017-11-01")
    assert "votre titre est expiré. Vous serez reçu quand même." in booker.text
    assert "180 euros" in booker.text


def test_a_day_after_the_end_of_the_permit_is_marked(booker: Booker, house: BookingHouse) -> None:
    house.slots(day=DAY)
    booker.prove("d=renewal&c=92050&e=2017-12-15")
    assert "après la fin du titre" in booker.text
    booker.link(" place")
    assert "Ce jour est après la date de fin" in booker.text


def test_what_needs_no_appointment_and_what_waits_for_a_card_are_said(booker: Booker) -> None:
    booker.open("documents", "d=information")
    assert "sans rendez-vous" in booker.text
    booker.open("documents", "d=permit_handover")
    assert "attendez notre message" in booker.text


def test_what_cannot_be_done_in_one_visit_is_booked_apart(booker: Booker) -> None:
    booker.open("demarche", "plusieurs=1")
    booker.answer(d=["renewal", "licence_exchange"], n="2")
    assert "au même rendez-vous" in booker.text
    booker.link("<span>")
    assert booker.url.count("d=") == 1
    assert "n=2" in booker.url


def test_the_list_is_also_a_pdf(booker: Booker) -> None:
    page = booker.open("documents", START)
    assert page.status_code == 200
    booker.link("La liste en PDF")
    assert booker.page is not None
    assert booker.page["Content-Type"] == "application/pdf"
    assert booker.page.content.startswith(b"%PDF")


def test_nothing_free_offers_to_leave_a_request(booker: Booker) -> None:
    booker.prove()
    assert "Aucune place n'est libre" in booker.text
    booker.link("Laisser une demande")
    assert "Demander une place" in booker.text


def test_places_by_draw_lead_to_the_request_and_never_to_a_calendar(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    AllocationRule.objects.create(
        office=house.office, procedure=house.house.procedures["renewal"], allocation="draw", valid_from=SINCE
    )
    booker.prove()
    assert "/demande/" in booker.url
    assert "aller vite ne sert à rien" in booker.text
    booker.get(booker.url.replace("/demande/", "/jour/"))
    assert "/demande/" in booker.url


def test_going_back_keeps_the_answers(booker: Booker) -> None:
    booker.open("documents", START)
    booker.link("Retour")
    assert "/expiration/?d=renewal&c=92050&e=2018-01-20" in booker.url
    booker.link("Retour")
    assert "/commune/?d=renewal&c=92050" in booker.url
    booker.link("Retour")
    assert "/demarche/" in booker.url


@pytest.mark.parametrize("language", ["en", "es", "pt", "ar", "tr", "zh-hans", "uk", "ta", "fr-simple"])
def test_every_language_is_spoken_from_the_start_to_the_calendar(house: BookingHouse, language: str) -> None:
    house.slots()
    booker = Booker(language=language)
    booker.open("demarche")
    assert f'lang="{language}"' in booker.text
    booker.prove(f"{START}&lang={language}")
    assert "/jour/" in booker.url
    assert f"lang={language}" in booker.url


def test_an_access_mode_that_begins_later_can_already_be_booked(booker: Booker, house: BookingHouse) -> None:
    AccessMode.objects.filter(procedure__code="renewal").delete()
    renewal = house.house.procedures["renewal"]
    AccessMode.objects.create(procedure=renewal, mode=Mode.WALK_IN, valid_from=SINCE)
    AccessMode.objects.create(procedure=renewal, mode=Mode.APPOINTMENT_ONLY, valid_from=date(2018, 1, 8))
    house.slots(day=DAY)
    house.slots(day=date(2018, 1, 8))
    booker.prove()
    assert "j=2018-01-08" in booker.text
    assert f"j={DAY.isoformat()}" not in booker.text
