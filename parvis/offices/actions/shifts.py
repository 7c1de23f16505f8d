"""Plan who works when."""

from datetime import datetime

from parvis.common import clock
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices import rules
from parvis.offices.errors import AgentAlreadyOnDuty, AgentLeft, CounterAlreadyStaffed, CounterOutOfUse, InvalidHours
from parvis.offices.models import Agent, Counter, Shift

_CONSTRAINTS = {
    "shift_agent_in_one_place": AgentAlreadyOnDuty,
    "shift_counter_for_one_agent": CounterAlreadyStaffed,
    "shift_ends_after_it_starts": InvalidHours,
}


@action(constraints=_CONSTRAINTS)
def plan_shift(
    agent: Agent, *, duty: str, starts_at: datetime, ends_at: datetime, by: Actor, counter: Counter | None = None
) -> Shift:
    """Put an agent on duty between two instants, at a counter if at one.

    An agent is in one place, a counter has one agent: the database holds both. Raises ``AgentAlreadyOnDuty``,
    ``CounterAlreadyStaffed``, ``CounterOutOfUse``, ``AgentLeft``, ``AnotherOffice`` and ``InvalidHours``.
    """
    now = clock.now()
    agent = lock(Agent, agent.pk)
    counter = lock(Counter, counter.pk) if counter else None
    if not agent.is_active:
        raise AgentLeft
    if counter:
        rules.check_of_office([counter], agent.office_id)
        if not counter.is_active:
            raise CounterOutOfUse
    shift = Shift.objects.create(
        agent=agent, counter=counter, duty=Shift.Duty(duty), starts_at=starts_at, ends_at=ends_at
    )
    journal.record("shift.planned", shift, by=by, at=now, office=agent.office_id, **_facts(shift))
    return shift


@action()
def cancel_shift(shift: Shift, *, by: Actor) -> None:
    """Take a shift off the plan; one that has begun ends now, and one that is over stays as it was."""
    now = clock.now()
    shift = lock(Shift, shift.pk)
    if shift.ends_at <= now:
        return
    journal.record("shift.cancelled", shift, by=by, at=now, office=shift.agent.office_id, **_facts(shift))
    if shift.starts_at < now:
        shift.ends_at = now
        shift.save(update_fields=["ends_at"])
    else:
        shift.delete()


def _facts(shift: Shift) -> dict[str, object]:
    return {
        "agent": shift.agent_id,
        "counter": shift.counter_id,
        "duty": str(shift.duty),
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
    }
