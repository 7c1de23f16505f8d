"""Arrivals, tickets, the order of the queue, calls and counters at work."""

import secrets
from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from parvis.reception import states
from parvis.reception.rules import READABLE
from parvis.reception.states import Outcome, Priority, Rank, RedirectReason, ReturnKind, SessionState, Status


def new_token() -> str:
    """An address nobody can guess (128 bits)."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """A short code that can be read aloud: no 0/O, 1/I; 40 bits, valid one day."""
    return "".join(secrets.choice(READABLE) for _ in range(8))


class QueuePolicy(models.Model):
    """The head starts and tolerances of one office, in minutes, as the head of office sets them."""

    office = models.OneToOneField("offices.Office", models.CASCADE, related_name="queue_policy")
    appointment_head_start = models.PositiveSmallIntegerField(default=20)
    priority_head_start = models.PositiveSmallIntegerField(default=60)
    absent_pause = models.PositiveSmallIntegerField(default=3)
    doors_before_opening = models.PositiveSmallIntegerField(default=30)
    printer_host = models.CharField(max_length=200, blank=True)
    printer_port = models.PositiveIntegerField(default=9100)

    class Meta:
        permissions = [("change_policy", "Change head starts and tolerances")]
        default_permissions = ()

    def head_start(self, rank: str) -> timedelta:
        """How far ahead of its reference time a ticket of this class stands."""
        minutes = {Rank.APPOINTMENT: self.appointment_head_start, Rank.PRIORITY: self.priority_head_start}
        return timedelta(minutes=minutes.get(Rank(rank), 0))

    @property
    def largest_head_start(self) -> timedelta:
        """Nobody is overtaken by a person whose reference is later than theirs plus this."""
        return timedelta(minutes=max(self.appointment_head_start, self.priority_head_start))


class CounterSession(models.Model):
    """An agent at a counter, from opening to closing. One open session per counter and per agent."""

    counter = models.ForeignKey("offices.Counter", models.PROTECT, related_name="sessions")
    agent = models.ForeignKey("offices.Agent", models.PROTECT, related_name="sessions")
    state = models.CharField(max_length=10, choices=SessionState.choices, default=SessionState.OPEN)
    opened_at = models.DateTimeField()
    state_since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["counter"], condition=~Q(state="closed"), name="session_one_open_per_counter"
            ),
            models.UniqueConstraint(fields=["agent"], condition=~Q(state="closed"), name="session_one_open_per_agent"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="session_closed_at_when_closed",
            ),
        ]


class Series(models.Model):
    """The last number given under a letter on one day. Its row is locked while a number is taken: no gap, no double."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+")
    day = models.DateField()
    letter = models.CharField(max_length=2)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["office", "day", "letter"], name="series_one_per_letter_and_day")
        ]


class TicketQuerySet(models.QuerySet["Ticket"]):
    def open(self) -> "TicketQuerySet":
        """Tickets that still wait for an outcome."""
        return self.filter(state__in=states.OPEN)

    def in_order(self) -> "TicketQuerySet":
        """The order of the queue: by rank time, then by order of issue."""
        return self.order_by("rank_at", "id")


class Ticket(models.Model):
    """One person's place, bound to them: nobody else can use it.

    ``rank_at`` is ``reference_at`` minus the head start of the ticket's class; the queue is served in its order.
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="tickets")
    day = models.DateField()
    letter = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    token = models.CharField(max_length=32, unique=True, default=new_token)
    line = models.ForeignKey("offices.Line", models.PROTECT, related_name="tickets")
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="tickets")
    holder_name = models.CharField(max_length=120, blank=True)
    holder_born = models.DateField(null=True, blank=True)
    # Who holds it, in a form that can be compared: one open ticket a person and office.
    identity = models.CharField(max_length=160)
    language = models.CharField(max_length=12, default="fr")
    origin = models.CharField(max_length=20)
    priority = models.CharField(max_length=20, choices=Priority.choices, blank=True, default="")
    rank = models.CharField(max_length=12, choices=Rank.choices, default=Rank.WALK_IN)
    appointment_at = models.DateTimeField(null=True, blank=True)
    appointment = models.OneToOneField(
        "booking.Appointment", models.PROTECT, null=True, blank=True, related_name="ticket"
    )
    arrived_at = models.DateTimeField()
    reference_at = models.DateTimeField()
    rank_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=Status.choices, default=Status.WAITING)
    counter = models.ForeignKey("offices.Counter", models.PROTECT, null=True, blank=True, related_name="tickets")
    agent = models.ForeignKey("offices.Agent", models.PROTECT, null=True, blank=True, related_name="+")
    room = models.CharField(max_length=20, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    first_called_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    absences = models.PositiveSmallIntegerField(default=0)
    served_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # What the person was told on arrival, in seconds (P50 and P90); empty when no counter was open.
    told_low = models.PositiveIntegerField(null=True, blank=True)
    told_high = models.PositiveIntegerField(null=True, blank=True)
    told_pace = models.FloatField(default=1)

    objects = TicketQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("issue_ticket", "Issue a ticket"),
            ("call_ticket", "Call and serve at a counter"),
            ("pick_ticket", "Call a person out of order"),
            ("put_back_ticket", "Put a missed person back in the queue"),
            ("give_return", "Give the right to come back"),
            ("close_day", "Close the day"),
            ("view_queue", "See the queue"),
            ("view_admission", "See whether everybody can be received"),
            ("print_ticket", "Print a ticket again"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["office", "day", "letter", "number"], name="ticket_number_once_a_day"),
            models.UniqueConstraint(
                fields=["counter"], condition=Q(state__in=["called", "serving"]), name="ticket_one_per_counter"
            ),
            models.UniqueConstraint(
                fields=["office", "day", "identity"],
                condition=Q(state__in=["waiting", "called", "serving", "parked", "missed"]),
                name="ticket_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["called", "serving"], counter__isnull=False)
                | (~Q(state__in=["called", "serving"]) & Q(counter__isnull=True)),
                name="ticket_counter_while_called_or_served",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "called", "serving", "parked", "missed"], closed_at__isnull=True)
                | (~Q(state__in=["waiting", "called", "serving", "parked", "missed"]) & Q(closed_at__isnull=False)),
                name="ticket_closed_at_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(holder_name=""), name="ticket_bound_to_somebody"
            ),
            models.CheckConstraint(condition=Q(told_pace__gt=0), name="ticket_pace_positive"),
            models.CheckConstraint(condition=Q(rank_at__lte=F("reference_at")), name="ticket_rank_not_after_reference"),
        ]
        indexes = [
            models.Index(fields=["line", "rank_at", "id"], condition=Q(state="waiting"), name="ticket_queue"),
            models.Index(
                fields=["office", "day"],
                condition=Q(state__in=["waiting", "called", "serving", "parked", "missed"]),
                name="ticket_open",
            ),
            models.Index(fields=["office", "day", "id"], name="ticket_day"),
            models.Index(fields=["day"], condition=~Q(priority=""), name="ticket_priority_to_erase"),
        ]

    def __str__(self) -> str:
        return f"{self.letter}{self.number:03d}"

    @property
    def is_open(self) -> bool:
        """Whether the ticket still waits for an outcome."""
        return self.state in states.OPEN


class Step(models.Model):
    """One procedure of a visit, what was done, and the case file it was done on."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    # Service before the person was put aside, in seconds; ``started_at`` is then empty until they are back.
    worked = models.FloatField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    case_file = models.ForeignKey("casefiles.CaseFile", models.SET_NULL, null=True, blank=True, related_name="visits")

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "position"], name="step_one_per_position"),
            models.UniqueConstraint(
                fields=["ticket", "procedure"], condition=Q(outcome=""), name="step_not_twice_to_do"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", done_at__isnull=True) | (~Q(outcome="") & Q(done_at__isnull=False)),
                name="step_done_at_with_outcome",
            ),
        ]


class Call(models.Model):
    """A call shown and spoken in the waiting room; the key gives the order."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="call_log")
    counter = models.ForeignKey("offices.Counter", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_repeat = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["office", "-id"], name="call_latest")]


class HelpCall(models.Model):
    """A counter asks the others to come at once."""

    counter = models.ForeignKey("offices.Counter", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("offices.Agent", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("offices.Agent", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["counter"], condition=Q(answered_at__isnull=True), name="help_one_open_per_counter"
            )
        ]


class Redirection(models.Model):
    """Somebody told, before any ticket, where or when to come instead, and why."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=20, choices=RedirectReason.choices)
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+")
    to_office = models.ForeignKey("offices.Office", models.PROTECT, null=True, related_name="+")
    first_valid_date = models.DateField(null=True)
    language = models.CharField(max_length=12)
    token = models.CharField(max_length=32, unique=True, default=new_token)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["office", "day"], name="redirection_day")]


class ReturnPass(models.Model):
    """The right to come back on a day without losing one's place, used once by a new ticket."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="return_passes")
    kind = models.CharField(max_length=20, choices=ReturnKind.choices)
    code = models.CharField(max_length=12, unique=True, default=new_code)
    valid_on = models.DateField()
    reference_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    used_by = models.OneToOneField(Ticket, models.SET_NULL, null=True, related_name="came_back_with")

    class Meta:
        default_permissions = ()


class ServiceMeasure(models.Model):
    """Durations measured: the services of one procedure finished on one day, their seconds and squared seconds."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+")
    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="measures")
    day = models.DateField()
    services = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    squares = models.FloatField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["office", "procedure", "day"], name="measure_one_per_procedure_and_day")
        ]


class DoorGuesses(models.Model):
    """The wrong door codes that came from one network address since an instant. The address is kept as a digest."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+")
    address = models.CharField(max_length=64)
    since = models.DateTimeField()
    wrong = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["office", "address"], name="door_guesses_one_per_address")]
