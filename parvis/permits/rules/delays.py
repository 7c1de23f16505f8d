"""How long a card waits before its person is reminded, and before it counts as unclaimed."""

from datetime import datetime, timedelta

# Days after the announcement. How long a card may be kept was found in no text: the office decides.
REMIND_AFTER_DAYS = (15, 30)
UNCLAIMED_AFTER_DAYS = 90


def reminder_due(announced_at: datetime, reminders: int, now: datetime) -> bool:
    """Whether the next reminder of a card announced then is due."""
    if reminders >= len(REMIND_AFTER_DAYS):
        return False
    return announced_at + timedelta(days=REMIND_AFTER_DAYS[reminders]) <= now


def is_unclaimed(announced_at: datetime, now: datetime) -> bool:
    """Whether nobody came for a card in the time that was said."""
    return announced_at + timedelta(days=UNCLAIMED_AFTER_DAYS) <= now
