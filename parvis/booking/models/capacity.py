"""What can be booked: the rules of an office, its plans, and the slots and seats made ahead from them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from parvis.booking.states import TAKEN, Audience, Channel, SeatState
from parvis.offices.ranges import DayRange

_APPOINTED = Q(state__in=sorted(TAKEN))


class BookingPolicy(models.Model):
    """The rules of one office, as the head of office sets them.

    Freed seats come back after a random delay between the two ends, in minutes: nobody can free one for a friend.
    """

    office = models.OneToOneField("offices.Office", models.CASCADE, related_name="booking_policy")
    horizon_days = models.PositiveSmallIntegerField(default=60)
    notice_minutes = models.PositiveSmallIntegerField(default=60)
    hold_minutes = models.PositiveSmallIntegerField(default=10)
    activation_minutes = models.PositiveSmallIntegerField(default=15)
    early_minutes = models.PositiveSmallIntegerField(default=30)
    late_minutes = models.PositiveSmallIntegerField(default=15)
    release_after_min = models.PositiveSmallIntegerField(default=10)
    release_after_max = models.PositiveSmallIntegerField(default=120)
    reminder_hours = models.PositiveSmallIntegerField(default=48)
    # An unused share goes to everybody at noon, so many days before the day.
    fallback_days = models.PositiveSmallIntegerField(default=2)
    most_people = models.PositiveSmallIntegerField(default=6)
    most_moves = models.PositiveSmallIntegerField(default=3)
    # Allowances: in a day and for one sender. Many phones share the address of an operator.
    holds_per_address = models.PositiveIntegerField(default=60)
    codes_per_contact = models.PositiveIntegerField(default=6)
    holds_per_contact = models.PositiveIntegerField(default=8)
    bookings_per_person = models.PositiveIntegerField(default=6)

    class Meta:
        default_permissions = ()
        permissions = [("change_capacity", "Change what can be booked and how")]
        constraints = [
            models.CheckConstraint(
                condition=Q(release_after_max__gte=F("release_after_min")), name="policy_release_delay_in_order"
            ),
            models.CheckConstraint(
                condition=Q(hold_minutes__range=(1, 60), activation_minutes__range=(1, 120)),
                name="policy_holds_are_short",
            ),
        ]


class CapacityPlan(models.Model):
    """Seats to be made on a weekday (1 is Monday), between two days and two hours of the clock.

    ``accepts`` names the procedures that its slots take; empty for all those of the line.
    """

    line = models.ForeignKey("offices.Line", models.PROTECT, related_name="capacity_plans")
    name = models.CharField(max_length=80)
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    slot_minutes = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField()
    accepts = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="plan_weekday_exists"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="plan_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(slot_minutes__range=(5, 240)), name="plan_slot_length_sensible"),
            models.CheckConstraint(condition=Q(seats__range=(1, 200)), name="plan_seats_sensible"),
            ExclusionConstraint(
                name="plan_one_of_a_name_a_day",
                expressions=[
                    (F("line"), RangeOperators.EQUAL),
                    (F("name"), RangeOperators.EQUAL),
                    (F("weekday"), RangeOperators.EQUAL),
                    (F("starts"), RangeOperators.EQUAL),
                    (DayRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M} x{self.seats}"


class Share(models.Model):
    """Seats of each slot of a plan that are kept for an audience or a channel until they fall back."""

    plan = models.ForeignKey(CapacityPlan, models.CASCADE, related_name="shares")
    audience = models.CharField(max_length=20, choices=Audience.choices, blank=True, default="")
    channel = models.CharField(max_length=20, choices=Channel.choices, blank=True, default="")
    seats = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]  # seats are numbered in the order in which the shares were written
        constraints = [
            models.UniqueConstraint(fields=["plan", "audience", "channel"], name="share_one_per_pool"),
            models.CheckConstraint(condition=~Q(audience="", channel=""), name="share_is_for_somebody"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="share_not_empty"),
        ]


class Slot(models.Model):
    """A time at which people can be expected at a line. ``day`` is that of the office; minutes is its length.

    Until ``falls_back_at`` its reserved seats are for their pool alone; from then on for everybody.
    """

    line = models.ForeignKey("offices.Line", models.PROTECT, related_name="slots")
    plan = models.ForeignKey(CapacityPlan, models.SET_NULL, null=True, related_name="slots")
    day = models.DateField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    accepts = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    falls_back_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["plan", "starts_at"], name="slot_made_once")]
        indexes = [models.Index(fields=["line", "starts_at"], name="slot_line_time")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.starts_at.isoformat()}"


class Seat(models.Model):
    """One counter's time during one slot: the thing that becomes scarce, a row of its own, taken by one appointment.

    A free seat with ``available_from`` was freed and is shown again from then on.
    """

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="seats", db_index=False)
    number = models.PositiveSmallIntegerField()
    audience = models.CharField(max_length=20, choices=Audience.choices, blank=True, default="")
    channel = models.CharField(max_length=20, choices=Channel.choices, blank=True, default="")
    state = models.CharField(max_length=10, choices=SeatState.choices, default=SeatState.FREE)
    appointment = models.ForeignKey("booking.Appointment", models.PROTECT, null=True, blank=True, related_name="seats")
    available_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["slot", "number"], name="seat_numbered_once"),
            models.CheckConstraint(condition=Q(state__in=SeatState.values), name="seat_state_known"),
            models.CheckConstraint(
                condition=(_APPOINTED & Q(appointment__isnull=False)) | (~_APPOINTED & Q(appointment__isnull=True)),
                name="seat_taken_by_one_appointment",
            ),
        ]
        indexes = [
            models.Index(fields=["slot", "number"], condition=Q(state="free"), name="seat_free"),
            models.Index(fields=["slot"], condition=Q(state="withheld"), name="seat_withheld"),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}/{self.number}"
