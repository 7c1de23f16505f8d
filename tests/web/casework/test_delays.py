"""What ends or was not brought in time: the silences, the receipts, the documents; page after page."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from parvis.casefiles import actions, queries
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import Closing, State
from parvis.common import clock
from parvis.web.casework import late, silences
from tests.casefiles.house import days_later
from tests.web.casework.conftest import BackOffice


@pytest.fixture
def browser(back: BackOffice) -> Client:
    return back.browser(back.officer)


def opened(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def walked(browser: Client, address: str, wanted: list[str]) -> list[str]:
    """The numbers that are read going from page to page by the links that lead on."""
    seen: list[str] = []
    here = address
    for _turn in range(len(wanted) + 1):
        page = opened(browser, here)
        seen += [number for number in re.findall(r"D[A-Z0-9]{8}", page) if number in wanted and number not in seen]
        onward = re.search(r'href="(\?[^"]+)" rel="next"', page)
        if onward is None:
            return seen
        here = address.partition("?")[0] + onward[1]
    raise AssertionError("the pages never end")


def ending_in(back: BackOffice, days: int) -> CaseFile:
    """A file under review whose receipt ends in so many days."""
    file = back.house.complete()
    receipt = actions.issue_receipt(file, work="no", by=back.officer)
    ends = clock.today() + timedelta(days=days)
    Receipt.objects.filter(pk=receipt.pk).update(valid_from=ends - timedelta(days=90), valid_to=ends)
    return file


def test_the_receipts_that_end_are_looked_at_so_many_days_ahead(back: BackOffice, browser: Client) -> None:
    near, far = ending_in(back, 9), ending_in(back, 40)
    for address, shown in (
        ("", [near]),
        ("?jours=5", []),
        ("?jours=40", [near, far]),
        ("?jours=39", [near]),
        ("?jours=0", [near]),
        ("?jours=9999", [near]),
        ("?jours=x", [near]),
    ):
        part = opened(browser, f"/instruction/silence/{address}").partition('id="ending-title"')[2]
        part = part.partition('id="ended-title"')[0]
        assert [file for file in (near, far) if file.number in part] == shown, address
    assert "finissent dans les 40 jours" in opened(browser, "/instruction/silence/?jours=40")


@pytest.mark.parametrize("size", [1, 2])
def test_receipts_that_end_are_all_read_page_after_page(
    back: BackOffice, browser: Client, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(silences, "SHOWN", size)
    files = [ending_in(back, days) for days in (5, 7, 7, 60)]
    numbers = [file.number for file in files]
    assert walked(browser, "/instruction/silence/?jours=60", numbers) == numbers


@pytest.mark.parametrize("size", [1, 2])
def test_receipts_that_ended_are_all_read_page_after_page(
    back: BackOffice, browser: Client, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(silences, "SHOWN", size)
    numbers = [ending_in(back, -days).number for days in (9, 3, 3, 1)]
    assert walked(browser, "/instruction/silence/", numbers) == numbers


@pytest.mark.parametrize(("days", "code"), [(100, "proches"), (130, "passes")])
def test_silences_are_all_read_page_after_page(
    back: BackOffice, browser: Client, monkeypatch: pytest.MonkeyPatch, days: int, code: str
) -> None:
    monkeypatch.setattr(silences, "SHOWN", 1)
    files = [back.house.complete(), back.house.complete()]
    days_later(1)
    files.append(back.house.complete())
    days_later(days)
    numbers = [file.number for file in files]
    assert walked(browser, "/instruction/silence/", numbers) == numbers
    alone = opened(browser, f"/instruction/silence/?suite={code}")
    assert "Début de la liste" in alone
    assert 'id="ending-title"' not in alone


@pytest.mark.parametrize("place", ["x", "2018-13-01.1", "..", "2018-01-01." + "9" * 40])
def test_a_place_that_was_tampered_with_opens_the_page(browser: Client, place: str) -> None:
    for part in silences.PARTS:
        opened(browser, f"/instruction/silence/?suite={part}&apres={place}")
    opened(browser, f"/instruction/pieces/?apres={place}")


def test_documents_that_did_not_come_in_time_are_listed_and_acted_on(
    back: BackOffice, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "PAGE", 1)
    first, second = back.house.incomplete(), back.house.incomplete()
    days_later(1)
    third, completed = back.house.incomplete(), back.house.incomplete()
    actions.tick(completed, back.house.all_seen(completed), by=back.house.clerk)
    numbers = [one.number for one in (first, second, third)]
    days_later(29)
    assert queries.not_brought(back.house.office).count() == 0, "the day itself is still in time"
    days_later(1)
    assert list(queries.not_brought(back.house.office)) == [first, second]
    assert 'href="/instruction/pieces/"' in opened(browser, "/instruction/")
    days_later(1)
    assert walked(browser, "/instruction/pieces/", [*numbers, completed.number]) == numbers
    sent = {"seen": first.version, "fact": 0}
    browser.post(f"/instruction/dossier/{first.pk}/clore/", sent | {"closing": Closing.NOT_COMPLETED})
    until = clock.today() + timedelta(days=10)
    sent = {"seen": second.version, "fact": 0, "slip": "1", "until": until.isoformat()}
    browser.post(f"/instruction/dossier/{second.pk}/pieces/", sent)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.missing_by) == (State.CLOSED, until)
    assert list(queries.not_brought(back.house.office)) == [third]
