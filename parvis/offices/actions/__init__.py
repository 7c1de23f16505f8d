"""Every write about the office: its hours, its people, its data."""

from parvis.offices.actions.agents import (
    deactivate,
    give_roles,
    register_agent,
    reset_password,
    set_skills,
    sync_roles,
)
from parvis.offices.actions.openings import cancel_closure, change_opening, close_exceptionally
from parvis.offices.actions.places import load, set_counter_lines
from parvis.offices.actions.shifts import cancel_shift, plan_shift

__all__ = [
    "cancel_closure",
    "cancel_shift",
    "change_opening",
    "close_exceptionally",
    "deactivate",
    "give_roles",
    "load",
    "plan_shift",
    "register_agent",
    "reset_password",
    "set_counter_lines",
    "set_skills",
    "sync_roles",
]
