"""The confirmation of an appointment, to print or to show on a phone."""

from django.utils import translation
from django.utils.translation import gettext as _

from parvis.booking.models import Appointment
from parvis.booking.papers import wording
from parvis.common import clock
from parvis.messages.papers import typesetting
from parvis.messages.papers.typesetting import Link, Sheet


def confirmation_pdf(appointment: Appointment) -> bytes:
    """When, where, for what and with what, in the appointment's language; its QR code opens the appointment's page."""
    with translation.override(appointment.language):
        return typesetting.pdf(_sheet(appointment), language=appointment.language, at=clock.now())


def _sheet(appointment: Appointment) -> Sheet:
    asked = wording.procedures(appointment)
    rows = [
        (_("Quand"), wording.long_when(appointment.starts_at)),
        (_("Où"), wording.place(appointment.office)),
        (_("Pour"), ", ".join(one.name for one in asked)),
        (_("Qui"), ", ".join(wording.names(appointment))),
        (_("Numéro"), appointment.number),
    ]
    notes = [
        _("À votre arrivée, montrez le code ou dites le numéro. Venez avec une pièce d'identité."),
        _("Si vous ne pouvez pas venir, annulez : la place servira à quelqu'un d'autre."),
        wording.free_of_charge(),
    ]
    return Sheet(
        title=_("Votre rendez-vous"),
        author=appointment.office.name,
        lead=[line for line in [wording.booker(appointment)] if line],
        rows=[(label, value) for label, value in rows if value],
        link=Link(wording.appointment_page(appointment), wording.page_offers(appointment)),
        sections=wording.to_bring(asked, appointment.day),
        notes=notes,
        foot=_("Rendez-vous %(number)s") % {"number": appointment.number},
    )
