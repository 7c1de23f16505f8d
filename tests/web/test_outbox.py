"""The outbox screen and the address where gateways say what became of a message."""

import html
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from parvis.common import clock
from parvis.messages import actions
from parvis.messages.models import Message
from parvis.messages.states import Channel, Status
from parvis.offices.models import Agent
from tests.booking.house import BookingHouse, build
from tests.offices.factories import AgentFactory, OfficeFactory
from tests.reception.house import at

SECRET = "un-secret-fictif"


@pytest.fixture
def house(db: None) -> Iterator[BookingHouse]:
    """The small office at ten o'clock, with seats to book."""
    with clock.held(at("10:00")):
        yield build()


def browser(agent: Agent) -> Client:
    """A browser in which this agent is signed in."""
    client = Client()
    client.force_login(agent.user, backend="parvis.web.account.backend.RolesOnly")
    return client


@pytest.fixture
def screen(house: BookingHouse) -> Client:
    """Somebody of the mail and phone team."""
    return browser(AgentFactory(office=house.office, roles=["mail_phone_team"]))


def said(client: Client, **asked: str) -> str:
    """What the page says."""
    answer = client.get("/messages/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def lost(key: str = "essai:1", **changes: Any) -> Message:
    """A message that did not arrive."""
    given: dict[str, Any] = {"to": "temoin@exemple.invalid", "channel": Channel.EMAIL, "language": "fr"}
    actions.queue("booking.confirmed", key=key, **({"facts": {"appointment": 1}} | given | changes))
    Message.objects.filter(key=key).update(state=Status.FAILED, answer="boîte fermée", ended_at=clock.now())
    return Message.objects.get(key=key)


def test_what_failed_comes_first(screen: Client, house: BookingHouse) -> None:
    lost()
    booked = house.booked(house.slot())
    page = said(screen)
    assert page.index("boîte fermée") < page.index(booked.email)


def test_a_server_that_takes_nothing_is_said_with_its_answer(
    screen: Client, house: BookingHouse, settings: Any
) -> None:
    settings.MAIL_CONNECTED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    house.booked(house.slot())
    assert "le serveur ne l'a pas pris" not in html.unescape(said(screen))
    actions.send_due()
    for client in (screen, browser(AgentFactory(office=house.office, roles=["administrator"]))):
        page = html.unescape(said(client))
        assert "1 message n'est pas parti : le serveur ne l'a pas pris" in page
        assert "Connection refused" in page


def test_a_message_is_found_by_its_address_and_by_its_appointment(screen: Client, house: BookingHouse) -> None:
    first, second = house.booked(house.slot()), house.booked(house.slot(hour="09:30"))
    for typed in (first.email.upper(), first.number.lower()):
        page = said(screen, who=typed)
        assert first.email in page
        assert second.email not in page
    assert first.email not in said(screen, who="personne@exemple.invalid")


def test_what_was_sent_is_read_by_who_may_open_a_file(screen: Client, house: BookingHouse, settings: Any) -> None:
    settings.MAIL_CONNECTED = True
    booked = house.booked(house.slot())
    actions.send_due()
    assert booked.number in said(screen)
    page = said(browser(AgentFactory(office=house.office, roles=["administrator"])))
    assert "Rendez-vous confirmé" in page
    assert booked.number not in page
    assert booked.email not in page


def test_codes_are_read_in_a_demonstration_alone(house: BookingHouse, screen: Client, settings: Any) -> None:
    settings.MAIL_CONNECTED = True
    house.pending(house.slot())
    code = house.code()
    actions.send_due()
    assert code not in said(screen)
    settings.MAIL_CONNECTED, settings.DEMO = False, True
    house.pending(house.slot(hour="09:30"))
    code = house.code()
    actions.send_due()
    assert code in said(screen)


def test_a_message_is_sent_again_once_a_press(screen: Client) -> None:
    message = lost()
    for _press in range(2):
        answer = screen.post(f"/messages/{message.pk}/renvoyer/", {"key": "a" * 32})
        assert answer.status_code == 302
    message.refresh_from_db()
    assert (message.state, Message.objects.count()) == (Status.QUEUED, 1)


def test_a_letter_is_seen_printed_and_noted(screen: Client, house: BookingHouse) -> None:
    booked = house.booked(house.slot())
    facts = {"appointment": booked.pk, "office": house.office.pk}
    actions.queue(
        "booking.moved_by_office", key="l", to=booked.number, channel=Channel.LETTER, language="fr", facts=facts
    )
    letter = Message.objects.get(key="l")
    assert f"/messages/{letter.pk}/courrier.pdf" in said(screen)
    assert screen.get(f"/messages/{letter.pk}/courrier.pdf").content.startswith(b"%PDF")
    assert screen.post(f"/messages/{letter.pk}/imprime/").status_code == 302
    letter.refresh_from_db()
    assert letter.state == Status.SENT


def test_each_office_sees_its_own(screen: Client, house: BookingHouse) -> None:
    message = lost(facts={"appointment": 1, "office": OfficeFactory().pk})
    assert "boîte fermée" not in said(screen)
    assert screen.post(f"/messages/{message.pk}/renvoyer/", {"key": "b" * 32}).status_code == 404


@pytest.mark.parametrize("asked", [{"state": "x"}, {"kind": "x"}, {"who": "a" * 300}])
def test_a_search_that_cannot_be_is_refused(screen: Client, asked: dict[str, str]) -> None:
    assert screen.get("/messages/", asked).status_code == 422


@pytest.mark.parametrize("before", ["x", "9" * 40, "-1", "٣"])
def test_a_page_that_cannot_be_is_the_first(screen: Client, before: str) -> None:
    lost()
    assert screen.get("/messages/", {"avant": before}).status_code == 200


def receipt(said: object, *, secret: str = SECRET) -> int:
    """What a gateway that says this is answered."""
    body = said if isinstance(said, str) else json.dumps(said)
    answer = Client().post(
        "/messages/recu/", body, content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
    )
    return answer.status_code


@pytest.mark.django_db
def test_a_receipt_needs_the_secret(settings: Any) -> None:
    said = {"reference": "r", "delivered": True}
    settings.RECEIPT_SECRET = ""
    assert receipt(said, secret="") == 403
    settings.RECEIPT_SECRET = SECRET
    assert receipt(said, secret="autre") == 403
    assert receipt(said, secret="é") == 403
    assert receipt(said) == 200


def test_a_receipt_says_that_a_message_arrived(house: BookingHouse, settings: Any) -> None:
    settings.RECEIPT_SECRET = SECRET
    settings.MAIL_CONNECTED = True
    house.booked(house.slot())
    actions.send_due()
    message = Message.objects.get()
    for _time in range(2):
        assert receipt({"reference": message.reference, "delivered": True, "answer": "ok\x00"}) == 200
    message.refresh_from_db()
    assert (message.state, message.answer) == (Status.DELIVERED, "ok")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", {"reference": "r"}, {"reference": 1, "delivered": True}, {"delivered": True}]
)
def test_a_receipt_that_cannot_be_read_is_refused(body: object, settings: Any) -> None:
    settings.RECEIPT_SECRET = SECRET
    assert receipt(body) == 422
    assert receipt({"reference": "\x00", "delivered": True}) == 422
