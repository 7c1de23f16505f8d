"""Every read about seats, appointments, requests and draws."""

from parvis.booking.queries.appointments import (
    appointment,
    appointments,
    by_number,
    by_token,
    for_check_in,
    live_of,
    of_day,
)
from parvis.booking.queries.availability import DayFree, SlotFree, first_free, free_days, free_slots
from parvis.booking.queries.policy import allocation, policy

__all__ = [
    "DayFree",
    "SlotFree",
    "allocation",
    "appointment",
    "appointments",
    "by_number",
    "by_token",
    "first_free",
    "for_check_in",
    "free_days",
    "free_slots",
    "live_of",
    "of_day",
    "policy",
]
