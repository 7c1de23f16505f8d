"""Facts of the journal in words: kinds, agents, things."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.journal.models import Entry
from parvis.offices.models import Agent
from parvis.reception.models import Ticket

KINDS: dict[str, Promise] = {
    "ticket.issued": _("Ticket donné"),
    "ticket.called": _("Appel"),
    "ticket.called_again": _("Appel répété"),
    "ticket.arrived": _("Arrivée au guichet"),
    "ticket.absent": _("Absence à l'appel"),
    "ticket.missed": _("Deuxième absence"),
    "ticket.put_back": _("Remise en file"),
    "ticket.parked": _("Mise de côté"),
    "ticket.resumed": _("Reprise"),
    "ticket.transferred": _("Transfert"),
    "ticket.procedure_added": _("Démarche ajoutée"),
    "ticket.continued": _("Démarche suivante"),
    "ticket.received": _("Visite terminée"),
    "ticket.left": _("Départ"),
    "ticket.deferred": _("Reviendra"),
    "ticket.may_come_back": _("Code de retour donné"),
    "ticket.turned_away": _("Non reçu"),
    "ticket.print_ordered": _("Impression demandée"),
    "ticket.printed": _("Ticket imprimé"),
    "ticket.print_failed": _("Impression échouée"),
    "step.done": _("Démarche terminée"),
    "arrival.redirected": _("Personne orientée ailleurs"),
    "arrival.turned_away": _("Personne refusée"),
    "counter.opened": _("Guichet ouvert"),
    "counter.closed": _("Guichet fermé"),
    "counter.relieved": _("Guichet relevé"),
    "counter.break_started": _("Début de pause"),
    "counter.break_ended": _("Fin de pause"),
    "counter.lines_changed": _("Services du guichet modifiés"),
    "help.called": _("Appel à l'aide"),
    "help.answered": _("Réponse à l'appel"),
    "day.closed": _("Journée close"),
    "opening.changed": _("Horaires modifiés"),
    "closure.declared": _("Fermeture exceptionnelle"),
    "closure.cancelled": _("Fermeture annulée"),
    "policy.changed": _("Règles de la file modifiées"),
    "permit.received": _("Titre entré en stock"),
    "permit.handed_over": pgettext_lazy("journal", "Titre remis"),
    "agent.registered": _("Compte ouvert"),
    "agent.deactivated": _("Compte fermé"),
    "agent.roles_changed": _("Rôles modifiés"),
    "agent.skills_changed": _("Habilitations modifiées"),
    "agent.signed_in": _("Connexion"),
    "agent.signed_out": _("Déconnexion"),
    "agent.locked": _("Poste verrouillé"),
    "agent.unlocked": _("Poste repris"),
    "person.registered": _("Personne enregistrée"),
    "person.corrected": _("Personne corrigée"),
    "person.exported": _("Données d'une personne exportées"),
}
ORIGINS: dict[str, Promise] = {
    "kiosk": _("Borne"),
    "phone": _("Téléphone"),
    "system": _("Système"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it is read: its kind in words, who did it, about what."""

    entry: Entry
    kind: str
    who: str
    about: str


def entries_with_names(entries: Iterable[Entry]) -> Sequence[Told]:
    """The facts with the names of the agents and the numbers of the tickets, read in two queries."""
    rows = list(entries)
    agents = _texts(Agent, {row.agent_id for row in rows if row.agent_id})
    tickets = _texts(Ticket, {row.subject_id for row in rows if row.subject_type == "reception.ticket"})
    return [
        Told(
            entry=row,
            kind=str(KINDS.get(row.what, row.what)),
            who=agents.get(row.agent_id or 0) or str(ORIGINS.get(row.origin, row.origin)),
            about=tickets.get(row.subject_id, "") if row.subject_type == "reception.ticket" else "",
        )
        for row in rows
    ]


def _texts(model: type[models.Model], keys: set[int]) -> dict[int, str]:
    return {row.pk: str(row) for row in model._default_manager.filter(pk__in=keys).order_by("pk")}
