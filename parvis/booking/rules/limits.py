"""The bounds within which the head of office sets the rules of booking."""

from collections.abc import Mapping

from parvis.booking.errors import PolicyImpossible
from parvis.booking.states import Allocation

BOUNDS = {
    "horizon_days": (1, 180),
    "notice_minutes": (0, 10080),
    "hold_minutes": (1, 60),
    "activation_minutes": (1, 120),
    "early_minutes": (0, 240),
    "late_minutes": (0, 240),
    # Never at once: whoever frees a seat for somebody must not be able to say when.
    "release_after_min": (1, 1440),
    "release_after_max": (1, 1440),
    "reminder_hours": (1, 240),
    "fallback_days": (0, 30),
    "most_people": (1, 12),
    "most_moves": (0, 20),
    "holds_per_address": (1, 100_000),
    "codes_per_contact": (1, 100),
    "holds_per_contact": (1, 100),
    "bookings_per_person": (1, 100),
}
DRAW_BOUNDS = {"batch_days": (1, 28), "most_losses": (1, 20), "near_days": (0, 30), "offer_hours": (1, 72)}


def check_policy(fields: Mapping[str, int]) -> None:
    """Raise ``PolicyImpossible`` for an unknown rule, a number out of bounds, or a release delay that ends too early.

    ``fields`` holds both ends of the delay.
    """
    _check(fields, BOUNDS)
    if fields["release_after_max"] < fields["release_after_min"]:
        raise PolicyImpossible


def check_allocation(allocation: str, fields: Mapping[str, int]) -> None:
    """Raise ``PolicyImpossible`` for an unknown way to give seats or a number out of bounds."""
    if allocation not in Allocation.values:
        raise PolicyImpossible
    _check(fields, DRAW_BOUNDS)


def _check(fields: Mapping[str, int], bounds: Mapping[str, tuple[int, int]]) -> None:
    for name, value in fields.items():
        low, high = bounds.get(name, (1, 0))
        if type(value) is not int or not low <= value <= high:
            raise PolicyImpossible
