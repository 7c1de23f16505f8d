"""What a request asks of the person: what to bring, when to come, what it costs."""

from django.db import models
from django.db.models import F, Q

from parvis.common.text import in_language
from parvis.procedures.models.dated import Dated, never_two
from parvis.procedures.models.procedures import Procedure


class Document(Dated):
    """Something to bring. Documents of one ``group`` replace one another: each has the condition under which it serves.

    ``stage`` says when it is looked at: filing, handover, post_to_ofii.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="documents")
    code = models.CharField(max_length=60)
    names = models.JSONField()
    form = models.CharField(max_length=30)
    condition = models.CharField(max_length=60, default="always")
    condition_names = models.JSONField(default=dict)
    stage = models.CharField(max_length=20)
    group = models.CharField(max_length=30, blank=True, default="")
    max_age_months = models.PositiveSmallIntegerField(null=True)
    copies = models.PositiveSmallIntegerField(default=1)
    is_obligatory = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        ordering = ["position", "pk"]
        constraints = [never_two("document_one_rule_a_day", "procedure", "code", "stage")]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """What to bring, in the language being spoken."""
        return in_language(self.names)

    @property
    def only_if(self) -> str:
        """When it is needed, in the language being spoken; empty when it always is."""
        return "" if self.condition == "always" else in_language(self.condition_names)


class FilingWindow(Dated):
    """When a request may be filed, for one case of a procedure (``kind`` as in ``rules.Kind``).

    ``months`` counts calendar months; ``from_days`` and ``to_days`` count days before expiry.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="filing_windows")
    case = models.CharField(max_length=60, default="default")
    kind = models.CharField(max_length=40)
    months = models.PositiveSmallIntegerField(null=True)
    from_days = models.PositiveSmallIntegerField(null=True)
    to_days = models.PositiveSmallIntegerField(null=True)
    age = models.PositiveSmallIntegerField(null=True)
    event = models.CharField(max_length=60, blank=True, default="")
    consequence = models.TextField(blank=True, default="")

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            never_two("filing_window_one_rule_a_day", "procedure", "case"),
            models.CheckConstraint(
                name="filing_window_days_in_order",
                condition=~Q(kind="days_before_expiry") | Q(from_days__gte=F("to_days")),
            ),
            models.CheckConstraint(
                name="filing_window_months_given",
                condition=~Q(kind="last_months_before_expiry") | Q(months__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.kind}"


class Fee(Dated):
    """What a procedure costs, in whole euros. An exact amount, or the range of the law when no decree was found."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="fees")
    case = models.CharField(max_length=60)
    component = models.CharField(max_length=40)
    eur = models.PositiveSmallIntegerField(null=True)
    eur_min = models.PositiveSmallIntegerField(null=True)
    eur_max = models.PositiveSmallIntegerField(null=True)
    due_at_filing_eur = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=20)
    is_verified = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            never_two("fee_one_rule_a_day", "procedure", "case", "component"),
            models.CheckConstraint(
                name="fee_amount_or_range",
                condition=Q(eur__isnull=False) | Q(eur_min__isnull=False, eur_max__gte=F("eur_min")),
            ),
        ]

    def __str__(self) -> str:
        amount = self.eur if self.eur is not None else f"{self.eur_min}-{self.eur_max}"
        return f"{self.component} {amount} EUR"
