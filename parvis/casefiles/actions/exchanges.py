"""What is asked of others: the person, with a link to send documents; a body outside; the committee."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from parvis.casefiles import queries
from parvis.casefiles.actions import moves
from parvis.casefiles.actions.telling import tell
from parvis.casefiles.actions.work import paragraphs
from parvis.casefiles.errors import (
    CommitteeTooSoon,
    DateImpossible,
    QuestionOver,
    ReasonMissing,
    SendingOfWrongKind,
    SendingTooLarge,
    TooManySendings,
    UnknownDocument,
)
from parvis.casefiles.models import CaseFile, Committee, Opinion, Question, SentDocument
from parvis.casefiles.rules import committee_window
from parvis.casefiles.states import OpinionBody, State
from parvis.common import clock, text
from parvis.common.database import action, lock
from parvis.common.errors import IllegalMove
from parvis.journal import actions as journal
from parvis.journal.actions import PHONE, Actor

TO_ANSWER = timedelta(days=30)
LONGEST = timedelta(days=366)
MOST_BYTES = 10_000_000
MOST_SENT = 20
_SIGNS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@action(constraints={"question_one_open": IllegalMove})
def ask_person(
    case_file: CaseFile,
    *,
    text: str,
    documents: Sequence[str] = (),
    answer_by: date | None = None,
    by: Actor,
    seen: int | None = None,
) -> Question:
    """Ask the person for documents or a word, with a link and a day; they are told once this is committed.

    The legal delay runs on. Raises ``ReasonMissing`` when nothing is asked, ``UnknownDocument``, ``DateImpossible``,
    ``NotYourFile``, ``FileChanged``, ``IllegalMove``.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    moves.check_hands(file, by)
    words = paragraphs(text)
    if not words and not documents:
        raise ReasonMissing
    if not {one.document.code for one in queries.list_for(file)}.issuperset(documents):
        raise UnknownDocument
    day = _coming(answer_by or clock.office_day(now) + TO_ANSWER, now)
    facts = {"until": day, "documents": len(documents)}
    moves.become(file, State.INFORMATION_REQUESTED, by=by, now=now, facts=facts)
    question = Question.objects.create(
        case_file=file, text=words, documents=list(documents), asked_at=now, agent_id=by.agent_id, answer_by=day
    )
    tell([file], "casefiles.asked", now=now, once=str(question.pk), question=question.pk)
    return question


@action()
def send_document(question: Question, *, name: str, content: bytes, code: str = "") -> SentDocument:
    """Keep a document that the person sent by their link; the same bytes again are the same document.

    Raises ``QuestionOver``, ``SendingTooLarge``, ``SendingOfWrongKind``, ``TooManySendings``, ``UnknownDocument``.
    """
    now = clock.now()
    media_type = sending_kind(content)
    question = lock(Question, question.pk)
    _check_open(question, now)
    if code and code not in question.documents:
        raise UnknownDocument
    fingerprint = hashlib.sha256(content).hexdigest()
    if known := SentDocument.objects.filter(question=question, fingerprint=fingerprint).first():
        return known
    if sent_count(question) >= MOST_SENT:
        raise TooManySendings
    made = SentDocument.objects.create(
        question=question,
        code=code,
        name=_file_name(name),
        media_type=media_type,
        size=len(content),
        fingerprint=fingerprint,
        content=content,
        at=now,
    )
    file = question.case_file
    facts = {"code": code, "kind": media_type, "bytes": len(content)}
    journal.record("case_file.document_sent", file, by=PHONE, at=now, office=file.office_id, **facts)
    return made


def sent_count(question: Question) -> int:
    """How many documents came by this link."""
    return SentDocument.objects.filter(question=question).count()


def sending_kind(content: bytes) -> str:
    """What a document is by its first bytes, whatever its name says. Raises what ``send_document`` raises of it."""
    if len(content) > MOST_BYTES:
        raise SendingTooLarge
    for sign, media_type in _SIGNS.items():
        if content.startswith(sign):
            return media_type
    raise SendingOfWrongKind


@action()
def answer(question: Question, *, text: str, by: Actor = PHONE) -> CaseFile:
    """The person has answered, with a word or with what they sent: the file is under review again.

    Raises ``ReasonMissing`` for neither word nor document, ``QuestionOver``.
    """
    now = clock.now()
    file = moves.locked(question.case_file)
    question = lock(Question, question.pk)
    # The day closes the link of the person; what an officer heard on the telephone is noted whenever it came.
    _check_open(question, now if by.agent_id is None else None)
    words = paragraphs(text)
    if not words and not SentDocument.objects.filter(question=question).exists():
        raise ReasonMissing
    return _ended(file, question, by=by, now=now, answer=words)


@action()
def end_question(question: Question, *, by: Actor) -> CaseFile:
    """Await the answer no more: it came another way, or its day has passed. Raises ``QuestionOver``."""
    now = clock.now()
    file = moves.locked(question.case_file)
    question = lock(Question, question.pk)
    if question.ended_at is not None:
        raise QuestionOver
    return _ended(file, question, by=by, now=now)


@action(constraints={"opinion_one_open": IllegalMove})
def ask_opinion(case_file: CaseFile, body: OpinionBody, due_on: date, *, by: Actor, seen: int | None = None) -> Opinion:
    """Ask a body outside for its opinion until a day; several bodies may be asked, each once at a time.

    Raises ``DateImpossible``, ``NotYourFile``, ``FileChanged``, ``IllegalMove``.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    moves.check_hands(file, by)
    facts = {"body": str(body), "until": _coming(due_on, now)}
    if file.state == State.OPINION_PENDING:
        if Opinion.objects.filter(case_file=file, body=body, received_at=None).exists():
            raise IllegalMove(old=file.state, new=State.OPINION_PENDING)
        moves.change(file, "opinion_asked", by=by, now=now, facts=moves.plain(facts))
    else:
        moves.become(file, State.OPINION_PENDING, by=by, now=now, facts=facts)
    return Opinion.objects.create(case_file=file, body=body, asked_at=now, due_on=due_on)


@action()
def record_opinion(opinion: Opinion, *, is_favourable: bool | None, text: str = "", by: Actor) -> CaseFile:
    """Write the opinion that came, or that none came (``is_favourable`` None) and the file goes on without it.

    The last one awaited puts the file under review again. Raises ``IllegalMove``.
    """
    now = clock.now()
    file = moves.locked(opinion.case_file)
    opinion = lock(Opinion, opinion.pk)
    if opinion.received_at is not None or file.state != State.OPINION_PENDING:
        raise IllegalMove(old=file.state, new=State.UNDER_REVIEW)
    opinion.received_at, opinion.is_favourable, opinion.text = now, is_favourable, paragraphs(text)
    opinion.save(update_fields=["received_at", "is_favourable", "text"])
    facts = {"body": opinion.body, "is_favourable": is_favourable}
    if Opinion.objects.filter(case_file=file, received_at=None).exists():
        moves.change(file, "opinion_received", by=by, now=now, facts=facts)
        return file
    return moves.become(file, State.UNDER_REVIEW, by=by, now=now, facts=facts)


@action(constraints={"committee_one_open": IllegalMove})
def refer_to_committee(
    case_file: CaseFile, *, summoned_on: date, meets_on: date, by: Actor, seen: int | None = None
) -> Committee:
    """Seize the residence-permit committee; the person is summoned in writing (L312-2, R312-7; source C17).

    Raises ``CommitteeTooSoon`` when fewer than fifteen days lie between, ``DateImpossible`` beyond three months or
    for a summons of the past, ``NotYourFile``, ``FileChanged``, ``IllegalMove``.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    moves.check_hands(file, by)
    today = clock.office_day(now)
    window = committee_window(today, summoned_on)
    if summoned_on < today or meets_on > window.closes:
        raise DateImpossible
    if meets_on < window.opens:
        raise CommitteeTooSoon
    facts = {"summoned_on": summoned_on, "meets_on": meets_on}
    moves.become(file, State.COMMITTEE_REFERRAL, by=by, now=now, facts=facts)
    made = Committee.objects.create(case_file=file, referred_on=today, summoned_on=summoned_on, meets_on=meets_on)
    tell([file], "casefiles.committee", now=now, once=str(made.pk), on_paper=True, committee=made.pk)
    return made


@action()
def record_committee(committee: Committee, *, is_favourable: bool, text: str = "", by: Actor) -> CaseFile:
    """Write what the committee said; the file is under review again.

    Raises ``DateImpossible`` before it met, ``IllegalMove`` when it was written already.
    """
    now = clock.now()
    file = moves.locked(committee.case_file)
    committee = lock(Committee, committee.pk)
    if committee.heard_at is not None:
        raise IllegalMove(old=file.state, new=State.UNDER_REVIEW)
    if clock.office_day(now) < committee.meets_on:
        raise DateImpossible
    committee.heard_at, committee.is_favourable, committee.text = now, is_favourable, paragraphs(text)
    committee.save(update_fields=["heard_at", "is_favourable", "text"])
    facts = {"is_favourable": is_favourable}
    return moves.become(file, State.UNDER_REVIEW, by=by, now=now, facts=facts)


def _ended(file: CaseFile, question: Question, *, by: Actor, now: datetime, answer: str | None = None) -> CaseFile:
    question.ended_at = now
    if answer is not None:
        question.answer, question.answered_at = answer, now
    question.save(update_fields=["ended_at", "answer", "answered_at"])
    facts = {"answered": answer is not None, "question": question.pk}
    return moves.become(file, State.UNDER_REVIEW, by=by, now=now, facts=facts)


def _check_open(question: Question, now: datetime | None) -> None:
    if question.ended_at is not None or (now and clock.office_day(now) > question.answer_by):
        raise QuestionOver


def _coming(day: date, now: datetime) -> date:
    today = clock.office_day(now)
    if not today < day <= today + LONGEST:
        raise DateImpossible
    return day


def _file_name(name: str) -> str:
    return text.clean(name.replace("\\", "/").rsplit("/", 1)[-1], limit=120) or "document"
