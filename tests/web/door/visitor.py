"""Somebody at the door: answers the questions one after the other, as the pages ask them."""

import html
import re
from datetime import date

from django.http import HttpResponse
from django.test import Client

BORN = date(1987, 4, 30)


class Visitor:
    """A browser that keeps no cookie, like the kiosk's."""

    def __init__(self, door: str = "/borne/nanterre/", language: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.door = door
        self.language = language
        self.url = ""
        self.page: HttpResponse | None = None

    def get(self, address: str) -> HttpResponse:
        """Open a page, following where it leads."""
        return self._follow(self.client.get(address))

    def open(self, step: str, query: str = "") -> HttpResponse:
        """Open a step by its address."""
        more = f"&lang={self.language}" if self.language else ""
        return self.get(f"{self.door}{step}/?{query}{more}")

    def answer(self, **fields: object) -> HttpResponse:
        """Send the form of the page that is open, with its hidden fields."""
        return self._follow(self.client.post(self.url, {**self.hidden(), **fields}))

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page."""
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.text))

    def come_for(self, *procedures: str) -> HttpResponse:
        """Choose procedures on the first page."""
        self.open("demarche")
        return self.answer(d=list(procedures))

    def date(self, day: date) -> HttpResponse:
        """Answer a date by its three lists."""
        return self.answer(**parts(day))

    def sign(self, name: str = "Témoin Exemple", born: date = BORN) -> HttpResponse:
        """No priority card, then who the ticket is for."""
        self.answer(p="")
        return self.answer(name=name, **parts(born))

    @property
    def text(self) -> str:
        """What the page says."""
        assert self.page is not None
        return html.unescape(self.page.content.decode())

    def _follow(self, answer: HttpResponse) -> HttpResponse:
        self.url = answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]  # type: ignore[attr-defined]
        while answer.status_code == 302:
            self.url = answer["Location"]
            answer = self.client.get(self.url)
        self.page = answer
        return answer


def parts(day: date) -> dict[str, int]:
    """A date as three lists send it."""
    return {"day": day.day, "month": day.month, "year": day.year}
