"""Lists, batches and the search of the back office."""

from datetime import timedelta

from parvis.casefiles import actions
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision, State
from parvis.common import clock
from tests.casefiles.house import days_later
from tests.web.casework.conftest import BackOffice


def picked(*files: CaseFile) -> list[str]:
    """The files as the boxes of a list send them."""
    return [f"{file.pk}.{file.version}" for file in files]


def states(*files: CaseFile) -> list[str]:
    """Where files stand now."""
    for file in files:
        file.refresh_from_db()
    return [file.state for file in files]


def test_take_several_leaves_those_of_a_colleague(back: BackOffice) -> None:
    free, other = back.house.complete(), back.house.complete()
    actions.take(other, by=back.head)
    answer = back.browser(back.officer).post(
        "/instruction/lot/", {"file": picked(free, other), "act": "take"}, follow=True
    )
    states(free, other)
    assert (free.officer, other.officer) == (back.officer, back.head)
    assert other.number in answer.content.decode()


def test_propose_several_tells_which_one_moved(back: BackOffice) -> None:
    one, moved = back.house.taken(), back.house.taken()
    boxes = picked(one, moved)
    actions.hold(moved, clock.today() + timedelta(days=3), "Pièce promise", by=back.officer)
    answer = back.browser(back.officer).post("/instruction/lot/", {"file": boxes, "act": "grant"}, follow=True)
    assert states(one, moved) == [State.PROPOSED, State.UNDER_REVIEW]
    assert moved.number in answer.content.decode()


def test_hold_several_needs_a_day_and_a_reason(back: BackOffice) -> None:
    browser = back.browser(back.officer)
    files = [back.house.taken(), back.house.taken()]
    browser.post("/instruction/lot/", {"file": picked(*files), "act": "hold", "until": "", "because": ""})
    states(*files)
    assert [file.held_until for file in files] == [None, None]
    until = clock.today() + timedelta(days=5)
    sent = {"file": picked(*files), "act": "hold", "until": until.isoformat(), "because": "Grève"}
    browser.post("/instruction/lot/", sent)
    states(*files)
    assert [file.held_until for file in files] == [until, until]


def test_a_refused_batch_keeps_the_boxes_and_what_was_typed(back: BackOffice) -> None:
    chosen, other = back.house.taken(), back.house.taken()
    sent = {"file": picked(chosen), "act": "hold", "until": "2017-12-01", "because": "Motif longuement pesé"}
    answer = back.browser(back.officer).post("/instruction/lot/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Motif longuement pesé"' in page
    assert f'value="{chosen.pk}.{chosen.version}" checked' in page
    assert f'value="{other.pk}.{other.version}" checked' not in page
    states(chosen)
    assert chosen.held_until is None


def test_in_a_batch_put_aside_each_file_stands_or_falls_alone(back: BackOffice) -> None:
    mine, theirs, moved = (back.house.taken() for _n in range(3))
    actions.take(theirs, by=back.head, seen=theirs.version)
    boxes = picked(mine, theirs, moved)
    actions.hold(moved, clock.today() + timedelta(days=2), "Autre motif", by=back.officer)
    until = clock.today() + timedelta(days=5)
    sent = {"file": boxes, "act": "hold", "until": until.isoformat(), "because": "Grève"}
    answer = back.browser(back.officer).post("/instruction/lot/", sent, follow=True)
    states(mine, theirs, moved)
    assert [file.held_because for file in (mine, theirs, moved)] == ["Grève", "", "Autre motif"]
    said = [str(message) for message in answer.context["messages"]]
    assert [next((one for one in said if file.number in one), "") != "" for file in (mine, theirs, moved)] == [
        False,
        True,
        True,
    ]


def test_to_do_now_leaves_out_what_is_put_aside(back: BackOffice) -> None:
    held, due = back.house.taken(), back.house.taken()
    actions.hold(held, clock.today() + timedelta(days=3), "Pièce promise", by=back.officer)
    browser = back.browser(back.officer)
    assert [file.pk for file in browser.get("/instruction/?etat=a-faire").context["rows"]] == [due.pk]
    days_later(3)
    assert len(browser.get("/instruction/?etat=a-faire").context["rows"]) == 2


def test_after_a_batch_one_stays_on_the_page_and_in_the_search(back: BackOffice) -> None:
    files = [back.house.complete() for _n in range(52)]
    browser = back.browser(back.officer)
    after = browser.get("/instruction/?liste=libres").context["after"]
    shown = browser.get("/instruction/", {"liste": "libres", "apres": after}).content.decode()
    assert f'name="apres" value="{after}"' in shown
    sent = {"file": picked(files[-1]), "act": "take", "apres": after}
    answer = browser.post("/instruction/lot/?liste=libres", sent, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"&apres={after}")
    assert len(answer.context["rows"]) == 1
    last = browser.post("/instruction/lot/?liste=libres", sent | {"file": picked(files[-2])}, follow=True)
    assert len(last.context["rows"]) == 50, "nothing is left behind it: the list begins anew"
    found = browser.post("/instruction/lot/", {"file": [], "act": "take", "q": "exemple & co"})
    assert found.headers["Location"] == "/instruction/?liste=miennes&q=exemple+%26+co"


def test_give_several_tells_which_were_decided(back: BackOffice) -> None:
    free, decided = back.house.complete(), back.house.granted()
    sent = {"file": picked(free, decided), "officer": back.head.pk}
    answer = back.browser(back.head).post("/instruction/lot/confier/", sent, follow=True)
    assert decided.number in answer.content.decode()
    states(free, decided)
    assert (free.officer, decided.officer) == (back.head, back.officer)


def test_give_several(back: BackOffice) -> None:
    files = [back.house.complete(), back.house.complete()]
    sent = {"file": picked(*files), "officer": back.officer.pk}
    back.browser(back.head).post("/instruction/lot/confier/", sent)
    states(*files)
    assert {file.officer for file in files} == {back.officer}


def test_sign_several_grants_and_not_ones_own(back: BackOffice) -> None:
    theirs, also = back.house.proposed(), back.house.proposed()
    own = actions.propose(actions.take(back.house.complete(), by=back.head), Decision.GRANT, by=back.head)
    browser = back.browser(back.head)
    page = browser.get("/instruction/signature/").content.decode()
    assert theirs.number in page
    assert own.number not in page
    sent = {"file": picked(theirs, also, own), "from": "signature"}
    answer = browser.post("/instruction/lot/signer/", sent)
    assert states(theirs, also, own) == [State.IN_PRODUCTION, State.IN_PRODUCTION, State.PROPOSED]
    assert answer.headers["Location"] == "/instruction/signature/"


def test_a_refusal_is_not_signed_in_a_batch(back: BackOffice) -> None:
    grant, refusal = back.house.proposed(), back.house.proposed("student", Decision.REFUSE)
    sent = {"file": picked(grant, refusal)}
    answer = back.browser(back.head).post("/instruction/lot/signer/?liste=toutes", sent, follow=True)
    assert states(grant, refusal) == [State.IN_PRODUCTION, State.PROPOSED]
    assert [refusal.number in str(one) for one in answer.context["messages"]] == [False, True]


def test_nothing_selected_and_nonsense_change_nothing(back: BackOffice) -> None:
    file = back.house.complete()
    browser = back.browser(back.officer)
    for boxes in ([], ["x"], ["9" * 40], ["-1.2"], [f"{file.pk}.abc"] * 3):
        assert browser.post("/instruction/lot/", {"file": boxes, "act": "nothing-like-it"}).status_code == 302
    assert browser.post("/instruction/lot/", {"file": picked(file), "act": "nothing-like-it"}).status_code == 302
    assert states(file) == [State.UNDER_REVIEW]
    assert file.officer is None


def test_search_by_number_opens_the_file(back: BackOffice) -> None:
    file = back.house.complete()
    browser = back.browser(back.officer)
    for typed in (file.number, file.number.lower(), f" {file.number} "):
        answer = browser.get("/instruction/", {"q": typed})
        assert answer.headers["Location"] == f"/instruction/dossier/{file.pk}/"


def test_search_by_name_and_birth_date(back: BackOffice) -> None:
    born = "29/02/1996"
    person = back.house.person(family_name="Exemple", given_name="Alix", birth_date="1996-02-29")
    other = back.house.person(family_name="Exemple", given_name="Alix", birth_date="1980-01-01")
    file, another = back.house.complete(person=person), back.house.complete(person=other)
    browser = back.browser(back.officer)
    answer = browser.get("/instruction/", {"q": f"exemple alix {born}"})
    assert answer.headers["Location"] == f"/instruction/dossier/{file.pk}/"
    both = browser.get("/instruction/", {"q": "exemple"}).content.decode()
    assert file.number in both
    assert another.number in both


def test_a_page_of_fifty_and_the_rest_on_the_next(back: BackOffice) -> None:
    files = [back.house.complete() for _n in range(52)]
    browser = back.browser(back.officer)
    first = browser.get("/instruction/?liste=libres")
    again = browser.get("/instruction/", {"liste": "libres", "apres": first.context["after"]})
    seen = [file.pk for page in (first, again) for file in page.context["rows"]]
    assert sorted(seen) == sorted(file.pk for file in files)
    assert len(first.context["rows"]) == 50


def test_filters_that_no_list_has_are_ignored(back: BackOffice) -> None:
    browser = back.browser(back.officer)
    for query in ("liste=x", "etat=granted", "d=%00", "d=nothing", "apres=x.y.z", "apres=2018-99-99.1.1", "q=%D8%B9"):
        assert browser.get(f"/instruction/?{query}").status_code in {200, 400}, query


def test_whoever_reviews_nothing_finds_and_reads_and_acts_on_nothing(back: BackOffice) -> None:
    phone = back.browser(back.agent("mail_phone_team", "courriel"))
    file = back.house.taken()
    assert phone.get("/instruction/").status_code == 200
    page = phone.get(f"/instruction/dossier/{file.pk}/").content.decode()
    assert file.number in page
    assert "<textarea" not in page
    assert phone.post(f"/instruction/dossier/{file.pk}/note/", {"text": "x"}).status_code == 403
