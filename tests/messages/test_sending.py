"""From the outbox to the person, and what is done when a server says no."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.messages import actions, queries, rules
from parvis.messages.errors import CannotSendAgain
from parvis.messages.models import Message
from parvis.messages.states import Channel, Status
from tests.messages.mail_server import MailServer
from tests.messages.outbox import queued, states
from tests.reception.house import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office_clock")]


def test_what_is_told_twice_is_queued_once() -> None:
    assert queued().pk == queued(facts={"number": 99}).pk
    assert Message.objects.count() == 1


def test_what_is_rolled_back_is_not_told() -> None:
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


@pytest.mark.usefixtures("connected")
def test_a_message_is_sent_and_kept_as_a_proof() -> None:
    queued()
    assert actions.send_due() == 1
    (letter,) = mail.outbox
    assert letter.to == ["temoin1@exemple.invalid"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    kept = Message.objects.get()
    assert (kept.state, kept.subject, kept.body, kept.sent_at) == (Status.SENT, "Avis 1", letter.body, clock.now())
    assert actions.send_due() == 0


@pytest.mark.usefixtures("connected")
def test_nothing_of_a_code_is_kept() -> None:
    queued(facts={"secret": True, "number": 123456})
    actions.send_due()
    kept = Message.objects.get()
    assert (kept.state, kept.body, kept.facts) == (Status.SENT, "", {})
    with pytest.raises(CannotSendAgain):
        actions.resend(kept, by=SYSTEM)


def test_in_a_demonstration_without_a_server_everything_is_kept_to_be_read(settings: Any) -> None:
    settings.DEMO = True
    queued(facts={"secret": True, "number": 7})
    queued(2, channel=Channel.SMS, to="+33199000000")
    assert actions.send_due() == 2
    assert mail.outbox == []
    assert set(Message.objects.values_list("body", flat=True)) == {"Bonjour, ceci est un essai."}


def test_without_a_server_messages_wait() -> None:
    queued()
    assert actions.send_due() == 0
    assert states() == [Status.QUEUED]


@pytest.mark.usefixtures("connected")
def test_what_is_due_later_waits() -> None:
    queued(due_at=clock.now() + timedelta(hours=1))
    assert actions.send_due() == 0
    with clock.held(at("11:00")):
        assert actions.send_due() == 1


@pytest.mark.usefixtures("connected")
def test_a_message_that_became_pointless_is_dropped() -> None:
    queued(facts={"is_over": True})
    assert actions.send_due() == 0
    assert states() == [Status.CANCELLED]


@pytest.mark.usefixtures("connected")
def test_a_message_that_cannot_be_worded_keeps_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    queued(facts={"breaks": True})
    queued(2)
    assert actions.send_due() == 1
    assert states() == [Status.QUEUED, Status.SENT]
    assert "cannot be composed" in caplog.text


@pytest.mark.usefixtures("connected")
def test_what_was_taken_back_is_not_sent() -> None:
    queued()
    assert actions.cancel("essai:1", kinds=["essai"]) == 1
    assert actions.send_due() == 0
    assert states() == [Status.CANCELLED]
    assert actions.cancel("essai:1", kinds=["essai"]) == 0


def test_a_real_server_gets_the_message_whole(mail_server: MailServer) -> None:
    mail_server.start()
    message = queued()
    assert actions.send_due() == 1
    (letter,) = mail_server.kept()
    assert letter["Subject"] == "Avis 1"
    assert letter["Message-ID"] == rules.message_id(message.key, "http://localhost:8000")
    assert letter.get_content().strip() == "Bonjour, ceci est un essai."


def test_an_address_refused_for_good_is_not_tried_again(mail_server: MailServer) -> None:
    mail_server.start()
    queued(to="inconnu@exemple.invalid")
    queued(2)
    assert actions.send_due() == 1
    failed = Message.objects.get(key="essai:1")
    assert failed.state == Status.FAILED
    assert "no such user" in failed.answer


def test_a_full_box_is_tried_again_later_and_not_for_ever(mail_server: MailServer) -> None:
    mail_server.start()
    queued(to="plein@exemple.invalid")
    now = clock.now()
    for attempt, pause in enumerate(rules.PAUSES, 1):
        with clock.held(now):
            actions.send_due()
            waiting = Message.objects.get()
        assert (waiting.state, waiting.attempts, waiting.due_at) == (Status.QUEUED, attempt, now + pause)
        now += pause
    with clock.held(now):
        actions.send_due()
    assert states() == [Status.FAILED]


def test_a_server_that_is_away_is_tried_again(mail_server: MailServer) -> None:
    queued()
    assert actions.send_due() == 0
    assert states() == [Status.QUEUED]
    mail_server.start()
    with clock.held(at("10:01")):
        assert actions.send_due() == 1


def test_who_is_not_reached_by_one_channel_is_told_by_the_next(mail_server: MailServer) -> None:
    mail_server.start()
    queued(to="inconnu@exemple.invalid", facts={"number": 1, "otherwise": [["letter", "ABCD2345"]]})
    actions.send_due()
    (letter,) = queries.letters_to_print(clock.now())
    assert (letter.recipient, letter.facts["otherwise"], letter.about) == ("ABCD2345", [], "essai:1")


def test_who_was_told_by_another_channel_gets_no_letter(mail_server: MailServer) -> None:
    mail_server.start()
    queued(to="inconnu@exemple.invalid", facts={"otherwise": [["letter", "ABCD2345"]]})
    queued(key="essai:1:sms", channel=Channel.SMS, to="+33199000000")
    actions.send_due()
    assert list(queries.letters_to_print(clock.now())) == []


@pytest.mark.usefixtures("connected")
def test_a_receipt_tells_what_became_of_it_once() -> None:
    queued()
    actions.send_due()
    reference = Message.objects.get().reference
    assert actions.receipt(reference, delivered=True, answer="lu")
    assert not actions.receipt(reference, delivered=False, answer="trop tard")
    assert not actions.receipt("inconnue", delivered=True)
    assert not actions.receipt("", delivered=True)
    kept = Message.objects.get()
    assert (kept.state, kept.answer) == (Status.DELIVERED, "lu")


@pytest.mark.usefixtures("connected")
def test_a_message_may_be_sent_again() -> None:
    message = queued()
    actions.send_due()
    again = actions.resend(message, by=SYSTEM, key="a")
    assert actions.resend(message, by=SYSTEM, key="a") == again != message
    assert actions.send_due() == 1
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 2


def test_a_failed_message_is_queued_anew(mail_server: MailServer) -> None:
    mail_server.start()
    message = queued(to="inconnu@exemple.invalid")
    actions.send_due()
    assert actions.resend(message, by=SYSTEM) == message
    assert states() == [Status.QUEUED]


@pytest.mark.usefixtures("connected")
def test_what_a_killed_sender_held_is_given_back() -> None:
    queued()
    assert actions.claim() is not None
    assert actions.release_forgotten() == 0
    with clock.held(clock.now() + rules.LEASE + timedelta(seconds=1)):
        assert actions.send_due() == 1
    assert len(mail.outbox) == 1


def test_a_letter_waits_for_somebody_to_print_it() -> None:
    letter = queued(channel=Channel.LETTER, to="ABCD2345")
    assert actions.send_due() == 0
    actions.printed(letter, by=SYSTEM)
    assert actions.printed(letter, by=SYSTEM).state == Status.SENT
