"""Who works at the office and what each may do."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError

from parvis.common import clock
from parvis.common.database import action, lock
from parvis.common.text import clean
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM, Actor
from parvis.offices import rules
from parvis.offices.errors import AgentLeft, InvalidAccount, UnknownRole, UsernameTaken
from parvis.offices.models import Agent, Line, Office
from parvis.offices.roles import ROLES


@action()
def sync_roles() -> tuple[str, ...]:
    """Write the ready roles as groups with exactly their permissions; the permissions that do not exist (yet)."""
    now = clock.now()
    wanted = {permission for role in ROLES.values() for permission in role.permissions}
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in ROLES.values():
        group, _created = Group.objects.get_or_create(name=role.code)
        held = set(group.permissions.values_list("pk", flat=True))
        given = {known[name].pk: name for name in role.permissions if name in known}
        if held == set(given):
            continue
        group.permissions.set(given)
        journal.record(
            "role.changed", group, by=SYSTEM, at=now, office=None, role=role.code, permissions=sorted(given.values())
        )
    return tuple(sorted(wanted - set(known)))


@action(constraints={"auth_user_username_key": UsernameTaken})
def register_agent(
    office: Office,
    *,
    username: str,
    name: str,
    roles: Iterable[str],
    by: Actor,
    lines: Iterable[Line] = (),
    password: str = "",
) -> Agent:
    """Open an account for somebody who begins to work at the office, with roles and skills (the lines they can serve).

    Without a password the account cannot sign in until one is set. Raises ``UsernameTaken``, ``InvalidAccount``,
    ``UnknownRole`` and ``AnotherOffice``.
    """
    now = clock.now()
    skills, codes = list(lines), sorted(set(roles))
    rules.check_of_office(skills, office.pk)
    groups = _groups(codes)
    agent = Agent(office=office, name=clean(name, limit=120))
    user = get_user_model()(username=username)
    try:
        user.clean_fields(exclude=["password"])
        agent.clean_fields(exclude=["user"])
    except ValidationError as error:
        raise InvalidAccount from error
    user.set_password(password or None)
    user.save()
    user.groups.set(groups)
    agent.user = user
    agent.save()
    agent.lines.set(skills)
    skilled = [line.pk for line in skills]
    journal.record("agent.registered", agent, by=by, at=now, office=office.pk, roles=codes, lines=skilled)
    return agent


@action()
def give_roles(agent: Agent, *, roles: Iterable[str], by: Actor) -> Agent:
    """Give an agent these roles and no other. Raises ``UnknownRole``."""
    now = clock.now()
    codes = sorted(set(roles))
    agent = lock(Agent, agent.pk)
    before = sorted(agent.user.groups.values_list("name", flat=True))
    agent.user.groups.set(_groups(codes))
    if before != codes:
        journal.record("agent.roles_changed", agent, by=by, at=now, office=agent.office_id, before=before, after=codes)
    return agent


@action()
def set_skills(agent: Agent, *, lines: Iterable[Line], by: Actor) -> Agent:
    """Say which lines an agent can serve. Raises ``AnotherOffice``."""
    now = clock.now()
    skills = list(lines)
    agent = lock(Agent, agent.pk)
    rules.check_of_office(skills, agent.office_id)
    agent.lines.set(skills)
    skilled = [line.pk for line in skills]
    journal.record("agent.skills_changed", agent, by=by, at=now, office=agent.office_id, lines=skilled)
    return agent


@action()
def reset_password(agent: Agent, *, password: str, by: Actor) -> Agent:
    """Give a new first password to somebody who forgot theirs or lost the telephone of their second factor.

    Every open session of the account ends, and the second factor with its recovery codes is taken off: it is set up
    again after signing in. Raises ``AgentLeft``.
    """
    now = clock.now()
    agent = lock(Agent, agent.pk)
    if not agent.is_active:
        raise AgentLeft
    agent.user.set_password(password)
    agent.user.save(update_fields=["password"])
    removed = Authenticator.objects.filter(user=agent.user).delete()[0]
    journal.record(
        "agent.password_reset", agent, by=by, at=now, office=agent.office_id, second_factor_removed=removed > 0
    )
    return agent


@action()
def deactivate(agent: Agent, *, by: Actor) -> Agent:
    """Close the account of somebody who leaves: signed out at the next request, later shifts taken off the plan.

    Their past stays: the journal refers to agents for ever. Harmless the second time.
    """
    now = clock.now()
    agent = lock(Agent, agent.pk)
    if not agent.is_active:
        return agent
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    agent.user.is_active = False
    agent.user.save(update_fields=["is_active"])
    removed = agent.shifts.filter(starts_at__gt=now).delete()[0]
    agent.shifts.filter(ends_at__gt=now).update(ends_at=now)
    journal.record("agent.left", agent, by=by, at=now, office=agent.office_id, shifts_removed=removed)
    return agent


def _groups(codes: list[str]) -> list[Group]:
    if unknown := [code for code in codes if code not in ROLES]:
        raise UnknownRole(roles=unknown)
    if Group.objects.filter(name__in=codes).count() < len(codes):
        sync_roles()
    return list(Group.objects.filter(name__in=codes).order_by("pk"))
