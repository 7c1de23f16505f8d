"""What is to be paid, in the words of whoever pays."""

from django.utils.translation import gettext

from parvis.procedures.rules import Amount


def as_money(due: Amount) -> str:
    """An amount as people say it: 269 euros, from 74 to 269 euros, or that it is told at the office."""
    if due.eur is not None:
        return gettext("%(eur)s euros") % {"eur": due.eur}
    if due.eur_min is not None and due.eur_max is not None:
        return gettext("de %(least)s à %(most)s euros") % {"least": due.eur_min, "most": due.eur_max}
    return gettext("montant donné au bureau")
