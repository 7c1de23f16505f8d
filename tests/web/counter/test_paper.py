"""The paper of a return: in the language of the person who takes it away, whatever the agent speaks."""

from parvis.reception import actions
from parvis.reception.models import ReturnPass
from tests.web.staff import Staff


def test_the_paper_speaks_the_language_of_the_person(staff: Staff) -> None:
    client, agent = staff.at_counter(3)
    ticket = staff.ticket(language="en")
    given = actions.give_return(ticket, kind="first_next_day", by=agent, reason="Panne")
    for address in (f"/guichet/3/retour/{given.pk}/", f"/pilotage/retours/{given.pk}/"):
        page = client.get(address).content.decode()
        assert '<section class="paper return-paper" lang="en" dir="ltr">' in page
        assert "you will go first" in page
        assert "Imprimer" in page
        assert given.code in page


def test_an_arabic_paper_is_written_from_right_to_left(staff: Staff) -> None:
    client, agent = staff.at_counter(3)
    given = actions.give_return(staff.ticket(language="ar"), kind="first_next_day", by=agent, reason="Panne")
    assert 'lang="ar" dir="rtl"' in client.get(f"/guichet/3/retour/{given.pk}/").content.decode()


def test_the_greeter_prints_the_return_and_the_ticket_in_the_language_of_the_person(staff: Staff) -> None:
    client, agent = staff.signed_in("greeter")
    ticket = staff.ticket(language="en")
    actions.give_return(ticket, kind="first_next_day", by=agent, reason="Panne")
    page = client.get(f"/accueil/ticket/{ticket.pk}/").content.decode()
    assert f"/pilotage/retours/{ReturnPass.objects.get().pk}/" in page
    assert "Photograph this code" in client.get(f"/accueil/ticket/{ticket.pk}/papier/").content.decode()
