"""What the journal says of cards: words, never the codes of the facts."""

import html
import re
from datetime import date

import pytest
from django.test import Client

from parvis.common import clock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.permits import actions as permits
from parvis.permits.states import Failure, Returned, Source
from parvis.web.audit.sentences import Teller
from parvis.web.cards.words import WHY
from tests.offices.factories import AgentFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import House


def told(house: House) -> list[str]:
    """Every sentence about cards and deliveries, in order."""
    entries = Entry.objects.filter(office_id=house.office.pk).order_by("at", "pk")
    return [one.sentence for one in Teller(house.office, list(entries)).tell()]


def test_a_delivery_is_told_in_words(house: House, screen: Client) -> None:
    agent = AgentFactory(office=house.office)
    delivery = permits.open_delivery(house.office, source=Source.CSV, by=agent)
    aside = permits.scan(delivery, "INCONNU01", by=agent)
    permits.dismiss(aside, "Envoyé à un autre bureau", by=agent)
    page = html.unescape(screen.get("/journal/").content.decode())
    assert "Une livraison de titres est ouverte (Bordereau CSV)" in page
    assert "Un titre est mis de côté (Aucun dossier trouvé)" in page
    assert "Un titre mis de côté est écarté (Aucun dossier trouvé)" in page


def test_a_card_is_told_in_words(house: House) -> None:
    agent = AgentFactory(office=house.office)
    card = PermitFactory(office=house.office, kind="temporary_permit")
    permits.fail_handover(card, Failure.CHILD, by=agent, ticket="D001")
    permits.send_back([card], Returned.FAULTY, by=agent)
    said = told(house)
    assert "La personne est repartie sans son titre, ticket D001 (Enfant absent)" in said
    assert any(one.startswith("Titre renvoyé (Défaut ou erreur : à refaire)") for one in said)


@pytest.mark.parametrize("code", sorted(WHY))
def test_no_reason_of_a_card_set_aside_is_a_code(house: House, code: str) -> None:
    journal.record("permit.set_aside", house.office, by=SYSTEM, at=clock.now(), office=house.office.pk, code=code)
    assert not re.search(r"[a-z]_[a-z]", told(house)[-1])


def test_the_end_of_a_receipt_is_a_day_in_words(house: House) -> None:
    day = date(2018, 3, 11).isoformat()
    facts = {"rank": 2, "valid_to": day, "procedure": "renewal"}
    journal.record(
        "case_file.receipt_renewed", house.office, by=SYSTEM, at=clock.now(), office=house.office.pk, **facts
    )
    assert told(house)[-1].startswith("Récépissé n° 2, valable jusqu'au 11 mars 2018")
