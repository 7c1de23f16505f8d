"""What nobody did in time: silence that comes near or has refused, answers that did not come."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef

from parvis.casefiles.actions import moves
from parvis.casefiles.actions.exchanges import end_question
from parvis.casefiles.errors import QuestionOver
from parvis.casefiles.models import CaseFile, Question
from parvis.common import clock
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.models import Office

AT_ONCE = 1000
SILENCE_NEAR = "case_file.silence_near"
SILENCE_PASSED = "case_file.silence_passed"


def warn_due() -> int:
    """Journal once each file that silence will refuse within a month, and once each that it has; how many.

    It is a fact of the calendar and no decision: the file stays where it is, and may still be granted.
    """
    return sum(_warn_all(office) for office in Office.objects.order_by("pk"))


def end_unanswered() -> int:
    """Take up again the files whose person did not answer in time; how many."""
    late = Question.objects.filter(ended_at=None, answer_by__lt=clock.today()).order_by("pk")
    return sum(_end(question) for question in late[:AT_ONCE])


def _warn_all(office: Office) -> int:
    told = 0
    while some := warn_some(office):
        told += some
    return told


@action()
def warn_some(office: Office) -> int:
    """Journal at most a thousand of what is due in an office; the office's row keeps two workers apart."""
    now = clock.now()
    lock(Office, office.pk)
    today = clock.office_day(now)
    near = untold(office, SILENCE_NEAR, warn_on__lte=today, decide_by__gt=today)
    passed = untold(office, SILENCE_PASSED, warn_on__lte=today, decide_by__lte=today)
    _tell(SILENCE_NEAR, near, office, now)
    _tell(SILENCE_PASSED, passed, office, now)
    return len(near) + len(passed)


def untold(office: Office, what: str, **due: date) -> list[CaseFile]:
    """The undecided files of an office that are due and of which this was not said yet, the most urgent first."""
    told = Entry.objects.filter(subject_type=CaseFile._meta.label_lower, subject_id=OuterRef("pk"), what=what)
    rows = CaseFile.objects.undecided().select_related("procedure").filter(~Exists(told), office=office, **due)
    return list(rows.order_by("warn_on", "pk")[:AT_ONCE])


def _tell(what: str, files: list[CaseFile], office: Office, now: datetime) -> None:
    told: list[tuple[CaseFile, dict[str, object]]] = [
        (file, moves.plain({"procedure": file.procedure.code, "until": file.decide_by})) for file in files
    ]
    journal.record_all(what, told, by=SYSTEM, at=now, office=office.pk)


def _end(question: Question) -> bool:
    try:
        end_question(question, by=SYSTEM)
    except QuestionOver:
        return False
    return True
