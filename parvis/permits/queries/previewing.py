"""What other delays would do to the cards that wait, before anybody decides them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from parvis.permits.models import CardPolicy
from parvis.permits.queries.stock import to_list_as_unclaimed, to_remind, unclaimed


@dataclass(frozen=True, slots=True)
class PolicyPreview:
    """The cards of an office that these delays make due at once, and those that would be due without them.

    ``hardly_told``: those that would count as unclaimed although their person was not reminded twice. ``listed`` are on
    the list of the unclaimed already, and stay there.
    """

    first_reminders: int
    second_reminders: int
    reminders_before: int
    unclaimed: int
    hardly_told: int
    unclaimed_before: int
    listed: int

    @property
    def reminders(self) -> int:
        """The first and the second ones."""
        return self.first_reminders + self.second_reminders


def preview_policy(tried: CardPolicy, present: CardPolicy, *, now: datetime) -> PolicyPreview:
    """What the delays that are tried would make due now, beside the present ones; nothing is written."""
    due = to_remind(now, tried=tried).aggregate(
        first_reminders=Count("pk", filter=Q(reminders=0)), second_reminders=Count("pk", filter=Q(reminders=1))
    )
    late = to_list_as_unclaimed(now, tried=tried).aggregate(
        unclaimed=Count("pk"), hardly_told=Count("pk", filter=Q(reminders__lt=2))
    )
    return PolicyPreview(
        **due,
        **late,
        reminders_before=to_remind(now, tried=present).count(),
        unclaimed_before=to_list_as_unclaimed(now, tried=present).count(),
        listed=unclaimed(tried.office).count(),
    )
