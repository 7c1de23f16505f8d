"""Every kind of message about a file, in every language, by every channel."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from parvis.casefiles import actions
from parvis.casefiles.letters import KINDS
from parvis.casefiles.states import Decision, OrderToLeave
from parvis.messages import composing
from parvis.messages.composing import Composed
from parvis.messages.errors import NothingToSay
from parvis.messages.models import Message
from tests.casefiles.house import CaseHouse

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def facts(house: CaseHouse) -> dict[str, dict[str, Any]]:
    """Facts for every kind of message."""
    question = actions.ask_person(house.taken(), text="Votre contrat.", documents=["photos"], by=house.officer)
    meeting = actions.refer_to_committee(
        house.taken(), summoned_on=date(2017, 12, 12), meets_on=date(2018, 1, 10), by=house.officer
    )
    return {
        "casefiles.asked": {"file": question.case_file_id, "question": question.pk},
        "casefiles.receipt_ending": {"file": house.complete().pk, "until": "2018-03-15"},
        "casefiles.granted": {"file": house.granted().pk},
        "casefiles.refused": {"file": house.refused().pk},
        "casefiles.committee": {"file": meeting.case_file_id, "committee": meeting.pk},
        "casefiles.code": {"code": "123456"},
    }


def worded(kind: str, facts: dict[str, Any], *, channel: str = "email", language: str = "fr") -> Composed:
    return composing.composed(Message(kind=kind, facts=facts, channel=channel, language=language))


def test_every_kind_is_worded_in_every_language_and_an_sms_names_nobody(facts: dict[str, dict[str, Any]]) -> None:
    assert set(facts) == set(KINDS)
    for kind, known in facts.items():
        for language in LANGUAGES:
            said, short = worded(kind, known, language=language), worded(kind, known, channel="sms", language=language)
            assert said.subject
            assert "%(" not in said.subject + said.body + short.body
            assert not any(word in short.body for word in ("Exemple", "Témoin", "renewal"))


def test_a_refusal_says_its_grounds_and_before_whom_to_dispute_it(facts: dict[str, dict[str, Any]]) -> None:
    said = worded("casefiles.refused", facts["casefiles.refused"], channel="letter")
    for words in ("Ressources insuffisantes.", "tribunal administratif : 2 mois", "préfet : 2 mois"):
        assert words in said.body
    assert said.paper.startswith(b"%PDF-")


def test_an_order_to_leave_shortens_the_time_to_go_to_court(house: CaseHouse) -> None:
    file = actions.propose(
        house.taken(), Decision.REFUSE, grounds="Fraude.", order=OrderToLeave.WITHOUT_DELAY, by=house.officer
    )
    actions.sign(file, by=house.signatory)
    said = worded("casefiles.refused", {"file": file.pk}, channel="letter")
    assert "obligation de quitter le territoire" in said.body
    assert "tribunal administratif : 48 heures" in said.body
    assert "Écrire au préfet : 2 mois" in said.body


def test_what_is_no_longer_true_is_not_said(house: CaseHouse, facts: dict[str, dict[str, Any]]) -> None:
    for kind in ("casefiles.granted", "casefiles.refused"):
        with pytest.raises(NothingToSay):
            worded(kind, {"file": house.complete().pk})
    with pytest.raises(NothingToSay):
        worded("casefiles.granted", {"file": 0})
