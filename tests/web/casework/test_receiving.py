"""A file that came by post or from the digital point, opened in the back office."""

import html
from datetime import date

import pytest
from django.test import Client

from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Channel, State
from parvis.common import clock
from parvis.people.models import Person
from tests.web.casework.conftest import BackOffice
from tests.web.staff import Staff

ADDRESS = "/instruction/courrier/?d=renewal"
TYPED = {
    "key": "une-fois", "family_name": "TEMOIN", "given_name": "Inès", "birth_date": "12/03/1985",
    "foreign_number": "9900000123", "language": "fr", "channel": "post", "deposited_on": "2017-12-07",
}  # fmt: skip


@pytest.fixture
def browser(back: BackOffice) -> Client:
    return back.browser(back.officer)


def sent(browser: Client, **changes: object) -> str:
    """Send the form; the page that follows."""
    answer = browser.post(ADDRESS, TYPED | changes, follow=True)
    assert answer.status_code in {200, 409, 422}, answer.status_code
    return html.unescape(answer.content.decode())


def test_somebody_unknown_is_registered_and_the_file_has_its_day_and_channel(back: BackOffice, browser: Client) -> None:
    page = sent(browser)
    file = CaseFile.objects.get()
    assert (file.state, file.channel, file.deposited_on) == (State.DEPOSITED, Channel.POST, date(2017, 12, 7))
    assert (file.person.family_name, file.person.foreign_number) == ("TEMOIN", "9900000123")
    assert f"/instruction/dossier/{file.pk}/pieces/" in page, "its documents come next"
    sent(browser)
    assert CaseFile.objects.count() == 1, "the same press twice opens one file"


def test_who_is_known_is_found_and_chosen(back: BackOffice, browser: Client) -> None:
    known = back.house.person(family_name="TEMOIN", given_name="Ali", foreign_number="9900000456")
    page = html.unescape(browser.get(ADDRESS + "&q=9900000456").content.decode())
    assert f"?d=renewal&personne={known.pk}" in page
    page = html.unescape(browser.get(ADDRESS + f"&personne={known.pk}").content.decode())
    assert 'name="family_name"' not in page
    sent(browser, person=known.pk, channel="digital_point")
    file = CaseFile.objects.get()
    assert (file.person, file.channel) == (known, Channel.DIGITAL_POINT)
    page = sent(browser, person=known.pk, key="autre")
    assert "déjà ouvert" in page
    assert f'href="/instruction/dossier/{file.pk}/"' in page


def test_a_name_that_may_be_known_is_compared_first(back: BackOffice, browser: Client) -> None:
    back.house.person(family_name="TEMOIN", given_name="Inès", birth_date=date(1985, 3, 12))
    page = sent(browser, foreign_number="")
    assert "Peut-être déjà connue" in page
    assert not CaseFile.objects.exists()
    sent(browser, foreign_number="", distinct="1")
    assert CaseFile.objects.count() == 1
    assert Person.objects.filter(family_name="TEMOIN").count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"deposited_on": "2017-12-12"},
        {"deposited_on": "1990-01-01"},
        {"deposited_on": ""},
        {"channel": "counter"},
        {"foreign_number": "12"},
        {"family_name": " "},
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nobody_is_registered(
    browser: Client, changes: dict[str, str]
) -> None:
    before = Person.objects.count()
    page = sent(browser, **changes)
    assert 'aria-invalid="true"' in page
    assert 'value="Inès"' in page
    assert not CaseFile.objects.exists()
    assert Person.objects.count() == before


def test_only_procedures_of_which_a_file_is_made_are_offered(browser: Client) -> None:
    page = browser.get("/instruction/courrier/").content.decode()
    assert 'value="renewal"' in page
    assert 'value="receipt_renewal"' not in page
    assert browser.get("/instruction/courrier/?d=nothing").status_code == 422


@pytest.mark.parametrize(("arrived", "fee_case"), [("2020-03-15", "renewal"), ("2020-03-16", "renewal+late")])
def test_whether_a_request_is_late_is_told_by_the_day_it_came(staff: Staff, arrived: str, fee_case: str) -> None:
    clock.hold(clock.at(date(2020, 3, 20), "10:00"))
    browser, _officer = staff.signed_in("case_officer")
    answer = browser.post(ADDRESS, TYPED | {"deposited_on": arrived, "permit_expires_on": "15/03/2020"})
    assert answer.status_code == 302
    assert CaseFile.objects.get().fee_case == fee_case
