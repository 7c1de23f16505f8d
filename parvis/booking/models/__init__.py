"""Seats, appointments, requests and draws."""

from parvis.booking.models.appointments import Appointment, BookedProcedure
from parvis.booking.models.capacity import BookingPolicy, CapacityPlan, Seat, Share, Slot
from parvis.booking.models.draws import AllocationRule, Attempt, Batch, Certificate, Offer, SeatRequest
from parvis.booking.models.guards import Allowance, ContactCheck, SpentChallenge

__all__ = [
    "AllocationRule",
    "Allowance",
    "Appointment",
    "Attempt",
    "Batch",
    "BookedProcedure",
    "BookingPolicy",
    "CapacityPlan",
    "Certificate",
    "ContactCheck",
    "Offer",
    "Seat",
    "SeatRequest",
    "Share",
    "Slot",
    "SpentChallenge",
]
