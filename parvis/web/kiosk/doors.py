"""One office seen from its door: the kiosk in the hall or the phone of somebody who read the QR code."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse

from parvis.journal.actions import KIOSK, PHONE, Device
from parvis.offices.models import Line, Office
from parvis.web import languages
from parvis.web.kiosk.answers import Answers
from parvis.web.requests import VisitorRequest


@dataclass(frozen=True, slots=True)
class Door:
    """Where a person stands. The language asked for stays in every address: the kiosk remembers nobody."""

    office: Office
    namespace: str
    language: str

    @property
    def is_kiosk(self) -> bool:
        """The machine in the hall, as opposed to somebody's own phone."""
        return self.namespace == "kiosk"

    @property
    def device(self) -> Device:
        """Who acts, for the journal."""
        return KIOSK if self.is_kiosk else PHONE

    def to(self, step: str, answers: Answers | None = None, **more: str | list[str]) -> str:
        """The address of a step with what was answered."""
        return self._address(reverse(f"{self.namespace}:{step}", args=[self.office.code]), answers or Answers(), more)

    def at(self, step: str, *, token: str) -> str:
        """The address of a step that shows one ticket."""
        return self._address(reverse(f"{self.namespace}:{step}", args=[self.office.code, token]), Answers(), {})

    def _address(self, path: str, answers: Answers, more: dict[str, str | list[str]]) -> str:
        query = answers.query(lang=self.language, **more)
        return f"{path}?{query}" if query else path


def door(request: VisitorRequest, code: str) -> Door:
    """The door of an office that receives the public here. Raises ``Http404`` for any other code."""
    office = receiving().filter(code=code).first()
    if office is None or request.resolver_match is None:
        raise Http404
    return Door(office, request.resolver_match.namespace, languages.known(request.GET.get("lang")) or "")


def receiving() -> QuerySet[Office]:
    """The offices that have lines in this system; the others are known for their address alone."""
    return Office.objects.filter(Exists(Line.objects.filter(office=OuterRef("pk")))).order_by("code")
