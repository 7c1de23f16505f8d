"""Read the journal."""

from datetime import date, datetime, timedelta

from django.db import models

from parvis.common import clock
from parvis.journal.models import Entry, EntryQuerySet


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of an office day and of the next one."""
    return clock.at(day, "00:00"), clock.at(day + timedelta(days=1), "00:00")


def on_day(office_id: int, day: date) -> EntryQuerySet:
    """The facts of one office on one day, in the order in which they were written."""
    start, end = day_bounds(day)
    return Entry.objects.filter(office_id=office_id, at__gte=start, at__lt=end).order_by("id")


def search(
    *,
    office_id: int,
    what: str = "",
    agent_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> EntryQuerySet:
    """Facts of an office by kind (a prefix such as ``ticket.``), agent and time, newest first.

    What was decided about a procedure belongs to every office: how people come for it is among them.
    """
    decided = models.Q(office_id=None, what__startswith="procedure.")
    found = Entry.objects.filter(models.Q(office_id=office_id) | decided)
    if what:
        found = found.filter(what__startswith=what)
    if agent_id:
        found = found.filter(agent_id=agent_id)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return found.order_by("-id")


def about(subject: models.Model) -> EntryQuerySet:
    """Everything that happened to one thing."""
    return Entry.objects.all().about(subject)
