"""What the back office's pages say of a file: how long the law still waits."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.casefiles.models import CaseFile
from parvis.casefiles.rules import is_near_silence
from parvis.common import clock

register = template.Library()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date of the law in words; ``level`` is ok, near or passed."""

    level: str
    words: str


@register.simple_tag
def deadline(file: CaseFile) -> Deadline | None:
    """The day after which silence counts as a refusal, None when nothing is awaited or the file is not complete.

    A passed day decided nothing: nobody refused, and the file is still to be reviewed.
    """
    if file.decide_by is None or not file.is_undecided:
        return None
    days = (file.decide_by - clock.today()).days
    day = date_format(file.decide_by, "j F Y")
    if days <= 0:
        return Deadline("passed", _("silence depuis le %(day)s, personne n'a décidé") % {"day": day})
    said = _("silence le %(day)s, %(left)s") % {"day": day, "left": in_days(file.decide_by)}
    return Deadline("near" if is_near_silence(file, clock.today()) else "ok", said)


@register.filter
def in_days(day: date) -> str:
    """How far a day is: aujourd'hui, demain, dans 12 jours, il y a 3 jours."""
    days = (day - clock.today()).days
    if days == 0:
        return _("aujourd'hui")
    if days == 1:
        return _("demain")
    if days > 1:
        return ngettext("dans %(n)d jour", "dans %(n)d jours", days) % {"n": days}
    return ngettext("il y a %(n)d jour", "il y a %(n)d jours", -days) % {"n": -days}
