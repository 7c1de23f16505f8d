"""The certificate of request: dated, signed, and only while it is true."""

from datetime import date

import pytest
from cryptography import x509
from django.test import override_settings

from parvis.booking import actions, queries, signing
from parvis.booking.actions import certificates
from parvis.booking.models import Certificate
from parvis.common.errors import IllegalMove
from parvis.journal.models import Entry
from tests.booking.house import WEB, BookingHouse
from tests.booking.scarcity import Scarcity, drawn
from tests.reception.house import wait

A_DAY = 24 * 60


@pytest.fixture
def scarce(house: BookingHouse) -> Scarcity:
    return drawn(house)


def test_it_states_who_asked_what_when_and_how_often(scarce: Scarcity) -> None:
    who = scarce.house.attendee(given_name="Témoin")
    made = scarce.ask(attendee=who, expires_on=date(2018, 1, 31))
    wait(3 * A_DAY)
    scarce.ask(attendee=who, by=scarce.house.agent, channel="phone")
    certificate = actions.issue_certificate(made, by=WEB)
    facts = dict(certificate.facts)
    assert facts.pop("token") == certificate.token
    assert facts == {
        "issued_on": "2017-12-14",
        "checked_until": "2019-12-15",
        "office": "essai",
        "procedure": "renewal",
        "number": made.number,
        "family_name": "Exemple",
        "given_name": "Témoin",
        "birth_date": "1990-01-01",
        "asked_on": "2017-12-11",
        "expires_on": "2018-01-31",
        "attempts": [{"on": "2017-12-11", "outcome": "asked"}, {"on": "2017-12-14", "outcome": "asked"}],
        "draws_lost": 0,
        "more_than_a_week_apart": False,
    }
    assert certificates.is_valid(certificate)


@pytest.mark.parametrize(("days", "apart"), [(6, False), (7, False), (8, True)])
def test_two_attempts_more_than_a_week_apart_are_said(scarce: Scarcity, days: int, apart: bool) -> None:
    """What the Conseil d'État asks for: attempts that were not all made in one week (10 June 2020)."""
    who, contact = scarce.house.attendee(), scarce.house.contact()
    made = scarce.ask(attendee=who, contact=contact)
    wait(days * A_DAY)
    scarce.ask(attendee=who, contact=contact)
    assert actions.issue_certificate(made, by=WEB).facts["more_than_a_week_apart"] is apart


def test_a_lost_draw_is_an_attempt(scarce: Scarcity) -> None:
    scarce.seats(1)
    both = [scarce.ask(), scarce.ask()]
    scarce.draw(scarce.batch())
    (loser,) = set(both) - set(scarce.placed(*both))
    facts = actions.issue_certificate(loser, by=WEB).facts
    assert facts["draws_lost"] == 1
    assert facts["attempts"][-1] == {"on": "2017-12-17", "outcome": "drawn_without_seat"}


def test_asked_for_twice_the_same_day_it_is_one_paper(scarce: Scarcity) -> None:
    made = scarce.ask()
    first = actions.issue_certificate(made, by=WEB)
    wait(10)
    assert actions.issue_certificate(made, by=WEB) == first
    wait(A_DAY)
    assert actions.issue_certificate(made, by=WEB) != first
    assert Entry.objects.named("certificate.issued").count() == 2


def test_nothing_in_it_can_be_changed(scarce: Scarcity) -> None:
    certificate = actions.issue_certificate(scarce.ask(), by=WEB)
    for name, value in certificate.facts.items():
        changed = {**certificate.facts, name: [] if isinstance(value, list) else f"{value}x"}
        assert not certificates.is_valid(
            Certificate(token=certificate.token, facts=changed, signature=certificate.signature)
        )
    other = Certificate(token="x" * 22, facts=certificate.facts, signature=certificate.signature)
    assert not certificates.is_valid(other)


@pytest.mark.parametrize("signature", ["", "é", "AAAA", "x" * 96])
def test_a_forged_signature_is_no_error(scarce: Scarcity, signature: str) -> None:
    certificate = actions.issue_certificate(scarce.ask(), by=WEB)
    certificate.signature = signature
    assert not certificates.is_valid(certificate)


def test_who_has_a_place_gets_none(scarce: Scarcity) -> None:
    scarce.seats(1)
    batch = scarce.batch()
    made = scarce.ask()
    scarce.draw(batch)
    with pytest.raises(IllegalMove):
        actions.issue_certificate(made, by=WEB)


def test_who_withdrew_gets_none(scarce: Scarcity) -> None:
    made = actions.withdraw_request(scarce.ask(), by=WEB)
    with pytest.raises(IllegalMove):
        actions.issue_certificate(made, by=WEB)


def test_who_booked_otherwise_gets_none(scarce: Scarcity) -> None:
    made = scarce.ask()
    appointment = scarce.give(scarce.seats(1))
    appointment.booked.update(identity=made.identity)
    with pytest.raises(IllegalMove):
        actions.issue_certificate(made, by=WEB)


def test_it_is_found_by_its_address_alone(scarce: Scarcity) -> None:
    certificate = actions.issue_certificate(scarce.ask(), by=WEB)
    assert queries.draws.certificate_by_token(certificate.token) == certificate
    assert queries.draws.certificate_by_token("x" * 22) is None
    assert queries.draws.certificate_by_token("../../etc/passwd") is None


def test_the_journal_names_nobody(scarce: Scarcity) -> None:
    certificate = actions.issue_certificate(scarce.ask(), by=WEB)
    (entry,) = Entry.objects.about(certificate)
    assert entry.facts == {"procedure": "renewal", "attempts": 1, "lost": 0, "apart": False}


def test_the_key_of_the_office_is_made_once_and_read_by_its_owner_alone(tmp_path) -> None:
    with override_settings(VAR_DIR=tmp_path):
        first = signing.fingerprint()
        assert signing.is_genuine({"a": "é"}, signing.sign({"a": "é"}))
        assert (tmp_path / "office-key.pem").stat().st_mode & 0o777 == 0o600
        assert x509.load_pem_x509_certificate(signing.certificate_pem())
        assert b"PRIVATE" not in signing.certificate_pem()
        signing._read.cache_clear()
        assert signing.fingerprint() == first
    with override_settings(VAR_DIR=tmp_path / "autre"):
        assert signing.fingerprint() != first
