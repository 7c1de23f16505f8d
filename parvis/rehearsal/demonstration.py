"""The demonstration office: its accounts, its clock, its cards, and where to look."""

import os
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices import actions as offices
from parvis.offices import queries as office_queries
from parvis.offices.models import Agent, Counter, Office, Shift
from parvis.offices.roles import ROLES
from parvis.rehearsal import appointments, cast, holders, scenarios, showcase
from parvis.rehearsal.play import Setting

PASSWORD = "parvis-demo-2017"  # noqa: S105 - printed on purpose; accounts exist in the demonstration alone
FIRST_DAY = date(2017, 12, 11)
MORNING = "08:30"
RATE = 20.0
THURSDAY = 4
SEED = 1
NAMES = {
    "greeter": "Alix Exemple",
    "counter_agent": "Camille Témoin",
    "handover_agent": "Dominique Fictif",
    "case_officer": "Claude Modèle",
    "mail_phone_team": "Sacha Essai",
    "digital_helper": "Lou Spécimen",
    "head_of_office": "Maxime Inventé",
    "press_officer": "Noa Exemple",
    "internal_auditor": "Andrea Témoin",
    "administrator": "Charlie Fictif",
}
SKILLS = {
    "greeter": ("information",),
    "counter_agent": ("filing", "receipts", "licence", "information"),
    "handover_agent": ("handover",),
    "digital_helper": ("digital_point",),
    "head_of_office": ("filing", "receipts", "handover", "licence", "information"),
}
# What each account does on the first day; the simulated agents have the counters.
DUTIES = {
    "greeter": Shift.Duty.DESK,
    "counter_agent": Shift.Duty.COUNTER,
    "handover_agent": Shift.Duty.COUNTER,
    "case_officer": Shift.Duty.BACK_OFFICE,
    "mail_phone_team": Shift.Duty.MAIL_PHONE,
    "digital_helper": Shift.Duty.DIGITAL_POINT,
}
REVIEWERS = ("case_officer", "counter_agent")  # behind closed doors
SHIFT_HOURS = ("08:30", "16:30")
SCREENS = (
    ("Ticket sur un téléphone (QR de la porte)", "/porte/nanterre/"),
    ("Borne", "/borne/nanterre/"),
    ("Prendre rendez-vous", "/rendez-vous/"),
    ("Tirages", "/tirages/"),
    ("Affichage des appels", "/affichage/nanterre/"),
    ("Accueil", "/accueil/"),
    ("Guichets", "/guichet/"),
    ("Instruction", "/instruction/"),
    ("Titres", "/titres/"),
    ("Où en est mon dossier", "/dossier/"),
    ("Rendez-vous pris par les agents", "/aide/"),
    ("Pilotage", "/pilotage/"),
    ("Messages", "/messages/"),
    ("Journal", "/journal/"),
)


class NotADemonstration(BusinessError):
    """This installation is a real office: invented people have no place in it."""

    code = "not_a_demonstration"
    message = _("Cette installation n'est pas une démonstration (PARVIS_DEMO=1) : rien n'a été fait.")
    status = 403


def prepare() -> Office:
    """Make the demonstration office, or find it as it was left; its clock goes on from the last recorded instant.

    Harmless the second time. Raises ``NotADemonstration``.
    """
    check_is_one()
    # All or nothing: an office that was begun and left halfway would be taken for one that was lived in.
    with transaction.atomic():
        office, start = _prepared()
    set_clock(start)
    return office


def _prepared() -> tuple[Office, datetime]:
    last = Entry.objects.order_by("-id").first()
    start = last.at + timedelta(seconds=1) if last else clock.at(FIRST_DAY, MORNING)
    evening = clock.at(FIRST_DAY - timedelta(days=1), "18:00")
    with clock.held(start if last else evening):
        call_command("load_office", verbosity=0, stdout=StringIO())
        call_command("load_procedures", verbosity=0, stdout=StringIO())
        office = Office.objects.get(code=cast.OFFICE)
        if last is None:
            cast.pool_filing_and_receipts(office)
        actors = cast.gather(office)
        _accounts(office)
        if last is None:
            stock(office, FIRST_DAY, actors)
            account = Agent.objects.get(user__username="case_officer")
            staff = showcase.Staff(account, actors.officer, actors.signatory, actors.relief)
            showcase.prepare(office, FIRST_DAY, staff)
            appointments.prepare(office, FIRST_DAY, helper=actors.greeter)
            _plan_first_days(office, actors)
    return office, start


def stock(office: Office, day: date, actors: cast.Cast) -> None:
    """Lay down the files, receipts and cards of the people who will come for them on a day."""
    setting = Setting.of(office, day, scenarios.for_day(day), SEED)
    if setting:
        holders.stock(office, day, setting.crowd(), officer=actors.officer, signatory=actors.signatory)


def check_is_one() -> None:
    """Raise ``NotADemonstration`` unless this installation is one."""
    if not settings.DEMO:
        raise NotADemonstration


def clock_file() -> Path | None:
    """The file that sets the clock of this installation; None when the clock is real or fixed by the environment."""
    text = str(settings.CLOCK)
    return Path(text) if text.startswith(("/", ".")) and "@" not in text else None


def set_clock(start: datetime, *, rate: float = RATE) -> None:
    """From now on every process of the demonstration shows ``start`` and runs at this pace."""
    path = clock_file()
    if path:
        clock.write(path, start=start, rate=rate)


def addresses() -> str:
    """Every screen and every account, ready to print."""
    host = os.environ.get("PARVIS_BIND", "127.0.0.1")
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - read, not bound
    base = f"http://{host}:{os.environ.get('PARVIS_PORT', '8000')}"
    widest = max(len(label) for label, _path in SCREENS)
    screens = [f"  {label:<{widest}}  {base}{path}" for label, path in SCREENS]
    accounts = [f"  {role.code:<18}{role.name!s:<34}{NAMES[role.code]}" for role in ROLES.values()]
    return "\n".join(
        [
            f"Parvis, bureau de démonstration : {base}/",
            "",
            *screens,
            "",
            f"Comptes (mot de passe : {PASSWORD})",
            *accounts,
        ]
    )


def _plan_first_days(office: Office, actors: cast.Cast) -> None:
    """Who works on the first day, and who reviews files on the Thursday after it."""
    accounts = {one.user.username: one for one in office_queries.agents(office) if one.user.username in ROLES}
    helped = office.counters.filter(lines__code="digital_point").order_by("number").first()

    def plan(day: date, agent: Agent, duty: Shift.Duty, counter: Counter | None = None) -> None:
        starts_at, ends_at = (clock.at(day, hour) for hour in SHIFT_HOURS)
        offices.plan_shift(agent, duty=duty, counter=counter, starts_at=starts_at, ends_at=ends_at, by=SYSTEM)

    for counter, agent in actors.seats:
        plan(FIRST_DAY, agent, Shift.Duty.COUNTER, counter)
    for code, duty in DUTIES.items():
        plan(FIRST_DAY, accounts[code], duty, helped if duty == Shift.Duty.DIGITAL_POINT else None)
    thursday = FIRST_DAY + timedelta(days=THURSDAY - FIRST_DAY.isoweekday())
    for agent in (actors.officer, *(accounts[code] for code in REVIEWERS)):
        plan(thursday, agent, Shift.Duty.BACK_OFFICE)


def _accounts(office: Office) -> None:
    """One account a role; those that exist are left as they are.

    The one password is scrambled once, not once an account: that is made to be slow.
    """
    known = set(Agent.objects.filter(user__username__in=list(ROLES)).values_list("user__username", flat=True))
    lines = {line.code: line for line in office_queries.lines(office)}
    for code in ROLES:
        if code not in known:
            offices.register_agent(
                office,
                username=code,
                name=NAMES[code],
                roles=[code],
                lines=[lines[line] for line in SKILLS.get(code, ())],
                by=SYSTEM,
            )
    fresh = get_user_model().objects.filter(username__in=set(ROLES) - known)
    fresh.update(password=make_password(PASSWORD))
