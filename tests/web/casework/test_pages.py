"""Each page of the back office opens and says what stands in it."""

import html
from datetime import date, timedelta

import pytest

from parvis.casefiles import actions
from parvis.casefiles.models import Receipt, StockDay
from parvis.casefiles.states import Decision, Work
from parvis.common import clock
from parvis.procedures.models import ReceiptRule
from parvis.procedures.models.receipts import TOLERANCE
from parvis.web.casework import silences
from tests.web.casework.conftest import BackOffice

PAGES = (
    "", "?liste=libres", "?liste=toutes", "signature/", "courrier/", "courrier/?d=renewal&q=TEMOIN", "pieces/",
    "silence/", "jeudi/", "stock/", "reprise/",
)  # fmt: skip


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


def test_the_page_of_a_file_says_the_dates_of_its_papers(back: BackOffice) -> None:
    renewal = ReceiptRule.objects.filter(procedure__code="renewal")
    renewal.update(due_within_days=8)
    rule = {"kind": TOLERANCE, "months": 3, "max_months": 3, "valid_from": date(2017, 1, 1)}
    ReceiptRule.objects.create(procedure=back.house.procedures["renewal"], **rule)
    file = back.house.complete(permit_expires_on=date(2017, 12, 20))
    page = back.browser(back.officer).get(f"/instruction/dossier/{file.pk}/").content.decode()
    assert "Premier récépissé à remettre au plus tard le 19 décembre 2017" in page
    assert "jusqu&#x27;au 20 mars 2018" in page or "jusqu'au 20 mars 2018" in page


@pytest.mark.parametrize(
    ("falls", "said"),
    [
        ((50, 52, 54), "une baisse de 47 à 57 dossiers"),
        ((-50, -52, -54), "une hausse de 47 à 57 dossiers"),
        ((-20, 0, 20), "entre une hausse de 50 et une baisse de 50 dossiers"),
    ],
)
def test_the_range_of_the_pace_says_which_way_it_goes(back: BackOffice, falls: tuple[int, ...], said: str) -> None:
    monday = clock.today()
    for weeks, fall in enumerate(falls, start=1):
        for day in range(7):
            first = day == 0
            StockDay.objects.create(
                office=back.house.office, procedure=back.house.procedures["renewal"], stock=500,
                day=monday - timedelta(weeks=weeks) + timedelta(days=day),
                opened=max(-fall, 0) * first, decided=max(fall, 0) * first,
            )  # fmt: skip
    page = back.browser(back.head).get("/instruction/stock/").content.decode()
    assert said in page
    assert "-" not in page.partition("Rythme moyen")[2].partition("</p>")[0]


def test_the_menu_says_where_one_is_after_a_refused_batch(back: BackOffice) -> None:
    file = back.house.taken()
    sent = {"file": f"{file.pk}.{file.version}", "act": "hold", "until": "", "because": ""}
    answer = back.browser(back.officer).post("/instruction/lot/", sent)
    assert [page["url"] for page in answer.context["pages"] if page["is_current"]] == ["/instruction/"]


def test_the_board_names_those_who_review_and_not_the_counters(back: BackOffice) -> None:
    back.house.complete()
    back.house.proposed()
    back.house.granted()
    page = back.browser(back.head).get(f"/instruction/jeudi/?jour={clock.today()}")
    assert {one.agent for one, _procedures in page.context["officers"]} == {back.officer, back.head}
    assert back.house.clerk in {one.agent for one in page.context["board"].officers}


def test_a_list_that_is_cut_still_says_how_many_there_are(back: BackOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silences, "SHOWN", 1)
    for _file in range(2):
        receipt = actions.issue_receipt(back.house.complete(), work=Work.NO, by=back.officer)
        Receipt.objects.filter(pk=receipt.pk).update(valid_to=clock.today() + timedelta(days=9))
    page = html.unescape(back.browser(back.head).get("/instruction/silence/").content.decode())
    assert "2 récépissés finissent dans les 21 jours" in page


def test_the_receipts_people_live_on_are_listed_before_and_after_they_end(back: BackOffice) -> None:
    file = back.house.taken()
    receipt = actions.issue_receipt(file, work=Work.NO, by=back.officer)
    head = back.browser(back.head)
    for days, there in ((-1, "fini depuis moins d'un mois"), (20, "finit dans les 21 jours"), (60, "")):
        ends = clock.today() + timedelta(days=days)
        Receipt.objects.filter(pk=receipt.pk).update(valid_from=ends - timedelta(days=90), valid_to=ends, rank=3)
        page = html.unescape(head.get("/instruction/silence/").content.decode())
        assert (receipt.number in page) == bool(there)
        assert f"1 récépissé {there}" in page or not there
    assert "dossier vit sur un récépissé renouvelé plus d'une fois" in html.unescape(
        head.get("/instruction/stock/").content.decode()
    )


def test_the_stock_page_rings_for_the_official_delays(back: BackOffice) -> None:
    back.house.deposited(deposited_on=clock.today() - timedelta(days=36))
    friday, renewal = clock.today() - timedelta(days=3), back.house.procedures["renewal"]
    StockDay.objects.create(office=back.house.office, procedure=renewal, day=friday, stock=1, opened=0, decided=0)
    page = html.unescape(back.browser(back.head).get("/instruction/stock/").content.decode())
    part = page.partition('id="delays-title"')[2].partition("</section>")[0]
    assert "1 (100 %)" in part
    assert part.count("plus de la moitié") == 2, "of the procedure and of the whole"
    assert part.count("aucune décision") == 2
