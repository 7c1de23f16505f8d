"""The stock: what waits, what is not announced yet, what nobody claimed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Expression,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from parvis.common import clock
from parvis.offices.models import Office
from parvis.permits.models import CardPolicy, Delivery, FailedHandover, Permit, SetAside
from parvis.permits.queries.policy import with_delays
from parvis.permits.states import Returned, State

# Reminders leave once a day: a round that starts a little sooner than that of the day before reminds all the same.
SAME_ROUND = timedelta(hours=12)


def in_stock(office: Office) -> QuerySet[Permit]:
    """The cards that wait in an office, the oldest first."""
    return Permit.objects.in_stock().filter(office=office).select_related("person").order_by("received_at", "pk")


def to_announce() -> QuerySet[Permit]:
    """The cards of every office whose person was not told yet, the oldest first."""
    return Permit.objects.in_stock().filter(announced_at=None).order_by("received_at", "pk")


def to_remind(now: datetime, *, tried: CardPolicy | None = None) -> QuerySet[Permit]:
    """The announced cards of every office whose next reminder is due, by the delays of each; or by those tried on one.

    Shorter delays never send both reminders in a row: the second keeps its distance from the first.
    """
    since_first = _ago(now + SAME_ROUND, F("second_reminder_days") - F("first_reminder_days"))
    second = Q(reminders=1, announced_at__lte=_ago(now, F("second_reminder_days")), reminded_at__lte=since_first)
    due = with_delays(Permit.objects.in_stock(), tried).filter(
        Q(reminders=0) | second, announced_at__lte=_ago(now, F("first_reminder_days")), unclaimed_on=None
    )
    return due.order_by("announced_at", "pk")


def to_list_as_unclaimed(now: datetime, *, tried: CardPolicy | None = None) -> QuerySet[Permit]:
    """The announced cards of every office nobody came for in the time it gives, not on the list yet."""
    late = with_delays(Permit.objects.in_stock(), tried).filter(announced_at__lte=_ago(now, F("unclaimed_days")))
    return late.filter(unclaimed_on=None).order_by("announced_at", "pk")


def _ago(now: datetime, days: Expression | F) -> Expression:
    """The instant that lies so many days of 24 hours before."""
    span = ExpressionWrapper(days * Value(timedelta(days=1)), DurationField())
    return ExpressionWrapper(Value(now, DateTimeField()) - span, DateTimeField())


def unclaimed(office: Office) -> QuerySet[Permit]:
    """The list of an office's unclaimed cards, the oldest announcement first: they wait still."""
    rows = Permit.objects.in_stock().filter(office=office, unclaimed_on__isnull=False)
    return rows.select_related("person", "case_file").order_by("announced_at", "pk")


def faulty(office: Office) -> QuerySet[Permit]:
    """The cards sent back to be made again, the latest first."""
    rows = Permit.objects.filter(office=office, state=State.RETURNED, returned_because=Returned.FAULTY)
    return rows.select_related("person", "case_file").order_by("-returned_at", "-pk")


def set_aside(office: Office) -> QuerySet[SetAside]:
    """The cards of every delivery that nobody settled yet, the oldest first."""
    rows = SetAside.objects.filter(delivery__office=office, settled_at=None)
    return rows.select_related("delivery").order_by("at", "pk")


def deliveries(office: Office) -> QuerySet[Delivery]:
    """The deliveries of an office, the latest first, with what became of their cards."""
    cards = _count_of(Permit.objects.filter(delivery=OuterRef("pk")))
    waiting = _count_of(SetAside.objects.filter(delivery=OuterRef("pk"), settled_at=None))
    rows = Delivery.objects.filter(office=office).annotate(cards=cards, waiting=waiting)
    return rows.order_by("-at", "-pk")


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    """How many of these rows belong to each delivery, counted for the deliveries that are shown alone."""
    counted = rows.order_by().values("delivery").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def places(office: Office) -> list[tuple[str, int]]:
    """Every place where cards lie, and how many lie there."""
    rows = Permit.objects.in_stock().filter(office=office).values("place").annotate(cards=Count("pk"))
    return [(row["place"], row["cards"]) for row in rows.order_by("place")]


def failures_of(permit: Permit) -> QuerySet[FailedHandover]:
    """The times somebody came for a card and left without it, the latest first."""
    return permit.failures.order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Stock:
    """How many cards of an office wait, of these how many were not announced, are unclaimed, or wait over 30 days."""

    waiting: int
    not_announced: int
    unclaimed: int
    over_30_days: int
    set_aside: int


def stock(office: Office) -> Stock:
    """The figures of an office's stock now."""
    old = clock.now() - timedelta(days=30)
    found = (
        Permit.objects.in_stock()
        .filter(office=office)
        .aggregate(
            waiting=Count("pk"),
            not_announced=Count("pk", filter=Q(announced_at=None)),
            unclaimed=Count("pk", filter=Q(unclaimed_on__isnull=False)),
            over_30_days=Count("pk", filter=Q(received_at__lt=old)),
        )
    )
    return Stock(**found, set_aside=set_aside(office).count())
