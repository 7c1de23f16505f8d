"""What a file costs: said at the counter, written in the summons, asked when the card is handed over."""

from datetime import date

import pytest

from parvis.booking.letters.summons import stamp_says
from parvis.casefiles import actions as casefiles
from parvis.casefiles.errors import TooLateToCorrect
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import State
from parvis.common import clock
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.permits import actions as permits
from parvis.permits import queries as cards
from parvis.permits.errors import StampAmountWrong
from parvis.permits.models import Permit
from parvis.permits.rules.handing import check_stamps
from parvis.procedures.models import AccessMode, Mode
from tests.people.factories import PersonFactory
from tests.web.cards.stock import card_of
from tests.web.counter.desk import at_counter, new_file, press, served, text_of
from tests.web.staff import Staff

STAMP = "1234567890123456"


def on(day: date) -> None:
    """Ten o'clock of another day, everybody received without an appointment."""
    AccessMode.objects.update(mode=Mode.WALK_IN)
    clock.hold(clock.at(day, "10:00"))


def opened(staff: Staff, procedure: str, **typed: str) -> tuple[CaseFile, str]:
    """A file opened by the form of the counter, and what the screen said then."""
    client, person = at_counter(staff), PersonFactory()
    ticket = served(staff, client, procedure, person=person)
    page = text_of(press(client, "dossier/ouvrir", ticket=ticket.pk, person=person.pk, key="o", **typed))
    return CaseFile.objects.get(), page


def card_in_stock(staff: Staff, file: CaseFile) -> Permit:
    """The card of a file that was granted since."""
    CaseFile.objects.filter(pk=file.pk).update(state=State.IN_PRODUCTION, complete_on=clock.today(), card_months=12)
    file.refresh_from_db()
    return card_of(staff, file)


@pytest.mark.parametrize(
    ("charge", "fee_case", "due"), [("", "renewal+late", 405), ("none", "renewal", 225), ("late", "renewal+late", 405)]
)
def test_a_late_renewal_is_charged_from_the_form_to_the_handover(
    staff: Staff, charge: str, fee_case: str, due: int
) -> None:
    on(date(2020, 3, 20))
    file, page = opened(staff, "renewal", permit_expires_on="15/03/2020", charge=charge)
    assert file.fee_case == fee_case
    assert f"timbre : {due} euros" in page
    card = card_in_stock(staff, file)
    assert stamp_says(card) == f"Apportez un timbre fiscal de {due} euros exactement."
    card = permits.announce(card, by=KIOSK)
    assert card.stamp_eur == due
    assert check_stamps([(STAMP, due)], cards.amount_due(card, clock.today())) == ((STAMP, due),)
    with pytest.raises(StampAmountWrong):
        check_stamps([(STAMP, 630 - due)], cards.amount_due(card, clock.today()))


def test_a_renewal_in_time_is_not_charged(staff: Staff) -> None:
    on(date(2020, 3, 20))
    file, _page = opened(staff, "renewal", permit_expires_on="20/03/2020")
    assert file.fee_case == "renewal"


@pytest.mark.parametrize(("typed", "fee_case", "due"), [("30/04/2026", "renewal", 100), ("", "first", 150)])
def test_the_permit_in_hand_makes_a_renewal(staff: Staff, typed: str, fee_case: str, due: int) -> None:
    """A student in 2026: 50 and 50 euros to renew, 100 and 50 for a first permit."""
    on(date(2026, 3, 16))
    file, _page = opened(staff, "student", permit_expires_on=typed, fee_case="")
    assert file.fee_case == fee_case
    assert stamp_says(card_in_stock(staff, file)) == f"Apportez un timbre fiscal de {due} euros exactement."


def test_an_irregular_entry_is_paid_in_two_parts(staff: Staff) -> None:
    """In 2020: 200 euros, of which 50 at the deposit, on top of 200 and 25."""
    on(date(2020, 3, 20))
    typed = {"fee_case": "first", "charge": "no_visa_or_irregular_entry"}
    file, page = opened(staff, "private_family_life", **typed)
    assert file.fee_case == "first+no_visa_or_irregular_entry"
    assert "À payer au dépôt : 50 €" in page
    assert stamp_says(card_in_stock(staff, file)) == "Apportez un timbre fiscal de 375 euros exactement."


def test_the_charge_is_offered_with_its_amount_where_there_is_one(staff: Staff) -> None:
    on(date(2020, 3, 20))
    client = at_counter(staff)
    served(staff, client, "private_family_life", person=PersonFactory())
    page = text_of(client.get("/guichet/3/"))
    assert "Entrée irrégulière ou sans visa : 200 €, dont 50 € au dépôt" in page
    assert "Demande hors délai : 180 €" in page


def test_the_counter_puts_a_file_right_and_the_journal_keeps_both(staff: Staff) -> None:
    on(date(2020, 3, 20))
    client, person = at_counter(staff), PersonFactory()
    ticket = served(staff, client, "renewal", person=person)
    press(client, "dossier/ouvrir", ticket=ticket.pk, person=person.pk, key="o")
    file = CaseFile.objects.get()
    sent = {"ticket": ticket.pk, "file": file.pk, "version": file.version}
    wrong = press(client, "dossier/corriger", **sent, permit_expires_on="hier")
    assert 'id="correct_permit_expires_on_error"' in text_of(wrong)
    assert 'value="hier"' in text_of(wrong)
    page = text_of(press(client, "dossier/corriger", **sent, permit_expires_on="15/03/2020"))
    file.refresh_from_db()
    assert (file.fee_case, file.permit_expires_on) == ("renewal+late", date(2020, 3, 15))
    assert f"Dossier {file.number} : Renouvellement + Demande hors délai." in page
    facts = Entry.objects.about(file).named("case_file.corrected").get().facts
    assert (facts["fee_case_before"], facts["fee_case"]) == ("renewal", "renewal+late")
    assert (facts["permit_expires_on_before"], facts["permit_expires_on"]) == (None, "2020-03-15")
    assert press(client, "dossier/corriger", **sent, permit_expires_on="").status_code == 409


def test_what_the_form_of_a_file_shows_changes_nothing(staff: Staff) -> None:
    """Sent back as it is shown, the form leaves the file as it was, whoever named its fee."""
    client, person = at_counter(staff), PersonFactory()
    file = new_file(staff, person, "student", fee_case="reduced+late", case="student_card")
    ticket = served(staff, client, "student", person=person)
    press(client, "dossier/prendre", ticket=ticket.pk, file=file.pk)
    shown = client.get("/guichet/3/").context["filing"].correct
    sent = {field.name: field.value() or "" for field in shown.visible_fields()} | {"permit_expires_on": "20/01/2018"}
    press(client, "dossier/corriger", ticket=ticket.pk, file=file.pk, version=file.version, **sent)
    file.refresh_from_db()
    assert (file.fee_case, file.case, file.version) == ("reduced+late", "student_card", 1)


def test_a_file_of_somebody_else_is_not_put_right_from_here(staff: Staff) -> None:
    client = at_counter(staff)
    ticket = served(staff, client, "renewal", person=PersonFactory())
    file = new_file(staff, PersonFactory())
    sent = {"ticket": ticket.pk, "file": file.pk, "version": file.version, "permit_expires_on": "01/01/2018"}
    assert press(client, "dossier/corriger", **sent).status_code == 409
    file.refresh_from_db()
    assert file.permit_expires_on == date(2018, 1, 20)


def test_no_more_once_the_amount_was_announced(staff: Staff) -> None:
    file = new_file(staff, PersonFactory())
    card = card_in_stock(staff, file)
    said = {"case": "default", "fee_case": "renewal+late", "permit_expires_on": date(2017, 12, 1)}
    assert casefiles.correct(file, **said, by=staff.agent("case_officer")).fee_case == "renewal+late"
    permits.announce(card, by=KIOSK)
    with pytest.raises(TooLateToCorrect):
        casefiles.correct(file, **said | {"fee_case": "renewal"}, by=staff.agent("case_officer"))
    file.refresh_from_db()
    assert file.fee_case == "renewal+late"
