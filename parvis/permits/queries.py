"""Which cards wait, and for whom."""

from django.db.models import QuerySet

from parvis.offices.models import Office
from parvis.people.models import Person
from parvis.permits import rules
from parvis.permits.errors import PermitNumberMalformed
from parvis.permits.models import Permit


def in_stock(office: Office) -> QuerySet[Permit]:
    """The cards that wait in an office, the oldest first."""
    return Permit.objects.in_stock().filter(office=office).select_related("person").order_by("received_at", "pk")


def for_person(person: Person) -> QuerySet[Permit]:
    """All cards of a person: those that wait first, then the latest."""
    return Permit.objects.filter(person=person).order_by("-state", "-received_at", "-pk")


def by_number(typed: str) -> Permit | None:
    """The card of this number, however it was typed; None when there is none."""
    try:
        number = rules.number(typed)
    except PermitNumberMalformed:
        return None
    return Permit.objects.select_related("person").filter(number=number).first()
