"""What people come for: the catalogue, and every rule with the days between which it holds."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.common.text import in_language
from parvis.offices.ranges import DayRange


def _never_two(name: str, *same: str) -> ExclusionConstraint:
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


class Procedure(models.Model):
    """One thing a person comes to do. ``line_code`` says which line of an office serves it.

    Counter time is lognormal: ``mean_minutes`` and ``sigma`` of its logarithm, both assumptions of the catalogue.
    ``presence`` says who must come: ``{"applicant": bool, "others": [...], "proxy": code, "note": texts}``.
    """

    code = models.CharField(max_length=40, unique=True)
    family = models.CharField(max_length=30)
    line_code = models.CharField(max_length=20)
    names = models.JSONField()
    short_names = models.JSONField(default=dict)
    audience = models.JSONField(default=dict)
    mean_minutes = models.FloatField()
    sigma = models.FloatField()
    presence = models.JSONField(default=dict)
    takes_fingerprints = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_public = models.BooleanField(default=True)
    served_until = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        permissions = [("change_catalogue", "Change how people come for a procedure")]
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(name="procedure_mean_positive", condition=Q(mean_minutes__gt=0)),
            models.CheckConstraint(name="procedure_sigma_not_negative", condition=Q(sigma__gte=0)),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The full name in the language being spoken."""
        return in_language(self.names)

    @property
    def label(self) -> str:
        """The short name, for a button or a ticket."""
        return in_language(self.short_names) or self.name


class Mode(models.TextChoices):
    """How a person comes to the counter for a procedure."""

    WALK_IN = "walk_in", _("Sans rendez-vous")
    MIXED = "mixed", _("Avec ou sans rendez-vous")
    APPOINTMENT_ONLY = "appointment_only", _("Sur rendez-vous seulement")


class AccessMode(models.Model):
    """How people come for a procedure from a day on, until the next row."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="access_modes")
    mode = models.CharField(max_length=20, choices=Mode.choices)
    valid_from = models.DateField()

    class Meta:
        default_permissions = ()
        ordering = ["valid_from"]
        constraints = [
            models.UniqueConstraint(name="access_mode_once_a_day", fields=["procedure", "valid_from"]),
            models.CheckConstraint(name="access_mode_known", condition=Q(mode__in=Mode.values)),
        ]

    def __str__(self) -> str:
        return f"{self.mode} from {self.valid_from}"


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
        constraints = [_never_two("document_one_rule_a_day", "procedure", "code", "stage")]

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
            _never_two("filing_window_one_rule_a_day", "procedure", "case"),
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
            _never_two("fee_one_rule_a_day", "procedure", "case", "component"),
            models.CheckConstraint(
                name="fee_amount_or_range",
                condition=Q(eur__isnull=False) | Q(eur_min__isnull=False, eur_max__gte=F("eur_min")),
            ),
        ]

    def __str__(self) -> str:
        amount = self.eur if self.eur is not None else f"{self.eur_min}-{self.eur_max}"
        return f"{self.component} {amount} EUR"


class SpecialScope(models.Model):
    """A procedure that one office serves for the whole department, whatever the commune."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="special_scopes")
    office = models.ForeignKey("offices.Office", on_delete=models.PROTECT, related_name="special_scopes")
    area = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["valid_from"]
        constraints = [_never_two("special_scope_one_office_a_day", "procedure", "area")]

    def __str__(self) -> str:
        return f"{self.area} at {self.office_id}"
