"""How an action meets the database: one transaction, a short lock time-out, constraints that speak."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, IntegrityError, connection, models, transaction

from parvis.common.errors import BusinessError, Busy

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

_BUSY_STATES = {"55P03", "40P01", "40001"}  # lock not available, deadlock, serialization failure


def action(
    *, constraints: Mapping[str, type[BusinessError]] | None = None, patience: int | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function one use-case: its own transaction, and ``Busy`` when a lock is not had within three seconds.

    The time-out itself is a setting of every connection (``lock_timeout``); ``patience`` is another one in seconds, for
    what a command does and nobody waits for at a counter.

    ``constraints`` turns the name of a database constraint into the business error it stands for: what the
    database refuses is said to people in the same words as what a rule refuses.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    if patience is not None:
                        _wait_for_locks(patience)
                    return function(*args, **kwargs)
            except IntegrityError as error:
                raise _spoken(error, constraints or {}) from error
            except DatabaseError as error:
                if _sqlstate(error) in _BUSY_STATES:
                    raise Busy from error
                raise

        return wrapped

    return decorate


def _wait_for_locks(seconds: int) -> None:
    """Wait so long for each lock until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{seconds}s"])


def lock(model: type[M], pk: Any) -> M:
    """The row of this key, locked until the action ends; other rows may still refer to it meanwhile."""
    return model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)


def first_free(queryset: models.QuerySet[M]) -> M | None:
    """Lock and return the first row of an ordered query that nobody else is taking."""
    return queryset.select_for_update(of=("self",), no_key=True, skip_locked=True).first()


def _sqlstate(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _spoken(error: IntegrityError, constraints: Mapping[str, type[BusinessError]]) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return constraints[name]() if name and name in constraints else error
