"""The content of a call display, as the page holds it at first and as the live process sends it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.offices.models import Office
from parvis.reception import queries
from parvis.reception.queries import BoardCall, LineWait
from parvis.web import languages, words
from parvis.web.display.variants import Variant

SHOWN = 6


@dataclass(frozen=True, slots=True)
class ShownCall:
    """A call on the board, with the sentences that are spoken: in the person's language, and in French.

    ``voice``: the tag of the voices that speak the person's language.
    """

    call: BoardCall
    voice: str
    said: str
    said_in_french: str


@dataclass(frozen=True, slots=True)
class ShownWait:
    """A line on the board: people waiting and the expected wait, rounded as everywhere; none, no counter open."""

    wait: LineWait
    expected: str


def html(variant: Variant) -> str:
    """The board as HTML. Numbers and counters only: no name, no procedure, no reason ever."""
    with translation.override(variant.language):
        return render_to_string("parvis/display/board.html", content(variant))


def content(variant: Variant) -> dict[str, object]:
    """What the board's template is given, in the language being spoken."""
    office = Office.objects.get(pk=variant.office_id)
    board = queries.board(office, line=variant.line, with_waits=variant.shows_waits)
    return {
        "variant": variant,
        "calls": _shown_calls(board.calls[:SHOWN]),
        "waits": [_shown_wait(wait) for wait in board.waits],
        "is_right_to_left": languages.direction() == "rtl",
    }


def _shown_calls(calls: Sequence[BoardCall]) -> list[ShownCall]:
    return [
        ShownCall(call, languages.voice(call.language), _sentence(call, call.language), _sentence(call, "fr"))
        for call in calls
    ]


def _sentence(call: BoardCall, language: str) -> str:
    """What is said: the letter, the number without its zeros, the counter."""
    facts = {"letter": call.number[:1], "number": int(call.number[1:]), "counter": call.counter}
    with translation.override(languages.known(language) or "fr"):
        return _("Numéro %(letter)s %(number)d, guichet %(counter)d") % facts


def _shown_wait(wait: LineWait) -> ShownWait:
    return ShownWait(wait, _short(*words.rounded(wait.range)) if wait.range else "")


def _short(low: int, high: int) -> str:
    """A range of minutes in few characters: a wall has little room and is read at a glance."""
    if not low:
        return _("moins de %(high)s") % {"high": _minutes(high)}
    if high <= words.HOUR:
        return _("%(low)d à %(high)d min") % {"low": low, "high": high}
    return _("%(low)s à %(high)s") % {"low": _minutes(low), "high": _minutes(high)}


def _minutes(minutes: int) -> str:
    text = words.duration_in_words(minutes) if minutes >= words.HOUR else _("%(minutes)d min") % {"minutes": minutes}
    # A narrow column may break the line before or after a duration, not within it.
    return text.replace(" ", "\N{NO-BREAK SPACE}")
