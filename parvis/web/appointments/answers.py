"""What a person has answered on the way to an appointment. It travels in the address, so going back loses nothing."""

import dataclasses
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from parvis.procedures.models import Procedure
from parvis.web.kiosk import answers as door
from parvis.web.kiosk.answers import UNKNOWN_DATE
from parvis.web.kiosk.errors import UnreadableAnswer

# Longer than any of ours: what is longer was not made here.
LONGEST_PASS = 1200


@dataclass(frozen=True, slots=True)
class Answers:
    """As at the door, with how many people come and the proof that somebody is there (``verified``, see ``passes``)."""

    procedures: tuple[Procedure, ...] = ()
    people: int = 1
    commune: str = ""
    expires: str = ""
    verified: str = ""

    @property
    def expires_on(self) -> date | None:
        """The date on the permit, None when it is not asked or not known."""
        return date.fromisoformat(self.expires) if self.expires and self.expires != UNKNOWN_DATE else None

    def but(self, **changes: object) -> "Answers":
        """The same answers, some of them changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def query(self, **more: str | list[str]) -> str:
        """The answers as the query of an address; empty ones are left out."""
        found: dict[str, str | list[str]] = {
            "d": [procedure.code for procedure in self.procedures],
            "n": str(self.people) if self.people > 1 else "",
            "c": self.commune,
            "e": self.expires,
            "v": self.verified,
            **more,
        }
        return urlencode({name: value for name, value in found.items() if value}, doseq=True)


def read(query: QueryDict) -> Answers:
    """The answers in an address. Raises ``UnknownProcedure`` and ``UnreadableAnswer`` for what no button gives."""
    at_the_door = door.read(query)
    return Answers(
        procedures=at_the_door.procedures,
        people=people(query.get("n", "1")),
        commune=at_the_door.commune,
        expires=at_the_door.expires,
        verified=query.get("v", "")[:LONGEST_PASS],
    )


def people(text: str) -> int:
    """How many people come. Raises ``UnreadableAnswer`` for what the list does not offer."""
    if not (text.isascii() and text.isdecimal() and len(text) < 3 and 1 <= int(text) <= 20):
        raise UnreadableAnswer
    return int(text)


def day(request: HttpRequest) -> date | None:
    """The day chosen in the address, None when there is none or no such day."""
    try:
        return date.fromisoformat(request.GET.get("j", "")[:10])
    except ValueError:
        return None
