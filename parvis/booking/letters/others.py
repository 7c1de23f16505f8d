"""A code, a window that opens."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from parvis.booking.letters.summons import summons
from parvis.booking.letters.text import Compose, Note
from parvis.booking.papers import wording
from parvis.messages.composing import Composed
from parvis.messages.errors import NothingToSay
from parvis.messages.states import Channel
from parvis.offices.models import Office
from parvis.procedures.models import Procedure


def code(facts: Mapping[str, Any], channel: str) -> Composed:
    """The six figures that prove a contact; nothing of them is kept."""
    known = {"code": str(facts["code"])}
    if channel == Channel.SMS:
        return Composed("", _("Votre code : %(code)s. Ne le donnez à personne.") % known, is_secret=True)
    lines = [
        _("Bonjour,"),
        _("Votre code est : %(code)s") % known,
        _("Tapez-le dans la page du rendez-vous. Ne le donnez à personne : aucun agent ne vous le demandera."),
        _("Vous n'avez rien demandé ? Ne faites rien : sans ce code, rien n'est réservé."),
    ]
    return Composed(_("Votre code pour le rendez-vous"), "\n\n".join(lines) + "\n", is_secret=True)


def window_opens(facts: Mapping[str, Any], channel: str) -> Composed:
    """The day from which a request is accepted has come, as the person asked to be told."""
    asked = facts["procedure"]
    procedure = Procedure.objects.filter(**({"pk": asked} if isinstance(asked, int) else {"code": asked})).first()
    office = _office(facts)
    if procedure is None or office is None:
        raise NothingToSay
    link = wording.address(f"/rendez-vous/{office.code}/")
    opens = date.fromisoformat(str(facts["opens"]))
    told = Note(
        subject=_("Vous pouvez déposer votre demande"),
        lines=[
            _("Vous avez demandé ce rappel. La demande est acceptée à partir du %(day)s.")
            % {"day": wording.long_day(opens)},
            _("Pour : %(what)s") % {"what": procedure.name},
        ],
        link=link,
        link_says=_("Prendre rendez-vous :"),
        short=_("Votre demande est acceptée à partir du %(day)s. Rendez-vous : %(link)s")
        % {"day": f"{opens:%d/%m/%Y}", "link": link},
        office=office,
    )
    return told.composed(channel)


def _office(facts: Mapping[str, Any]) -> Office | None:
    named = facts.get("office")
    offices = Office.objects.order_by("pk")
    if named is None:
        return offices.first()
    return offices.filter(**({"pk": named} if isinstance(named, int) else {"code": named})).first()


OTHERS: dict[str, Compose] = {
    "booking.code": code,
    "booking.summons": summons,
    "booking.window_opens": window_opens,
}
