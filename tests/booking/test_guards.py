"""What keeps the public path fair: allowances, proofs of work, codes; replayed, forged, old or swapped."""

import base64
import json
from datetime import timedelta

import pytest
from django.db import connection

from parvis.booking import actions
from parvis.booking.actions import contacts
from parvis.booking.actions.holding import HOLDS_PER_PASS
from parvis.booking.errors import ChallengeFailed, CodeExpired, CodeWrong, ContactNotProved, SlotFull, TooOften
from parvis.booking.models import Allowance, ContactCheck, SpentChallenge
from parvis.booking.rules import Contact
from parvis.common import clock
from parvis.messages.models import Message
from tests.booking.house import WEB, BookingHouse
from tests.booking.proofs import solved
from tests.reception.house import at, wait


def changed(payload: str, **changes: object) -> str:
    """The payload with other parameters than those that were signed."""
    inside = json.loads(base64.b64decode(payload))
    inside["challenge"]["parameters"] |= changes
    return base64.b64encode(json.dumps(inside).encode()).decode()


@pytest.fixture
def proof(house: BookingHouse) -> str:
    return solved(actions.new_challenge(clock.now()))


def test_a_proof_of_work_serves_once(proof: str) -> None:
    actions.spend_challenge(proof)
    with pytest.raises(ChallengeFailed):
        actions.spend_challenge(proof)
    assert SpentChallenge.objects.count() == 1


def test_an_old_proof_serves_no_more(proof: str) -> None:
    wait(19.9)
    actions.spend_challenge(solved(actions.new_challenge(clock.now() - timedelta(minutes=19))))
    wait(0.1)
    with pytest.raises(ChallengeFailed):
        actions.spend_challenge(proof)


def test_forged_proofs(proof: str, house: BookingHouse) -> None:
    later = {"until": (clock.now() + timedelta(days=900)).isoformat()}
    for forged in (
        changed(proof, data=later),
        changed(proof, cost=1),
        changed(proof, keyPrefix=""),
        changed(proof, nonce="0" * 32),
        changed(proof, data={}),
        changed(proof, data=None),
        changed(proof, data=[]),
    ):
        with pytest.raises(ChallengeFailed):
            actions.spend_challenge(forged)
    assert SpentChallenge.objects.count() == 0


def test_an_answer_without_the_work(house: BookingHouse) -> None:
    challenge = actions.new_challenge(clock.now())
    for counter, key in ((0, "00" * 32), (1, ""), (-1, "00"), (2**40, "00" * 32)):
        lazy = {"challenge": challenge, "solution": {"counter": counter, "derivedKey": key}}
        with pytest.raises(ChallengeFailed):
            actions.spend_challenge(base64.b64encode(json.dumps(lazy).encode()).decode())


@pytest.mark.parametrize("text", ["", "é", "a", "e30=", "bnVsbA==", "W10=", "eyJjaGFsbGVuZ2UiOltdfQ==", "x" * 100_000])
def test_what_is_no_proof_at_all(house: BookingHouse, text: str) -> None:
    with pytest.raises(ChallengeFailed):
        actions.spend_challenge(text)


def test_an_allowance_is_for_a_day_and_a_sender(house: BookingHouse) -> None:
    for _ in range(3):
        actions.allow("hold.address", "192.0.2.1", limit=3)
    for spelt in ("192.0.2.1", " 192.0.2.1 "):
        with pytest.raises(TooOften):
            actions.allow("hold.address", spelt, limit=3)
    actions.allow("hold.address", "192.0.2.2", limit=3)
    actions.allow("hold.contact", "192.0.2.1", limit=3)
    actions.allow("hold.address", "", limit=0)
    with pytest.raises(TooOften):
        actions.allow("hold.address", "192.0.2.3", limit=0)
    with clock.held(at("00:00", clock.today() + timedelta(days=1))):
        actions.allow("hold.address", "192.0.2.1", limit=3)


@pytest.mark.parametrize(
    ("kind", "first", "again", "other"),
    [
        ("hold.address", "2001:db8:1:2::1", "2001:0DB8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("hold.address", "192.0.2.1", "::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ("code.contact", "temoin@exemple.invalid", "Temoin+2@exemple.invalid", "te.moin@exemple.invalid"),
        ("code.contact", "fictif.temoin@gmail.com", "f.ictiftemoin+x@GoogleMail.com", "fictif.autre@gmail.com"),
        ("hold.contact", "+@exemple.invalid", "+@EXEMPLE.invalid", "+33639981234"),
    ],
)
def test_one_sender_in_many_disguises(house: BookingHouse, kind: str, first: str, again: str, other: str) -> None:
    """All addresses of one subscriber, all aliases of one mailbox."""
    actions.allow(kind, first, limit=1)
    with pytest.raises(TooOften):
        actions.allow(kind, again, limit=1)
    actions.allow(kind, other, limit=1)


def test_nobodys_address_is_kept(house: BookingHouse) -> None:
    actions.allow("hold.contact", "temoin@exemple.invalid", limit=3)
    actions.send_code(Contact(email="temoin@exemple.invalid"), by=WEB, address="192.0.2.1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sender FROM booking_allowance UNION SELECT contact FROM booking_contactcheck")
        kept = " ".join(sender for (sender,) in cursor.fetchall())
        cursor.execute("SELECT code FROM booking_contactcheck")
        code = cursor.fetchone()[0]
    assert "exemple" not in kept
    assert "192.0.2" not in kept
    assert len(code) == 64


def test_a_code_proves_its_contact_alone(house: BookingHouse) -> None:
    contact = Contact(email="temoin@exemple.invalid", phone="0639981234")
    check = actions.send_code(contact, by=WEB)
    proof = actions.prove(check.token, house.code())
    actions.check_proof(proof, Contact(email="TEMOIN@exemple.invalid"))
    for other in (Contact(email="autre@exemple.invalid"), Contact(phone="+33639981234"), Contact()):
        with pytest.raises(ContactNotProved):
            actions.check_proof(proof, other)
    check.refresh_from_db()
    assert check.proved_at == clock.now()


def test_a_phone_is_proved_by_sms(house: BookingHouse) -> None:
    check = actions.send_code(Contact(phone="06.39.98.12.34", language="tr"), by=WEB)
    told = Message.objects.get(kind="booking.code")
    assert (told.recipient, told.channel, told.language) == ("+33639981234", "sms", "tr")
    actions.check_proof(actions.prove(check.token, house.code()), Contact(phone="+33639981234"))


def test_codes_end(house: BookingHouse) -> None:
    check = actions.send_code(Contact(email="temoin@exemple.invalid"), by=WEB)
    right = house.code()
    with pytest.raises(CodeExpired):
        actions.prove("no-such-token", right)
    with pytest.raises(CodeWrong):
        actions.prove(check.token, right[:-1])
    wait(15)
    with pytest.raises(CodeExpired):
        actions.prove(check.token, right)


def test_a_code_of_somebody_else_proves_nothing(house: BookingHouse) -> None:
    mine = actions.send_code(Contact(email="temoin@exemple.invalid"), by=WEB)
    right = house.code()
    theirs = actions.send_code(Contact(email="autre@exemple.invalid"), by=WEB)
    ContactCheck.objects.filter(pk=theirs.pk).update(code=mine.code)
    with pytest.raises(CodeWrong):
        actions.prove(theirs.token, right)


def test_codes_are_sent_so_often_a_day(house: BookingHouse) -> None:
    contact = Contact(email="temoin@exemple.invalid")
    for _ in range(6):
        actions.send_code(contact, by=WEB, address="192.0.2.1")
    with pytest.raises(TooOften):
        actions.send_code(contact, by=WEB, address="192.0.2.1")
    assert Message.objects.filter(kind="booking.code").count() == 6


def test_the_day_after_tomorrow_everything_is_forgotten(proof: str, house: BookingHouse) -> None:
    actions.spend_challenge(proof)
    actions.allow("hold.address", "192.0.2.1", limit=3)
    actions.send_code(Contact(email="temoin@exemple.invalid"), by=WEB)
    assert actions.forget_old() == 0
    wait(3 * 24 * 60)
    assert actions.forget_old() == 4
    assert not Allowance.objects.exists()
    assert not ContactCheck.objects.exists()


@pytest.mark.parametrize("made", [{}, [], None, 3, {"of": "x"}, {"of": "x", "at": "soon"}, {"of": 1, "at": None}])
def test_a_proof_that_says_nothing(house: BookingHouse, made: object) -> None:
    signed = contacts.signing.dumps(made, salt=contacts._SALT)
    with pytest.raises(ContactNotProved):
        actions.check_proof(signed, Contact(email="temoin@exemple.invalid"))


def test_what_was_typed_for_nothing_is_forgotten(house: BookingHouse) -> None:
    """Names, numbers and contacts of somebody who never confirmed: two days to take the form up again, then gone."""
    slot = house.slot(seats=3)
    left, kept = house.pending(slot), house.booked(slot)
    dropped = actions.cancel(house.pending(slot), by=WEB)
    wait(15)
    actions.expire_due()
    with clock.held(at("10:14", clock.today() + timedelta(days=2))):
        actions.forget_old()
        left.refresh_from_db()
        assert (left.state, left.booked.count(), left.email != "") == ("expired", 1, True)
    with clock.held(at("10:16", clock.today() + timedelta(days=2))):
        actions.forget_old()
        for gone in (left, dropped):
            gone.refresh_from_db()
            assert (gone.booked.count(), gone.email, gone.phone) == (0, "", "")
        kept.refresh_from_db()
        assert (kept.booked.count(), kept.email != "") == (1, True)
        assert actions.forget_old() == 0


def test_the_limits_of_a_code_are_those_of_the_office(house: BookingHouse) -> None:
    office = house.house.office
    actions.change_policy(office, by=house.agent, codes_per_contact=1)
    contact = Contact(email="temoin@exemple.invalid")
    actions.send_code(contact, office=office, by=WEB)
    with pytest.raises(TooOften):
        actions.send_code(contact, office=office, by=WEB)


def test_a_refused_hold_uses_nothing_of_the_pass(house: BookingHouse) -> None:
    slot = house.slot(seats=1)
    actions.hold(house.wish(), slot.pk, by=WEB, pass_name="first")
    for _ in range(HOLDS_PER_PASS):
        with pytest.raises(SlotFull):
            actions.hold(house.wish(), slot.pk, by=WEB, pass_name="second")
    other = house.slot(hour="11:00", seats=1)
    actions.hold(house.wish(), other.pk, by=WEB, pass_name="second")


@pytest.mark.parametrize("at_once", [True, False])
def test_a_phone_that_nobody_proved_is_told_so_many_times_a_day(house: BookingHouse, at_once: bool) -> None:
    house.policy(holds_per_contact=2)
    slot, victim = house.slot(seats=9), "+33639980077"

    def book(phone: str, proved: str = "") -> None:
        contact = house.contact(phone=phone)
        proof = contacts.proof_for(contacts.digest(proved or contact.email))
        given = {"attendees": [house.attendee()], "contact": contact, "proof": proof, "by": WEB}
        if at_once:
            actions.book(house.wish(), slot.pk, **given)
        else:
            actions.give_details(house.hold(slot), **given)

    for _ in range(2):
        book(victim)
    with pytest.raises(TooOften):
        book(victim)
    # Those others used up nothing of its own: whoever reads it books with it.
    book(victim, proved=victim)
    book("+33639980078")
