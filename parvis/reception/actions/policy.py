"""How the queue is ordered: head starts and tolerances, as the head of office sets them."""

from typing import Any

from parvis.common import clock, live
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.reception import queries, rules
from parvis.reception.models import QueuePolicy


@action()
def set_policy(office: Office, *, by: Actor, **fields: Any) -> QueuePolicy:
    """Set head starts, tolerances (minutes) or the ticket printer of an office; fields not named keep their value.

    Holds for the tickets issued from now on: who already waits keeps their place. The journal keeps what each changed
    field was and is. Changing nothing writes nothing. Raises ``InvalidPolicy``.
    """
    now = clock.now()
    rules.check_policy(fields)
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
