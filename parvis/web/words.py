"""What the screens say of a wait, in words."""

import math
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.reception.rules import WaitRange

STEP = 5
HOUR = 60


def wait_in_words(wait: WaitRange | None) -> str:
    """A wait as a range of minutes, rounded to five outwards; empty when nothing can be said."""
    if wait is None:
        return ""
    low, high = rounded(wait)
    if high <= STEP:
        return _("moins de 5 minutes")
    if low == 0:
        return _("moins de %(high)s") % {"high": duration_in_words(high)}
    if high <= HOUR:
        return ngettext("entre %(low)d et %(high)d minute", "entre %(low)d et %(high)d minutes", high) % {
            "low": low,
            "high": high,
        }
    return _("entre %(low)s et %(high)s") % {"low": duration_in_words(low), "high": duration_in_words(high)}


def rounded(wait: WaitRange) -> tuple[int, int]:
    """The bounds in minutes: the low one rounded down to five, the high one up; by ten past one hour."""
    low, high = _minutes(wait.low), _minutes(wait.high)
    step = STEP if high <= HOUR else 2 * STEP
    bottom, top = math.floor(low / step) * step, math.ceil(high / step) * step
    return bottom, max(top, bottom + step)


def duration_in_words(minutes: int) -> str:
    """Minutes as a person says them: 40 minutes, 1 h, 1 h 30."""
    if minutes < HOUR:
        return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
    hours, rest = divmod(minutes, HOUR)
    if rest == 0:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


def people_ahead_in_words(position: int) -> str:
    """How many people come before, from the rank in the line (1 is next)."""
    ahead = position - 1
    if ahead <= 0:
        return _("Vous êtes le prochain")
    return ngettext("%(ahead)d personne avant vous", "%(ahead)d personnes avant vous", ahead) % {"ahead": ahead}


def _minutes(wait: timedelta) -> float:
    return max(0.0, wait.total_seconds() / 60)
