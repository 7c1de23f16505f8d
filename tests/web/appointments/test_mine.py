"""The page of one appointment: see, move, cancel, papers; and finding it again."""

from datetime import timedelta

import icalendar
import pytest

from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.common import clock
from parvis.messages.models import Message
from tests.booking.house import DAY, BookingHouse
from tests.booking.scarcity import drawn
from tests.web.appointments.booker import Booker

MINE = "la-personne@exemple.invalid"


@pytest.fixture
def mine(house: BookingHouse) -> Appointment:
    """An appointment at nine."""
    slot, *_rest = house.slots(seats=2)
    return house.booked(slot, contact=house.contact(email=MINE, language="ar"))


def test_the_page_shows_when_and_where_and_never_a_name(booker: Booker, mine: Appointment) -> None:
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    for words in ("lundi 18 décembre 2017", "09:00", "heure de Paris", mine.number, mine.office.name):
        assert words in booker.text
    assert "Exemple" not in booker.text.replace("exemple.invalid", "")
    assert MINE not in booker.text


def test_the_page_speaks_the_language_of_the_appointment_unless_another_was_chosen(
    house: BookingHouse, mine: Appointment
) -> None:
    booker = Booker()
    booker.get(f"/rendez-vous/r/{mine.token}/")
    assert 'lang="ar" dir="rtl"' in booker.text
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert 'lang="fr" dir="ltr"' in booker.text


def test_it_moves_once_however_often_the_hour_is_pressed(booker: Booker, mine: Appointment) -> None:
    booker.get(f"/rendez-vous/r/{mine.token}/deplacer/?lang=fr")
    booker.link(" place")
    form, fields = booker.url, {**booker.hidden(), "slot": booker.slot("09:45")}
    for _ in range(2):
        assert booker.client.post(form, fields).status_code == 302
    mine.refresh_from_db()
    assert (mine.starts_at, mine.moves, mine.sequence) == (clock.at(DAY, "09:45"), 1, 1)


def test_a_full_hour_keeps_the_appointment_as_it_is(booker: Booker, house: BookingHouse, mine: Appointment) -> None:
    booker.get(f"/rendez-vous/r/{mine.token}/deplacer/?j={DAY.isoformat()}&lang=fr")
    wanted = booker.slot("09:30")
    for _ in range(2):
        house.booked(mine.seats.get().slot.plan.slots.get(pk=wanted))
    assert booker.answer(slot=wanted).status_code == 409
    assert "vient d'être pris" in booker.text
    mine.refresh_from_db()
    assert mine.starts_at == clock.at(DAY, "09:00")


def test_a_drawn_place_is_not_moved_and_the_page_says_what_to_do(booker: Booker, house: BookingHouse) -> None:
    scarce = drawn(house)
    mine = scarce.give(scarce.seats(1))
    other = scarce.seats(1, hour="14:00")
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert "/deplacer/" not in booker.text
    assert "annulez ce rendez-vous et faites une nouvelle demande" in booker.text
    booker.get(f"/rendez-vous/r/{mine.token}/annuler/?lang=fr")
    assert "/deplacer/" not in booker.text
    for answer in (
        booker.client.get(f"/rendez-vous/r/{mine.token}/deplacer/"),
        booker.client.post(f"/rendez-vous/r/{mine.token}/deplacer/", {"slot": str(other.pk)}),
    ):
        assert answer["Location"] == f"/rendez-vous/r/{mine.token}/"
    mine.refresh_from_db()
    assert mine.moves == 0


def test_cancelling_asks_once_then_says_it_is_done(booker: Booker, mine: Appointment) -> None:
    booker.get(f"/rendez-vous/r/{mine.token}/annuler/?lang=fr")
    mine.refresh_from_db()
    assert mine.state == Status.CONFIRMED
    booker.answer()
    assert "Annulé" in booker.text
    mine.refresh_from_db()
    assert (mine.state, mine.cancel_reason) == (Status.CANCELLED, "person")
    for step in ("annuler/", "deplacer/", "convocation.pdf"):
        assert booker.client.get(f"/rendez-vous/r/{mine.token}/{step}").status_code == 302
        assert booker.client.post(f"/rendez-vous/r/{mine.token}/{step}", {"slot": "1"}).status_code == 302


def test_somebody_a_little_late_still_has_the_code_to_show(booker: Booker, mine: Appointment) -> None:
    clock.hold(mine.starts_at + timedelta(minutes=5))
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert "Confirmé" in booker.text
    assert 'class="qr"' in booker.text
    clock.hold(mine.starts_at + timedelta(minutes=20))
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert "L'heure est passée" in booker.text
    assert 'class="qr"' in booker.text
    clock.hold(mine.starts_at + timedelta(days=1))
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert "Passé" in booker.text
    assert 'class="qr"' not in booker.text


def test_once_it_has_begun_nothing_changes_any_more(booker: Booker, mine: Appointment) -> None:
    clock.hold(mine.starts_at + timedelta(minutes=1))
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert "/annuler/" not in booker.text
    booker.client.post(f"/rendez-vous/r/{mine.token}/annuler/")
    mine.refresh_from_db()
    assert mine.state == Status.CONFIRMED


def test_the_papers_are_a_pdf_and_an_entry_that_another_library_reads(booker: Booker, mine: Appointment) -> None:
    paper = booker.client.get(f"/rendez-vous/r/{mine.token}/convocation.pdf")
    assert paper.content.startswith(b"%PDF")
    entry = booker.client.get(f"/rendez-vous/r/{mine.token}/rendez-vous.ics")
    assert entry["Content-Type"].startswith("text/calendar")
    event = icalendar.Calendar.from_ical(entry.content).walk("VEVENT")[0]
    assert event["DTSTART"].dt == mine.starts_at


@pytest.mark.parametrize("email", [MINE, "inconnu@exemple.invalid"])
def test_finding_again_says_the_same_to_everybody(booker: Booker, mine: Appointment, email: str) -> None:
    Message.objects.all().delete()
    booker.get("/rendez-vous/retrouver/?lang=fr")
    booker.answer(contact="1", email=email.upper())
    assert "existe avec ce contact" in booker.text
    sent = Message.objects.filter(kind="booking.already")
    assert [one.recipient for one in sent] == ([MINE] if email == MINE else [])


def test_finding_again_has_a_limit(booker: Booker, mine: Appointment) -> None:
    booker.get("/rendez-vous/retrouver/?lang=fr")
    answers = [booker.answer(contact="1", email=MINE).status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]
    assert "Trop de demandes" in booker.text


@pytest.mark.parametrize(
    "step", ["", "convocation.pdf", "rendez-vous.ics", "annuler/", "deplacer/", "identite/", "code/"]
)
def test_its_address_ends_a_month_after_the_visit(booker: Booker, mine: Appointment, step: str) -> None:
    clock.hold(mine.starts_at + timedelta(days=30) - timedelta(minutes=1))
    assert Booker().client.get(f"/rendez-vous/r/{mine.token}/{step}").status_code in (200, 302)
    clock.hold(mine.starts_at + timedelta(days=30))
    answer = Booker().client.get(f"/rendez-vous/r/{mine.token}/{step}")
    assert answer.status_code == 410
    shown = answer.content.decode()
    assert 'lang="ar" dir="rtl"' in shown
    assert mine.number not in shown
    assert "plus valable" in Booker().client.get(f"/rendez-vous/r/{mine.token}/{step}?lang=fr").content.decode()
