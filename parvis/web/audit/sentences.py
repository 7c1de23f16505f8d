"""A fact of the journal as a sentence: keys become the numbers and names that people know."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.booking.models import Appointment
from parvis.booking.states import Allocation, CancelReason, Channel
from parvis.journal.models import Entry
from parvis.offices.models import Agent, Counter, Line, Office
from parvis.offices.roles import ROLES
from parvis.permits.states import Failure, Returned, Source
from parvis.procedures.models import Mode, Procedure
from parvis.reception.models import Ticket
from parvis.reception.states import LeaveReason, Outcome, Rank, RedirectReason, ReturnKind
from parvis.web.audit.kinds import KINDS, ORIGINS, SETTINGS
from parvis.web.cards.words import why
from parvis.web.templatetags.staff import card_kind
from parvis.web.words import duration_in_words

NOTHING = "—"
_LABELS: dict[str, dict[str, Any]] = {
    "rank": dict(Rank.choices),
    "outcome": dict(Outcome.choices),
    "kind": dict(ReturnKind.choices),
    "channel": dict(Channel.choices),
    "reason": {
        **dict(LeaveReason.choices),
        **dict(RedirectReason.choices),
        **dict(CancelReason.choices),
        **dict(Failure.choices),
        "opening": gettext_lazy("changement d'horaires"),
        "closure": gettext_lazy("fermeture"),
        "plan": gettext_lazy("changement de plan"),
        "closing": gettext_lazy("fermeture"),
    },
    "because": dict(Returned.choices),
    "source": dict(Source.choices),
}
# What is decided for another day: its hour says little without the day.
_FOR_LATER = ("appointment.", "shift.")
# Where nothing named means all of them.
_ALL_WHEN_NONE = {("closure", "lines"), ("agent", "procedures")}
# What the facts of a card alone say by these names: other facts have a code or a kind of another sort.
_OF_CARDS: dict[str, Callable[[Any], object]] = {"code": why, "kind": card_kind}
# How people come and how seats are given, as ``before`` and ``after`` of a fact name them.
_MODES: dict[str, Any] = {**dict(Mode.choices), **dict(Allocation.choices)}


@dataclass(frozen=True, slots=True)
class Told:
    """One fact ready to be read: its entry, its kind's name, the sentence, who acted, its ticket or appointment."""

    entry: Entry
    label: str
    sentence: str
    who: str
    ticket: str
    appointment: str
    extra: str


class Teller:
    """Tells facts of one office; the names are read once for all of them."""

    def __init__(self, office: Office, entries: Sequence[Entry]) -> None:
        self.entries = entries
        lines = list(Line.objects.filter(office=office).order_by("pk"))
        self.line_names = {line.code: line.name for line in lines}
        self.letters = {line.pk: line.letter for line in lines}
        self.lines_by_key = {line.pk: line.name for line in lines}
        self.counters = dict(Counter.objects.filter(office=office).order_by("pk").values_list("pk", "number"))
        self.agents = dict(Agent.objects.filter(office=office).order_by("pk").values_list("pk", "name"))
        procedures = list(Procedure.objects.order_by("pk"))
        self.procedures = {one.code: one.label for one in procedures}
        self.procedures_by_key = {one.pk: one.label for one in procedures}
        keys = self._keys("reception.ticket")
        self.tickets = {one.pk: one for one in Ticket.objects.filter(pk__in=keys, office=office).order_by("pk")}
        booked = Appointment.objects.filter(pk__in=self._keys("booking.appointment"), office=office).order_by("pk")
        self.appointments = dict(booked.values_list("pk", "number"))

    def tell(self) -> list[Told]:
        """Every fact, in the order given."""
        return [self._told(entry) for entry in self.entries]

    def _keys(self, noun: str) -> list[int]:
        """The things of this kind that the facts are about."""
        return [entry.subject_id for entry in self.entries if entry.subject_type == noun]

    def _told(self, entry: Entry) -> Told:
        kind = KINDS.get(entry.what)
        noun = entry.subject_type
        ticket = self.tickets.get(entry.subject_id) if noun == "reception.ticket" else None
        said = str(kind.sentence) % self._words(entry) if kind else entry.what
        return Told(
            entry=entry,
            label=str(kind.label) if kind else entry.what,
            sentence=said,
            who=self.agents.get(entry.agent_id or 0) or str(ORIGINS.get(entry.origin, entry.origin)),
            ticket=str(ticket) if ticket else "",
            appointment=self.appointments.get(entry.subject_id, "") if noun == "booking.appointment" else "",
            extra=self._extra(entry),
        )

    def _words(self, entry: Entry) -> dict[str, str]:
        """What each name in a sentence stands for; a dash for what the fact does not say."""
        words: dict[str, str] = defaultdict(lambda: NOTHING)
        for name, value in entry.facts.items():
            words[name] = self._word(entry.what, name, value)
        names: dict[str, Mapping[int, object]] = {
            "ticket": self.tickets,
            "counter": self.counters,
            "agent": self.agents,
            "line": self.lines_by_key,
            "procedure": self.procedures_by_key,
        }
        noun = entry.subject_type.rpartition(".")[2]
        if noun in names:
            words[noun] = str(names[noun].get(entry.subject_id, NOTHING))
        return words

    def _word(self, what: str, name: str, value: Any) -> str:
        if value is None or value in ([], ""):
            return _("toutes") if (what.partition(".")[0], name) in _ALL_WHEN_NONE else NOTHING
        reader = self._readers().get(name)
        try:
            if what.startswith("permit.") and name in _OF_CARDS:
                return str(_OF_CARDS[name](value))
            if name == "closes_at" or (what.startswith(_FOR_LATER) and name in {"before", "starts_at"}):
                return date_format(localtime(datetime.fromisoformat(value)), "j F H:i")
            return reader(value) if reader else _plain(name, value)
        except (ValueError, TypeError, AttributeError):
            # A fact written by an older version: shown as it is rather than not at all.
            return str(value)

    def _readers(self) -> dict[str, Callable[[Any], str]]:
        return {
            "line": lambda code: self.line_names.get(code, code),
            "from_line": lambda code: self.line_names.get(code, code),
            "counter": lambda key: str(self.counters.get(key, NOTHING)),
            "agent": lambda key: self.agents.get(key, NOTHING),
            "from_agent": lambda key: self.agents.get(key, NOTHING),
            "procedure": lambda code: self.procedures.get(code, code),
            "procedures": lambda codes: ", ".join(self.procedures.get(code, code) for code in codes),
            "lines": self._lines,
            "before": self._lines,
            "after": self._lines,
            "roles": self._lines,
        }

    def _lines(self, value: Any) -> str:
        """A list of lines by key, of roles by code or of hours; new settings; or seconds."""
        if isinstance(value, dict):
            return ", ".join(_setting(name, typed if typed != "" else NOTHING) for name, typed in value.items())
        if isinstance(value, list):
            return ", ".join(sorted(self._part(one) for one in value))
        return _duration(value) if isinstance(value, int | float) else str(_MODES.get(value, value))

    def _part(self, one: Any) -> str:
        if isinstance(one, int):
            return self.letters.get(one, str(one))
        return str(ROLES[one].name) if one in ROLES else str(one)

    @staticmethod
    def _extra(entry: Entry) -> str:
        """What deserves to be seen at once: a person called out of order."""
        if entry.facts.get("picked") and entry.what == "ticket.called":
            ahead = int(entry.facts.get("ahead", 0))
            said = ngettext(
                "Hors de son tour : %(ahead)d personne était devant",
                "Hors de son tour : %(ahead)d personnes étaient devant",
                ahead,
            )
            return said % {"ahead": ahead}
        return ""


def _setting(name: str, value: object) -> str:
    """A setting with its value, at the place that its label leaves for it or after it."""
    label = str(SETTINGS.get(name, name))
    return label.replace("…", str(value)) if "…" in label else f"{label} {value}"


def _plain(name: str, value: Any) -> str:
    if name in _LABELS:
        return str(_LABELS[name].get(value, value))
    if name in {"waited", "arrived_waited", "seconds"}:
        return _duration(value)
    if name in {"reference_at", "starts_at", "ends_at"}:
        return date_format(localtime(datetime.fromisoformat(value)), "H:i")
    if name in {"valid_from", "valid_to", "day", "until"}:
        return date_format(date.fromisoformat(value), "j F Y")
    if name == "weekday":
        return str(WEEKDAYS[value - 1]) if value - 1 in WEEKDAYS else str(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _duration(seconds: float) -> str:
    return duration_in_words(round(seconds / 60)) if seconds >= 60 else _("moins d'une minute")
