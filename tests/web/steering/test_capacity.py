"""Seats by appointment on the head's screen: plans, pools, whom a change hits, how people come, the rules."""

import html
from datetime import date, time, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from parvis.booking import actions, queries
from parvis.booking.models import AllocationRule, Appointment, BookingPolicy, CapacityPlan, Seat, Slot
from parvis.booking.rules.plans import Draft, Part
from parvis.booking.states import Status
from parvis.common import clock
from parvis.offices.models import Agent
from parvis.procedures import queries as procedures
from parvis.procedures.models import AccessMode, Mode
from tests.booking.house import SINCE, BookingHouse
from tests.offices.factories import AgentFactory, LineFactory
from tests.reception.house import MONDAY, House, at

TUESDAY = MONDAY + timedelta(days=1)
LATER = TUESDAY + timedelta(days=7)
PLACES = "/pilotage/places/"
TYPED = {
    "name": "Grille",
    "weekday": "2",
    "starts": "09:00",
    "ends": "10:00",
    "slot_minutes": "20",
    "seats": "3",
    "valid_from": "2017-12-12",
    "audience_1": "students",
    "kept_1": "1",
}


def said(answer: HttpResponse) -> str:
    """What a page says."""
    return html.unescape(answer.content.decode())


@pytest.fixture
def booking(house: House) -> BookingHouse:
    """The same small office, every procedure with or without an appointment."""
    for procedure in house.procedures.values():
        AccessMode.objects.create(procedure=procedure, mode=Mode.MIXED, valid_from=SINCE)
    return BookingHouse(house, AgentFactory(office=house.office, roles=["greeter"]))


@pytest.fixture
def plan(booking: BookingHouse, head: Agent) -> CapacityPlan:
    """Three seats every twenty minutes of Tuesday mornings, one for students."""
    draft = Draft(
        name="Grille", weekday=2, starts=time(9), ends=time(10), slot_minutes=20, seats=3, valid_from=MONDAY,
        parts=(Part(seats=1, audience="students"),),
    )  # fmt: skip
    return actions.add_plan(booking.house.lines["filing"], draft, by=head)


def slot_at(hour: str, day: date = LATER) -> Slot:
    return Slot.objects.get(starts_at=at(hour, day))


def test_plans_and_seats_of_every_line(booking: BookingHouse, plan: CapacityPlan, screen: Client) -> None:
    booking.booked(slot_at("09:00"))
    page = said(screen.get(PLACES))
    assert "3 × 20 min, 9 par jour" in page
    assert "Étudiants : 1" in page
    assert "Aucune place par rendez-vous." in page, "the other lines have none"
    assert "<td>1</td>" in page, "the seat taken in its week"


def test_a_plan_is_added(booking: BookingHouse, screen: Client) -> None:
    assert screen.get(f"{PLACES}filing/nouveau/").status_code == 200
    assert screen.post(f"{PLACES}filing/nouveau/", TYPED)["Location"] == PLACES
    made = CapacityPlan.objects.get()
    assert (made.seats, made.shares.get().audience) == (3, "students")
    assert Seat.objects.filter(slot__day=TUESDAY).count() == 9


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": "08:00"},
        {"ends": "09:10"},
        {"seats": "0"},
        {"kept_1": "4"},
        {"audience_1": ""},
        {"valid_from": "2017-12-10"},
        {"valid_to": "2017-12-11"},
        {"slot_minutes": "abc"},
        {"name": "   "},
        {"accepts": "asylum_registration"},
        {"weekday": "9"},
    ],
)
def test_a_plan_that_cannot_be_is_refused(booking: BookingHouse, screen: Client, wrong: dict[str, str]) -> None:
    answer = screen.post(f"{PLACES}filing/nouveau/", TYPED | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in said(answer)
    assert not CapacityPlan.objects.exists()


def test_a_second_plan_of_the_same_name_is_refused(booking: BookingHouse, plan: CapacityPlan, screen: Client) -> None:
    answer = screen.post(f"{PLACES}filing/nouveau/", TYPED)
    assert answer.status_code == 409
    assert "Un plan du même nom existe déjà" in said(answer)


def test_whom_a_change_of_plan_hits_is_shown_before_it_is_decided(
    booking: BookingHouse, plan: CapacityPlan, screen: Client
) -> None:
    people = [booking.booked(slot_at("09:20"), booking.wish("student")) for _ in range(3)]
    typed = TYPED | {"seats": "1", "kept_1": "", "audience_1": ""}
    page = said(screen.get(f"{PLACES}plan/{plan.pk}/", typed))
    assert "2 rendez-vous perdent leur place." in page
    assert "student : 2" in page
    assert sum(one.number in page for one in people) == 2
    assert "Témoin" not in page, "nobody's name is shown"
    assert Seat.objects.filter(slot=slot_at("09:20")).count() == 3, "nothing is done yet"
    answer = screen.post(f"{PLACES}plan/{plan.pk}/changer/", typed, follow=True)
    assert "2 rendez-vous ont changé d'heure" in said(answer)
    assert Seat.objects.filter(slot__day=LATER).count() == 3


def test_a_change_of_plan_that_hits_nobody_says_so(booking: BookingHouse, plan: CapacityPlan, screen: Client) -> None:
    page = said(screen.get(f"{PLACES}plan/{plan.pk}/", TYPED | {"seats": "2"}))
    assert "Aucun rendez-vous ne perd sa place." in page


def test_a_plan_is_ended_after_seeing_whom_it_hits(booking: BookingHouse, plan: CapacityPlan, screen: Client) -> None:
    one = booking.booked(slot_at("09:20"))
    address = f"{PLACES}plan/{plan.pk}/terminer/"
    assert "Dernier jour" in said(screen.get(address))
    assert "1 rendez-vous perd sa place." in said(screen.get(address, {"last_day": "2017-12-12"}))
    assert screen.get(address, {"last_day": "2017-12-10"}).status_code == 422
    answer = screen.post(address, {"last_day": "2017-12-12"}, follow=True)
    assert "1 personne doit choisir" in said(answer)
    one.refresh_from_db()
    assert (one.state, one.day) == (Status.CANCELLED, LATER)


def test_plans_of_another_office_are_not_found(booking: BookingHouse, screen: Client) -> None:
    other = CapacityPlan.objects.create(
        line=LineFactory(), name="Ailleurs", weekday=1, starts=time(9), ends=time(10), slot_minutes=20, seats=1,
        valid_from=MONDAY,
    )  # fmt: skip
    for end in ("", "changer/", "terminer/"):
        send = screen.post if end == "changer/" else screen.get
        assert send(f"{PLACES}plan/{other.pk}/{end}", TYPED).status_code == 404


def test_an_opening_shows_whom_it_hits(booking: BookingHouse, plan: CapacityPlan, screen: Client) -> None:
    booking.booked(slot_at("09:40"))
    typed = {"weekday": "2", "valid_from": "2017-12-12", "opens_1": "09:00", "closes_1": "09:40"}
    page = said(screen.get("/pilotage/horaires/filing/", typed))
    assert "1 rendez-vous perd sa place." in page
    answer = screen.post("/pilotage/horaires/filing/changer/", typed, follow=True)
    assert "1 rendez-vous a changé d'heure : la personne est prévenue." in said(answer)
    assert Appointment.objects.get().starts_at == at("09:20", LATER)


def test_a_closure_shows_whom_it_hits(booking: BookingHouse, plan: CapacityPlan, screen: Client) -> None:
    booking.booked(slot_at("09:40"))
    typed = {"day": LATER.isoformat(), "reason_fr": "Panne"}
    assert "1 rendez-vous perd sa place." in said(screen.get("/pilotage/fermetures/", typed))
    answer = screen.post("/pilotage/fermetures/declarer/", typed, follow=True)
    assert "1 rendez-vous a changé d'heure" in said(answer)
    assert Appointment.objects.get().day != LATER
    closure = booking.office.closures.get()
    screen.post(f"/pilotage/fermetures/{closure.pk}/annuler/")
    assert Seat.objects.filter(slot__day=LATER, state="free").count() == 9


def test_how_the_pools_fill(booking: BookingHouse, plan: CapacityPlan, screen: Client) -> None:
    booking.booked(slot_at("09:00"), booking.wish("student"))
    page = said(screen.get(f"{PLACES}remplissage/", {"since": LATER.isoformat(), "until": LATER.isoformat()}))
    assert "Places prises : 1 sur 9" in page
    assert "33 %" in page
    assert "Étudiants" in page
    assert screen.get(f"{PLACES}remplissage/").status_code == 200
    wrong = {"since": LATER.isoformat(), "until": TUESDAY.isoformat()}
    assert screen.get(f"{PLACES}remplissage/", wrong).status_code == 422
    assert screen.get(f"{PLACES}remplissage/", {"since": "hier", "until": ""}).status_code == 422


def test_how_people_come_for_every_procedure(booking: BookingHouse, screen: Client) -> None:
    renewal = booking.house.procedures["renewal"]
    AccessMode.objects.create(procedure=renewal, mode=Mode.APPOINTMENT_ONLY, valid_from=date(2018, 6, 29))
    page = said(screen.get("/pilotage/acces/"))
    assert "29 juin 2018 : Sur rendez-vous seulement" in page
    assert "Au premier arrivé" in page


def test_a_mode_is_moved_after_seeing_what_it_does(booking: BookingHouse, plan: CapacityPlan, screen: Client) -> None:
    with clock.held(at("10:00", MONDAY - timedelta(days=3))):
        booking.house.ticket("renewal")
    address, typed = "/pilotage/acces/renewal/", {"mode": "appointment_only", "valid_from": "2018-02-01"}
    assert "Avec ou sans rendez-vous" in said(screen.get(address))
    page = said(screen.get(address, typed))
    assert "À partir du jeudi 1 février 2018 : Sur rendez-vous seulement" in page
    assert "Personnes sans rendez-vous, par jour" in page
    assert "mesuré sur 1 jour" in page
    renewal = booking.house.procedures["renewal"]
    assert procedures.access_mode(renewal, date(2018, 2, 1)) == Mode.MIXED, "nothing is done yet"
    assert screen.post(f"{address}changer/", typed)["Location"] == address
    assert procedures.access_mode(renewal, date(2018, 2, 1)) == Mode.APPOINTMENT_ONLY
    assert procedures.access_mode(renewal, date(2018, 1, 31)) == Mode.MIXED


@pytest.mark.parametrize("wrong", [{"mode": "by_pigeon"}, {"valid_from": "2017-12-10"}, {"valid_from": ""}])
def test_a_mode_that_cannot_be_is_refused(booking: BookingHouse, screen: Client, wrong: dict[str, str]) -> None:
    typed = {"mode": "mixed", "valid_from": "2018-02-01"} | wrong
    assert screen.get("/pilotage/acces/renewal/", typed).status_code == 422
    assert screen.post("/pilotage/acces/renewal/changer/", typed).status_code == 422


def test_a_mode_to_come_ends_the_change_and_nothing_is_said_of_what_is_not_measured(
    booking: BookingHouse, screen: Client
) -> None:
    renewal = booking.house.procedures["renewal"]
    AccessMode.objects.create(procedure=renewal, mode=Mode.WALK_IN, valid_from=date(2018, 7, 1))
    address, typed = "/pilotage/acces/renewal/", {"mode": "appointment_only", "valid_from": "2018-02-01"}
    page = said(screen.get(address, typed))
    assert "Jusqu'au 1 juillet 2018 seulement" in page
    assert "Environ 0 personnes" not in page
    assert "personne ne pourrait prendre rendez-vous" in page
    assert "Jusqu'au" not in said(screen.get(address, typed | {"valid_from": "2018-07-01"}))


def test_a_procedure_of_elsewhere_is_not_found(booking: BookingHouse, screen: Client) -> None:
    booking.house.procedures["renewal"].line_code = "asylum"
    booking.house.procedures["renewal"].save(update_fields=["line_code"])
    assert screen.get("/pilotage/acces/renewal/").status_code == 404
    assert screen.get("/pilotage/acces/inconnue/").status_code == 404


DRAW = {"allocation": "draw", "from_day": "2018-01-08", "batch_days": "7", "most_losses": "3", "near_days": "4",
        "offer_hours": "6"}  # fmt: skip


def test_seats_are_given_by_draw_from_a_day_on(booking: BookingHouse, screen: Client) -> None:
    address = "/pilotage/acces/renewal/places/"
    assert screen.post(address, DRAW)["Location"] == "/pilotage/acces/renewal/"
    rule = AllocationRule.objects.get()
    assert (rule.allocation, rule.valid_from, rule.batch_days) == ("draw", date(2018, 1, 8), 7)
    assert "Par tirage" in said(screen.get("/pilotage/acces/renewal/"))
    assert screen.post(address, DRAW | {"batch_days": "99"}).status_code == 422
    assert screen.post(address, DRAW | {"allocation": "auction"}).status_code == 422


def test_the_rules_of_booking_are_set(booking: BookingHouse, screen: Client) -> None:
    address = f"{PLACES}regles/"
    form = screen.get(address).context["form"]
    typed = {**form.initial, "horizon_days": 30}
    assert screen.post(address, typed)["Location"] == address
    assert queries.policy(booking.office).horizon_days == 30
    for wrong in ({"horizon_days": 0}, {"release_after_max": 1, "release_after_min": 5}, {"hold_minutes": ""}):
        assert screen.post(address, typed | wrong).status_code == 422
    assert BookingPolicy.objects.get().horizon_days == 30
