"""The counter, one press after another."""

import re
from typing import Any

import pytest
from django.test import Client

from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices.actions import close_exceptionally
from parvis.reception.models import CounterSession, HelpCall, ReturnPass, Ticket
from parvis.reception.states import Status
from tests.web.staff import Staff


def press(client: Client, number: int, what: str, **fields: object) -> Any:
    return client.post(f"/guichet/{number}/{what}/", fields, follow=True)


def reload(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_choosing_and_opening_a_counter(staff: Staff) -> None:
    client, agent = staff.signed_in("counter_agent", lines=("filing",))
    page = client.get("/guichet/")
    assert "Ouvrir le guichet 3" in page.content.decode()
    assert "Ouvrir le guichet 20" not in page.content.decode()
    assert client.post("/guichet/3/ouvrir/").headers["Location"] == "/guichet/3/"
    assert CounterSession.objects.get(agent=agent).counter.number == 3
    assert client.get("/guichet/").headers["Location"] == "/guichet/3/"


def test_a_taken_counter_says_by_whom_and_can_be_relieved(staff: Staff) -> None:
    staff.at_counter(3)
    first = CounterSession.objects.get().agent
    client, second = staff.signed_in("counter_agent", lines=("filing",))
    assert first.name in client.get("/guichet/").content.decode()
    assert client.post("/guichet/3/ouvrir/").status_code == 409
    client.post("/guichet/3/relever/")
    assert CounterSession.objects.exclude(state="closed").get().agent == second


def test_a_whole_visit(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    ticket = staff.ticket(name="Fictif Personne")
    page = press(client, 3, "appeler", key="a").content.decode()
    assert "Fictif Personne" in page
    assert "La personne est là" in page
    assert "Sans rendez-vous · référence 10:00" in page
    page = press(client, 3, "arrive", ticket=ticket.pk).content.decode()
    assert "Terminer : ce qui a été fait" in page
    assert "Passeport" in page or "passeport" in page
    page = press(client, 3, "terminer", ticket=ticket.pk, outcome="file_deposited", key="b").content.decode()
    assert "Dossier déposé, complet" in page
    assert reload(ticket).state == Status.RECEIVED


def test_the_papers_are_those_of_another(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    ticket = staff.ticket(name="Fictif Titulaire")
    press(client, 3, "appeler", key="a")
    assert "Pas la bonne personne" in press(client, 3, "arrive", ticket=ticket.pk).content.decode()
    page = press(client, 3, "autre-personne", ticket=ticket.pk).content.decode()
    assert f"{ticket} ne vaut plus" in page
    assert reload(ticket).state == Status.LEFT


def test_pressing_twice_calls_one_person(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    staff.ticket()
    staff.ticket()
    for _time in range(2):
        press(client, 3, "appeler", key="meme")
    assert Ticket.objects.filter(state=Status.CALLED).count() == 1


def test_two_agents_with_the_same_key_do_not_replay_each_other(staff: Staff) -> None:
    first, _agent = staff.at_counter(3)
    second, _other = staff.at_counter(4)
    staff.ticket()
    staff.ticket()
    press(first, 3, "appeler", key="meme")
    press(second, 4, "appeler", key="meme")
    assert Ticket.objects.filter(state=Status.CALLED).count() == 2


def test_finishing_twice_is_harmless(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    ticket = staff.ticket()
    press(client, 3, "appeler", key="a")
    press(client, 3, "arrive", ticket=ticket.pk)
    for _time in range(2):
        answer = press(client, 3, "terminer", ticket=ticket.pk, outcome="done", key="b")
        assert answer.status_code == 200
    assert Entry.objects.filter(what="ticket.received").count() == 1


def test_nobody_waits(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    assert "Personne n&#x27;attend pour ce guichet." in press(client, 3, "appeler", key="a").content.decode()


def test_called_again_absent_then_missed_then_put_back(staff: Staff) -> None:
    client, _agent = staff.at_counter(3, role="head_of_office")
    ticket = staff.ticket()
    press(client, 3, "appeler", key="a")
    assert "Appel répété (2)." in press(client, 3, "rappeler", ticket=ticket.pk).content.decode()
    assert "garde sa place" in press(client, 3, "absent", ticket=ticket.pk).content.decode()
    Ticket.objects.update(not_before=None)
    press(client, 3, "appeler", key="b")
    assert "deuxième fois" in press(client, 3, "absent", ticket=ticket.pk).content.decode()
    assert reload(ticket).state == Status.MISSED
    press(client, 3, "remettre-en-file", ticket=ticket.pk)
    assert reload(ticket).state == Status.WAITING


def test_aside_then_back(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    ticket = served(staff, client)
    page = press(client, 3, "de-cote", ticket=ticket.pk, room="B12").content.decode()
    assert "B12" in page
    assert "Reprendre" in page
    press(client, 3, "reprendre", ticket=ticket.pk)
    assert reload(ticket).state == Status.CALLED


def test_a_room_must_be_said(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    ticket = served(staff, client)
    answer = press(client, 3, "de-cote", ticket=ticket.pk, room=" ")
    assert answer.status_code == 422
    assert "Complétez le champ demandé." in answer.content.decode()
    assert str(ticket) in answer.content.decode()


def test_transfer_add_and_the_missing_copy(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    first = served(staff, client)
    assert "Démarche ajoutée" in press(client, 3, "ajouter", ticket=first.pk, procedure="duplicate").content.decode()
    assert "transféré" in press(client, 3, "transferer", ticket=first.pk, procedure="information").content.decode()
    assert reload(first).line.code == "information"
    second = served(staff, client)
    page = press(client, 3, "piece-manquante", ticket=second.pk, reason="Copie du passeport").content.decode()
    given = ReturnPass.objects.get()
    assert given.code in page
    assert given.code in client.get(f"/guichet/3/retour/{given.pk}/").content.decode()


def test_leaving_the_counter_with_somebody_there(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    ticket = served(staff, client)
    answer = press(client, 3, "fermer")
    assert answer.status_code == 409
    assert str(ticket) in answer.content.decode()
    assert press(client, 3, "fermer", puts_back="1").redirect_chain[-1][0] == "/guichet/"
    assert reload(ticket).state == Status.WAITING


def test_break_and_return(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    assert "En pause" in press(client, 3, "pause").content.decode()
    assert press(client, 3, "appeler", key="a").status_code == 409
    assert "Appeler la personne suivante" in press(client, 3, "reprise").content.decode()


def test_help_reaches_the_other_counters(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    other, _other = staff.at_counter(4)
    assert "Renfort demandé" in press(client, 3, "renfort").content.decode()
    assert "Le guichet 3 appelle à l'aide" in other.get("/guichet/4/").content.decode()
    press(other, 4, "renfort/repondre", call=HelpCall.objects.get().pk)
    assert HelpCall.objects.get().answered_at is not None


def test_nobody_is_sent_to_a_line_that_does_not_open_today(staff: Staff) -> None:
    client, agent = staff.at_counter(3)
    lines = [staff.office.lines.get(code="licence")]
    close_exceptionally(staff.office, clock.today(), reason={"fr": "Panne"}, by=agent, lines=lines)
    ticket = served(staff, client)
    page = client.get("/guichet/3/").content.decode()
    assert 'value="licence_exchange"' not in page
    assert 'value="duplicate"' in page
    answer = press(client, 3, "transferer", ticket=ticket.pk, procedure="licence_exchange")
    assert answer.status_code == 409
    assert "fermé au public" in answer.content.decode()
    assert reload(ticket).state == Status.SERVING


def test_picking_out_of_order_is_a_permission(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    staff.ticket()
    second = staff.ticket()
    assert "Hors tour" not in client.get("/guichet/3/").content.decode()
    assert press(client, 3, "choisir", ticket=second.pk).status_code == 403
    head, _head = staff.at_counter(4, role="head_of_office")
    assert "Hors tour" in head.get("/guichet/4/").content.decode()
    press(head, 4, "choisir", ticket=second.pk)
    assert reload(second).state == Status.CALLED


def test_another_tab_acted(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    ticket = served(staff, client)
    press(client, 3, "terminer", ticket=ticket.pk, outcome="done", key="a")
    answer = press(client, 3, "de-cote", ticket=ticket.pk, room="B12")
    assert answer.status_code == 409
    assert "Ce ticket a changé entre-temps" in answer.content.decode()


def test_the_middle_is_sent_again_only_when_it_changed(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    page = client.get("/guichet/3/").content.decode()
    url = re.search(r'hx-get="(/guichet/3/etat/[^"]*)"', page)
    assert url
    staff.ticket()
    assert 'id="panel"' not in client.get(url[1]).content.decode()
    press(client, 3, "appeler", key="a")
    assert 'id="panel"' in client.get(url[1]).content.decode()


@pytest.mark.parametrize("what", ["appeler", "fermer", "pause", "renfort"])
def test_somebody_elses_counter_shows_nothing(staff: Staff, what: str) -> None:
    holder, _agent = staff.at_counter(3)
    served(staff, holder, name="Secret Fictif")
    client, _other = staff.at_counter(4)
    answer = press(client, 3, what, key="a", puts_back="1")
    assert answer.status_code == 409
    assert "Secret" not in answer.content.decode()
    assert client.get("/guichet/3/").headers["Location"] == "/guichet/"
    assert client.get("/guichet/3/etat/").headers["Location"] == "/guichet/"


@pytest.mark.parametrize(
    "fields", [{"outcome": "unrecorded"}, {"outcome": "handed_over"}, {"outcome": "n'importe"}, {}]
)
def test_an_outcome_that_does_not_exist(staff: Staff, fields: dict[str, str]) -> None:
    client, _agent = staff.at_counter(3)
    ticket = served(staff, client)
    assert press(client, 3, "terminer", ticket=ticket.pk, key="a", **fields).status_code == 422
    assert reload(ticket).state == Status.SERVING


def test_an_unknown_procedure_and_a_foreign_ticket(staff: Staff) -> None:
    client, _agent = staff.at_counter(3)
    ticket = served(staff, client)
    assert press(client, 3, "transferer", ticket=ticket.pk, procedure="rien").status_code in {404, 422}
    assert press(client, 3, "terminer", ticket="12x", outcome="done").status_code == 404
    assert press(client, 99, "appeler").status_code == 404


def served(staff: Staff, client: Client, **more: str) -> Ticket:
    """Somebody received at counter 3."""
    ticket = staff.ticket(**more)
    press(client, 3, "appeler", key=f"appel-{ticket.pk}")
    press(client, 3, "arrive", ticket=ticket.pk)
    return ticket
