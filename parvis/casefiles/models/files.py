"""The case file: whose, for what, where it stands, until when the law waits."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from parvis.casefiles.models.numbers import new_file_number
from parvis.casefiles.states import (
    AWAITING_CARD,
    OPEN,
    UNDECIDED,
    WORKABLE,
    Channel,
    Closing,
    Decision,
    DocumentState,
    OrderToLeave,
    State,
)


class CaseFileQuerySet(models.QuerySet["CaseFile"]):
    def open(self) -> Self:
        """Those of which something is still to come."""
        return self.filter(state__in=sorted(OPEN))

    def undecided(self) -> Self:
        """The stock: nothing decided yet."""
        return self.filter(state__in=sorted(UNDECIDED))


class CaseFile(models.Model):
    """A request and its life, from the deposit to the card in the hand.

    ``case`` names the rule of the catalogue that holds for it (``default``, ``student_card``...), ``fee_case`` that of
    its fees (``first``, ``renewal``...). ``complete_on`` starts the delay after which silence refuses (``decide_by``);
    ``warn_on`` is a month before. ``version`` grows with each move and each officer: an agent who decides on what they
    read earlier is told. ``former_number`` is that of the register it was taken over from.
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="case_files", db_index=False)
    number = models.CharField(max_length=9, default=new_file_number)
    former_number = models.CharField(max_length=40, blank=True, default="")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="case_files", db_index=False)
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+", db_index=False)
    case = models.CharField(max_length=60, default="default")
    fee_case = models.CharField(max_length=60, default="first")
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.COUNTER)
    state = models.CharField(max_length=24, choices=State.choices, default=State.DEPOSITED)
    version = models.PositiveIntegerField(default=1)
    permit_expires_on = models.DateField(null=True, blank=True)
    deposited_on = models.DateField()
    complete_on = models.DateField(null=True, blank=True)
    missing_by = models.DateField(null=True, blank=True)
    decide_by = models.DateField(null=True, blank=True)
    warn_on = models.DateField(null=True, blank=True)
    officer = models.ForeignKey(
        "offices.Agent", models.PROTECT, null=True, blank=True, related_name="case_files", db_index=False
    )
    held_until = models.DateField(null=True, blank=True)
    held_because = models.CharField(max_length=200, blank=True, default="")
    proposal = models.CharField(max_length=10, choices=Decision.choices, blank=True, default="")
    grounds = models.TextField(blank=True, default="")
    order_to_leave = models.CharField(
        max_length=24, choices=OrderToLeave.choices, blank=True, default="", db_default=""
    )
    proposed_by = models.ForeignKey(
        "offices.Agent", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    signed_by = models.ForeignKey(
        "offices.Agent", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    card_months = models.PositiveSmallIntegerField(null=True, blank=True)
    closing = models.CharField(max_length=20, choices=Closing.choices, blank=True, default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("deposit_case_file", "Open a case file and tick its documents"),
            ("give_receipt", "Issue and renew receipts"),
            ("view_case_file", "Search and see case files"),
            ("review_case_file", "Review case files: take, ask, propose"),
            ("sign_decision", "Sign decisions proposed by somebody else"),
            ("assign_case_file", "Give case files to officers"),
            ("import_case_files", "Import and export the stock"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_file_number"),
            models.UniqueConstraint(
                fields=["office", "former_number"], condition=~Q(former_number=""), name="case_file_former_number"
            ),
            models.UniqueConstraint(
                fields=["person", "procedure"], condition=Q(state__in=sorted(OPEN)), name="case_file_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_file_state_known"),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("proposed_by")), name="case_file_two_agents"
            ),
            models.CheckConstraint(
                condition=Q(decide_by=None) | Q(complete_on__isnull=False, decide_by__gt=F("complete_on")),
                name="case_file_silence_counts_from_complete",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.CLOSED) & ~Q(closing="")) | (~Q(state=State.CLOSED) & Q(closing="")),
                name="case_file_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(order_to_leave="") | Q(order_to_leave__in=OrderToLeave.values, proposal=Decision.REFUSE),
                name="case_file_order_with_a_refusal",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="case_file_person"),
            # The worklists: mine, and what nobody has.
            models.Index(
                fields=["officer", "decide_by", "deposited_on", "id"],
                condition=Q(state__in=sorted(UNDECIDED)),
                name="case_file_mine",
            ),
            models.Index(
                fields=["office", "decide_by", "deposited_on", "id"],
                condition=Q(state__in=sorted(WORKABLE), officer=None),
                name="case_file_free",
            ),
            # The office's whole worklist, in its order: a page is read without the pages before it.
            models.Index(
                fields=["office", "decide_by", "deposited_on", "id"],
                condition=Q(state__in=sorted(UNDECIDED)),
                name="case_file_all",
            ),
            models.Index(
                fields=["office", "procedure", "state", "deposited_on"],
                condition=Q(state__in=sorted(UNDECIDED)),
                name="case_file_stock",
            ),
            # What was not brought in time.
            models.Index(
                fields=["office", "missing_by", "id"],
                condition=Q(state=State.INCOMPLETE),
                name="case_file_not_brought",
            ),
            # Whose a card that arrives may be.
            models.Index(
                fields=["office", "deposited_on"],
                condition=Q(state__in=sorted(AWAITING_CARD)),
                name="case_file_awaiting_card",
            ),
            models.Index(
                fields=["office", "warn_on"], condition=Q(state__in=sorted(UNDECIDED)), name="case_file_to_warn"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.state in OPEN

    @property
    def is_undecided(self) -> bool:
        """Whether nothing is decided yet."""
        return self.state in UNDECIDED


class DocumentCheck(models.Model):
    """What was seen of one document of the list, and why not when it was not accepted."""

    case_file = models.ForeignKey(CaseFile, models.CASCADE, related_name="documents")
    code = models.CharField(max_length=60)
    state = models.CharField(max_length=14, choices=DocumentState.choices)
    reason = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    agent_id = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["case_file", "code"], name="document_check_once"),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.NOT_ACCEPTED) | ~Q(reason=""), name="document_refused_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.state}"


class Note(models.Model):
    """A word of an agent to whoever opens the file next."""

    case_file = models.ForeignKey(CaseFile, models.CASCADE, related_name="notes")
    agent_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"note on {self.case_file_id}"


class Skill(models.Model):
    """A procedure that an officer reviews; an officer without any reviews them all."""

    agent = models.ForeignKey("offices.Agent", models.CASCADE, related_name="review_skills")
    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["agent", "procedure"], name="review_skill_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} reviews {self.procedure_id}"
