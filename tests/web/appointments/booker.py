"""Somebody on the way to an appointment: answers the pages one after the other, with no script."""

import re
from datetime import date
from typing import Any

from django.http import HttpResponse

from parvis.booking.models import Appointment
from parvis.messages.models import Message
from tests.booking.house import DAY
from tests.web.door.visitor import BORN, Visitor, parts

EMAIL = "temoin@exemple.invalid"
EXPIRES = date(2018, 1, 20)
START = "d=renewal&c=92050&e=2018-01-20"


class Booker(Visitor):
    """A browser that keeps the cookies it is given, as phones do."""

    def __init__(self, language: str = "") -> None:
        super().__init__("/rendez-vous/nanterre/", language)

    def link(self, words: str) -> HttpResponse:
        """Follow the link whose text holds these words."""
        links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.text, flags=re.DOTALL)
        return self.get(next(address for address, inside in links if words in inside))

    def prove(self, query: str = START, email: str = EMAIL) -> HttpResponse:
        """Prove an address by the code that was sent there."""
        self.open("verification", query)
        self.answer(contact="1", email=email)
        return self.answer(code=self.code())

    def choose(self, day: date = DAY, hour: str = "09:00") -> HttpResponse:
        """A day, then an hour: the seat is kept."""
        self.get(next(one for one in re.findall(r'href="([^"]+)"', self.text) if f"j={day.isoformat()}" in one))
        return self.answer(slot=self.slot(hour))

    def slot(self, hour: str) -> str:
        """The key of the slot at this hour on the page that is open."""
        shown = re.findall(r'name="slot" value="(\d+)">.*?>(\d\d:\d\d)<', self.text)
        return next(key for key, begins in shown if begins == hour)

    def hold(self, **more: Any) -> Appointment:
        """The whole way to the form."""
        self.prove(**more)
        self.choose()
        return Appointment.objects.order_by("-pk")[0]

    def say_who(self, **changes: Any) -> HttpResponse:
        """Fill the form."""
        return self.answer(**(person() | {"contact": "1", "email": EMAIL, "kind": "self"} | changes))

    @staticmethod
    def code() -> str:
        """The last code that was sent."""
        return str(Message.objects.filter(kind="booking.code").order_by("-pk")[0].facts["code"])


def person(prefix: str = "p0", number: str = "9900000001", born: date = BORN, **changes: Any) -> dict[str, Any]:
    """The fields of one person."""
    fields = {"family_name": "Exemple", "given_name": "Témoin", "foreign_number": number, **parts(born), **changes}
    return {f"{prefix}-{name}": value for name, value in fields.items()}
