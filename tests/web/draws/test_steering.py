"""Draws as the head of office holds them."""

from datetime import timedelta

import pytest
from django.test import Client

from parvis.booking import actions
from parvis.booking.models import AllocationRule, Batch, SeatRequest
from parvis.booking.states import Allocation, BatchState, RequestState
from parvis.common import clock
from parvis.procedures import queries as catalogue
from tests.booking.house import SINCE, WEB
from tests.web.staff import Staff


@pytest.fixture
def head(staff: Staff) -> Client:
    AllocationRule.objects.create(
        office=staff.office,
        procedure=catalogue.by_code("renewal"),
        allocation=Allocation.DRAW,
        valid_from=SINCE,
        most_losses=1,
    )
    return staff.signed_in("head_of_office")[0]


def ask(staff: Staff, **changes: object) -> SeatRequest:
    from datetime import date

    from parvis.booking.rules import Attendee, Contact

    renewal = catalogue.by_code("renewal")
    number = SeatRequest.objects.count() + 1
    attendee = Attendee(
        family_name="Exemple", given_name="Témoin", birth_date=date(1990, 1, 1),
        foreign_number=f"9900{number:06d}", procedure=renewal,
    )  # fmt: skip
    contact = Contact(email=f"temoin{number}@exemple.invalid")
    return actions.request(staff.office, renewal, attendee=attendee, contact=contact, by=WEB, **changes)


def said(client: Client, address: str, **fields: str) -> str:
    answer = client.post(address, fields, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_no_free_seat_means_nothing_where_people_walk_in(head: Client, staff: Staff) -> None:
    shown = {one.procedure.code: walks_in for one, walks_in in head.get("/pilotage/tirages/").context["first_free"]}
    modes = {code: catalogue.access_mode(catalogue.by_code(code), clock.today()) for code in shown}
    assert {code for code, walks_in in shown.items() if walks_in} == {
        code for code, mode in modes.items() if mode == "walk_in"
    }
    assert 0 < sum(shown.values()) < len(shown)
    assert "Sans rendez-vous" in head.get("/pilotage/tirages/").content.decode()


def test_opened_closed_and_drawn_by_hand(head: Client, staff: Staff) -> None:
    assert "Ouvrir les demandes" in head.get("/pilotage/tirages/").content.decode()
    assert "engagement est publié" in said(head, "/pilotage/tirages/ouvrir/", procedure="renewal")
    batch = Batch.objects.get()
    made = ask(staff)
    assert "heure annoncée" in said(head, f"/pilotage/tirages/{batch.pk}/clore/")
    clock.hold(batch.closes_at)
    assert "Clore la liste" in head.get("/pilotage/tirages/").content.decode()
    assert "Liste close" in said(head, f"/pilotage/tirages/{batch.pk}/clore/")
    assert "Tirage fait et publié" in said(head, f"/pilotage/tirages/{batch.pk}/tirer/")
    batch.refresh_from_db()
    made.refresh_from_db()
    assert batch.state == BatchState.DRAWN
    assert (made.state, made.lost) == (RequestState.WAITING, 0), "there was no place to lose"


def test_who_waits_long_is_shown_among_all_who_asked_then(head: Client, staff: Staff) -> None:
    actions.withdraw_request(ask(staff), by=WEB)
    ask(staff)
    clock.hold(clock.now() + timedelta(weeks=4))
    assert "sur 2 demandes aussi anciennes (50 %)" in head.get("/pilotage/tirages/").content.decode()


def test_the_alarm_when_more_are_carried_over_than_seats(head: Client, staff: Staff) -> None:
    made = ask(staff)
    assert "plus de 1 tirages" not in head.get("/pilotage/tirages/").content.decode()
    SeatRequest.objects.filter(pk=made.pk).update(lost=2)
    assert "1 personne a perdu plus de 1 tirages" in head.get("/pilotage/tirages/").content.decode()


def test_grounds_are_confirmed_or_set_aside(head: Client, staff: Staff) -> None:
    first = ask(staff, ground="health", ground_reason="Hospitalisation fictive")
    second = ask(staff, ground="minor")
    assert "2 motifs" in head.get("/pilotage/tirages/").content.decode()
    assert "Hospitalisation fictive" in head.get("/pilotage/tirages/motifs/").content.decode()
    assert "Motif confirmé" in said(head, f"/pilotage/tirages/motifs/{first.pk}/", answer="confirm")
    assert "Motif écarté" in said(head, f"/pilotage/tirages/motifs/{second.pk}/", answer="refuse")
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ground_confirmed_by is not None
    assert (second.ground, second.state) == ("", RequestState.WAITING)


def test_a_batch_of_another_office_is_not_found(head: Client, staff: Staff) -> None:
    from tests.offices.factories import OfficeFactory

    said(head, "/pilotage/tirages/ouvrir/", procedure="renewal")
    Batch.objects.update(office=OfficeFactory(code="ailleurs"))
    assert head.post(f"/pilotage/tirages/{Batch.objects.get().pk}/clore/").status_code == 404


def test_a_procedure_that_is_booked_directly_is_not_opened(head: Client, staff: Staff) -> None:
    assert "sans tirage" in said(head, "/pilotage/tirages/ouvrir/", procedure="student")
    assert head.post("/pilotage/tirages/ouvrir/", {"procedure": "rien"}).status_code == 404


def test_only_the_head_of_office_holds_draws(staff: Staff) -> None:
    for role in ("greeter", "counter_agent", "administrator", "internal_auditor"):
        client, _agent = staff.signed_in(role)
        assert client.get("/pilotage/tirages/").status_code == 403
        assert client.post("/pilotage/tirages/ouvrir/").status_code == 403
