"""One office seen from its door: the kiosk in the hall or the phone of somebody who read the QR code."""

from dataclasses import dataclass

from django.core import signing
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from parvis.journal.actions import KIOSK, PHONE, Device
from parvis.offices.models import Line, Office
from parvis.reception import queries as reception
from parvis.web import languages
from parvis.web.kiosk.answers import Answers
from parvis.web.requests import VisitorRequest

# Longer than any code: what is cut was never ours.
LONGEST_CODE = 12


def entrance(office: Office) -> str:
    """The path in the QR code of the entrance, with the code of the day."""
    return Door(office, "door", "", reception.door_code(office)).to("start")


def screen_key(office: Office) -> str:
    """What the address of a screen at the entrance carries: whoever holds it may read the code of each day."""
    return signing.Signer(salt="parvis.entrance").signature(office.code)


def is_entrance_screen(office: Office, key: str) -> bool:
    """Whether a screen was given the key of this office."""
    return bool(key) and constant_time_compare(key, screen_key(office))


@dataclass(frozen=True, slots=True)
class Door:
    """Where a person stands. The language asked for stays in every address: the kiosk remembers nobody.

    ``code`` is the door code that the QR code of the entrance put in a phone's address, as it came.
    """

    office: Office
    namespace: str
    language: str
    code: str = ""

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
        query = answers.query(lang=self.language, j=self.code, **more)
        return f"{path}?{query}" if query else path


def door(request: VisitorRequest, code: str) -> Door:
    """The door of an office that receives the public here. Raises ``Http404`` for any other code."""
    office = receiving().filter(code=code).first()
    if office is None or request.resolver_match is None:
        raise Http404
    namespace, language = request.resolver_match.namespace, languages.known(request.GET.get("lang")) or ""
    return Door(office, namespace, language, request.GET.get("j", "")[:LONGEST_CODE] if namespace == "door" else "")


def receiving() -> QuerySet[Office]:
    """The offices that have lines in this system; the others are known for their address alone."""
    return Office.objects.filter(Exists(Line.objects.filter(office=OuterRef("pk")))).order_by("code")
