"""Every use-case of case files."""

from parvis.casefiles.actions.at_desk import issue_receipt_read, receive, tick_and_slip
from parvis.casefiles.actions.batches import BatchResult, give, propose_all, sign_all
from parvis.casefiles.actions.completeness import give_slip, tick
from parvis.casefiles.actions.deciding import close, propose, reopen, send_back, sign
from parvis.casefiles.actions.exchanges import (
    answer,
    ask_opinion,
    ask_person,
    end_question,
    record_committee,
    record_opinion,
    refer_to_committee,
    send_document,
)
from parvis.casefiles.actions.files import correct, deposit
from parvis.casefiles.actions.importing import check_import, export, run_import
from parvis.casefiles.actions.receipts import issue_receipt, renew_receipt, tell_ending
from parvis.casefiles.actions.stock import keep_day, keep_days
from parvis.casefiles.actions.watching import end_unanswered, warn_due
from parvis.casefiles.actions.work import hold, let_go, note, resume, set_reviewed, take

__all__ = [
    "BatchResult",
    "answer",
    "ask_opinion",
    "ask_person",
    "check_import",
    "close",
    "correct",
    "deposit",
    "end_question",
    "end_unanswered",
    "export",
    "give",
    "give_slip",
    "hold",
    "issue_receipt",
    "issue_receipt_read",
    "keep_day",
    "keep_days",
    "let_go",
    "note",
    "propose",
    "propose_all",
    "receive",
    "record_committee",
    "record_opinion",
    "refer_to_committee",
    "renew_receipt",
    "reopen",
    "resume",
    "run_import",
    "send_back",
    "send_document",
    "set_reviewed",
    "sign",
    "sign_all",
    "take",
    "tell_ending",
    "tick",
    "tick_and_slip",
    "warn_due",
]
