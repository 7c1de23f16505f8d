"""States move along one table; ``move`` is the only writer of a state."""

from collections.abc import Mapping

from django.db import models

from parvis.common.errors import IllegalMove

Moves = Mapping[str, frozenset[str]]


def check_move(moves: Moves, old: str, new: str) -> None:
    """Raise ``IllegalMove`` unless the table lets ``old`` become ``new``."""
    if new not in moves.get(old, frozenset()):
        raise IllegalMove(old=old, new=new)


def move(thing: models.Model, new: str, *, moves: Moves, **fields: object) -> None:
    """Move a locked thing to a new state and write the fields that go with it, nothing else."""
    old = str(thing.state)  # type: ignore[attr-defined]  # every model with a life has one
    check_move(moves, old, new)
    thing.state = new  # type: ignore[attr-defined]
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save(update_fields=["state", *fields])
