"""What a screen can listen to, and what its address may contain."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from parvis.web.display.variants import Variant

_OFFICE = re.compile(r"/live/office/([1-9][0-9]{0,8})")
_DISPLAY = re.compile(r"/live/display/([1-9][0-9]{0,8})")
_TICKET = re.compile(r"/live/ticket/([A-Za-z0-9_-]{16,32})")


@dataclass(frozen=True, slots=True)
class OfficeRoom:
    """The desks, counters and steering screens of an office."""

    office_id: int


@dataclass(frozen=True, slots=True)
class DisplayRoom:
    """The call displays of an office that show the same thing."""

    variant: Variant

    @property
    def office_id(self) -> int:
        """The office whose calls are shown."""
        return self.variant.office_id


@dataclass(frozen=True, slots=True)
class TicketRoom:
    """The phones that follow one ticket."""

    ticket_id: int
    office_id: int


Room = OfficeRoom | DisplayRoom | TicketRoom


@dataclass(frozen=True, slots=True)
class TicketToken:
    """A ticket's secret address, not yet looked up."""

    token: str


def asked(path: str, query: str) -> OfficeRoom | DisplayRoom | TicketToken | None:
    """What an address asks for; None when it is not one of ours."""
    if found := _OFFICE.fullmatch(path):
        return OfficeRoom(int(found[1]))
    if found := _TICKET.fullmatch(path):
        return TicketToken(found[1])
    if found := _DISPLAY.fullmatch(path):
        fields = {name: values[-1] for name, values in parse_qs(query[:200]).items()}
        variant = Variant.read(int(found[1]), fields)
        return DisplayRoom(variant) if variant else None
    return None
