"""Where each role works."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.urls import reverse

# The first role that somebody holds decides.
_HOMES = (
    ("head_of_office", "steering:home"),
    ("counter_agent", "counter:home"),
    ("handover_agent", "counter:home"),
    ("digital_helper", "counter:home"),
    ("greeter", "desk:home"),
    ("case_officer", "casework:home"),
    ("mail_phone_team", "helpdesk:home"),
    ("internal_auditor", "audit:home"),
    ("administrator", "steering:agents"),
)


def home_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """The address at which this person begins the day; their account page when their role has no screen yet."""
    held = set(user.groups.values_list("name", flat=True)) if isinstance(user, User) else set()
    for role, name in _HOMES:
        if role in held:
            return reverse(name)
    return reverse("account_me")
