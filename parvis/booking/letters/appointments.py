"""What people are told about an appointment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.booking import queries
from parvis.booking.letters.text import Compose, Note, Words
from parvis.booking.models import Appointment
from parvis.booking.papers import calendar, confirmation_pdf, wording
from parvis.booking.states import AWAITED, Status
from parvis.common import clock
from parvis.messages.composing import Attachment, Composed
from parvis.messages.errors import NothingToSay

CONFIRMED = Words(
    gettext_lazy("Rendez-vous confirmé : %(when)s"),
    gettext_lazy("Votre rendez-vous est confirmé."),
    gettext_lazy("Rendez-vous le %(short)s. Voir, déplacer, annuler : %(link)s"),
)
CONFIRMED_DRAWN = Words(
    CONFIRMED.subject,
    CONFIRMED.opening,
    gettext_lazy("Rendez-vous le %(short)s. Voir ou annuler : %(link)s"),
)
MOVED = Words(
    gettext_lazy("Rendez-vous déplacé : %(when)s"),
    gettext_lazy("Votre rendez-vous est déplacé. Voici la nouvelle date."),
    gettext_lazy("Rendez-vous déplacé au %(short)s. %(link)s"),
)
CANCELLED = Words(
    gettext_lazy("Rendez-vous annulé : %(when)s"),
    gettext_lazy("Votre rendez-vous est annulé."),
    gettext_lazy("Rendez-vous du %(short)s annulé. %(link)s"),
)
CANCELLED_BY_OFFICE = Words(
    gettext_lazy("Rendez-vous annulé par le bureau : %(when)s"),
    gettext_lazy("Le bureau a annulé votre rendez-vous. Pour en savoir plus, contactez le bureau."),
    gettext_lazy("Le bureau a annulé le rendez-vous du %(short)s. %(link)s"),
)
REMINDER = Words(
    gettext_lazy("Rappel : rendez-vous le %(when)s"),
    gettext_lazy("Votre rendez-vous approche. Si vous ne pouvez pas venir, annulez : la place servira."),
    gettext_lazy("Rappel : rendez-vous le %(short)s. Vous ne venez pas ? Annulez : %(link)s"),
)
SEAT_WITHDRAWN = Words(
    gettext_lazy("Votre rendez-vous n'a plus lieu : choisissez une autre date"),
    gettext_lazy(
        "Le bureau ne peut pas vous recevoir à la date prévue, et nous nous en excusons. Vos réponses sont"
        " gardées : choisissez une autre date avec le lien."
    ),
    gettext_lazy("Votre rendez-vous n'a plus lieu. Choisissez une autre date : %(link)s"),
    gettext_lazy("Choisir une autre date :"),
)
DRAWN_SEAT_WITHDRAWN = Words(
    gettext_lazy("Votre rendez-vous n'a plus lieu : refaites votre demande"),
    gettext_lazy(
        "Le bureau ne peut pas vous recevoir à la date prévue, et nous nous en excusons. Avec le lien, refaites votre"
        " demande d'un seul geste : elle garde sa date."
    ),
    gettext_lazy("Votre rendez-vous n'a plus lieu. Refaites votre demande, elle garde sa date : %(link)s"),
    gettext_lazy("Refaire ma demande :"),
)
MOVED_BY_OFFICE = Words(
    gettext_lazy("Le bureau a changé votre rendez-vous : %(when)s"),
    gettext_lazy("Le bureau ne peut pas vous recevoir à la date prévue, et nous nous en excusons. Voici la nouvelle."),
    gettext_lazy("Le bureau a déplacé votre rendez-vous au %(short)s. %(link)s"),
)
TAKEN_FOR_YOU = Words(
    gettext_lazy("Un rendez-vous a été pris pour vous : %(when)s"),
    gettext_lazy("Quelqu'un a pris un rendez-vous pour vous. Si vous n'en voulez pas, annulez-le."),
    gettext_lazy("Un rendez-vous est pris pour vous le %(short)s. %(link)s"),
)
ALREADY = Words(
    gettext_lazy("Vous avez déjà un rendez-vous : %(when)s"),
    gettext_lazy("Quelqu'un a demandé un rendez-vous à votre nom. Vous en avez déjà un, le voici."),
    gettext_lazy("Vous avez déjà un rendez-vous le %(short)s : %(link)s"),
)
CODE_AWAITED = Words(
    gettext_lazy("Rendez-vous pas encore confirmé : %(when)s"),
    gettext_lazy(
        "Quelqu'un a commencé à prendre ce rendez-vous à votre nom. Il compte seulement quand le code reçu est écrit"
        " dans la page."
    ),
    gettext_lazy("Rendez-vous du %(short)s pas encore confirmé. Écrivez le code reçu : %(link)s"),
    gettext_lazy("Écrire le code :"),
)
BOOKED_FOR_ANOTHER = Words(
    CONFIRMED.subject,
    gettext_lazy("Vous avez pris ce rendez-vous pour une autre personne. Il est confirmé."),
    CONFIRMED.short,
)
_EXPECTED = frozenset({Status.CONFIRMED, Status.CHECKED_IN})
_OVER = frozenset({Status.CANCELLED, Status.EXPIRED})


def _speak(words: Words, *, states: frozenset[Status] = _EXPECTED, with_papers: bool = False) -> Compose:
    """A composer for appointments in one of these states; in another, or when the hour is past, it is pointless."""

    def compose(facts: Mapping[str, Any], channel: str) -> Composed:
        appointment = load(facts["appointment"])
        is_past = states is not _OVER and appointment.starts_at <= clock.now()
        if appointment.state not in states or is_past:
            raise NothingToSay
        told = _fitting(words, appointment, facts)
        made = note(told, appointment, facts)
        if told is CODE_AWAITED:
            return made.composed(channel)
        return made.composed(channel, lambda: attachments(appointment, with_papers=with_papers))

    return compose


def _fitting(words: Words, appointment: Appointment, facts: Mapping[str, Any]) -> Words:
    """What holds for this reader: who booked for another was not booked for; without its code nothing counts."""
    if words is TAKEN_FOR_YOU and facts.get("to_booker"):
        return BOOKED_FOR_ANOTHER
    if words is CONFIRMED and queries.is_drawn(appointment):
        return CONFIRMED_DRAWN
    if words is SEAT_WITHDRAWN and queries.asks_again(appointment):
        return DRAWN_SEAT_WITHDRAWN
    if words is ALREADY and appointment.state == Status.PENDING:
        return CODE_AWAITED
    return words


def load(pk: int) -> Appointment:
    """The appointment as it is now; a message about one that was erased is pointless."""
    found = Appointment.objects.select_related("office", "procedure").filter(pk=pk).first()
    if found is None:
        raise NothingToSay
    return found


def note(words: Words, appointment: Appointment, facts: Mapping[str, Any]) -> Note:
    """The message about an appointment, filled in."""
    link = wording.appointment_page(appointment)
    known = {
        "when": wording.long_when(appointment.starts_at),
        "short": wording.short_when(appointment.starts_at),
        "link": link,
    }
    return Note(
        subject=str(words.subject) % known,
        lines=[str(words.opening), *_about(appointment, facts)],
        link=link,
        link_says=str(words.link_says or wording.page_offers(appointment)),
        short=str(words.short) % known,
        office=appointment.office,
        to=", ".join(wording.names(appointment)),
    )


def attachments(appointment: Appointment, *, with_papers: bool) -> tuple[Attachment, ...]:
    """The entry for the calendar, and the confirmation while the appointment stands."""
    entry = Attachment("rendez-vous.ics", "text/calendar", calendar(appointment))
    if not with_papers:
        return (entry,)
    return (Attachment("rendez-vous.pdf", "application/pdf", confirmation_pdf(appointment)), entry)


def _about(appointment: Appointment, facts: Mapping[str, Any]) -> list[str]:
    asked = ", ".join(one.name for one in wording.procedures(appointment))
    known = {
        "when": wording.long_when(appointment.starts_at),
        "place": wording.place(appointment.office),
        "what": asked,
        "who": ", ".join(wording.names(appointment)),
        "number": appointment.number,
    }
    rows = [
        _("Quand : %(when)s") % known,
        _("Où : %(place)s") % known,
        _("Pour : %(what)s") % known,
        _("Qui : %(who)s") % known if known["who"] else "",
        _("Numéro : %(number)s") % known,
    ]
    before = facts.get("before")
    return [
        line
        for line in [
            "\n".join(row for row in rows if row),
            _("Avant : %(when)s") % {"when": _moment(before)} if before else "",
            wording.booker(appointment),
        ]
        if line
    ]


def _moment(text: str) -> str:
    return wording.long_when(datetime.fromisoformat(text))


APPOINTMENTS: dict[str, Compose] = {
    "booking.confirmed": _speak(CONFIRMED, with_papers=True),
    "booking.moved": _speak(MOVED, with_papers=True),
    "booking.cancelled": _speak(CANCELLED, states=_OVER),
    "booking.cancelled_by_office": _speak(CANCELLED_BY_OFFICE, states=_OVER),
    "booking.reminder": _speak(REMINDER, states=frozenset({Status.CONFIRMED})),
    "booking.seat_withdrawn": _speak(SEAT_WITHDRAWN, states=_OVER),
    "booking.moved_by_office": _speak(MOVED_BY_OFFICE, with_papers=True),
    "booking.taken_for_you": _speak(TAKEN_FOR_YOU, with_papers=True),
    "booking.already": _speak(ALREADY, states=AWAITED),
}
