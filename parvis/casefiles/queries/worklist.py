"""What an officer has before them, and how a file is found at a glance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from parvis.casefiles.models import CaseFile, Skill
from parvis.casefiles.models.numbers import NUMBER
from parvis.casefiles.states import UNDECIDED, WORKABLE, State
from parvis.common import clock, text
from parvis.offices.models import Agent, Office
from parvis.people import queries as people
from parvis.people.models import Person
from parvis.procedures.models import Procedure

MOST_FOUND = 50


def worklist(
    office: Office,
    *,
    officer: Agent | None = None,
    free: bool = False,
    procedures: Sequence[str] = (),
    states: Sequence[str] = (),
    due: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> list[CaseFile]:
    """Files to work on: the nearest legal deadline first, then those without one, each by the day of deposit.

    Those of ``officer``; with ``free`` those that nobody has and that wait for an officer, and of these only the
    procedures that ``officer`` reviews; without either all undecided ones of the office. ``procedures`` are codes.
    ``due`` leaves out those put aside until a day to come. ``after`` is the ``place`` of the last file of the page
    before; a place that was tampered with begins anew.
    """
    found = _listed(office, officer, free=free)
    if procedures:
        codes = Procedure.objects.filter(code__in=procedures).order_by("pk")
        found = found.filter(procedure__in=list(codes.values_list("pk", flat=True)))
    if states:
        found = found.filter(state__in=states)
    if due:
        found = found.filter(Q(held_until=None) | Q(held_until__lte=clock.today()))
    found = found.order_by("decide_by", "deposited_on", "pk")
    deadline, deposited, pk = _read_place(after) or (None, None, 0)
    page: list[int] = []
    # Two runs of one index: a single query over both would have to read them all to say which come last.
    if deposited is None or deadline is not None:
        dated = found.filter(decide_by__isnull=False)
        if deadline is not None and deposited is not None:
            later = Q(decide_by__gt=deadline) | Q(decide_by=deadline) & _behind(deposited, pk)
            dated = dated.filter(later, decide_by__gte=deadline)
        page = list(dated.values_list("pk", flat=True)[:limit])
        deposited = None
    if len(page) < limit:
        undated = found.filter(decide_by=None)
        if deposited is not None:
            undated = undated.filter(_behind(deposited, pk), deposited_on__gte=deposited)
        page += list(undated.values_list("pk", flat=True)[: limit - len(page)])
    return _shown(page)


def _shown(page: list[int]) -> list[CaseFile]:
    """The files of these keys, in this order: joined after the page is cut, or the whole list would be joined first."""
    files = CaseFile.objects.select_related("person", "procedure", "officer").in_bulk(page)
    return [files[pk] for pk in page if pk in files]


def place(case_file: CaseFile) -> str:
    """Where a file stands in the order of the worklist, for an address: ``2018-05-20.2018-01-20.17``."""
    return f"{case_file.decide_by or ''}.{case_file.deposited_on}.{case_file.pk}"


def behind(files: QuerySet[CaseFile], after: str) -> QuerySet[CaseFile]:
    """The files of a list of legal deadlines that stand behind a ``place``; all for one that was tampered with."""
    deadline, deposited, pk = _read_place(after) or (None, None, 0)
    if deadline is None or deposited is None:
        return files
    later = Q(decide_by__gt=deadline) | Q(decide_by=deadline) & _behind(deposited, pk)
    return files.filter(later, decide_by__gte=deadline)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much lies before an officer: theirs, put aside, free for them; near its legal end, and past it."""

    mine: int
    held: int
    free: int
    near: int
    passed: int


def counts(officer: Agent) -> Counts:
    """The numbers on an officer's worklist; ``near`` and ``passed`` are of their own files."""
    today = clock.today()
    mine = _listed(officer.office, officer, free=False)
    passed, running = Q(decide_by__lte=today), Q(decide_by__gt=today, warn_on__lte=today)
    return Counts(
        mine=mine.count(),
        held=mine.filter(held_until__gt=today).count(),
        free=_listed(officer.office, officer, free=True).count(),
        near=mine.filter(running).count(),
        passed=mine.filter(passed).count(),
    )


def search(office: Office, typed: str, *, birth_date: date | None = None) -> list[CaseFile]:
    """At most fifty files of an office: by number of file or receipt, former number, foreign number, passport or name.

    A name is best typed with the day of birth (``Exemple 12/03/1985``), which alone also finds. The open files come
    first, then the latest.
    """
    words = text.clean(typed, limit=250)
    close = "".join(words.split()).upper()
    files = CaseFile.objects.filter(office=office).select_related("person", "procedure", "officer")
    if NUMBER.fullmatch(close):
        by_number = Q(number=close) if close.startswith("D") else Q(receipts__number=close)
        if found := list(files.filter(by_number)[:1]):
            return found
    persons = _persons(words, close, birth_date)
    # Asked apart: one question with OR would read the whole table.
    theirs = list(files.filter(person__in=persons).order_by("-deposited_on", "-pk")[:MOST_FOUND]) if persons else []
    former = list(files.filter(former_number=words).order_by("pk")[:1]) if words else []
    return former + [file for file in sorted(theirs, key=lambda file: not file.is_open) if file not in former]


def _persons(words: str, close: str, birth_date: date | None) -> list[Person]:
    """Who may be meant: the one of a foreign number, those of a passport, else those of a name and a day of birth."""
    known = people.by_foreign_number(words)
    found = [known] if known else []
    if any(character.isdigit() for character in close):
        found += list(Person.objects.filter(passport_number=close[:20]).order_by("pk")[:MOST_FOUND])
    if found:
        return found
    words, written = _without_day(words)
    born = birth_date or written
    return people.find(name=words, birth_date=born)


def _without_day(words: str) -> tuple[str, date | None]:
    """What was typed without the day that it may hold (``12/03/1985``, ``1985-03-12``), and that day."""
    for pattern in (r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})", r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"):
        if written := re.search(pattern, words, re.ASCII):
            try:
                day = date(int(written["y"]), int(written["m"]), int(written["d"]))
            except ValueError:
                continue
            return words.replace(written[0], " "), day
    return words, None


def _listed(office: Office, officer: Agent | None, *, free: bool) -> QuerySet[CaseFile]:
    if not free:
        undecided = CaseFile.objects.filter(state__in=sorted(UNDECIDED))
        return undecided.filter(officer=officer) if officer else undecided.filter(office=office)
    found = CaseFile.objects.filter(office=office, officer=None, state__in=sorted(WORKABLE))
    skills = [procedure.pk for procedure in reviewed_by(officer)] if officer else []
    return found.filter(procedure__in=skills) if skills else found


def reviewed_by(officer: Agent) -> list[Procedure]:
    """The procedures that an officer reviews; empty when all of them."""
    return list(Procedure.objects.filter(pk__in=Skill.objects.filter(agent=officer).values("procedure")).order_by("pk"))


def _behind(deposited: date, pk: int) -> Q:
    return Q(deposited_on__gt=deposited) | Q(deposited_on=deposited, pk__gt=pk)


def _read_place(after: str | None) -> tuple[date | None, date, int] | None:
    deadline, _, rest = (after or "").partition(".")
    deposited, _, pk = rest.partition(".")
    try:
        return (date.fromisoformat(deadline) if deadline else None, date.fromisoformat(deposited), int(pk[:18]))
    except ValueError:
        return None


def silent(office: Office) -> QuerySet[CaseFile]:
    """The undecided files whose legal delay has passed: the law reads the silence as a refusal, nobody decided it."""
    return _by_deadline(office).filter(decide_by__lte=clock.today())


def near_silence(office: Office) -> QuerySet[CaseFile]:
    """The undecided files whose legal delay ends within a month, the nearest first."""
    today = clock.today()
    return _by_deadline(office).filter(decide_by__gt=today, warn_on__lte=today)


def not_brought(office: Office) -> QuerySet[CaseFile]:
    """The files still incomplete after the day that their slip gave, the one longest past first."""
    files = CaseFile.objects.filter(office=office, state=State.INCOMPLETE, missing_by__lt=clock.today())
    return files.select_related("person", "procedure", "officer").order_by("missing_by", "pk")


def _by_deadline(office: Office) -> QuerySet[CaseFile]:
    files = CaseFile.objects.filter(office=office, state__in=sorted(UNDECIDED))
    return files.select_related("person", "procedure", "officer").order_by("decide_by", "deposited_on", "pk")
