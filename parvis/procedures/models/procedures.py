"""What people come for, and how they come for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.text import in_language
from parvis.procedures.models.dated import never_two


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
        constraints = [never_two("special_scope_one_office_a_day", "procedure", "area")]

    def __str__(self) -> str:
        return f"{self.area} at {self.office_id}"
