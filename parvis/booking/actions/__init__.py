"""Every write about seats, appointments, requests and draws."""

from parvis.booking.actions.arriving import check_in, mark_no_shows
from parvis.booking.actions.booking import book, confirm, give_details, send_code_again
from parvis.booking.actions.changing import cancel, move_to
from parvis.booking.actions.contacts import check_proof, prove, send_code
from parvis.booking.actions.expiring import expire_due, remind_due
from parvis.booking.actions.guards import allow, forget_old, new_challenge, spend_challenge
from parvis.booking.actions.holding import hold, hold_again

__all__ = [
    "allow",
    "book",
    "cancel",
    "check_in",
    "check_proof",
    "confirm",
    "expire_due",
    "forget_old",
    "give_details",
    "hold",
    "hold_again",
    "mark_no_shows",
    "move_to",
    "new_challenge",
    "prove",
    "remind_due",
    "send_code",
    "send_code_again",
    "spend_challenge",
]
