"""The catalogue's rules over a span of days, each asked once for all the days between which nothing changes."""

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

from parvis.procedures import queries as catalogue
from parvis.procedures.models import Document, Fee, Procedure, ReceiptRule, SilenceRule
from parvis.procedures.rules import fee_case_of

_DATED = (Document, Fee, ReceiptRule, SilenceRule)


class Law:
    """What the catalogue says on each day. Made for one piece of work: a catalogue loaded later is another law."""

    def __init__(self) -> None:
        changes: set[date] = set()
        for model in _DATED:
            for since, until in model._default_manager.values_list("valid_from", "valid_to").order_by().distinct():
                changes |= {since, until + timedelta(days=1)} if until else {since}
        self._changes = sorted(changes)
        self._fees = cache(lambda procedure, since: list(catalogue.fees(procedure, since)))
        self._receipt_rule = cache(catalogue.receipt_rule)
        self._silence_rule = cache(catalogue.silence_rule)

    def since(self, day: date) -> date:
        """The first day on which everything stood as it does on this one."""
        place = bisect_right(self._changes, day)
        return self._changes[place - 1] if place else day

    def fee_case(self, procedure: Procedure, day: date, expires_on: date | None = None) -> str:
        """The fee case of a file of which nobody named one."""
        return fee_case_of(self._fees(procedure, self.since(day)), day=day, expires_on=expires_on)

    def receipt_rule(self, procedure: Procedure, day: date, case: str) -> ReceiptRule | None:
        """Which receipt is given."""
        return self._receipt_rule(procedure, self.since(day), case)

    def silence_rule(self, procedure: Procedure, day: date, case: str) -> SilenceRule | None:
        """After how long silence refuses."""
        return self._silence_rule(procedure, self.since(day), case)
