"""Rules that hold between two days, and the states of the law they were read in."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from parvis.offices.ranges import DayRange


def never_two(name: str, *same: str) -> ExclusionConstraint:
    """No two rows with the ``same`` columns hold on one day."""
    columns = [(column, RangeOperators.EQUAL) for column in same]
    days = (DayRange("valid_from", "valid_to"), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[*columns, days])


class Dated(models.Model):
    """A rule of one procedure, from a day to a day, both included; an empty end means that none is known.

    ``epoch`` names the state of the law it was read in; empty when it outlived several.
    """

    epoch = models.CharField(max_length=10, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


class Epoch(models.Model):
    """A state of the law. Rules and fees did not change on the same days: each has its own dates."""

    code = models.CharField(max_length=10, unique=True)
    rules_from = models.DateField(null=True)
    rules_to = models.DateField(null=True)
    fees_from = models.DateField(null=True)
    fees_to = models.DateField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.code
