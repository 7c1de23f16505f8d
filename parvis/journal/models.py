"""What happened, to what, by whom, when: one row a fact, never changed."""

from django.db import models


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, subject: models.Model) -> "EntryQuerySet":
        """The facts about one thing, oldest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("id")

    def named(self, *what: str) -> "EntryQuerySet":
        """The facts of these kinds."""
        return self.filter(what__in=what)


class Entry(models.Model):
    """A fact of the office. ``facts`` holds figures and codes; never a name, a number of a person or a health reason.

    The database refuses to update, delete or truncate it (trigger ``journal_entry_is_final``).
    """

    at = models.DateTimeField()
    what = models.CharField(max_length=60)
    office_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    agent_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office_id", "what", "at"], name="journal_office_what_at"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="journal_subject"),
            models.Index(fields=["agent_id", "at"], name="journal_agent_at"),
        ]
        permissions = [("search_journal", "Search the journal")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.what} {self.subject_type}:{self.subject_id}"
