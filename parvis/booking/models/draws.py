"""When there are fewer seats than people: requests, batches, draws, offers, certificates."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from parvis.booking.models.appointments import new_number, new_token
from parvis.booking.states import (
    REQUEST_LIVE,
    Allocation,
    BatchState,
    BookedBy,
    Channel,
    OfferState,
    RequestState,
    UrgentGround,
)


class AllocationRule(models.Model):
    """How the seats of a procedure are given at an office from a day on, until the next row.

    ``batch_days``: how long requests are gathered. ``most_losses``: after so many lost draws a person goes first.
    A seat freed fewer than ``near_days`` before its day is offered to one person at a time for ``offer_hours``.
    """

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="allocation_rules")
    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="allocation_rules")
    allocation = models.CharField(max_length=10, choices=Allocation.choices)
    valid_from = models.DateField()
    batch_days = models.PositiveSmallIntegerField(default=7)
    most_losses = models.PositiveSmallIntegerField(default=3)
    near_days = models.PositiveSmallIntegerField(default=4)
    offer_hours = models.PositiveSmallIntegerField(default=6)

    class Meta:
        default_permissions = ()
        permissions = [("hold_draw", "Open, close and publish draws"), ("confirm_urgency", "Confirm an urgent ground")]
        ordering = ["valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["office", "procedure", "valid_from"], name="allocation_once_a_day"),
            models.CheckConstraint(condition=Q(batch_days__range=(1, 28)), name="allocation_batch_sensible"),
            models.CheckConstraint(condition=Q(most_losses__range=(1, 20)), name="allocation_losses_sensible"),
            models.CheckConstraint(condition=Q(offer_hours__range=(1, 72)), name="allocation_offer_sensible"),
        ]


class Batch(models.Model):
    """Requests gathered for one procedure between two instants, then drawn.

    ``commitment`` is the SHA-256 of ``seed``, published when the batch opens; the seed is published with the result.
    ``list_digest`` is the SHA-256 of the closed list. ``published`` is the document that anybody can recompute.
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="batches")
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.OPEN)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # The days whose seats are given: from the one after the close.
    seats_from = models.DateField()
    seats_to = models.DateField()
    commitment = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    list_digest = models.CharField(max_length=64, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    requests = models.PositiveIntegerField(default=0)
    seats = models.PositiveIntegerField(default=0)
    placed = models.PositiveIntegerField(default=0)
    published = models.JSONField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["office", "procedure", "number"], name="batch_numbered_once"),
            models.UniqueConstraint(
                fields=["office", "procedure"], condition=Q(state="open"), name="batch_one_open_per_procedure"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="batch_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(placed__lte=F("seats")), name="batch_places_at_most_its_seats"),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(state="open"), name="batch_to_close")]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number}"


class SeatRequest(models.Model):
    """One person asks for one procedure. Asked again through another channel, it is the same request.

    ``suits`` are the half-days that suit the person: ``["1am", "1pm", ...]`` (1 is Monday); empty for all. ``lost``
    counts the draws in which nothing was found. A ground counts once ``ground_confirmed_by`` has seen the proof.
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="seat_requests")
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    number = models.CharField(max_length=8, unique=True, default=new_number)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.WAITING)
    # The batch in which it will be drawn; empty when it only waits for an offer.
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="gathered")
    identity = models.CharField(max_length=80)
    family_name = models.CharField(max_length=120)
    given_name = models.CharField(max_length=120, blank=True, default="")
    birth_date = models.DateField()
    foreign_number = models.CharField(max_length=10, blank=True, default="")
    passport_number = models.CharField(max_length=20, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    language = models.CharField(max_length=12, default="fr")
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.WEB)
    # Who asked, when it was not the person: told as well, and named to them.
    booked_by = models.CharField(
        max_length=20, choices=BookedBy.choices, default=BookedBy.SELF, db_default=BookedBy.SELF.value
    )
    booker_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    booker_email = models.EmailField(blank=True, default="", db_default="")
    expires_on = models.DateField(null=True, blank=True)
    ground = models.CharField(max_length=20, choices=UrgentGround.choices, blank=True, default="")
    ground_reason = models.CharField(max_length=300, blank=True, default="")
    ground_confirmed_by = models.ForeignKey("offices.Agent", models.PROTECT, null=True, blank=True, related_name="+")
    suits = models.JSONField(default=list, blank=True)
    lost = models.PositiveSmallIntegerField(default=0)
    appointment = models.OneToOneField(
        "booking.Appointment", models.PROTECT, null=True, blank=True, related_name="request"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "procedure"],
                condition=Q(state__in=sorted(REQUEST_LIVE)),
                name="request_one_live_per_person",
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state_known"),
            models.CheckConstraint(
                condition=(Q(state="placed") & Q(appointment__isnull=False))
                | (~Q(state="placed") & Q(appointment__isnull=True)),
                name="request_placed_with_appointment",
            ),
            models.CheckConstraint(condition=~Q(identity=""), name="request_of_somebody"),
        ]
        indexes = [
            models.Index(fields=["batch"], condition=Q(state="waiting"), name="request_gathered"),
            models.Index(fields=["procedure", "created_at"], condition=Q(state="waiting"), name="request_waiting"),
            models.Index(fields=["identity"], name="request_identity"),
        ]

    def __str__(self) -> str:
        return self.number


class Attempt(models.Model):
    """Once more, somebody asked in vain: a fact that a judge counts by its date (source: CE 10 June 2020)."""

    request = models.ForeignKey(SeatRequest, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.WEB)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    # What was found: "asked", "no_seat", "drawn_without_seat", "offer_expired".
    outcome = models.CharField(max_length=30)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["request", "at"], name="attempt_request")]


class Offer(models.Model):
    """A seat freed near its day, proposed to one person of the waiting list until ``expires_at``.

    ``seats`` are the keys of all the seats of the visit: ``seat`` first, then those of the slots that follow.
    """

    seat = models.ForeignKey("booking.Seat", models.CASCADE, related_name="offers")
    # The database fills it too: what runs while it is updated knows no such column.
    seats = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    request = models.ForeignKey(SeatRequest, models.CASCADE, related_name="offers")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(state="open"), name="offer_one_open_per_seat"),
            models.UniqueConstraint(fields=["request"], condition=Q(state="open"), name="offer_one_open_per_request"),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="offer_to_expire")]


class Certificate(models.Model):
    """The proof that somebody asked and has nothing yet: dated, signed, to be checked by anyone at its address.

    ``facts`` are what it states; ``signature`` is the office's over them.
    """

    request = models.ForeignKey(SeatRequest, models.PROTECT, related_name="certificates")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    issued_at = models.DateTimeField()
    facts = models.JSONField()
    signature = models.TextField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["request", "-issued_at"], name="certificate_request")]
