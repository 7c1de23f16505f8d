"""The certificate of request: that somebody asked and has nothing yet, signed, for a judge to check."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parvis.booking import signing
from parvis.booking.models import Certificate
from parvis.booking.papers import wording
from parvis.booking.queries import links
from parvis.messages.papers import typesetting
from parvis.messages.papers.typesetting import Link, Section, Sheet

# A court reads French.
LANGUAGE = "fr"


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
    facts, request = certificate.facts, certificate.request
    rows = [
        (_("Personne"), _person(facts)),
        (_("Démarche"), request.procedure.name),
        (
            _("Demande"),
            _("n° %(number)s, déposée le %(day)s") % {"number": facts["number"], "day": _day(facts["asked_on"])},
        ),
        (_("Fin du titre de séjour"), _day(facts["expires_on"])),
        (_("Tirages sans place"), str(facts["draws_lost"])),
        (_("Attestation établie"), wording.long_when(certificate.issued_at)),
        (_("Vérifiable jusqu'au"), wording.long_day(links.checked_until(certificate))),
    ]
    digest = signing.fingerprint()
    return Sheet(
        title=_("Attestation de demande de rendez-vous"),
        author=request.office.name,
        lead=[
            _("Le bureau atteste que la personne ci-dessous a demandé un rendez-vous et n'en a pas obtenu à ce jour."),
        ],
        rows=[(label, value) for label, value in rows if value],
        link=Link(wording.address(f"/tirages/attestation/{certificate.token}/"), _("Vérifier cette attestation :")),
        sections=[_attempts(facts)],
        notes=[
            _("Empreinte SHA-256 du certificat du bureau : %(digest)s")
            % {"digest": " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))},
            wording.free_of_charge(),
        ],
        foot=_("Demande %(number)s") % {"number": facts["number"]},
    )


def _person(facts: Mapping[str, Any]) -> str:
    name = f"{facts['given_name']} {facts['family_name']}".strip()
    return _("%(name)s, né(e) le %(day)s") % {"name": name, "day": _day(facts["birth_date"])}


def _attempts(facts: Mapping[str, Any]) -> Section:
    """Every date on which the person asked, which is what a judge counts."""
    asked = facts["attempts"]
    lines = [f"{wording.long_day(date.fromisoformat(one['on']))} · {_outcome(one['outcome'])}" for one in asked]
    if facts["more_than_a_week_apart"]:
        lines.append(_("La première et la dernière ont plus d'une semaine d'écart."))
    return Section(_("Démarches faites : %(count)s") % {"count": len(asked)}, lines)


def _outcome(code: str) -> str:
    words = {
        "asked": _("demande"),
        "no_seat": _("aucune place proposée"),
        "drawn_without_seat": _("tirage sans place"),
        "offer_expired": _("place proposée, sans réponse à temps"),
    }
    return words.get(code, code)


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""
