"""The digital point: somebody asks for help with an online procedure at the door, and its helper calls them."""

from parvis.reception.models import Ticket
from parvis.reception.states import Status
from tests.web.door.visitor import Visitor
from tests.web.staff import Staff


def test_help_with_an_online_procedure_is_asked_at_the_door_and_called_by_its_helper(staff: Staff) -> None:
    visitor = Visitor()
    visitor.open("demarche", "toutes=1")
    assert 'value="digital_help"' in visitor.text
    visitor.answer(d="digital_help")
    visitor.sign()
    ticket = Ticket.objects.get()
    assert (ticket.line.code, ticket.state) == ("digital_point", Status.WAITING)

    helper, _agent = staff.at_counter(27, "digital_point", role="digital_helper")
    page = helper.post("/guichet/27/appeler/", {"key": "a"}, follow=True).content.decode()
    ticket.refresh_from_db()
    assert ticket.state == Status.CALLED
    assert "Témoin Exemple" in page


def test_the_greeter_and_another_counter_may_send_somebody_there(staff: Staff) -> None:
    desk, _greeter = staff.signed_in("greeter", lines=("information",))
    assert 'value="digital_help"' in desk.get("/accueil/").content.decode()

    client, _agent = staff.at_counter(3)
    ticket = staff.ticket("renewal")
    client.post("/guichet/3/appeler/", {"key": "a"})
    client.post("/guichet/3/arrive/", {"ticket": ticket.pk})
    client.post("/guichet/3/transferer/", {"ticket": ticket.pk, "procedure": "digital_help"})
    assert Ticket.objects.get(pk=ticket.pk).line.code == "digital_point"
