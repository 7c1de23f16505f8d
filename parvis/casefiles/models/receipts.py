"""What the person leaves the counter with: a receipt, or the slip of what is missing."""

from django.db import models
from django.db.models import F, Q

from parvis.casefiles.models.files import CaseFile
from parvis.casefiles.models.numbers import new_receipt_number
from parvis.casefiles.states import ReceiptKind, Work


class Receipt(models.Model):
    """A receipt (récépissé) given for a file: valid from a day to a day, both included; ``rank`` 1 is the first.

    ``work`` is fixed when it is issued: what is printed is what holds. ``returned_at``: taken back at the handover.
    """

    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="receipts", db_index=False)
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=9, default=new_receipt_number)
    rank = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=ReceiptKind.choices, default=ReceiptKind.RECEIPT)
    valid_from = models.DateField()
    valid_to = models.DateField()
    work = models.CharField(max_length=10, choices=Work.choices)
    mention = models.CharField(max_length=80, blank=True, default="")
    issued_at = models.DateTimeField()
    agent_id = models.BigIntegerField(null=True)
    told_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["number"], name="receipt_number"),
            models.UniqueConstraint(fields=["case_file", "rank"], name="receipt_rank_once"),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="receipt_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["office", "valid_to"], name="receipt_ending"),
            # The third is the second renewal: the figure of those who wait longest.
            models.Index(fields=["office"], condition=Q(rank=3), name="receipt_renewed_twice"),
        ]

    def __str__(self) -> str:
        return self.number


class MissingSlip(models.Model):
    """The slip that lists what is missing or not accepted, with reasons and the day until which to bring it.

    ``documents`` is what was printed: ``[{"code", "state", "reason"}]``.
    """

    case_file = models.ForeignKey(CaseFile, models.CASCADE, related_name="slips")
    documents = models.JSONField()
    until = models.DateField()
    at = models.DateTimeField()
    agent_id = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"slip of {self.case_file_id}"
