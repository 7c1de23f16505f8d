"""The certificate of request: that somebody asked and has nothing yet, signed, for a judge to check."""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from parvis.booking import signing
from parvis.booking.models import Certificate, SeatRequest
from parvis.booking.papers import typesetting, wording
from parvis.booking.papers.typesetting import Link, Section, Sheet

# A court reads French.
LANGUAGE = "fr"
_MOST_DATES = 30


def certificate_pdf(certificate: Certificate) -> bytes:
    """Who asked for what, since when and how often, as it stood when it was issued; signed by the office.

    Its QR code opens the public page that says whether it is genuine. In French, whatever the person speaks: it is
    made for a court.
    """
    # Half a second to load, once: not when a process starts, which may never sign anything.
    from parvis.booking.papers.signature import signed

    with translation.override(LANGUAGE):
        sheet = _sheet(certificate)
        document = typesetting.pdf(sheet, language=LANGUAGE, at=certificate.issued_at)
        return signed(document, reason=sheet.title, at=certificate.issued_at)


def _sheet(certificate: Certificate) -> Sheet:
    request = certificate.request
    issued = localtime(certificate.issued_at)
    return Sheet(
        title=_("Attestation de demande de rendez-vous"),
        author=request.office.name,
        lead=[
            _("Le bureau atteste que la personne ci-dessous a demandé un rendez-vous et n'en a pas obtenu à ce jour."),
        ],
        rows=[
            (_("Personne"), _person(request)),
            (_("Démarche"), request.procedure.name),
            (_("Demande"), _first(request)),
            (_("Tirages sans place"), str(request.lost)),
            (_("Attestation établie"), wording.long_when(issued)),
        ],
        link=Link(wording.address(f"/tirages/attestation/{certificate.token}/"), _("Vérifier cette attestation :")),
        sections=[_attempts(certificate)],
        notes=[
            _("Empreinte SHA-256 du certificat du bureau : %(digest)s") % {"digest": _spaced(signing.fingerprint())},
            wording.free_of_charge(),
        ],
        foot=_("Demande %(number)s") % {"number": request.number},
    )


def _person(request: SeatRequest) -> str:
    born = _("né(e) le %(day)s") % {"day": date_format(request.birth_date, "DATE_FORMAT")}
    name = f"{request.given_name} {request.family_name}".strip()
    return f"{name}, {born}"


def _first(request: SeatRequest) -> str:
    when = wording.long_when(request.created_at)
    return _("n° %(number)s, déposée %(when)s") % {"number": request.number, "when": when}


def _attempts(certificate: Certificate) -> Section:
    """Every date on which the person asked, which is what a judge counts."""
    asked = list(certificate.request.attempts.filter(at__lte=certificate.issued_at).order_by("at", "pk"))
    lines = [f"{wording.long_when(one.at)} · {_outcome(one.outcome)}" for one in asked[-_MOST_DATES:]]
    heading = _("Démarches faites : %(count)s") % {"count": len(asked)}
    return Section(heading, lines)


def _outcome(code: str) -> str:
    words = {
        "asked": _("demande"),
        "no_seat": _("aucune place proposée"),
        "drawn_without_seat": _("tirage sans place"),
        "offer_expired": _("place proposée, sans réponse à temps"),
    }
    return words.get(code, code)


def _spaced(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
