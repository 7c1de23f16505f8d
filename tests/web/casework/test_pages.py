"""Each page of the back office opens and says what stands in it."""

import pytest

from parvis.casefiles.states import Decision
from tests.web.casework.conftest import BackOffice

PAGES = ("", "?liste=libres", "?liste=toutes", "signature/", "silence/", "jeudi/", "stock/", "reprise/")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_and_without_files(back: BackOffice, page: str) -> None:
    browser = back.browser(back.head)
    assert browser.get(f"/instruction/{page}").status_code == 200
    for make in (back.house.complete, back.house.incomplete, back.house.taken, back.house.granted, back.house.refused):
        make()
    back.house.proposed(decision=Decision.REFUSE)
    assert browser.get(f"/instruction/{page}").status_code == 200


def test_the_lists_hold_mine_and_what_nobody_has(back: BackOffice) -> None:
    mine, free = back.house.taken(), back.house.complete()
    browser = back.browser(back.officer)
    own, open_ones, every = (
        browser.get(f"/instruction/?liste={kind}").content.decode() for kind in ("miennes", "libres", "toutes")
    )
    assert mine.number in own
    assert free.number not in own
    assert free.number in open_ones
    assert mine.number not in open_ones
    assert mine.number in every
    assert free.number in every


def test_a_file_shows_whose_it_is_and_what_may_be_done_now(back: BackOffice) -> None:
    file = back.house.taken()
    page = back.browser(back.officer).get(f"/instruction/dossier/{file.pk}/").content.decode()
    assert file.number in page
    assert file.person.family_name in page
    assert "Proposer l'accord" in page.replace("&#x27;", "'")
    assert f"/instruction/dossier/{file.pk}/decider/signer/" not in page
