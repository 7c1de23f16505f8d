"""An appointment: when, for whom, for what, and who took it."""

import secrets

from django.db import models
from django.db.models import Q

from parvis.booking.states import FLEETING, LIVE, BookedBy, CancelReason, Channel, Status

# What can be read aloud over the phone and typed on a kiosk: no 0/O, no 1/I.
_READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_token() -> str:
    """An address nobody can guess (128 bits)."""
    return secrets.token_urlsafe(16)


def new_number() -> str:
    """A number to say and to type (40 bits): it finds an appointment at the desk, and opens nothing by itself."""
    return "".join(secrets.choice(_READABLE) for _ in range(8))


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def live(self) -> "AppointmentQuerySet":
        """Those that keep a person from booking the same procedure again."""
        return self.filter(state__in=LIVE)


class Appointment(models.Model):
    """A visit at an hour. Its seats (``Seat.appointment``) are as many slots as the visit needs, one after another.

    ``token`` opens its page; ``number`` names it at the desk. ``sequence`` grows with each change, for calendars.
    ``email`` and ``phone`` are how the person is told; ``contact`` names the one that proves a booking. While it is
    held or to be confirmed it ends at ``hold_until`` (the clock of the confirming transaction judges).
    """

    # Each index costs a booking; those that another one covers, or that nobody asks, are left out.
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="appointments", db_index=False)
    line = models.ForeignKey("offices.Line", models.PROTECT, related_name="appointments", db_index=False)
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=32, default=new_token)
    number = models.CharField(max_length=8, default=new_number)
    day = models.DateField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=Status.choices, default=Status.HELD)
    hold_until = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    moves = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.WEB)
    language = models.CharField(max_length=12, default="fr")
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    booked_by = models.CharField(max_length=20, choices=BookedBy.choices, default=BookedBy.SELF)
    booker_name = models.CharField(max_length=120, blank=True, default="")
    booker_email = models.EmailField(blank=True, default="")
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True, default="")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("book_appointment", "Book, move and cancel for a person"),
            ("check_in_appointment", "Check in a person with an appointment"),
            ("view_appointment", "See the appointments of a day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["token"], name="appointment_token"),
            models.UniqueConstraint(fields=["number"], name="appointment_number"),
            models.CheckConstraint(condition=Q(state__in=Status.values), name="appointment_state_known"),
            models.CheckConstraint(
                condition=(Q(state__in=sorted(FLEETING)) & Q(hold_until__isnull=False))
                | (~Q(state__in=sorted(FLEETING)) & Q(hold_until__isnull=True)),
                name="appointment_hold_ends",
            ),
            models.CheckConstraint(
                condition=~Q(booked_by__in=["relative", "association"]) | ~Q(booker_name="") | Q(state="held"),
                name="appointment_booker_named",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "day", "starts_at"], name="appointment_day"),
            models.Index(fields=["hold_until"], condition=Q(state__in=sorted(FLEETING)), name="appointment_to_expire"),
            models.Index(fields=["starts_at"], condition=Q(state="confirmed"), name="appointment_to_come"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        """Whether the person is expected."""
        return self.state in LIVE


class BookedProcedure(models.Model):
    """One person and one procedure of an appointment.

    ``identity`` is the foreign number, or the passport number with the birth date, in a form that can be compared.
    ``is_live`` follows the appointment's state by a trigger: one live booking a person and procedure, whoever asks.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="booked", db_index=False)
    position = models.PositiveSmallIntegerField()
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+", db_index=False)
    identity = models.CharField(max_length=80)
    family_name = models.CharField(max_length=120)
    given_name = models.CharField(max_length=120, blank=True, default="")
    folded_name = models.CharField(max_length=1000)
    birth_date = models.DateField()
    foreign_number = models.CharField(max_length=10, blank=True, default="")
    passport_number = models.CharField(max_length=20, blank=True, default="")
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="bookings")
    permit = models.ForeignKey("permits.Permit", models.PROTECT, null=True, blank=True, related_name="bookings")
    is_live = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["appointment", "position"], name="booked_one_per_position"),
            models.UniqueConstraint(
                fields=["identity", "procedure"], condition=Q(is_live=True), name="booked_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["permit"], condition=Q(is_live=True, permit__isnull=False), name="booked_once_per_permit"
            ),
            models.CheckConstraint(condition=~Q(identity=""), name="booked_for_somebody"),
        ]
        indexes = [
            models.Index(fields=["identity"], name="booked_identity"),
            models.Index(fields=["folded_name"], name="booked_name", opclasses=["varchar_pattern_ops"]),
        ]

    @property
    def full_name(self) -> str:
        """Given name then family name, as written."""
        return f"{self.given_name} {self.family_name}".strip()
