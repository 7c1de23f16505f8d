"""Spans of time as PostgreSQL compares them, for the constraints that keep them apart."""

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db.models import Func


class InstantRange(Func):
    """From one instant until another, the second excluded."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class DayRange(Func):
    """From a day to another, both included; without end when the second is null."""

    function = "DATERANGE"
    template = "%(function)s(%(expressions)s::date + 1)"
    output_field = DateRangeField()


class HourRange(Func):
    """From an hour of the day until another, the second excluded (PostgreSQL has no range of hours)."""

    function = "TSRANGE"
    template = "%(function)s(DATE '2000-01-01' + %(expressions)s)"
    arg_joiner = ", DATE '2000-01-01' + "
    output_field = DateTimeRangeField()
