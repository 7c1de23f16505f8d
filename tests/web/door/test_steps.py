"""The steps at the door: what is asked, what is told, what is recorded."""

import re
from datetime import date

import pytest

from parvis.common import clock
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.offices.models import Office
from parvis.procedures.models import AccessMode, Mode, Procedure
from parvis.reception import actions, queries
from parvis.reception.models import QueuePolicy, Redirection, Step, Ticket
from parvis.reception.rules import Arrival
from parvis.reception.states import Priority, RedirectReason, ReturnKind
from tests.offices.factories import AgentFactory
from tests.reception.house import at
from tests.web.door.visitor import BORN, Visitor, parts

IN_TIME, TOO_EARLY, EXPIRED = date(2017, 12, 31), date(2018, 3, 15), date(2017, 12, 1)
NANTERRE, ANTONY = "92050", "92002"


def test_a_renewal_in_time_gets_a_ticket(visitor: Visitor) -> None:
    visitor.come_for("renewal")
    assert "Où habitez-vous" in visitor.text
    visitor.answer(c=NANTERRE)
    assert "valable" in visitor.text
    visitor.date(IN_TIME)
    assert "carte de priorité" in visitor.text
    assert visitor.sign().status_code == 200
    ticket = Ticket.objects.get()
    assert str(ticket) in visitor.text
    assert (ticket.holder_name, ticket.holder_born, ticket.origin) == ("Témoin Exemple", date(1987, 4, 30), "kiosk")
    assert "Témoin" not in visitor.text


def test_information_asks_neither_commune_nor_date(visitor: Visitor) -> None:
    assert "carte de priorité" in visitor.come_for("information").content.decode()
    visitor.sign()
    assert Ticket.objects.get().line.code == "information"


def test_several_procedures_make_one_visit(visitor: Visitor) -> None:
    visitor.come_for("permit_handover", "information")
    visitor.sign()
    ticket = Ticket.objects.get()
    assert list(Step.objects.filter(ticket=ticket).order_by("position").values_list("procedure__code", flat=True)) == [
        "permit_handover",
        "information",
    ]


def test_a_legal_card_is_kept_as_its_code(visitor: Visitor) -> None:
    visitor.come_for("information")
    visitor.answer(p="mobility_card")
    visitor.answer(name="Fictif", day=1, month=1, year=1950)
    assert Ticket.objects.get().priority == Priority.MOBILITY_CARD


def test_too_early_is_told_the_first_valid_date_and_recorded_once(visitor: Visitor) -> None:
    visitor.open("expiration", f"d=renewal&c={NANTERRE}")
    form, fields = visitor.url, visitor.hidden()
    visitor.date(TOO_EARLY)
    assert "15 janvier 2018" in visitor.text
    assert "retour=1" not in visitor.text
    assert Ticket.objects.count() == 0
    told = Redirection.objects.get()
    assert (told.reason, told.first_valid_date) == (RedirectReason.TOO_EARLY, date(2018, 1, 15))
    assert Entry.objects.filter(what="arrival.redirected").count() == 1
    visitor.client.post(form, {**fields, "day": 15, "month": 3, "year": 2018})
    assert Redirection.objects.count() == 1
    again = visitor.get(f"/orientation/{told.token}/")
    assert "15 janvier 2018" in again.content.decode()


def test_going_back_with_another_date_is_another_advice(visitor: Visitor) -> None:
    visitor.open("expiration", f"d=renewal&c={NANTERRE}")
    form, fields = visitor.url, visitor.hidden()
    visitor.date(TOO_EARLY)
    visitor.client.post(form, {**fields, "day": 30, "month": 4, "year": 2018})
    dates = set(Redirection.objects.values_list("first_valid_date", flat=True))
    assert dates == {date(2018, 1, 15), date(2018, 2, 28)}


def test_another_commune_gets_the_right_office_at_once(visitor: Visitor) -> None:
    visitor.come_for("renewal")
    visitor.answer(c=ANTONY)
    assert "Sous-préfecture d'Antony" in visitor.text
    told = Redirection.objects.get()
    assert told.reason == RedirectReason.OTHER_OFFICE
    assert told.to_office is not None
    assert told.to_office.code == "antony"


def test_elsewhere_is_sent_to_the_prefecture_of_its_department(visitor: Visitor) -> None:
    visitor.come_for("renewal")
    visitor.answer(c="elsewhere")
    assert "préfecture du département" in visitor.text


def test_who_is_redirected_may_still_talk_to_somebody(visitor: Visitor) -> None:
    visitor.come_for("renewal")
    visitor.answer(c=ANTONY)
    assert "d=information" in visitor.text
    visitor.open("priorite", "d=information")
    visitor.sign()
    assert Ticket.objects.get().procedure.code == "information"


def test_late_is_received_and_told_the_charge(visitor: Visitor) -> None:
    visitor.come_for("renewal")
    visitor.answer(c=NANTERRE)
    visitor.date(EXPIRED)
    visitor.answer(p="")
    assert "180 euros" in visitor.text
    visitor.answer(name="Fictif", day=1, month=1, year=1990)
    assert Ticket.objects.count() == 1


def test_a_person_without_the_date_is_received(visitor: Visitor) -> None:
    visitor.come_for("renewal")
    visitor.answer(c=NANTERRE)
    visitor.answer(unknown="1")
    visitor.sign()
    assert Ticket.objects.count() == 1


@pytest.mark.usefixtures("thursday")
def test_on_thursday_filing_is_closed_and_says_why_and_until_when(visitor: Visitor) -> None:
    visitor.come_for("renewal")
    visitor.answer(c=NANTERRE)
    visitor.date(IN_TIME)
    assert "vendredi 15 décembre, 09:00" in visitor.text
    assert Redirection.objects.get().reason == RedirectReason.LINE_CLOSED
    assert "adressez-vous à l'accueil" in visitor.text


@pytest.mark.usefixtures("thursday")
def test_on_thursday_what_can_be_done_goes_on(visitor: Visitor) -> None:
    visitor.come_for("renewal", "permit_handover")
    visitor.answer(c=NANTERRE)
    visitor.date(IN_TIME)
    assert "Continuer pour Retirer ma carte" in visitor.text
    visitor.open("priorite", "d=permit_handover")
    visitor.sign()
    assert Ticket.objects.get().line.code == "handover"


def test_before_the_doors_the_opening_of_today_is_told(visitor: Visitor) -> None:
    clock.hold(at("06:00"))
    visitor.come_for("receipt_renewal")
    visitor.answer(c=NANTERRE)
    visitor.answer(unknown="1")
    assert "lundi 11 décembre, 09:00" in visitor.text


def test_a_holiday_is_named(visitor: Visitor) -> None:
    clock.hold(at("10:00", date(2017, 12, 25)))
    visitor.come_for("permit_handover")
    assert "Noël" in visitor.text


def test_appointment_only_says_so(visitor: Visitor) -> None:
    AccessMode.objects.create(
        procedure=Procedure.objects.get(code="licence_exchange"),
        mode=Mode.APPOINTMENT_ONLY,
        valid_from=date(2017, 12, 10),
    )
    visitor.come_for("licence_exchange")
    assert "rendez-vous seulement" in visitor.text
    assert Redirection.objects.get().reason == RedirectReason.APPOINTMENT_ONLY


def test_the_line_that_closes_meanwhile_gives_advice_and_no_ticket(visitor: Visitor) -> None:
    visitor.come_for("information")
    visitor.answer(p="")
    clock.hold(at("17:00"))
    visitor.answer(name="Fictif", day=1, month=1, year=1990)
    assert Ticket.objects.count() == 0
    assert Redirection.objects.get().reason == RedirectReason.LINE_CLOSED


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_the_ticket_keeps_the_language_spoken_at_the_door(nanterre: Office, language: str) -> None:
    visitor = Visitor(language=language)
    visitor.come_for("information")
    visitor.sign()
    assert Ticket.objects.get().language == language
    assert f'<html lang="{language}"' in visitor.text


def test_the_kiosk_leaves_no_cookie(nanterre: Office) -> None:
    visitor = Visitor(language="ar")
    visitor.come_for("information")
    visitor.sign()
    assert not visitor.client.cookies


def test_a_phone_goes_to_the_ticket_page(nanterre: Office) -> None:
    visitor = Visitor(door="/porte/nanterre/")
    visitor.open("demarche", f"j={queries.door_code(nanterre)}")
    visitor.answer(d=["information"])
    visitor.sign()
    ticket = Ticket.objects.get()
    assert visitor.url == f"/t/{ticket.token}/"
    assert ticket.origin == "phone"


def test_the_entrance_opens_the_only_office(visitor: Visitor) -> None:
    visitor.get("/borne/")
    assert visitor.url == "/borne/nanterre/"


def test_an_office_known_for_its_address_alone_has_no_door(visitor: Visitor) -> None:
    assert visitor.get("/borne/antony/").status_code == 404
    assert visitor.get("/porte/inconnu/").status_code == 404


def test_the_kiosk_orders_its_paper_from_the_office_printer_once(visitor: Visitor, nanterre: Office) -> None:
    QueuePolicy.objects.create(office=nanterre, printer_host="127.0.0.1")
    visitor.open("identite", "d=information")
    form, fields = visitor.url, {**visitor.hidden(), "name": "Fictif", "day": 1, "month": 1, "year": 1990}
    for _ in range(2):
        page = visitor.get(visitor.client.post(form, fields)["Location"])
    assert Entry.objects.filter(what="ticket.print_ordered").count() == 1
    assert "data-print-now" not in page.content.decode()


def test_without_a_printer_the_browser_prints(visitor: Visitor) -> None:
    visitor.open("identite", "d=information")
    visitor.answer(name="Fictif", day=1, month=1, year=1990)
    assert "data-print-now" in visitor.text


def test_who_comes_back_with_a_code_keeps_their_place(visitor: Visitor, nanterre: Office) -> None:
    visitor.open("identite", "d=information")
    visitor.answer(name="Fictif", day=1, month=1, year=1990)
    first = Ticket.objects.get()
    line = first.line
    agent = AgentFactory(office=nanterre, lines=[line])
    counter = line.counters.order_by("number")[0]
    actions.open_counter(counter, by=agent)
    actions.call_next(counter, by=agent)
    actions.arrive(first, by=agent)
    given = actions.give_return(first, kind=ReturnKind.MISSING_COPY, by=agent, reason="copie")
    clock.hold(at("11:00"))
    visitor.open("identite", "d=information")
    assert visitor.answer(name="Fictif", day=1, month=1, year=1990, return_code="NOTACODE").status_code == 409
    assert "code de retour" in visitor.text
    visitor.answer(name="Fictif", day=1, month=1, year=1990, return_code=given.code.lower())
    again = Ticket.objects.order_by("pk").last()
    assert again is not None
    assert again.pk != first.pk
    assert again.reference_at == first.reference_at


@pytest.mark.parametrize("door", ["/borne/nanterre/", "/porte/nanterre/"])
def test_a_right_to_come_back_is_used_where_an_appointment_is_asked_for(nanterre: Office, door: str) -> None:
    holder = {"holder_name": "Témoin Exemple", "holder_born": BORN}
    arrival = Arrival(office=nanterre, procedures=(Procedure.objects.get(code="renewal"),), **holder)
    first = actions.issue_ticket(arrival, by=KIOSK)
    given = actions.give_return(first, kind=ReturnKind.LATER_TODAY, at=at("14:00"), by=KIOSK, reason="Fictif")
    AccessMode.objects.create(procedure=first.procedure, mode=Mode.APPOINTMENT_ONLY, valid_from=date(2017, 12, 11))
    clock.hold(at("14:00"))
    visitor = Visitor(door)
    visitor.come_for("renewal")
    visitor.answer(c=NANTERRE)
    visitor.date(IN_TIME)
    assert Redirection.objects.get().reason == RedirectReason.APPOINTMENT_ONLY
    assert "J'ai un code de retour" in visitor.text
    visitor.get(re.search(r'href="([^"]*retour=1[^"]*)"', visitor.text)[1])
    visitor.answer(p="")
    assert '<details class="summary" open>' in visitor.text
    who = {"name": "Témoin Exemple", **parts(BORN), "door_code": queries.door_code(nanterre)}
    assert visitor.answer(**who, return_code="NOTACODE").status_code == 409
    assert 'value="NOTACODE"' in visitor.text
    visitor.answer(**who, return_code=given.code)
    again = Ticket.objects.exclude(pk=first.pk).get()
    assert (again.reference_at, again.line) == (at("14:00"), first.line)


def test_without_its_code_a_return_is_no_way_around_the_appointment(visitor: Visitor) -> None:
    Procedure.objects.get(code="information").access_modes.create(
        mode=Mode.APPOINTMENT_ONLY, valid_from=date(2017, 12, 11)
    )
    visitor.open("priorite", "d=information&retour=1")
    visitor.sign()
    assert not Ticket.objects.exists()
    assert Redirection.objects.get().reason == RedirectReason.APPOINTMENT_ONLY


def test_going_back_asks_the_question_before_and_keeps_the_rest(visitor: Visitor) -> None:
    visitor.open("priorite", "d=renewal&c=92050&e=2017-12-31")
    assert "/expiration/?d=renewal&c=92050" in visitor.text
    visitor.open("priorite", "d=receipt_renewal&c=92050")
    assert "/commune/?d=receipt_renewal" in visitor.text
    visitor.open("priorite", "d=permit_handover&d=information")
    [back] = re.findall(r'href="([^"]+/demarche/[^"]+plusieurs=1)"', visitor.text)
    visitor.get(back)
    assert visitor.text.count(" checked") == 2


def test_more_than_a_visit_can_hold_is_said_and_stays_ticked(visitor: Visitor) -> None:
    visitor.open("demarche", "plusieurs=1")
    codes = re.findall(r'name="d" value="(\w+)"', visitor.text)[:7]
    assert visitor.answer(d=codes).status_code == 422
    assert "six démarches au plus" in visitor.text
    assert visitor.text.count(" checked") == 7
