"""Set how long the cards of an office wait before a reminder and before they count as unclaimed."""

from parvis.common import clock
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.permits import queries, rules
from parvis.permits.errors import CardPolicyImpossible
from parvis.permits.models import CardPolicy


@action(constraints={"card_policy_in_order": CardPolicyImpossible, "card_policy_within_bounds": CardPolicyImpossible})
def change_policy(office: Office, *, by: Actor, **fields: int) -> CardPolicy:
    """Set the delays of the cards of an office, in days after the announcement; what is not named stays.

    Holds at once for every card in stock, the announced ones too; what is on the list of the unclaimed stays there.
    What it would make due is ``queries.preview_policy``. The journal keeps what each changed delay was and is. Changing
    nothing writes nothing. Raises ``CardPolicyImpossible``.
    """
    now = clock.now()
    office = lock(Office, office.pk)
    policy = queries.policy(office)
    before = {name: getattr(policy, name) for name in rules.BOUNDS}
    rules.check_policy({**before, **fields})
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if not changed:
        return policy
    for name, value in changed.items():
        setattr(policy, name, value)
    policy.save()
    was = {name: before[name] for name in changed}
    journal.record("card_policy.changed", policy, by=by, at=now, office=office.pk, before=was, after=changed)
    return policy
