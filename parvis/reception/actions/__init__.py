"""Every use-case of the reception."""

from parvis.reception.actions.appointments import check_in, refuse_bearer
from parvis.reception.actions.arrivals import issue_ticket, redirect, turn_away
from parvis.reception.actions.calls import arrive, call_again, call_next, mark_absent, pick, put_back, resume
from parvis.reception.actions.closing import close_day, purge_holders, purge_priorities
from parvis.reception.actions.counters import (
    answer_help,
    call_for_help,
    close_counter,
    end_break,
    open_counter,
    relieve,
    take_break,
)
from parvis.reception.actions.door_codes import forget_guesses, try_door_code
from parvis.reception.actions.files import attach_file, complete_file, leave_incomplete, open_file, renew_receipt
from parvis.reception.actions.handovers import fail_handover, hand_over
from parvis.reception.actions.policy import set_policy
from parvis.reception.actions.service import add_procedure, finish, give_return, leave, park, transfer

__all__ = [
    "add_procedure",
    "answer_help",
    "arrive",
    "attach_file",
    "call_again",
    "call_for_help",
    "call_next",
    "check_in",
    "close_counter",
    "close_day",
    "complete_file",
    "end_break",
    "fail_handover",
    "finish",
    "forget_guesses",
    "give_return",
    "hand_over",
    "issue_ticket",
    "leave",
    "leave_incomplete",
    "mark_absent",
    "open_counter",
    "open_file",
    "park",
    "pick",
    "purge_holders",
    "purge_priorities",
    "put_back",
    "redirect",
    "refuse_bearer",
    "relieve",
    "renew_receipt",
    "resume",
    "set_policy",
    "take_break",
    "transfer",
    "try_door_code",
    "turn_away",
]
