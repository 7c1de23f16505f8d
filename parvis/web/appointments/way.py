"""Where a person stands on the way to an appointment: the office, the answers so far, the language asked for."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from django.http import Http404
from django.urls import reverse

from parvis.booking import queries
from parvis.booking.models import BookingPolicy
from parvis.booking.rules import Wish
from parvis.booking.states import Channel
from parvis.offices.models import Office
from parvis.procedures.models import Procedure
from parvis.web import languages, prereception
from parvis.web.appointments import answers as reading
from parvis.web.appointments.answers import Answers
from parvis.web.kiosk.doors import receiving
from parvis.web.requests import VisitorRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """The language stays in every address, for whoever refuses cookies.

    ``found`` is what was read for this request: one page asks the same questions several times.
    """

    office: Office
    answers: Answers
    language: str = ""
    found: dict[Hashable, object] = field(default_factory=dict, compare=False, repr=False)

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
        return self.read("policy", lambda: queries.policy(self.office))

    def read(self, what: Hashable, find: Callable[[], T]) -> T:
        """What ``find`` gives, read once for this request; ``what`` names it with all that it depends on."""
        if what not in self.found:
            self.found[what] = find()
        return cast(T, self.found[what])

    def elsewhere(self, procedure: Procedure) -> prereception.Advice:
        """Whether this office serves the person's commune for a procedure."""
        commune = self.answers.commune
        return self.read(
            ("territory", procedure.pk, commune), lambda: prereception.territory(self.office, procedure, commune)
        )

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
