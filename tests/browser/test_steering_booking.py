"""Seats by appointment in a real browser: the pages of the head of office, on a desk and on a phone."""

import io
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from parvis.booking import actions
from parvis.booking.models import Appointment, CapacityPlan, Slot
from parvis.booking.rules import Attendee, Contact, Wish
from parvis.booking.states import Channel, Status
from parvis.common import clock
from parvis.offices.models import Agent, Office
from parvis.procedures.models import Procedure
from parvis.reception import actions as reception
from parvis.reception.rules import Arrival
from tests.browser.screens import assert_accessible, picture
from tests.browser.test_steering import SIZES, Browse, enter
from tests.offices.factories import AgentFactory
from tests.reception.house import MONDAY, at

pytestmark = pytest.mark.browser
DAY = MONDAY + timedelta(days=8)


def appointment(office: Office, code: str, slot: Slot, number: int, by: Agent) -> Appointment:
    """Somebody invented, booked at the desk."""
    procedure = Procedure.objects.get(code=code)
    return actions.book(
        Wish(office=office, procedures=(procedure,), channel=Channel.DESK),
        slot.pk,
        attendees=[
            Attendee(family_name="Exemple", birth_date=date(1990, 1, 1), foreign_number=f"9900{number:06d}",
                     procedure=procedure)
        ],
        contact=Contact(email=f"temoin{number}@exemple.invalid"),
        by=by,
    )  # fmt: skip


@pytest.fixture
def head(nanterre: Office) -> Agent:
    """The head of Nanterre, with seats in the weeks ahead, people booked in them, and a week that is measured."""
    head = AgentFactory(office=nanterre, name="Maxime Inventé", user__username="maxime", roles=["head_of_office"])
    number = 0
    for ahead in (6, 5, 3):
        for code in ("renewal", "renewal", "student", "first_request"):
            clock.hold(at("09:00", MONDAY - timedelta(days=ahead)) + timedelta(minutes=number))
            number += 1
            procedure = Procedure.objects.get(code=code)
            born = date(1990, 1, 1)
            arrival = Arrival(
                office=nanterre, procedures=(procedure,), holder_name=f"Témoin {number}", holder_born=born
            )
            reception.issue_ticket(arrival, by=head)
    clock.hold(at("10:00"))
    call_command("load_plans", stdout=io.StringIO())
    slots = Slot.objects.filter(day=DAY, line__code="filing", plan__name="Étudiants et salariés").order_by("starts_at")
    for number, slot in enumerate(slots[:4]):
        appointment(nanterre, "student", slot, number, head)
        appointment(nanterre, "employee", slot, 100 + number, head)
    return head


def plan_of(day: date) -> CapacityPlan:
    return CapacityPlan.objects.get(name="Étudiants et salariés", weekday=day.isoweekday(), valid_from__year=2017)


def addresses() -> dict[str, str]:
    """The pages, some of them with a change being tried."""
    plan = plan_of(DAY)
    typed = (
        "name=Étudiants+et+salariés&weekday=2&starts=13:30&ends=15:10&slot_minutes=20&seats=1&valid_from=2017-12-18"
        "&valid_to=2017-12-31&audience_1=students&kept_1=1"
    )
    return {
        "capacity": "/pilotage/places/",
        "fill": "/pilotage/places/remplissage/",
        "new-plan": "/pilotage/places/filing/nouveau/",
        "plan": f"/pilotage/places/plan/{plan.pk}/?{typed}",
        "plan-end": f"/pilotage/places/plan/{plan.pk}/terminer/?last_day=2017-12-12",
        "booking-policy": "/pilotage/places/regles/",
        "access-modes": "/pilotage/acces/",
        "access-mode": "/pilotage/acces/student/?mode=appointment_only&valid_from=2018-02-01",
        "opening-booked": f"/pilotage/horaires/filing/?weekday=2&valid_from={DAY}&opens_1=09:00&closes_1=12:00",
        "closure-booked": f"/pilotage/fermetures/?day={DAY}&reason_fr=Panne",
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_accessible(browse: Browse, head: Agent, language: str, size: str) -> None:
    page = browse(language=language)
    page.set_viewport_size(SIZES[size])
    enter(page, head, language)
    for name, address in addresses().items():
        page.goto(address)
        assert_accessible(page)
        picture(page, f"steering-{name}-{language}-{size}")


def test_a_change_is_tried_then_decided_by_keyboard(browse: Browse, head: Agent) -> None:
    page = browse()
    enter(page, head, "fr")
    page.goto(f"/pilotage/places/plan/{plan_of(DAY).pk}/")
    page.get_by_label("Places à chaque créneau").fill("1")
    page.get_by_label("Places", exact=True).nth(0).fill("1")
    page.get_by_label("Places", exact=True).nth(1).fill("")
    page.keyboard.press("Enter")
    expect(page.locator(".preview")).to_contain_text("4 rendez-vous perdent leur place.")
    assert Appointment.objects.filter(day=DAY, state=Status.CONFIRMED).count() == 8
    page.get_by_role("button", name="Décider ce changement").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Plan changé.")
    assert Appointment.objects.filter(state=Status.CONFIRMED).exclude(seats__slot__day=DAY).exists()


def test_without_javascript_a_closure_tells_whom_it_hits(browse: Browse, head: Agent) -> None:
    page = browse(javascript=False)
    enter(page, head, "fr")
    page.goto(addresses()["closure-booked"])
    expect(page.locator(".preview")).to_contain_text("8 rendez-vous perdent leur place.")
    page.get_by_role("button", name="Déclarer cette fermeture").click()
    expect(page.locator("#messages")).to_contain_text("8 rendez-vous ont changé d'heure")
    assert not Appointment.objects.filter(day=DAY, state=Status.CONFIRMED).exists()
