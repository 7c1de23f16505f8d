"""The persons received."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

NAME_LENGTH = 120


class Person(models.Model):
    """Somebody the office receives. ``foreign_number`` is that of the national file (9 or 10 digits), blank if unknown.

    ``folded_name`` is the family and given names without case, accents or punctuation: the form that is searched.
    """

    foreign_number = models.CharField(max_length=10, blank=True, default="")
    passport_number = models.CharField(max_length=20, blank=True, default="")
    family_name = models.CharField(max_length=NAME_LENGTH)
    given_name = models.CharField(max_length=NAME_LENGTH, blank=True, default="")
    folded_name = models.CharField(max_length=1000, blank=True, default="")
    birth_date = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=12, default="fr")
    phone = models.CharField(max_length=20, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="person_foreign_number", fields=["foreign_number"], condition=~Q(foreign_number="")
            ),
            models.CheckConstraint(
                name="person_foreign_number_digits", condition=Q(foreign_number__regex=r"^([0-9]{9,10})?$")
            ),
            models.CheckConstraint(name="person_named", condition=~Q(family_name="")),
        ]
        indexes = [
            models.Index(fields=["folded_name"], name="person_folded_name", opclasses=["varchar_pattern_ops"]),
            # A word anywhere in the names, when nothing else is asked.
            GinIndex(fields=["folded_name"], name="person_name_words", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["birth_date"], name="person_birth_date"),
            # Not unique: passports are numbered by country, and a number may be typed wrong.
            models.Index(fields=["passport_number"], condition=~Q(passport_number=""), name="person_passport"),
        ]
        permissions = [
            ("view_person", "Search and see persons"),
            ("change_person", "Register and correct persons"),
            ("export_person", "Export all data about a person"),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def full_name(self) -> str:
        """Given name then family name, as written."""
        return f"{self.given_name} {self.family_name}".strip()
