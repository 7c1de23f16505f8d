"""The catalogue's rules over a span of days, each asked once for all the days between which nothing changes."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from parvis.casefiles.queries import first_fee_case
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Document, Fee, Procedure, ReceiptRule, SilenceRule

R = TypeVar("R")
_DATED = (Document, Fee, ReceiptRule, SilenceRule)


class Law:
    """What the catalogue says on each day. Made for one laying down: a catalogue loaded later is another law."""

    def __init__(self) -> None:
        changes: set[date] = set()
        for model in _DATED:
            for since, until in model._default_manager.values_list("valid_from", "valid_to").order_by().distinct():
                changes |= {since, until + timedelta(days=1)} if until else {since}
        self._changes = sorted(changes)
        self._known: dict[tuple[object, ...], object] = {}

    def since(self, day: date) -> date:
        """The first day on which everything stood as it does on this one."""
        place = bisect_right(self._changes, day)
        return self._changes[place - 1] if place else day

    def fee_case(self, procedure: Procedure, day: date) -> str:
        """The fee case of a file of which nobody named one."""
        return self._once(first_fee_case, procedure, day)

    def receipt_rule(self, procedure: Procedure, day: date, case: str) -> ReceiptRule | None:
        """Which receipt is given."""
        return self._once(catalogue.receipt_rule, procedure, day, case)

    def silence_rule(self, procedure: Procedure, day: date, case: str) -> SilenceRule | None:
        """After how long silence refuses."""
        return self._once(catalogue.silence_rule, procedure, day, case)

    def _once(self, asked: Callable[..., R], procedure: Procedure, day: date, *case: str) -> R:
        about = (asked, procedure.pk, self.since(day), *case)
        if about not in self._known:
            self._known[about] = asked(procedure, self.since(day), *case)
        return self._known[about]  # type: ignore[return-value]  # kept under the question itself
