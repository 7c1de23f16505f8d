"""Where a person stands on the way to an appointment: the office, the answers so far, the language asked for."""

from dataclasses import dataclass, replace

from django.http import Http404
from django.urls import reverse

from parvis.booking import queries
from parvis.booking.models import BookingPolicy
from parvis.booking.rules import Wish
from parvis.booking.states import Channel
from parvis.offices.models import Office
from parvis.web import languages
from parvis.web.appointments import answers as reading
from parvis.web.appointments.answers import Answers
from parvis.web.kiosk.doors import receiving
from parvis.web.requests import VisitorRequest


@dataclass(frozen=True, slots=True)
class Way:
    """The language stays in every address, for whoever refuses cookies."""

    office: Office
    answers: Answers
    language: str = ""

    def but(self, **changes: object) -> "Way":
        """The same place with other answers."""
        return replace(self, answers=self.answers.but(**changes))

    def to(self, step: str, **more: str | list[str]) -> str:
        """The address of a step of this office with what was answered."""
        return self._address(reverse(f"appointments:{step}", args=[self.office.code]), more)

    def of(self, step: str, token: str, **more: str | list[str]) -> str:
        """The address of a page of one appointment, the answers kept for whoever goes back."""
        return self._address(reverse(f"appointments:{step}", args=[token]), more)

    @property
    def policy(self) -> BookingPolicy:
        """The rules of the office."""
        return queries.policy(self.office)

    @property
    def wish(self) -> Wish:
        """What is looked for."""
        return Wish(
            office=self.office,
            procedures=self.answers.procedures,
            people=self.answers.people,
            channel=Channel.WEB,
        )

    def _address(self, path: str, more: dict[str, str | list[str]]) -> str:
        query = self.answers.query(lang=self.language, **more)
        return f"{path}?{query}" if query else path


def way(request: VisitorRequest, code: str) -> Way:
    """The way through an office that receives the public. Raises ``Http404`` for any other code."""
    office = receiving().filter(code=code).first()
    if office is None:
        raise Http404
    return around(request, office)


def around(request: VisitorRequest, office: Office) -> Way:
    """The way of a request that already knows its office."""
    return Way(office, reading.read(request.GET), languages.known(request.GET.get("lang")) or "")
