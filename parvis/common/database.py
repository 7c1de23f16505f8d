"""How an action meets the database: one transaction, a short lock time-out, constraints that speak."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, IntegrityError, connection, models, transaction

from parvis.common.errors import Busy, BusinessError

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

LOCK_TIMEOUT_SECONDS = 3
_BUSY_STATES = {"55P03", "40P01", "40001"}  # lock not available, deadlock, serialization failure


def action(*, constraints: Mapping[str, type[BusinessError]] | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function one use-case: its own transaction, ``Busy`` after three seconds of waiting for a lock.

    ``constraints`` turns the name of a database constraint into the business error it stands for: what the
    database refuses is said to people in the same words as what a rule refuses.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    if not _inside_another():
                        _set_lock_timeout()
                    return function(*args, **kwargs)
            except IntegrityError as error:
                raise _spoken(error, constraints or {}) from error
            except DatabaseError as error:
                if _sqlstate(error) in _BUSY_STATES:
                    raise Busy from error
                raise

        return wrapped

    return decorate


def lock(model: type[M], pk: Any) -> M:
    """The row of this key, locked until the action ends; other rows may still refer to it meanwhile."""
    return model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)


def first_free(queryset: models.QuerySet[M]) -> M | None:
    """Lock and return the first row of an ordered query that nobody else is taking."""
    return queryset.select_for_update(of=("self",), no_key=True, skip_locked=True).first()


def _inside_another() -> bool:
    return len(connection.savepoint_ids) > 0


def _set_lock_timeout() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")


def _sqlstate(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _spoken(error: IntegrityError, constraints: Mapping[str, type[BusinessError]]) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return constraints[name]() if name in constraints else error
