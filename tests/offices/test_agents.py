"""Who works at the office: roles as permissions, accounts, shifts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db.models import QuerySet

from parvis.common import clock
from parvis.journal import queries as journal
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices import actions, queries
from parvis.offices.errors import (
    AgentAlreadyOnDuty,
    AgentLeft,
    AnotherOffice,
    CounterAlreadyStaffed,
    CounterOutOfUse,
    InvalidAccount,
    InvalidHours,
    UnknownRole,
    UsernameTaken,
)
from parvis.offices.models import Agent, Counter, Shift
from parvis.offices.roles import ROLES
from tests.offices.factories import AgentFactory, CounterFactory, LineFactory, OfficeFactory, ShiftFactory, UserFactory

pytestmark = pytest.mark.django_db
NINE = clock.at(date(2017, 12, 11), "09:00")
NOON, FOUR = NINE + timedelta(hours=3), NINE + timedelta(hours=7)


@pytest.fixture(autouse=True)
def _eight_o_clock() -> Any:
    with clock.held(NINE - timedelta(hours=1)):
        yield


def named(permissions: QuerySet[Permission]) -> set[str]:
    """These permissions as ``app.codename``."""
    return {f"{row.content_type.app_label}.{row.codename}" for row in permissions.select_related("content_type")}


class TestRoles:
    def test_there_are_ten_ready_roles_each_with_a_name(self) -> None:
        assert set(ROLES) == {
            "greeter",
            "counter_agent",
            "handover_agent",
            "case_officer",
            "mail_phone_team",
            "digital_helper",
            "head_of_office",
            "press_officer",
            "internal_auditor",
            "administrator",
        }
        assert all(str(role.name) for role in ROLES.values())
        assert all(len(set(role.permissions)) == len(role.permissions) for role in ROLES.values())

    def test_roles_become_groups_with_what_exists_and_tell_what_is_missing(self) -> None:
        missing = actions.sync_roles()
        existing = {
            f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")
        }
        for role in ROLES.values():
            held = Group.objects.get(name=role.code).permissions.all()
            assert named(held) == set(role.permissions) & existing
        assert not set(missing) & existing
        assert not [name for name in missing if name.startswith(("offices.", "journal."))]

    def test_a_permission_added_by_hand_is_taken_away_and_journaled(self) -> None:
        actions.sync_roles()
        press = Group.objects.get(name="press_officer")
        press.permissions.add(Permission.objects.get(codename="search_journal"))
        actions.sync_roles()
        assert not press.permissions.filter(codename="search_journal").exists()
        last = journal.about(press).last()
        assert last is not None
        assert last.facts["role"] == "press_officer"

    def test_writing_the_roles_twice_writes_once(self) -> None:
        actions.sync_roles()
        before = Entry.objects.count()
        actions.sync_roles()
        assert Entry.objects.count() == before

    def test_an_agent_can_what_a_role_includes_and_nothing_else(self) -> None:
        auditor = AgentFactory(roles=["internal_auditor"])
        assert auditor.can("journal.search_journal")
        assert not auditor.can("offices.change_opening")

    def test_nobody_who_administers_or_speaks_to_the_press_sees_a_person(self) -> None:
        for code in ("administrator", "press_officer", "internal_auditor", "digital_helper"):
            assert not [name for name in ROLES[code].permissions if name.startswith(("people.", "permits."))]

    def test_whoever_calls_at_a_counter_issues_no_ticket(self) -> None:
        both = {"reception.call_ticket", "reception.issue_ticket"}
        assert [role.code for role in ROLES.values() if both <= set(role.permissions)] == ["head_of_office"]


class TestAccounts:
    def test_an_agent_begins_with_roles_and_skills(self) -> None:
        line = LineFactory()
        agent = actions.register_agent(
            line.office, username="temoin", name="Témoin  Fictif", roles=["administrator"], lines=[line], by=SYSTEM
        )
        assert (agent.name, agent.origin, agent.agent_id) == ("Témoin Fictif", "agent", agent.pk)
        assert list(agent.lines.all()) == [line]
        assert agent.can("offices.manage_agents")
        assert not agent.user.has_usable_password()
        assert queries.roles_of(agent) == ["administrator"]
        [entry] = journal.about(agent)
        assert "Fictif" not in str(entry.facts)

    def test_an_account_signs_in_with_the_password_it_was_given(self) -> None:
        agent = actions.register_agent(
            OfficeFactory(), username="t", name="T", roles=[], password="un-mot-de-passe", by=SYSTEM
        )
        assert agent.user.check_password("un-mot-de-passe")

    def test_a_user_name_is_taken_once(self) -> None:
        office = OfficeFactory()
        actions.register_agent(office, username="temoin", name="Témoin", roles=[], by=SYSTEM)
        with pytest.raises(UsernameTaken):
            actions.register_agent(office, username="temoin", name="Autre Témoin", roles=[], by=SYSTEM)
        assert Agent.objects.count() == 1

    @pytest.mark.parametrize(
        ("username", "name"),
        [("", "Témoin"), ("deux mots", "Témoin"), ("x" * 151, "Témoin"), ("t", ""), ("t", " \x00 ")],
    )
    def test_an_account_without_a_proper_name_is_refused(self, username: str, name: str) -> None:
        with pytest.raises(InvalidAccount):
            actions.register_agent(OfficeFactory(), username=username, name=name, roles=[], by=SYSTEM)

    def test_a_name_of_ten_thousand_characters_is_cut(self) -> None:
        agent = actions.register_agent(OfficeFactory(), username="t", name="é" * 10_000, roles=[], by=SYSTEM)
        assert agent.name == "é" * 120

    def test_an_unknown_role_is_refused(self) -> None:
        with pytest.raises(UnknownRole):
            actions.register_agent(OfficeFactory(), username="t", name="T", roles=["roi"], by=SYSTEM)

    def test_roles_are_replaced_and_journaled_once(self) -> None:
        agent = AgentFactory(roles=["greeter"])
        for _ in range(2):
            actions.give_roles(agent, roles=["internal_auditor"], by=SYSTEM)
        assert Agent.objects.get(pk=agent.pk).can("journal.search_journal")
        [entry] = journal.about(agent)
        assert entry.facts == {"before": ["greeter"], "after": ["internal_auditor"]}

    def test_skills_are_lines_of_the_same_office(self) -> None:
        agent = AgentFactory()
        with pytest.raises(AnotherOffice):
            actions.set_skills(agent, lines=[LineFactory()], by=SYSTEM)
        line = LineFactory(office=agent.office)
        actions.set_skills(agent, lines=[line], by=SYSTEM)
        assert list(agent.lines.all()) == [line]

    def test_somebody_who_leaves_can_nothing_and_is_planned_no_more(self) -> None:
        agent = AgentFactory(roles=["administrator"])
        begun = ShiftFactory(agent=agent, starts_at=NINE - timedelta(hours=2), ends_at=NINE)
        ShiftFactory(agent=agent, starts_at=NINE, ends_at=FOUR)
        for _ in range(2):
            actions.deactivate(agent, by=SYSTEM)
        left = Agent.objects.get(pk=agent.pk)
        assert not left.can("offices.manage_agents")
        assert not left.user.is_active
        assert list(left.shifts.all()) == [begun]
        assert left.shifts.get().ends_at == clock.now()
        assert journal.about(left).count() == 1

    def test_the_agent_of_an_account(self) -> None:
        agent = AgentFactory()
        assert queries.agent_of(agent.user) == agent
        assert queries.agent_of(AnonymousUser()) is None
        assert queries.agent_of(UserFactory()) is None
        actions.deactivate(agent, by=SYSTEM)
        assert queries.agent_of(agent.user) is None
        assert not queries.agents(agent.office).exists()


class TestShifts:
    def plan(self, agent: Agent, counter: Counter | None = None, *, starts: Any = NINE, ends: Any = FOUR) -> Shift:
        return actions.plan_shift(
            agent, duty=Shift.Duty.COUNTER, counter=counter, starts_at=starts, ends_at=ends, by=SYSTEM
        )

    def test_a_shift_at_a_counter(self) -> None:
        agent = AgentFactory()
        counter = CounterFactory(office=agent.office)
        shift = self.plan(agent, counter)
        assert queries.shift_of(agent, NOON) == shift
        assert queries.shift_of(agent, FOUR) is None
        assert list(queries.shifts(agent.office, NINE.date())) == [shift]
        assert not queries.shifts(agent.office, NINE.date() + timedelta(days=1)).exists()
        assert [entry.what for entry in journal.about(shift)] == ["shift.planned"]

    def test_an_agent_is_in_one_place(self) -> None:
        agent = AgentFactory()
        self.plan(agent)
        with pytest.raises(AgentAlreadyOnDuty):
            self.plan(agent, CounterFactory(office=agent.office), starts=NOON, ends=FOUR)

    def test_a_counter_has_one_agent(self) -> None:
        agent = AgentFactory()
        counter = CounterFactory(office=agent.office)
        self.plan(agent, counter)
        with pytest.raises(CounterAlreadyStaffed):
            self.plan(AgentFactory(office=agent.office), counter, starts=NOON)

    def test_one_follows_the_other_at_a_counter(self) -> None:
        office = OfficeFactory()
        agent, other = AgentFactory(office=office), AgentFactory(office=office)
        counter = CounterFactory(office=office)
        self.plan(agent, counter, ends=NOON)
        self.plan(other, counter, starts=NOON)
        self.plan(agent, starts=NOON)
        assert Shift.objects.count() == 3

    def test_a_shift_that_ends_before_it_starts_is_refused(self) -> None:
        with pytest.raises(InvalidHours):
            self.plan(AgentFactory(), starts=NOON, ends=NINE)

    def test_a_counter_of_another_office_or_out_of_use_is_refused(self) -> None:
        agent = AgentFactory()
        with pytest.raises(AnotherOffice):
            self.plan(agent, CounterFactory())
        with pytest.raises(CounterOutOfUse):
            self.plan(agent, CounterFactory(office=agent.office, is_active=False))

    def test_somebody_who_left_is_not_planned(self) -> None:
        with pytest.raises(AgentLeft):
            self.plan(AgentFactory(is_active=False))

    def test_a_cancelled_shift_frees_the_agent(self) -> None:
        agent = AgentFactory()
        actions.cancel_shift(self.plan(agent), by=SYSTEM)
        self.plan(agent)
        assert Shift.objects.count() == 1

    def test_a_shift_that_has_begun_ends_now(self) -> None:
        shift = self.plan(AgentFactory())
        with clock.held(NOON):
            actions.cancel_shift(shift, by=SYSTEM)
        with clock.held(FOUR):
            actions.cancel_shift(shift, by=SYSTEM)
        assert Shift.objects.get().ends_at == NOON
