"""What people are told about a request, a draw, a place that became free."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.booking.errors import PlaceDrawn
from parvis.booking.letters.appointments import attachments
from parvis.booking.letters.text import Compose, Note, Words
from parvis.booking.models import Batch, Offer, SeatRequest
from parvis.booking.papers import wording
from parvis.booking.queries import draws
from parvis.booking.states import BookedBy, OfferState, RequestState
from parvis.messages.composing import Composed
from parvis.messages.errors import NothingToSay

RECEIVED = Words(
    gettext_lazy("Demande de rendez-vous reçue, n° %(number)s"),
    gettext_lazy("Votre demande est reçue. Les places sont tirées au sort : aller vite ne sert à rien."),
    gettext_lazy("Demande n° %(number)s reçue. La suivre : %(link)s"),
)
RECEIVED_WITHOUT_DRAW = Words(
    RECEIVED.subject,
    gettext_lazy(
        "Votre demande est datée : elle prouve que vous avez cherché une place. Les places qui se libèrent reviennent"
        " dans le calendrier, à des moments que personne ne peut prévoir : regardez encore."
    ),
    RECEIVED.short,
)
ASKED_FOR_YOU = Words(
    gettext_lazy("Une demande de rendez-vous a été faite pour vous, n° %(number)s"),
    gettext_lazy("Quelqu'un a fait une demande de rendez-vous pour vous. Si vous n'en voulez pas, retirez-la."),
    gettext_lazy("Demande n° %(number)s faite pour vous. La suivre ou la retirer : %(link)s"),
)
ASKED_FOR_ANOTHER = Words(
    RECEIVED.subject,
    gettext_lazy("Vous avez fait cette demande pour une autre personne. Elle est reçue."),
    RECEIVED.short,
)
DRAWN = Words(
    gettext_lazy("Vous avez un rendez-vous : %(when)s"),
    gettext_lazy("Le tirage vous a donné un rendez-vous."),
    gettext_lazy("Vous avez un rendez-vous le %(short)s. %(link)s"),
)
NO_PLACE = Words(
    gettext_lazy("Aucune place à ce tirage : votre demande continue"),
    gettext_lazy(
        "Il n'y avait aucune place à ce tirage. Vous n'avez rien à refaire : votre demande compte pour le tirage"
        " suivant."
    ),
    gettext_lazy("Aucune place à ce tirage. Votre demande continue : %(link)s"),
)
LAST = Words(
    gettext_lazy("Pas de place, et pas d'autre tirage : les places se réservent directement"),
    gettext_lazy(
        "Ce tirage ne vous a pas donné de place, et il n'y en aura pas d'autre : les places de cette démarche se"
        " réservent maintenant directement, dans le calendrier. Votre demande reste la preuve datée que vous avez"
        " cherché une place."
    ),
    gettext_lazy("Pas de place à ce tirage, le dernier. Réservez directement. Votre demande : %(link)s"),
)
LOST = Words(
    gettext_lazy("Pas de place à ce tirage : votre demande continue"),
    gettext_lazy(
        "Il y avait moins de places que de demandes. Vous n'avez rien à refaire : votre demande compte pour le tirage"
        " suivant."
    ),
    gettext_lazy("Pas de place à ce tirage. Votre demande continue : %(link)s"),
)
OFFER = Words(
    gettext_lazy("Une place est libre le %(when)s : répondez avant le %(until)s"),
    gettext_lazy("Une place s'est libérée le %(when)s. Elle est pour vous si vous l'acceptez avant le %(until)s."),
    gettext_lazy("Une place est libre le %(short)s. Répondez avant le %(short_until)s : %(link)s"),
    gettext_lazy("Répondre à cette proposition :"),
)
OFFER_EXPIRED = Words(
    gettext_lazy("La place proposée n'est plus à vous : votre demande continue"),
    gettext_lazy("Nous n'avons pas eu votre réponse à temps. Votre demande reste dans la liste."),
    gettext_lazy("La place proposée n'est plus à vous. Votre demande continue : %(link)s"),
)
OFFER_WITHDRAWN = Words(
    gettext_lazy("La place proposée est retirée par le bureau : votre demande continue"),
    gettext_lazy(
        "Le bureau a retiré l'heure qui vous était proposée. Vous n'avez rien à refaire : votre demande reste dans la"
        " liste."
    ),
    gettext_lazy("La place proposée est retirée par le bureau. Votre demande continue : %(link)s"),
)


def _speak(words: Words, *, while_live: bool = True) -> Compose:
    def compose(facts: Mapping[str, Any], channel: str) -> Composed:
        request = _load(facts["request"])
        if while_live and request.state not in {RequestState.WAITING, RequestState.OFFERED}:
            raise NothingToSay
        said = _now_true(words, request, facts)
        lines = [_calendar(request)] if said in (RECEIVED_WITHOUT_DRAW, LAST) else []
        lines += [_proof(request)] if words in (RECEIVED, LOST) else []
        if words is RECEIVED and request.booked_by != BookedBy.SELF:
            told = ASKED_FOR_ANOTHER if facts.get("to_booker") else ASKED_FOR_YOU
            return _note(told, request, facts, lines=[str(said.opening), *lines]).composed(channel)
        return _note(said, request, facts, lines=lines).composed(channel)

    return compose


def _now_true(words: Words, request: SeatRequest, facts: Mapping[str, Any]) -> Words:
    """These words, or those that fit: whether seats are drawn, whether there was any place, whether a draw follows."""
    if words is RECEIVED and draws.drawing(request.office, request.procedure) is None:
        return RECEIVED_WITHOUT_DRAW
    if words is not LOST:
        return words
    if not draws.goes_on(request.office, request.procedure):
        return LAST
    return NO_PLACE if Batch.objects.filter(pk=facts["batch"], seats=0).exists() else LOST


def drawn(facts: Mapping[str, Any], channel: str) -> Composed:
    """The appointment that a draw gave, with its papers."""
    request = _load(facts["request"])
    appointment = request.appointment
    if appointment is None or not appointment.is_live:
        raise NothingToSay
    known = {
        "when": wording.long_when(appointment.starts_at),
        "short": wording.short_when(appointment.starts_at),
        "place": wording.place(appointment.office),
        "link": wording.appointment_page(appointment),
    }
    lines = [
        str(DRAWN.opening),
        "\n".join([_("Quand : %(when)s") % known, _("Où : %(place)s") % known, *_rows(request)]),
        str(PlaceDrawn.message),
    ]
    told = Note(
        subject=str(DRAWN.subject) % known,
        lines=lines,
        link=known["link"],
        link_says=wording.page_offers(appointment),
        short=str(DRAWN.short) % known,
        office=request.office,
        to=_name(request),
    )
    return told.composed(channel, lambda: attachments(appointment, with_papers=True))


def offered(facts: Mapping[str, Any], channel: str) -> Composed:
    """A place proposed to one person, as long as the answer is awaited."""
    offer = (
        Offer.objects.select_related("seat__slot", "request__office", "request__procedure")
        .filter(pk=facts["offer"], state=OfferState.OPEN)
        .first()
    )
    if offer is None:
        raise NothingToSay
    starts_at = offer.seat.slot.starts_at
    known = {
        "when": wording.long_when(starts_at),
        "short": wording.short_when(starts_at),
        "until": wording.long_when(offer.expires_at),
        "short_until": wording.short_when(offer.expires_at),
        "link": wording.offer_page(offer),
    }
    return _note(OFFER, offer.request, facts, known).composed(channel)


def _note(
    words: Words,
    request: SeatRequest,
    facts: Mapping[str, Any],
    more: Mapping[str, str] | None = None,
    lines: Sequence[str] = (),
) -> Note:
    known = {"number": request.number, "link": wording.request_page(request), **(more or {})}
    return Note(
        subject=str(words.subject) % known,
        lines=[str(words.opening) % known, "\n".join([*_rows(request), *_batch(facts)]), *_booker(request), *lines],
        link=known["link"],
        link_says=str(words.link_says or _("Suivre ou retirer cette demande :")),
        short=str(words.short) % known,
        office=request.office,
        to=_name(request),
    )


def _rows(request: SeatRequest) -> list[str]:
    return [
        _("Pour : %(what)s") % {"what": request.procedure.name},
        _("Qui : %(who)s") % {"who": _name(request)},
        _("Numéro : %(number)s") % {"number": request.number},
    ]


def _booker(request: SeatRequest) -> list[str]:
    """Who asked, when it was somebody else."""
    if request.booked_by == BookedBy.SELF:
        return []
    who = request.booker_name or request.get_booked_by_display()
    return [_("Cette demande a été faite par : %(who)s.") % {"who": who}]


def _calendar(request: SeatRequest) -> str:
    return _("Regarder les places libres :") + f"\n{wording.calendar_page(request.office)}"


def _proof(request: SeatRequest) -> str:
    """Where the certificate is: it is made when it is asked for, so that it says what is true that day."""
    return _("L'attestation signée de votre demande, pour un juge par exemple :") + f"\n{wording.proof_page(request)}"


def _batch(facts: Mapping[str, Any]) -> list[str]:
    batch = Batch.objects.filter(pk=facts["batch"]).first() if facts.get("batch") else None
    if batch is None:
        return []
    known = {"number": batch.number, "requests": batch.requests, "seats": batch.seats}
    return [_("Tirage n° %(number)s : %(requests)s demandes, %(seats)s places") % known]


def _name(request: SeatRequest) -> str:
    return f"{request.given_name} {request.family_name}".strip()


def _load(pk: int) -> SeatRequest:
    found = SeatRequest.objects.select_related("office", "procedure", "appointment__office").filter(pk=pk).first()
    if found is None:
        raise NothingToSay
    return found


REQUESTS: dict[str, Compose] = {
    "booking.request_received": _speak(RECEIVED),
    "booking.request_drawn": drawn,
    "booking.request_lost": _speak(LOST),
    "booking.offer": offered,
    "booking.offer_expired": _speak(OFFER_EXPIRED),
    "booking.offer_withdrawn": _speak(OFFER_WITHDRAWN),
}
