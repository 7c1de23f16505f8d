"""How long cards wait for their person, as each office sets it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import strategies as st

from parvis.booking import actions as booking
from parvis.common import clock
from parvis.journal.actions import Device
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.offices.models import Office
from parvis.people.models import Person
from parvis.permits import actions, queries, rules
from parvis.permits.errors import CardPolicyImpossible
from parvis.permits.models import CardPolicy, Permit
from parvis.permits.states import State
from tests.casefiles.house import CaseHouse, days_later
from tests.offices.factories import OfficeFactory
from tests.permits.cards import announced, card
from tests.permits.factories import PermitFactory
from tests.reception.house import at

pytestmark = pytest.mark.django_db
HEAD = Device("agent", agent_id=9)
USUAL = {"first_reminder_days": 15, "second_reminder_days": 30, "unclaimed_days": 90}
SHORT = {"first_reminder_days": 5, "second_reminder_days": 9, "unclaimed_days": 20}


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with clock.held(at("10:00")):
        yield


def waiting(office: Office, days: int, reminders: int = 0, **more: object) -> Permit:
    """A card announced so many days ago, its reminders sent when the usual delays ask for them."""
    then = clock.now() - timedelta(days=days)
    told = then + timedelta(days=15 * reminders) if reminders else None
    return PermitFactory(office=office, announced_at=then, reminders=reminders, reminded_at=told, **more)


def days_of(policy: CardPolicy) -> dict[str, int]:
    return {name: getattr(policy, name) for name in USUAL}


class TestRule:
    @given(st.tuples(*[st.integers(-5, 740)] * 3))
    def test_days_in_bounds_and_in_order(self, days: tuple[int, int, int]) -> None:
        fields = dict(zip(USUAL, days, strict=True))
        possible = 1 <= days[0] < days[1] < days[2] <= 730
        try:
            rules.check_policy(fields)
        except CardPolicyImpossible:
            assert not possible
        else:
            assert possible

    @pytest.mark.parametrize("wrong", [{"colour": 1}, {"unclaimed_days": True}, {"unclaimed_days": "90"}])
    def test_what_no_form_sends(self, wrong: dict[str, int]) -> None:
        with pytest.raises(CardPolicyImpossible):
            rules.check_policy({**USUAL, **wrong})

    def test_the_usual_delays_are_possible(self) -> None:
        assert days_of(CardPolicy()) == USUAL
        rules.check_policy(USUAL)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("card_policy_in_order", {"second_reminder_days": 15}),
        ("card_policy_in_order", {"unclaimed_days": 30}),
        ("card_policy_within_bounds", {"first_reminder_days": 0}),
        ("card_policy_within_bounds", {"unclaimed_days": 731}),
    ],
)
def test_the_database_refuses_impossible_delays(constraint: str, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CardPolicy.objects.create(office=OfficeFactory(), **wrong)


class TestEachOfficeItsDelays:
    def test_reminders(self) -> None:
        usual, short = OfficeFactory(), OfficeFactory()
        CardPolicy.objects.create(office=short, **SHORT)
        waiting(usual, 14)
        waiting(usual, 29, 1)
        waiting(usual, 31, 2)
        waiting(short, 4)
        waiting(short, 31, 2)
        waiting(short, 31, unclaimed_on=clock.today())
        waiting(short, 31, state=State.HANDED_OVER, handed_over_at=clock.now())
        PermitFactory(office=short)
        due = [waiting(usual, 30, 1), waiting(short, 19, 1), waiting(usual, 15), waiting(short, 5)]
        assert list(queries.to_remind(clock.now())) == due

    def test_unclaimed(self) -> None:
        usual, short = OfficeFactory(), OfficeFactory()
        CardPolicy.objects.create(office=short, **SHORT)
        waiting(usual, 89)
        waiting(short, 19)
        waiting(short, 200, unclaimed_on=clock.today())
        late = [waiting(usual, 90), waiting(short, 20)]
        assert list(queries.to_list_as_unclaimed(clock.now())) == late
        assert actions.mark_unclaimed_due() == 2

    def test_the_delays_end_to_the_minute(self) -> None:
        permit = waiting(OfficeFactory(), 15)
        assert permit.announced_at is not None
        minute_before = permit.announced_at + timedelta(days=15, minutes=-1)
        assert not queries.to_remind(minute_before).exists()
        assert queries.to_remind(minute_before + timedelta(minutes=1)).get() == permit

    def test_delays_that_are_tried_are_those_of_one_office(self) -> None:
        office, other = OfficeFactory(), OfficeFactory()
        mine, late = waiting(office, 6), waiting(office, 25, 1)
        waiting(other, 25)
        tried = CardPolicy(office=office, **SHORT)
        assert list(queries.to_remind(clock.now(), tried=tried)) == [late, mine]
        assert list(queries.to_list_as_unclaimed(clock.now(), tried=tried)) == [late]
        assert not CardPolicy.objects.exists()

    @pytest.mark.parametrize("asked", [queries.to_remind, queries.to_list_as_unclaimed])
    def test_an_index_finds_them_among_all_cards(self, asked: Callable[..., QuerySet[Permit]]) -> None:
        office = OfficeFactory()
        CardPolicy.objects.create(office=office, **SHORT)
        person = waiting(office, 40).person
        many_others(office, person)
        assert "Seq Scan on permits_permit" not in asked(clock.now())[:500].explain()
        plan = asked(clock.now(), tried=CardPolicy(office=office)).explain()
        assert "permit_to_announce" in plan
        assert "announced_at <=" in plan.partition("Index Cond")[2].partition("\n")[0]


def many_others(office: Office, person: Person) -> None:
    """Three thousand cards handed over and five hundred announced today, which the database has counted."""
    now = clock.now()
    gone = {"state": State.HANDED_OVER, "handed_over_at": now}
    Permit.objects.bulk_create(
        Permit(office=office, person=person, number=f"BANC{n}", kind="renewal", received_at=now, announced_at=now,
               **(gone if n < 3000 else {}))
        for n in range(3500)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE permits_permit")


class TestReminding:
    def test_by_the_delays_of_the_office(self, house: CaseHouse) -> None:
        actions.change_policy(house.office, by=house.clerk, **SHORT)
        booking.summon(card(house), by=HEAD)
        sent = []
        for _day in range(25):
            days_later(1)
            sent.append(booking.remind_of_cards())
        assert [day + 1 for day, told in enumerate(sent) if told] == [5, 9]
        assert actions.mark_unclaimed_due() == 1

    def test_shorter_delays_never_send_both_in_a_row(self, house: CaseHouse) -> None:
        booking.summon(card(house), by=HEAD)
        days_later(14)
        actions.change_policy(house.office, by=house.clerk, **SHORT)
        sent = []
        for _round in range(7):
            sent.append(booking.remind_of_cards())
            days_later(1)
        assert sent == [1, 0, 0, 0, 1, 0, 0]
        assert Message.objects.filter(kind="booking.summons").count() == 3

    def test_a_round_a_little_sooner_than_the_last_one_is_no_day_late(self, house: CaseHouse) -> None:
        booking.summon(card(house), by=HEAD)
        days_later(16)
        assert booking.remind_of_cards() == 1
        clock.hold(clock.now() + timedelta(days=15) - timedelta(minutes=5))
        assert booking.remind_of_cards() == 1


class TestChanging:
    def test_what_is_not_named_stays_and_the_journal_keeps_both(self) -> None:
        office = OfficeFactory()
        actions.change_policy(office, unclaimed_days=120, by=HEAD)
        actions.change_policy(office, first_reminder_days=10, second_reminder_days=25, by=HEAD)
        rule = CardPolicy.objects.get()
        assert (rule.office, *days_of(rule).values()) == (office, 10, 25, 120)
        first, second = Entry.objects.named("card_policy.changed").order_by("pk")
        assert (first.office_id, first.agent_id, first.subject_id) == (office.pk, 9, rule.pk)
        assert first.facts == {"before": {"unclaimed_days": 90}, "after": {"unclaimed_days": 120}}
        assert second.facts["before"] == {"first_reminder_days": 15, "second_reminder_days": 30}
        assert second.facts["after"] == {"first_reminder_days": 10, "second_reminder_days": 25}

    def test_changing_nothing_writes_nothing(self) -> None:
        actions.change_policy(OfficeFactory(), by=HEAD, **USUAL)
        assert not CardPolicy.objects.exists()
        assert not Entry.objects.exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"first_reminder_days": 0},
            {"first_reminder_days": 30},
            {"second_reminder_days": 90},
            {"unclaimed_days": 731},
            {"unclaimed_days": 10},
            {"colour": 1},
            {"first_reminder_days": True},
        ],
    )
    def test_impossible_delays_are_refused(self, wrong: dict[str, int]) -> None:
        with pytest.raises(CardPolicyImpossible, match="chacun après le précédent"):
            actions.change_policy(OfficeFactory(), by=HEAD, **wrong)
        assert not CardPolicy.objects.exists()

    def test_who_is_on_the_list_stays_on_it(self, house: CaseHouse) -> None:
        permit = announced(house)
        days_later(90)
        actions.mark_unclaimed_due()
        actions.change_policy(house.office, unclaimed_days=365, by=house.clerk)
        assert queries.unclaimed(house.office).get() == permit


class TestPreview:
    def test_what_other_delays_would_make_due(self) -> None:
        office = OfficeFactory()
        waiting(office, 4)
        waiting(office, 6)
        waiting(office, 16)
        waiting(office, 24, 1)
        waiting(office, 40, 2)
        waiting(office, 100, 2, unclaimed_on=clock.today())
        waiting(OfficeFactory(), 40)
        tried = CardPolicy(office=office, **SHORT)
        assert queries.preview_policy(tried, queries.policy(office), now=clock.now()) == queries.PolicyPreview(
            first_reminders=2,
            second_reminders=1,
            reminders_before=1,
            unclaimed=2,
            hardly_told=1,
            unclaimed_before=0,
            listed=1,
        )

    def test_it_is_what_then_happens(self, house: CaseHouse) -> None:
        for days, reminders in ((3, 0), (6, 0), (16, 0), (24, 1), (27, 2)):
            waiting(house.office, days, reminders)
        tried = CardPolicy(office=house.office, **SHORT)
        told = queries.preview_policy(tried, queries.policy(house.office), now=clock.now())
        actions.change_policy(house.office, by=house.clerk, **SHORT)
        assert (told.reminders, told.unclaimed) == (booking.remind_of_cards(), actions.mark_unclaimed_due()) == (3, 2)
