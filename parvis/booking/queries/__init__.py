"""Every read about seats, appointments, requests and draws."""

from parvis.booking.queries.access import AccessPreview, preview_access
from parvis.booking.queries.appointments import (
    appointment,
    appointments,
    booked_for,
    by_number,
    by_token,
    for_check_in,
    has_an_hour,
    is_served_otherwise,
    live_of,
    of_day,
    was_withdrawn,
)
from parvis.booking.queries.availability import DayFree, SlotFree, first_free, free_days, free_slots
from parvis.booking.queries.capacity import (
    PoolFill,
    fill,
    hit_by_closure,
    hit_by_opening_change,
    hit_by_plan_end,
    plan_change,
    plan_history,
    seats_by_week,
)
from parvis.booking.queries.draws import asks_again, draw_days, drawing, first_free_days, is_drawn, unserved
from parvis.booking.queries.policy import allocation, policy

__all__ = [
    "AccessPreview",
    "DayFree",
    "PoolFill",
    "SlotFree",
    "allocation",
    "appointment",
    "appointments",
    "asks_again",
    "booked_for",
    "by_number",
    "by_token",
    "draw_days",
    "drawing",
    "fill",
    "first_free",
    "first_free_days",
    "for_check_in",
    "free_days",
    "free_slots",
    "has_an_hour",
    "hit_by_closure",
    "hit_by_opening_change",
    "hit_by_plan_end",
    "is_drawn",
    "is_served_otherwise",
    "live_of",
    "of_day",
    "plan_change",
    "plan_history",
    "policy",
    "preview_access",
    "seats_by_week",
    "unserved",
    "was_withdrawn",
]
