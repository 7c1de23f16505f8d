"""What a paper ticket says, in the person's language."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.reception.models import Ticket
from parvis.reception.printing import raster

STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Paper:
    """The lines of a ticket, top to bottom. No name: a ticket lost on the floor says nothing about anybody."""

    language: str
    office: str
    number_label: str
    number: str
    procedures: tuple[str, ...]
    wait: str
    appointment: str
    address: str
    follow: str
    printed: str
    personal: str

    @property
    def words(self) -> str:
        """Everything that is read, to see which characters it needs."""
        lines = (self.office, self.number_label, *self.procedures, self.wait, self.appointment, self.follow)
        return " ".join((*lines, self.personal))


def paper(ticket: Ticket, *, base_url: str) -> Paper:
    """The content of a ticket; its QR code opens the ticket's page under ``base_url``."""
    language = _printable(ticket.language)
    with translation.override(language):
        steps = ticket.steps.select_related("procedure").order_by("position")
        arrived = timezone.localtime(ticket.arrived_at)
        return Paper(
            language=language,
            office=ticket.office.name,
            number_label=_("Votre numéro"),
            number=str(ticket),
            procedures=tuple(step.procedure.name for step in steps) or (ticket.procedure.name,),
            wait=_wait(ticket),
            appointment=_appointment(ticket),
            address=f"{base_url.rstrip('/')}/t/{ticket.token}/",
            follow=_("Suivez votre place avec ce code."),
            printed=f"{arrived:%d/%m/%Y %H:%M}",
            personal=_("Ce ticket est à vous seul, pour aujourd'hui."),
        )


def _printable(language: str) -> str:
    """The language itself when it is offered and can be printed, else French."""
    if language not in dict(settings.LANGUAGES):
        return "fr"
    return language if raster.is_latin(language) or raster.can_draw(language) else "fr"


def _wait(ticket: Ticket) -> str:
    if ticket.told_low is None or ticket.told_high is None:
        return _("Attente : voyez les écrans.")
    low = timedelta(seconds=ticket.told_low) // STEP * STEP
    high = max(-(-timedelta(seconds=ticket.told_high) // STEP) * STEP, low + STEP)
    if not low:
        return _("Attente estimée : moins de %(high)s") % {"high": _duration(high)}
    return _("Attente estimée : entre %(low)s et %(high)s") % {"low": _duration(low), "high": _duration(high)}


def _duration(duration: timedelta) -> str:
    hours, minutes = divmod(duration // timedelta(minutes=1), 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minutes}


def _appointment(ticket: Ticket) -> str:
    if ticket.appointment_at is None:
        return ""
    return _("Rendez-vous à %(hour)s") % {"hour": f"{timezone.localtime(ticket.appointment_at):%H:%M}"}
