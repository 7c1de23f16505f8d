"""The office: its lines, counters, opening hours with their history, agents and shifts."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.common.text import in_language
from parvis.offices.ranges import DayRange, HourRange, InstantRange


class Office(models.Model):
    """A place that receives the public: a prefecture's bureau or a sub-prefecture (source: FAQ92)."""

    class Kind(models.TextChoices):
        PREFECTURE = "prefecture", _("Préfecture")
        SUB_PREFECTURE = "sub_prefecture", _("Sous-préfecture")

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    names = models.JSONField(default=dict)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("change_opening", "Change the opening hours and declare closures"),
            ("manage_agents", "Register agents and give them roles"),
            ("plan_shifts", "Plan shifts and say what each counter serves"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language being spoken."""
        return in_language(self.names)


class Commune(models.Model):
    """A commune and the office that serves the people who live there (source: FAQ92 and INSEE codes)."""

    insee = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=80)
    postcodes = models.JSONField(default=list)
    office = models.ForeignKey(Office, models.PROTECT, related_name="communes")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """One queue of an office, with the letter that its tickets carry."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="lines")
    code = models.SlugField(max_length=30)
    letter = models.CharField(max_length=1)
    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["office", "code"], name="line_code_once"),
            models.UniqueConstraint(fields=["office", "letter"], name="line_letter_once"),
            models.CheckConstraint(condition=Q(letter__regex="^[A-Z]$"), name="line_letter_is_a_capital"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language being spoken."""
        return in_language(self.names)


class Counter(models.Model):
    """A counter of the office and the lines it takes people from."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="counters")
    number = models.PositiveSmallIntegerField()
    lines = models.ManyToManyField(Line, related_name="counters")
    is_active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["office", "number"], name="counter_number_once")]

    def __str__(self) -> str:
        return str(self.number)


class Agent(models.Model):
    """Somebody who works at the office; acts in the journal under this key. Roles are the groups of the account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="agent")
    office = models.ForeignKey(Office, models.PROTECT, related_name="agents")
    name = models.CharField(max_length=120)
    lines = models.ManyToManyField(Line, related_name="agents", blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def agent_id(self) -> int:
        return self.pk

    @property
    def origin(self) -> str:
        return "agent"

    def can(self, permission: str) -> bool:
        """Whether a role of this agent includes ``app.codename``; somebody who has left can do nothing."""
        return self.is_active and self.user.has_perm(permission)


class Shift(models.Model):
    """When an agent works, at what, and at which counter if at one."""

    class Duty(models.TextChoices):
        COUNTER = "counter", _("Guichet")
        DESK = "desk", _("Accueil")
        DIGITAL_POINT = "digital_point", _("Point numérique")
        MAIL_PHONE = "mail_phone", _("Courriels et téléphone")
        BACK_OFFICE = "back_office", _("Instruction")

    agent = models.ForeignKey(Agent, models.PROTECT, related_name="shifts")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="shifts", null=True, blank=True)
    duty = models.CharField(max_length=20, choices=Duty)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="shift_time")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"),
            ExclusionConstraint(
                name="shift_agent_in_one_place",
                expressions=[
                    (F("agent"), RangeOperators.EQUAL),
                    (InstantRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="shift_counter_for_one_agent",
                expressions=[
                    (F("counter"), RangeOperators.EQUAL),
                    (InstantRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(counter__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.starts_at:%Y-%m-%d %H:%M} {self.duty}"


class OpeningWindowQuerySet(models.QuerySet["OpeningWindow"]):
    def in_force(self, day: date) -> "OpeningWindowQuerySet":
        """The windows of this day's weekday that hold on this day, earliest first."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day), weekday=day.isoweekday(), valid_from__lte=day
        ).order_by("line_id", "opens")


class OpeningWindow(models.Model):
    """Hours at which a line receives the public on a weekday (1 is Monday), between two days, both included.

    Rows are never rewritten: a change gives the old window its last day and adds a new one. A window withdrawn before
    its first day ends the day before it begins, so it never holds. ``ended_because`` says to the public, in each
    language, why the window ended when nothing replaced it (source: S, the Thursday closure).
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="opening_windows")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    ended_because = models.JSONField(default=dict, blank=True)

    objects = OpeningWindowQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["line", "weekday", "valid_from"], name="opening_line_weekday")]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="opening_weekday_exists"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="opening_closes_after_it_opens"),
            ExclusionConstraint(
                name="opening_windows_apart",
                expressions=[
                    (F("line"), RangeOperators.EQUAL),
                    (F("weekday"), RangeOperators.EQUAL),
                    (DayRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                    (HourRange("opens", "closes"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M} {self.valid_from}/{self.valid_to}"


class ClosureQuerySet(models.QuerySet["Closure"]):
    def reaching(self, line: Line) -> "ClosureQuerySet":
        """The closures that name this line of their office, and those that name none."""
        return self.filter(Q(lines=line) | Q(lines__isnull=True))


class Closure(models.Model):
    """A day on which an office does not open although its hours say so: some lines, or all when none is named."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="closures")
    day = models.DateField()
    reason = models.JSONField(default=dict)
    lines = models.ManyToManyField(Line, related_name="closures", blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["office", "day"], name="closure_office_day")]

    def __str__(self) -> str:
        return f"{self.office} {self.day}"
