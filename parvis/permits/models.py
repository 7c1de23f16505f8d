"""The card a person comes for."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from parvis.permits.states import Failure, Notice, Returned, Source, State


class PermitQuerySet(models.QuerySet["Permit"]):
    def in_stock(self) -> Self:
        """The cards that wait for their person."""
        return self.filter(state=State.IN_STOCK)


class CardPolicy(models.Model):
    """How long the cards of one office wait, in days after the announcement, as the head of office sets it.

    No text says how long a card may be kept: the office decides. An office without a row has the usual delays.
    """

    office = models.OneToOneField("offices.Office", models.CASCADE, related_name="card_policy")
    first_reminder_days = models.PositiveSmallIntegerField(default=15)
    second_reminder_days = models.PositiveSmallIntegerField(default=30)
    unclaimed_days = models.PositiveSmallIntegerField(default=90)

    class Meta:
        default_permissions = ()
        permissions = [("change_policy", "Change how long cards wait for their person")]
        constraints = [
            models.CheckConstraint(
                name="card_policy_in_order",
                condition=Q(
                    second_reminder_days__gt=F("first_reminder_days"), unclaimed_days__gt=F("second_reminder_days")
                ),
            ),
            models.CheckConstraint(
                name="card_policy_within_bounds", condition=Q(first_reminder_days__gte=1, unclaimed_days__lte=730)
            ),
        ]


class Delivery(models.Model):
    """A batch of cards that arrived together, read by scanner or from the sender's list."""

    office = models.ForeignKey("offices.Office", on_delete=models.PROTECT, related_name="deliveries")
    label = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=10, choices=Source.choices)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    agent_id = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["office", "at"], name="delivery_day")]

    def __str__(self) -> str:
        return self.label or f"delivery {self.pk}"


class Permit(models.Model):
    """A card received by an office. ``place`` says where it lies: a drawer, a box.

    ``stamp_eur`` is the exact amount that was announced, in whole euros; empty when the fee table knows none.
    ``unclaimed_on``: it waits still, but nobody came in the time that was said.
    """

    office = models.ForeignKey("offices.Office", on_delete=models.PROTECT, related_name="permits")
    number = models.CharField(max_length=20)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="permits")
    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True, default="")
    case_file = models.ForeignKey(
        "casefiles.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="permits", db_index=False
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="permits")
    state = models.CharField(max_length=20, choices=State.choices, default=State.IN_STOCK)
    received_at = models.DateTimeField()
    stamp_eur = models.PositiveSmallIntegerField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    unclaimed_on = models.DateField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_because = models.CharField(max_length=12, choices=Returned.choices, blank=True, default="")

    objects = PermitQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="permit_number", fields=["number"]),
            models.CheckConstraint(name="permit_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="permit_handed_over_at_with_state",
                condition=Q(state=State.HANDED_OVER, handed_over_at__isnull=False)
                | (~Q(state=State.HANDED_OVER) & Q(handed_over_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="permit_returned_for_a_reason",
                condition=(Q(state=State.RETURNED) & ~Q(returned_because=""))
                | (~Q(state=State.RETURNED) & Q(returned_because="")),
            ),
            models.UniqueConstraint(name="permit_one_a_file", fields=["case_file"], condition=~Q(state=State.RETURNED)),
        ]
        indexes = [
            models.Index(fields=["office", "place"], name="permit_stock", condition=Q(state=State.IN_STOCK)),
            models.Index(
                fields=["office", "announced_at"], name="permit_to_announce", condition=Q(state=State.IN_STOCK)
            ),
        ]
        permissions = [
            ("receive_permit", "Receive permits into stock"),
            ("return_permit", "Send cards back: unclaimed or faulty"),
            ("hand_over_permit", "Hand over a permit"),
        ]

    def __str__(self) -> str:
        return self.number


class SetAside(models.Model):
    """A card of a delivery that no file was found for, or that could not be taken: kept until somebody settles it.

    ``foreign_number``, ``name`` and ``birth_date`` are as the sender wrote them; ``code`` says what was wrong.
    ``dismissed_because``: what became of it when no file here was to have it.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="set_aside")
    number = models.CharField(max_length=60)
    file_number = models.CharField(max_length=40, blank=True, default="")
    foreign_number = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=250, blank=True, default="")
    birth_date = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=40, blank=True, default="")
    code = models.CharField(max_length=40)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    dismissed_because = models.CharField(max_length=200, blank=True, default="")
    permit = models.ForeignKey(Permit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="set_aside_once", fields=["delivery", "number"])]
        indexes = [models.Index(fields=["at"], name="set_aside_waiting", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return self.number


class Handover(models.Model):
    """A card given to its person. One a permit, whatever happens (``permits_handover_permit_id_key``).

    ``checks`` are the codes of the checklist that were ticked; ``counter_id`` and ``seconds`` feed the counters'
    figures. ``signature`` is the drawing of a notice signed on screen, as the path of its strokes.
    """

    permit = models.OneToOneField(Permit, on_delete=models.PROTECT, related_name="handover")
    ticket_number = models.CharField(max_length=20, blank=True, default="")
    checks = models.JSONField(default=list)
    notice = models.CharField(max_length=10, choices=Notice.choices, blank=True, default="")
    signature = models.TextField(blank=True, default="")
    counter_id = models.BigIntegerField(null=True)
    seconds = models.FloatField(null=True)
    agent_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="handover_at")]

    def __str__(self) -> str:
        return f"handover of {self.permit_id}"


class Stamp(models.Model):
    """A tax stamp shown at a handover; its number serves once, wherever it is shown (``stamp_once``)."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="stamps")
    number = models.CharField(max_length=32)
    eur = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="stamp_once", fields=["number"])]

    def __str__(self) -> str:
        return self.number


class FailedHandover(models.Model):
    """A person came and left without the card: why, and what was said to do then."""

    permit = models.ForeignKey(Permit, on_delete=models.CASCADE, related_name="failures")
    reason = models.CharField(max_length=24, choices=Failure.choices)
    text = models.CharField(max_length=200, blank=True, default="")
    ticket_number = models.CharField(max_length=20, blank=True, default="")
    counter_id = models.BigIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="failed_handover_at")]

    def __str__(self) -> str:
        return f"{self.reason} of {self.permit_id}"
