"""Every use-case of the reception."""

from parvis.reception.actions.appointments import check_in
from parvis.reception.actions.arrivals import issue_ticket, redirect, turn_away
from parvis.reception.actions.calls import arrive, call_again, call_next, mark_absent, pick, put_back, resume
from parvis.reception.actions.closing import close_day, purge_priorities
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
from parvis.reception.actions.policy import set_policy
from parvis.reception.actions.service import add_procedure, finish, give_return, hand_over, leave, park, transfer

__all__ = [
    "add_procedure",
    "answer_help",
    "arrive",
    "call_again",
    "call_for_help",
    "call_next",
    "check_in",
    "close_counter",
    "close_day",
    "end_break",
    "finish",
    "forget_guesses",
    "give_return",
    "hand_over",
    "issue_ticket",
    "leave",
    "mark_absent",
    "open_counter",
    "park",
    "pick",
    "purge_priorities",
    "put_back",
    "redirect",
    "relieve",
    "resume",
    "set_policy",
    "take_break",
    "transfer",
    "try_door_code",
    "turn_away",
]
