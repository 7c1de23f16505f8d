"""The people who would lose, or have lost, their seat: how a page shows them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.booking.actions.withdrawing import Withdrawn
from parvis.booking.queries.capacity import Hit

SHOWN = 50


def losing(hit: Hit) -> dict[str, Any]:
    """Whom a change hits: how many, for what, and the first of them by hour. No name: the number is enough."""
    people = hit.appointments
    return {
        "count": len(people),
        "by_procedure": hit.by_procedure,
        "first": people[:SHOWN],
        "more": max(0, len(people) - SHOWN),
        "free_seats": hit.free_seats,
    }


def said(done: Withdrawn) -> str:
    """What became of them, in a sentence."""
    parts = []
    if done.rebooked:
        parts.append(
            ngettext(
                "%(n)s rendez-vous a changé d'heure : la personne est prévenue.",
                "%(n)s rendez-vous ont changé d'heure : les personnes sont prévenues.",
                done.rebooked,
            )
            % {"n": done.rebooked}
        )
    if done.told:
        parts.append(
            ngettext(
                "%(n)s personne doit choisir une autre heure : elle est prévenue.",
                "%(n)s personnes doivent choisir une autre heure : elles sont prévenues.",
                done.told,
            )
            % {"n": done.told}
        )
    if done.seats and not done.people:
        parts.append(_("Aucun rendez-vous n'est touché."))
    return " ".join(parts)
