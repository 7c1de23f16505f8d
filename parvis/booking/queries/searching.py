"""Find somebody's appointments again, for an agent who answers them."""

import re
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q

from parvis.booking.models import Appointment, BookedProcedure
from parvis.booking.queries.appointments import appointments, by_number
from parvis.booking.states import Status
from parvis.common import clock, text
from parvis.offices.models import Office
from parvis.people import rules as people
from parvis.people.errors import ForeignNumberMalformed
from parvis.permits import queries as permits

BACK = timedelta(days=60)
MOST_FOUND = 40
MOST_CLOSE = 8
# How near the letters of a name must be, from 0 to 1, for a name heard on the phone to be offered.
CLOSE_ENOUGH = 0.35
# A hold bears no name yet; a lapsed one is of interest to somebody who says that they booked.
_NAMED = frozenset(Status) - {Status.HELD}


def search(office: Office, typed: str) -> Sequence[Appointment]:
    """The appointments of the last two months and to come that a person may mean, those to come first.

    By number, foreign number, passport, number of the card, or the beginnings of their names. Nothing asked, nothing
    found.
    """
    words = text.clean(typed, limit=120)
    if (numbered := by_number(office, words)) is not None:
        return [numbered]
    asked = _asked(words)
    if asked is None:
        return []
    rows = appointments().filter(asked, office=office, day__gte=clock.today() - BACK, state__in=sorted(_NAMED))
    found = list(rows.distinct().order_by("-starts_at", "pk")[:MOST_FOUND])
    now = clock.now()
    coming = [one for one in found if one.starts_at >= now]
    return [*reversed(coming), *(one for one in found if one.starts_at < now)]


def search_close(office: Office, typed: str) -> Sequence[Appointment]:
    """The appointments to come of the names nearest to one that nobody bears as it was typed; the nearest first."""
    name = people.folded_name(text.clean(typed, limit=120), "")
    if not name or any(character.isdecimal() for character in name):
        return []
    coming = BookedProcedure.objects.filter(
        appointment__office=office, appointment__day__gte=clock.today(), appointment__state__in=sorted(_NAMED)
    )
    near = coming.annotate(near=TrigramWordSimilarity(name, "folded_name")).filter(near__gte=CLOSE_ENOUGH)
    keys = list(near.order_by("-near", "appointment").values_list("appointment", flat=True)[: 3 * MOST_CLOSE])
    known = appointments().in_bulk(keys)
    return [known[key] for key in dict.fromkeys(keys)][:MOST_CLOSE]


def _asked(words: str) -> Q | None:
    compact = re.sub(r"[\s.\-]", "", words).upper()
    try:
        if number := people.foreign_number(words):
            return Q(booked__foreign_number=number)
    except ForeignNumberMalformed:
        pass
    if any(character.isdecimal() for character in compact):
        card = permits.by_number(words)
        by_paper = Q(booked__passport_number=compact)
        return by_paper | Q(booked__permit=card) if card else by_paper
    names = people.folded_name(words, "").split()
    if not names:
        return None
    every = Q()
    for name in names:
        every &= Q(booked__folded_name__startswith=name) | Q(booked__folded_name__contains=f" {name}")
    return every
