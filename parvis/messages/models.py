"""The outbox: what the office has to say to a person, kept until it is known to have arrived."""

from django.db import models
from django.db.models import Q

from parvis.messages.states import Channel, Status


class Message(models.Model):
    """One message to one person, written in the transaction of what it tells; composed and sent afterwards.

    ``kind`` names the composer that words it (``composing``), ``facts`` is what it is worded from. ``key`` says what
    it is about so that the same thing is told once. ``about`` is the label and key of its subject
    (``booking.appointment:12``). ``subject`` and ``body`` are what was sent, kept as a proof, empty for a code.
    """

    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    recipient = models.CharField(max_length=300)
    language = models.CharField(max_length=12, default="fr")
    facts = models.JSONField(default=dict)
    about = models.CharField(max_length=60, blank=True, default="")
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="messages")
    state = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    subject = models.CharField(max_length=300, blank=True, default="")
    body = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    # What the gateway or the server of the recipient said last, and the reference by which a receipt names it.
    answer = models.CharField(max_length=300, blank=True, default="")
    reference = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("view_message", "See what was sent to people and whether it arrived")]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="message_told_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_channel_known"),
            models.CheckConstraint(condition=Q(state__in=Status.values), name="message_state_known"),
            models.CheckConstraint(condition=~Q(recipient=""), name="message_to_somebody"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="message_sent_at_when_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="message_to_send"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="message_being_sent"),
            models.Index(fields=["about"], condition=~Q(about=""), name="message_about"),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="message_reference"),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="message_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
