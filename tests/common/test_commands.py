"""A command sent twice; a lock that is not had; a constraint that speaks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from parvis.common import clock, commands, database
from parvis.common.errors import BusinessError, IllegalMove, KeyReused
from parvis.common.models import Command
from parvis.common.states import check_move


@pytest.mark.django_db
def test_the_second_sending_replays_the_first_answer() -> None:
    done = []

    def do() -> dict[str, int]:
        done.append(1)
        return {"n": len(done)}

    assert commands.once("k", {"a": 1}, do) == commands.once("k", {"a": 1}, do) == {"n": 1}
    assert len(done) == 1
    with pytest.raises(KeyReused):
        commands.once("k", {"a": 2}, do)
    assert commands.once("", {"a": 1}, do) == {"n": 2}


@pytest.mark.django_db
def test_a_command_that_fails_may_be_sent_again() -> None:
    def fail() -> None:
        raise BusinessError

    for _ in range(2):
        with pytest.raises(BusinessError), transaction.atomic():
            commands.once("k", {}, fail)
    assert commands.once("k", {}, lambda: 1) == 1


@pytest.mark.django_db
def test_keys_are_kept_thirty_days() -> None:
    commands.once("k", {}, lambda: 1)
    with clock.held(clock.now() + timedelta(days=29)):
        assert commands.forget_old() == 0
    with clock.held(clock.now() + timedelta(days=31)):
        assert commands.forget_old() == 1


@pytest.mark.django_db
def test_what_the_database_refuses_is_said_in_the_words_of_the_rule() -> None:
    class Twice(BusinessError):
        code = "twice"

    def insert() -> None:
        Command.objects.create(key="x", fingerprint="", created_at=clock.now())

    insert()
    with pytest.raises(Twice):
        database.action(constraints={"common_command_pkey": Twice})(insert)()
    with pytest.raises(IntegrityError):
        database.action()(insert)()


def test_a_move_outside_the_table_is_refused() -> None:
    moves = {"a": frozenset({"b"}), "b": frozenset[str]()}
    check_move(moves, "a", "b")
    for old, new in (("b", "a"), ("a", "a"), ("c", "a")):
        with pytest.raises(IllegalMove):
            check_move(moves, old, new)
