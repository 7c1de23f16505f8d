"""The stock day by day, and how an existing one was taken over."""

from django.db import models
from django.db.models import Q


class StockDay(models.Model):
    """One procedure of an office at the end of a day: files undecided, those opened and those decided that day.

    ``imported`` are those taken over that day from a former register: in the stock from then on, and no flow.
    """

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+", db_index=False)
    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    stock = models.PositiveIntegerField()
    opened = models.PositiveIntegerField()
    decided = models.PositiveIntegerField()
    imported = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["office", "day", "procedure"], name="stock_day_once")]

    def __str__(self) -> str:
        return f"{self.procedure_id} on {self.day}: {self.stock}"


class StockImport(models.Model):
    """A file of an existing stock being taken over. ``mapping`` says which column is which; ``read`` lines are done.

    ``fingerprint`` of the bytes: the same file again goes on where it stopped.
    """

    class State(models.TextChoices):
        CHECKED = "checked"
        RUNNING = "running"
        DONE = "done"

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    mapping = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKED)
    lines = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    agent_id = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["office", "fingerprint"], name="stock_import_once"),
            models.CheckConstraint(
                condition=Q(state__in=["checked", "running", "done"]), name="stock_import_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RejectedLine(models.Model):
    """A line of an import that was not taken, as it was written, and why."""

    taken_over = models.ForeignKey(StockImport, models.CASCADE, related_name="rejections", db_index=False)
    line = models.PositiveIntegerField()
    text = models.TextField()
    code = models.CharField(max_length=40)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["taken_over", "line"], name="rejected_line_once")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"
