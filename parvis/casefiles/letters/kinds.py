"""Each kind of message that a file gives rise to, worded in the language of its person."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.casefiles.letters.text import (
    Compose,
    Note,
    answer_page,
    load,
    long_day,
    short_day,
    status_page,
)
from parvis.casefiles.models import CaseFile, Committee, Question
from parvis.casefiles.rules import Appeal, Court, appeal_delays
from parvis.casefiles.states import UNDECIDED, Decision, State
from parvis.common import clock
from parvis.messages.composing import Composed
from parvis.messages.errors import NothingToSay
from parvis.messages.states import Channel
from parvis.procedures import queries as catalogue

_FOLLOW = gettext_lazy("Suivre votre dossier :")
_WAYS = {
    Court.GRACIOUS: gettext_lazy("Écrire au préfet : %(delay)s."),
    Court.HIERARCHICAL: gettext_lazy("Écrire au ministre de l'intérieur : %(delay)s."),
    Court.COURT: gettext_lazy("Saisir le tribunal administratif : %(delay)s."),
}


def asked(facts: Mapping[str, Any], channel: str) -> Composed:
    """Documents or a word are awaited, until a day, by a personal link."""
    question = Question.objects.filter(pk=int(facts["question"]), ended_at=None).first()
    if question is None:
        raise NothingToSay
    file = load(facts)
    known = {"day": long_day(question.answer_by)}
    wanted = _names(file, question.documents)
    lines = [_("Pour continuer, le bureau vous demande une réponse avant le %(day)s.") % known]
    if wanted:
        lines.append("\n".join([_("Documents demandés :"), *(f"- {name}" for name in wanted)]))
    if question.text:
        lines.append(question.text)
    link = answer_page(question.token)
    lines.append(_("Ce lien est personnel : ne le donnez à personne."))
    return Note(
        file=file,
        subject=_("Votre dossier : une réponse est attendue avant le %(day)s") % known,
        lines=lines,
        link=link,
        link_says=_("Répondre et envoyer vos documents :"),
        short=_("Une réponse est attendue avant le %(day)s : %(link)s")
        % {"day": short_day(question.answer_by), "link": link},
    ).composed(channel)


def receipt_ending(facts: Mapping[str, Any], channel: str) -> Composed:
    """The receipt ends soon and nothing is decided: it is renewed at the office."""
    file = load(facts)
    if file.state not in UNDECIDED | {State.GRANTED, State.IN_PRODUCTION}:
        raise NothingToSay
    until = date.fromisoformat(str(facts["until"]))
    known = {"day": long_day(until)}
    return Note(
        file=file,
        subject=_("Votre récépissé se termine le %(day)s") % known,
        lines=[
            _("Votre récépissé se termine le %(day)s. Votre demande est toujours en cours.") % known,
            _("Venez au bureau avant cette date pour le renouveler, avec ce récépissé et votre passeport."),
        ],
        link=status_page(),
        link_says=str(_FOLLOW),
        short=_("Votre document se termine le %(day)s. Venez le renouveler avant. %(link)s")
        % {"day": short_day(until), "link": status_page()},
    ).composed(channel)


def granted(facts: Mapping[str, Any], channel: str) -> Composed:
    """The request is accepted; the card, when there is one, will be announced."""
    file = load(facts)
    if file.proposal != Decision.GRANT or file.decided_at is None:
        raise NothingToSay
    lines = [_("Votre demande est acceptée.")]
    if file.state != State.CLOSED:
        lines.append(_("Votre titre est en fabrication. Nous vous écrirons dès son arrivée : ne venez pas avant."))
    return Note(
        file=file,
        subject=_("Votre demande est acceptée"),
        lines=lines,
        link=status_page(),
        link_says=str(_FOLLOW),
        short=_("Votre dossier a avancé : %(link)s") % {"link": status_page()},
    ).composed(channel)


def refused(facts: Mapping[str, Any], channel: str) -> Composed:
    """The request is refused: the grounds, and before whom and until when to dispute it."""
    file = load(facts)
    if file.state != State.REFUSED or file.decided_at is None:
        raise NothingToSay
    known = {"day": long_day(clock.office_day(file.decided_at))}
    order = [_("Cette décision est accompagnée d'une obligation de quitter le territoire français.")]
    return Note(
        file=file,
        subject=_("Décision sur votre demande"),
        lines=[
            _("Votre demande est refusée par décision du %(day)s.") % known,
            *(order if file.order_to_leave else []),
            "\n".join([_("Motifs :"), file.grounds]),
            "\n".join(
                [
                    _("Si vous n'êtes pas d'accord, à partir du jour où vous recevez cette lettre :"),
                    *ways_of_appeal(file),
                ]
            ),
        ],
        link=status_page(),
        link_says=str(_FOLLOW),
        short=_("Une décision vous est envoyée par lettre. %(link)s") % {"link": status_page()},
    ).composed(channel)


def committee(facts: Mapping[str, Any], channel: str) -> Composed:
    """The person is summoned before the committee, which hears them with whoever they wish (L312-2; source C17)."""
    file = load(facts)
    meeting = Committee.objects.filter(pk=int(facts["committee"]), heard_at=None).first()
    if meeting is None:
        raise NothingToSay
    known = {"day": long_day(meeting.meets_on)}
    return Note(
        file=file,
        subject=_("Convocation devant la commission du titre de séjour"),
        lines=[
            _("La commission du titre de séjour examinera votre dossier le %(day)s.") % known,
            _("Vous y serez entendu. Vous pouvez venir avec un avocat, un interprète ou une personne de votre choix."),
        ],
        link=status_page(),
        link_says=str(_FOLLOW),
        short=_("Convocation le %(day)s : une lettre vous est envoyée. %(link)s")
        % {"day": short_day(meeting.meets_on), "link": status_page()},
    ).composed(channel)


def code(facts: Mapping[str, Any], channel: str) -> Composed:
    """The six figures that open the page of a file; nothing of them is kept."""
    known = {"code": str(facts["code"])}
    if channel == Channel.SMS:
        return Composed("", _("Votre code : %(code)s. Ne le donnez à personne.") % known, is_secret=True)
    lines = [
        _("Bonjour,"),
        _("Votre code est : %(code)s") % known,
        _("Tapez-le dans la page de votre dossier. Ne le donnez à personne : aucun agent ne vous le demandera."),
    ]
    return Composed(_("Votre code pour voir votre dossier"), "\n\n".join(lines) + "\n", is_secret=True)


def _names(file: CaseFile, codes: list[str]) -> list[str]:
    listed = {one.code: one.name for one in catalogue.documents_to_bring(file.procedure, file.deposited_on)}
    return [listed.get(one, one) for one in codes]


def ways_of_appeal(file: CaseFile) -> list[str]:
    """Before whom the refusal of a file is disputed, and for how long, as its letter says it."""
    appeals = appeal_delays(Decision.REFUSE, order=file.order_to_leave)
    return [str(_WAYS[appeal.to]) % {"delay": _delay(appeal)} for appeal in appeals]


def _delay(appeal: Appeal) -> str:
    if appeal.hours:
        return _("%(hours)s heures") % {"hours": appeal.hours}
    if appeal.months:
        return _("%(months)s mois") % {"months": appeal.months}
    return _("%(days)s jours") % {"days": appeal.days}


KINDS: dict[str, Compose] = {
    "casefiles.asked": asked,
    "casefiles.receipt_ending": receipt_ending,
    "casefiles.granted": granted,
    "casefiles.refused": refused,
    "casefiles.committee": committee,
    "casefiles.code": code,
}
