"""The live process as screens know it: who hears what, how soon, and what happens when something breaks."""

import time
from collections.abc import Callable

import httpx
import pytest
from django.db import connection

from parvis.reception import actions
from parvis.web.live.listener import APPLICATION_NAME
from tests.live.process import LiveProcess, Screen, facts
from tests.reception.house import House

Listen = Callable[[str], Screen]


def test_a_call_is_on_the_display_within_a_second(house: House, listen: Listen) -> None:
    ticket = house.ticket("renewal")
    counter, agent = house.desk()
    display = listen(f"/live/display/{house.office.pk}")
    display.wait_for("board")
    seen = len(display.events)
    pressed = time.monotonic()
    actions.call_next(counter, by=agent)
    event = display.wait_for("board", after=seen, containing=str(ticket))
    assert event.at - pressed < 1
    assert f"<b>{counter.number}</b>" in event.data


def test_a_new_display_receives_the_board_at_once(house: House, listen: Listen) -> None:
    ticket = house.ticket("renewal")
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    assert listen(f"/live/display/{house.office.pk}").wait_for("board", containing=str(ticket))


def test_many_changes_are_one_message_for_the_desks(house: House, listen: Listen) -> None:
    desk = listen(f"/live/office/{house.office.pk}")
    for _ in range(5):
        house.ticket("renewal")
    desk.wait_for("changed")
    time.sleep(0.6)
    assert 1 <= sum(event.name == "changed" for event in desk.events) <= 4
    assert {event.name for event in desk.events} == {"hello", "changed"}


def test_another_office_hears_nothing(house: House, listen: Listen) -> None:
    from tests.offices.factories import OfficeFactory

    elsewhere = listen(f"/live/office/{OfficeFactory().pk}")
    here = listen(f"/live/office/{house.office.pk}")
    house.ticket("renewal")
    here.wait_for("changed")
    assert [event.name for event in elsewhere.events] == ["hello"]


def test_the_person_called_knows_at_once_and_the_others_a_little_later(house: House, listen: Listen) -> None:
    called, waiting = house.ticket("renewal"), house.ticket("renewal")
    counter, agent = house.desk()
    mine, theirs = listen(f"/live/ticket/{called.token}"), listen(f"/live/ticket/{waiting.token}")
    pressed = time.monotonic()
    actions.call_next(counter, by=agent)
    event = mine.wait_for("changed", containing="own")
    assert event.at - pressed < 1
    assert theirs.wait_for("changed", patience=3).data == "{}"


def test_positions_move_on_a_phone_every_five_seconds_at_most(house: House, listen: Listen) -> None:
    phone = listen(f"/live/ticket/{house.ticket('renewal').token}")
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline:
        house.ticket("renewal")
        time.sleep(0.2)
    phone.wait_for("changed", containing="{}")
    assert sum(event.data == "{}" for event in phone.events) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/live/office/999999",
        "/live/office/0",
        "/live/office/1/",
        "/live/office/1e3",
        "/live/display/999999",
        "/live/display/1?vue=rien",
        "/live/display/1?vue=ligne",
        "/live/display/1?lang=xx",
        "/live/ticket/AAAAAAAAAAAAAAAAAAAAAA",
        "/live/ticket/court",
        "/live/ticket/" + "a" * 5000,
        "/live/../etc/passwd",
        "/",
    ],
)
def test_what_is_not_ours_is_not_found(live: LiveProcess, path: str) -> None:
    assert httpx.get(live.address(path)).status_code == 404


def test_only_get_and_only_our_pages(house: House, live: LiveProcess) -> None:
    address = live.address(f"/live/office/{house.office.pk}")
    assert httpx.post(address).status_code == 405
    assert httpx.get(address, headers={"origin": "https://ailleurs.exemple"}).status_code == 403
    assert httpx.get(address, headers={"origin": "http://[faux"}).status_code == 403
    with httpx.stream("GET", address, headers={"origin": "http://127.0.0.1:8000"}) as answer:
        assert answer.headers["access-control-allow-origin"] == "http://127.0.0.1:8000"
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["content-type"] == "text/event-stream"


def test_no_event_says_who_or_why(house: House, listen: Listen) -> None:
    ticket = house.ticket("renewal", holder_name="Exemple Témoin", priority="mobility_card")
    counter, agent = house.desk()
    screens = [
        listen(f"/live/office/{house.office.pk}"),
        listen(f"/live/ticket/{ticket.token}"),
        listen(f"/live/display/{house.office.pk}?vue=attente"),
    ]
    actions.call_next(counter, by=agent)
    screens[2].wait_for("board", containing=str(ticket))
    screens[0].wait_for("changed")
    said = " ".join(event.data for screen in screens for event in screen.events)
    for secret in ("Exemple", "Témoin", "mobility", "1990", ticket.token, "renewal", agent.name):
        assert secret not in said
    allowed = {"now", "rate", "own", "catch_up"}
    assert all(set(facts(event)) <= allowed for screen in screens for event in screen.events if event.name != "board")


def test_a_lost_ear_comes_back_and_everybody_looks_again(house: House, listen: Listen, live: LiveProcess) -> None:
    desk, display = listen(f"/live/office/{house.office.pk}"), listen(f"/live/display/{house.office.pk}")
    display.wait_for("board")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()",
            [APPLICATION_NAME],
        )
        assert cursor.fetchone() == (1,)
    desk.wait_for("changed", containing="catch_up")
    seen = len(display.events)
    ticket = house.ticket("renewal")
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    display.wait_for("board", after=seen, containing=str(ticket))
    assert not desk.is_over.is_set()


def test_a_display_finds_out_by_itself_when_a_message_was_lost(house: House, listen: Listen) -> None:
    ticket = house.ticket("renewal")
    counter, agent = house.desk()
    display = listen(f"/live/display/{house.office.pk}")
    display.wait_for("board")
    time.sleep(1.5)
    seen = len(display.events)
    from parvis.common import clock
    from parvis.reception.models import Call

    # What a process killed between its commit and its notification leaves behind.
    Call.objects.create(office=house.office, ticket=ticket, counter=counter, at=clock.now())
    assert display.wait_for("board", after=seen, containing=str(ticket), patience=8)
    assert agent.is_active


def test_a_killed_process_is_back_with_the_present_state(house: House, listen: Listen, live: LiveProcess) -> None:
    before = listen(f"/live/display/{house.office.pk}")
    live.kill()
    assert before.is_over.wait(5)
    ticket = house.ticket("renewal")
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    live.start()
    assert listen(f"/live/display/{house.office.pk}").wait_for("board", containing=str(ticket))
