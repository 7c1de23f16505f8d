"""What an agent does with people: call, receive, send on, finish."""

from django.utils.translation import gettext as _

from parvis.offices.models import Counter
from parvis.procedures import queries as catalogue
from parvis.reception import actions
from parvis.reception.errors import TextMissing
from parvis.reception.states import Outcome, ReturnKind, Status
from parvis.web.counter.pages import at_counter, key_of, ticket_here, ticket_of
from parvis.web.counter.screens import OUTCOMES
from parvis.web.requests import AgentRequest


@at_counter
def call(request: AgentRequest, counter: Counter) -> str | None:
    """Call the next person."""
    ticket = actions.call_next(counter, by=request.agent, key=key_of(request))
    return None if ticket else _("Personne n'attend pour ce guichet.")


@at_counter
def pick(request: AgentRequest, counter: Counter) -> None:
    """Call one person out of order."""
    actions.pick(ticket_of(request), counter=counter, by=request.agent)


@at_counter
def again(request: AgentRequest, counter: Counter) -> str:
    """Show and speak the call once more."""
    ticket = actions.call_again(ticket_here(request, counter), by=request.agent)
    return _("Appel répété (%(count)s).") % {"count": ticket.calls}


@at_counter
def arrived(request: AgentRequest, counter: Counter) -> None:
    """The person is there."""
    actions.arrive(ticket_here(request, counter), by=request.agent)


@at_counter
def absent(request: AgentRequest, counter: Counter) -> str:
    """Nobody came."""
    ticket = actions.mark_absent(ticket_here(request, counter), by=request.agent)
    if ticket.state == Status.MISSED:
        return _("%(number)s est absent pour la deuxième fois : sorti de la file.") % {"number": ticket}
    return _("%(number)s garde sa place et sera rappelé dans quelques minutes.") % {"number": ticket}


@at_counter
def left(request: AgentRequest, counter: Counter) -> str:
    """The person goes away of their own accord."""
    ticket = actions.leave(ticket_here(request, counter), by=request.agent)
    return _("%(number)s est parti.") % {"number": ticket}


@at_counter
def not_the_holder(request: AgentRequest, counter: Counter) -> str:
    """The papers are not those of the person the ticket names."""
    ticket = actions.refuse_bearer(ticket_here(request, counter), by=request.agent)
    return _("%(number)s ne vaut plus : la personne n'en est pas titulaire.") % {"number": ticket}


@at_counter
def park(request: AgentRequest, counter: Counter) -> str:
    """Put the person aside in a room."""
    ticket = actions.park(ticket_here(request, counter), room=request.POST.get("room", ""), by=request.agent)
    return _("%(number)s attend en salle %(room)s.") % {"number": ticket, "room": ticket.room}


@at_counter
def resume(request: AgentRequest, counter: Counter) -> None:
    """Call back somebody who was put aside."""
    actions.resume(ticket_of(request), counter=counter, by=request.agent)


@at_counter
def transfer(request: AgentRequest, counter: Counter) -> str:
    """Send the person on for another procedure."""
    procedure = catalogue.by_code(request.POST.get("procedure", ""))
    ticket = actions.transfer(ticket_here(request, counter), procedure=procedure, by=request.agent)
    facts = {"number": ticket, "line": ticket.line.name}
    return _("%(number)s est transféré, à sa place d'arrivée : %(line)s.") % facts


@at_counter
def add(request: AgentRequest, counter: Counter) -> str:
    """The person also comes for something else."""
    procedure = catalogue.by_code(request.POST.get("procedure", ""))
    actions.add_procedure(ticket_here(request, counter), procedure=procedure, by=request.agent)
    return _("Démarche ajoutée : %(name)s.") % {"name": procedure.name}


@at_counter
def finish(request: AgentRequest, counter: Counter) -> str:
    """Say what was done."""
    typed = request.POST.get("outcome", "")
    if typed not in OUTCOMES:
        raise TextMissing
    ticket = actions.finish(ticket_of(request), outcome=Outcome(typed), by=request.agent, key=key_of(request))
    return _("%(number)s : %(outcome)s.") % {"number": ticket, "outcome": Outcome(typed).label}


@at_counter
def give_return(request: AgentRequest, counter: Counter) -> str:
    """The person fetches a missing copy and comes back today without losing their place."""
    ticket = ticket_here(request, counter)
    reason = request.POST.get("reason", "")
    given = actions.give_return(ticket, kind=ReturnKind.MISSING_COPY, by=request.agent, reason=reason)
    request.session["counter_return"] = given.pk
    return _("%(number)s peut revenir aujourd'hui sans refaire la file. Code : %(code)s") % {
        "number": ticket,
        "code": given.code,
    }


@at_counter
def put_back(request: AgentRequest, counter: Counter) -> str:
    """A missed person is there after all."""
    ticket = actions.put_back(ticket_of(request), by=request.agent)
    return _("%(number)s est de nouveau dans la file.") % {"number": ticket}
