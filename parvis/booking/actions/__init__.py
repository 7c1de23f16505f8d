"""Every write about seats, appointments, requests and draws."""

from parvis.booking.actions.arriving import check_in, expect_again, mark_no_shows
from parvis.booking.actions.booking import book, book_again, confirm, give_details, send_code_again
from parvis.booking.actions.certificates import issue_certificate
from parvis.booking.actions.changing import cancel, move_to
from parvis.booking.actions.contacts import check_proof, prove, send_code
from parvis.booking.actions.draws import close_batch, draw, open_batch, run_due
from parvis.booking.actions.expiring import expire_due, remind_due
from parvis.booking.actions.freeing import free_what_no_draw_gives
from parvis.booking.actions.guards import allow, forget_old, new_challenge, spend_challenge
from parvis.booking.actions.holding import hold, hold_again
from parvis.booking.actions.offers import expire_offers, offer_idle_seats, offer_next, refuse_offer, take_offer
from parvis.booking.actions.openings import cancel_closure, change_opening, close_exceptionally
from parvis.booking.actions.plans import add_plan, change_plan, end_plan, load_plans
from parvis.booking.actions.policies import change_access, change_allocation, change_policy
from parvis.booking.actions.reaching import correct_contact, remind_of_window, send_links
from parvis.booking.actions.requests import confirm_ground, refuse_ground, request, request_again, withdraw_request
from parvis.booking.actions.slots import make_slots
from parvis.booking.actions.summons import (
    book_handover,
    remind_of_card,
    remind_of_cards,
    send_cards_back,
    summon,
    summon_all,
    summon_due,
)

__all__ = [
    "add_plan",
    "allow",
    "book",
    "book_again",
    "book_handover",
    "cancel",
    "cancel_closure",
    "change_access",
    "change_allocation",
    "change_opening",
    "change_plan",
    "change_policy",
    "check_in",
    "check_proof",
    "close_batch",
    "close_exceptionally",
    "confirm",
    "confirm_ground",
    "correct_contact",
    "draw",
    "end_plan",
    "expect_again",
    "expire_due",
    "expire_offers",
    "forget_old",
    "free_what_no_draw_gives",
    "give_details",
    "hold",
    "hold_again",
    "issue_certificate",
    "load_plans",
    "make_slots",
    "mark_no_shows",
    "move_to",
    "new_challenge",
    "offer_idle_seats",
    "offer_next",
    "open_batch",
    "prove",
    "refuse_ground",
    "refuse_offer",
    "remind_due",
    "remind_of_card",
    "remind_of_cards",
    "remind_of_window",
    "request",
    "request_again",
    "run_due",
    "send_cards_back",
    "send_code",
    "send_code_again",
    "send_links",
    "spend_challenge",
    "summon",
    "summon_all",
    "summon_due",
    "take_offer",
    "withdraw_request",
]
