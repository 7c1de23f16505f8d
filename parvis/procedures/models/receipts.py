"""What the law says of the time a request takes: the receipt given meanwhile, and what silence means."""

from django.db import models
from django.db.models import Q

from parvis.procedures.models.dated import Dated, never_two
from parvis.procedures.models.procedures import Procedure

TOLERANCE = "expired_card_tolerance"
ANY_LONG_PERMIT = "permit_over_one_year"


class ReceiptRule(Dated):
    """The paper that is given while a request is looked at, for one case of a procedure (R311-4 s.; source C17).

    ``kind`` names the paper (``recepisse``, ``online_certificate``...) or the tolerance for an expired card. Lengths
    are in months: ``months`` the usual one, ``max_months`` the longest usual one, ``extension_max_months`` what may be
    added to it, ``renewal_months`` that of a renewed one when it differs. ``starts`` says from when it counts, ``work``
    whether it lets work, both as the catalogue words them. ``due_within_days`` of the request it must be given.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="receipt_rules")
    case = models.CharField(max_length=60, default="default")
    kind = models.CharField(max_length=40)
    min_months = models.PositiveSmallIntegerField(default=1)
    months = models.PositiveSmallIntegerField(null=True)
    max_months = models.PositiveSmallIntegerField(null=True)
    extension_max_months = models.PositiveSmallIntegerField(default=0)
    renewal_months = models.PositiveSmallIntegerField(null=True)
    starts = models.CharField(max_length=40, blank=True, default="")
    work = models.CharField(max_length=60, blank=True, default="")
    mention = models.CharField(max_length=80, blank=True, default="")
    due_within_days = models.PositiveSmallIntegerField(null=True)
    is_renewable = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            never_two("receipt_rule_one_a_day", "procedure", "case", "kind"),
            models.CheckConstraint(
                name="receipt_rule_months_in_order",
                condition=Q(months=None) | Q(min_months__lte=models.F("months"), max_months__gte=models.F("months")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.kind}"


class SilenceRule(Dated):
    """What the silence of the office means after so many months, or days, for one case of a procedure (R*311-12).

    ``effect``: ``implicit_refusal``, or ``deemed_favourable`` for an opinion that was asked.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="silence_rules")
    case = models.CharField(max_length=60, default="default")
    months = models.PositiveSmallIntegerField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    effect = models.CharField(max_length=30)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            never_two("silence_rule_one_a_day", "procedure", "case"),
            models.CheckConstraint(
                name="silence_rule_months_or_days",
                condition=Q(months__gt=0, days=None) | Q(months=None, days__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.effect}"
