"""The rules of an office, and how the seats of a procedure are given."""

from datetime import date

from parvis.booking.models import AllocationRule, BookingPolicy
from parvis.booking.states import Allocation
from parvis.offices.models import Office
from parvis.procedures.models import Procedure


def policy(office: Office) -> BookingPolicy:
    """The rules of an office as its head has set them, else the usual ones."""
    return BookingPolicy.objects.filter(office=office).first() or BookingPolicy(office=office)


def code_limits(office: Office | None) -> tuple[int, int]:
    """How many codes a contact, and a network address, are sent a day: at an office, else the fewest of any office."""
    offices = [office] if office else Office.objects.order_by("pk")
    rules = [policy(one) for one in offices] or [BookingPolicy()]
    return min(one.codes_per_contact for one in rules), min(one.holds_per_address for one in rules)


def allocation(office: Office, procedure: Procedure, day: date) -> AllocationRule | None:
    """The draw by which the seats of this day are given; None when they are booked directly."""
    rules = AllocationRule.objects.filter(office=office, procedure=procedure, valid_from__lte=day)
    rule = rules.order_by("-valid_from").first()
    return rule if rule is not None and rule.allocation == Allocation.DRAW else None
