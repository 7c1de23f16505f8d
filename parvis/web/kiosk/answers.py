"""What a person has answered so far. It travels in the address, never in a session: nothing stays on the machine."""

import dataclasses
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

from parvis.common import clock
from parvis.offices.models import Commune
from parvis.procedures import queries as catalogue
from parvis.procedures.errors import UnknownProcedure
from parvis.procedures.models import Procedure
from parvis.reception.states import Priority
from parvis.web.kiosk.errors import UnreadableAnswer
from parvis.web.prereception import ELSEWHERE

UNKNOWN_DATE = "none"
# More than anybody comes for in a day; keeps a forged address short.
MOST_PROCEDURES = 6


@dataclass(frozen=True, slots=True)
class Answers:
    """Procedures in the order chosen; ``commune`` an INSEE code or ``ELSEWHERE``; empty means not asked yet.

    ``expires`` is the ISO date on the permit, or ``UNKNOWN_DATE`` for a person who has none.
    """

    procedures: tuple[Procedure, ...] = ()
    commune: str = ""
    expires: str = ""
    priority: str = ""

    @property
    def expires_on(self) -> date | None:
        """The date on the permit, None when it is not asked or not known."""
        return date.fromisoformat(self.expires) if self.expires and self.expires != UNKNOWN_DATE else None

    def with_only(self, *procedures: Procedure) -> "Answers":
        """The same answers for these procedures alone."""
        return dataclasses.replace(self, procedures=procedures)

    def query(self, **more: str | list[str]) -> str:
        """The answers as the query of an address; empty ones are left out."""
        found: dict[str, str | list[str]] = {
            "d": [procedure.code for procedure in self.procedures],
            "c": self.commune,
            "e": self.expires,
            "p": _veiled(self.priority) if self.procedures else "",
            **more,
        }
        return urlencode({name: value for name, value in found.items() if value}, doseq=True)


def read(query: QueryDict) -> Answers:
    """The answers in an address. Raises ``UnknownProcedure`` and ``UnreadableAnswer`` for what no button gives."""
    return Answers(
        procedures=procedures(query.getlist("d")),
        commune=commune(query.get("c", "")),
        expires=_expires(query.get("e", "")),
        priority=_unveiled(query.get("p", "")),
    )


def procedures(codes: list[str]) -> tuple[Procedure, ...]:
    """The public procedures of these codes, in their order, each once."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return ()
    if len(wanted) > MOST_PROCEDURES:
        raise UnreadableAnswer
    by_code = {found.code: found for found in catalogue.public_procedures(clock.today()).filter(code__in=wanted)}
    if missing := [code for code in wanted if code not in by_code]:
        raise UnknownProcedure(procedure=missing[0][:40])
    return tuple(by_code[code] for code in wanted)


def commune(text: str) -> str:
    """An INSEE code of the department, ``ELSEWHERE``, or nothing."""
    if text in ("", ELSEWHERE) or Commune.objects.filter(insee=text[:5], insee__exact=text).exists():
        return text
    raise UnreadableAnswer


def priority(text: str) -> str:
    """A legal priority that a person may name alone, or nothing: courtesy is the greeter's to grant."""
    if text in ("", *legal_priorities()):
        return text
    raise UnreadableAnswer


def _veiled(priority: str) -> str:
    """A right to go ahead as an address may carry it: histories and logs keep addresses, and the right is health data.

    Whoever has none carries a word too, so that its presence says nothing. Holds for the day.
    """
    return salted_hmac("parvis.priority", f"{clock.today()}:{priority}", algorithm="sha256").hexdigest()[:16]


def _unveiled(text: str) -> str:
    if not text:
        return ""
    known = {_veiled(one): one for one in ("", *legal_priorities())}
    if text not in known:
        raise UnreadableAnswer
    return known[text]


def legal_priorities() -> tuple[str, ...]:
    """The rights printed on a card."""
    return (Priority.MOBILITY_CARD.value, Priority.FAMILY_CARD.value, Priority.WAR_DISABLED.value)


def _expires(text: str) -> str:
    if text in ("", UNKNOWN_DATE):
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UnreadableAnswer from None
