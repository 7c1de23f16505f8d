"""How the queue is ordered: head starts and tolerances, as the head of office sets them."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.common import clock, live
from parvis.common.database import action, lock
from parvis.common.errors import BusinessError
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.reception import queries
from parvis.reception.models import QueuePolicy

# Smallest and largest value of each field; all but the port are minutes.
BOUNDS = {
    "appointment_head_start": (0, 240),
    "priority_head_start": (0, 240),
    "late_tolerance": (0, 120),
    "absent_pause": (1, 30),
    "doors_before_opening": (0, 120),
    "printer_port": (1, 65535),
}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,198}[A-Za-z0-9])?")


class InvalidPolicy(BusinessError):
    """A head start, a tolerance or a printer address outside what the office can mean."""

    code = "invalid_policy"
    message = _("Ces réglages ne sont pas possibles : vérifiez les minutes et l'adresse de l'imprimante.")
    status = 422


@action()
def set_policy(office: Office, *, by: Actor, **fields: Any) -> QueuePolicy:
    """Set head starts, tolerances (minutes) or the ticket printer of an office; fields not named keep their value.

    Holds for the tickets issued from now on: who already waits keeps their place. The journal keeps what each changed
    field was and is. Changing nothing writes nothing. Raises ``InvalidPolicy``.
    """
    now = clock.now()
    check_policy(fields)
    office = lock(Office, office.pk)
    policy = queries.policy(office)
    before = {name: getattr(policy, name) for name, value in fields.items() if getattr(policy, name) != value}
    if not before:
        return policy
    after = {name: fields[name] for name in before}
    for name, value in after.items():
        setattr(policy, name, value)
    policy.save()
    journal.record("policy.changed", office, by=by, at=now, office=office.pk, before=before, after=after)
    live.changed(f"office:{office.pk}")
    return policy


def check_policy(fields: dict[str, Any]) -> None:
    """Raise ``InvalidPolicy`` for an unknown field, a number out of bounds, or a host that no network could name."""
    for name, value in fields.items():
        if name == "printer_host":
            possible = isinstance(value, str) and (value == "" or _HOST.fullmatch(value) is not None)
        else:
            low, high = BOUNDS.get(name, (1, 0))
            possible = type(value) is int and low <= value <= high
        if not possible:
            raise InvalidPolicy(field=name)
