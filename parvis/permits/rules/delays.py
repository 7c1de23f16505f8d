"""How long a card waits before its person is reminded, and before it counts as unclaimed."""

from collections.abc import Mapping

from parvis.permits.errors import CardPolicyImpossible

# Days after the announcement. How long a card may be kept was found in no text: the office decides.
BOUNDS = {"first_reminder_days": (1, 730), "second_reminder_days": (1, 730), "unclaimed_days": (1, 730)}


def check_policy(fields: Mapping[str, int]) -> None:
    """Raise ``CardPolicyImpossible`` for an unknown delay, days out of bounds, or delays that are not in order.

    ``fields`` holds all three. A card is reminded twice before it counts as unclaimed.
    """
    for name, value in fields.items():
        low, high = BOUNDS.get(name, (1, 0))
        if type(value) is not int or not low <= value <= high:
            raise CardPolicyImpossible
    if not fields["first_reminder_days"] < fields["second_reminder_days"] < fields["unclaimed_days"]:
        raise CardPolicyImpossible
