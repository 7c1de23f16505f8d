"""How long cards wait before a reminder and before they count as unclaimed, as the head of office has set it."""

from django.db.models import F, IntegerField, QuerySet, Value
from django.db.models.functions import Coalesce

from parvis.offices.models import Office
from parvis.permits.models import CardPolicy, Permit
from parvis.permits.rules.delays import BOUNDS


def policy(office: Office) -> CardPolicy:
    """The delays of an office as its head has set them, else the usual ones."""
    return CardPolicy.objects.filter(office=office).first() or CardPolicy(office=office)


def with_delays(cards: QuerySet[Permit], tried: CardPolicy | None = None) -> QuerySet[Permit]:
    """These cards, each with the delays of its office under their names; of one office alone when one is ``tried``.

    The days are those of a joined row, so that an index over the announcement can be read office by office.
    """
    if tried is not None:
        return cards.filter(office=tried.office).alias(**{name: Value(getattr(tried, name)) for name in BOUNDS})
    usual = CardPolicy()
    days = {
        name: Coalesce(F(f"office__card_policy__{name}"), Value(getattr(usual, name)), output_field=IntegerField())
        for name in BOUNDS
    }
    return cards.alias(**days)
