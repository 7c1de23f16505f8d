"""The card a person comes for."""

from typing import Self

from django.db import models
from django.db.models import Q

from parvis.permits.states import State


class PermitQuerySet(models.QuerySet["Permit"]):
    def in_stock(self) -> Self:
        """The cards that wait for their person."""
        return self.filter(state=State.IN_STOCK)


class Permit(models.Model):
    """A card received by an office. ``place`` says where it lies: a drawer, a box."""

    office = models.ForeignKey("offices.Office", on_delete=models.PROTECT, related_name="permits")
    number = models.CharField(max_length=20)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="permits")
    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=20, choices=State.choices, default=State.IN_STOCK)
    received_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)

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
        ]
        indexes = [models.Index(fields=["office", "place"], name="permit_stock", condition=Q(state=State.IN_STOCK))]
        permissions = [
            ("receive_permit", "Receive permits into stock"),
            ("hand_over_permit", "Hand over a permit"),
        ]

    def __str__(self) -> str:
        return self.number


class Handover(models.Model):
    """A card given to its person. One a permit, whatever happens (``permits_handover_permit_id_key``)."""

    permit = models.OneToOneField(Permit, on_delete=models.PROTECT, related_name="handover")
    ticket_number = models.CharField(max_length=20, blank=True, default="")
    agent_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="handover_at")]

    def __str__(self) -> str:
        return f"handover of {self.permit_id}"
