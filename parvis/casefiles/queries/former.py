"""What the catalogue says of many files: each rule is asked once for all days between two changes of the law."""

import functools
from bisect import bisect_right
from datetime import date, timedelta

from django.utils import translation

from parvis.casefiles import rules
from parvis.casefiles.queries.files import first_fee_case
from parvis.common import text
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Fee, Procedure, SilenceRule


class Catalogue:
    """The procedures by code and by name, and the rules that a file of a former register needs."""

    def __init__(self, words: dict[str, str]) -> None:
        """``words`` says which code the register means by what it writes."""
        self._by_pk = {procedure.pk: procedure for procedure in Procedure.objects.order_by("position", "code")}
        known = {procedure.code: procedure for procedure in self._by_pk.values()}
        with translation.override("fr"):
            named = {
                text.folded(name): (procedure.pk, procedure.code)
                for procedure in reversed(self._by_pk.values())
                for name in (procedure.label, procedure.name, procedure.code)
            }
        for written, code in words.items():
            if code in known:
                named[text.folded(written)] = (known[code].pk, code)
        self.procedures: dict[str, tuple[int, str]] = named
        self._silence = functools.cache(self._silence_of)
        self._fee_case = functools.cache(self._fee_case_of)
        self._changes = functools.cache(_changes)

    def silence(self, procedure: int, case: str, complete_on: date) -> tuple[date | None, date | None]:
        """When silence refuses a file complete on a day, and when to warn; nothing where the catalogue knows none."""
        rule = self._silence(procedure, case, self._since(procedure, complete_on))
        if rule is None:
            return None, None
        ends = rules.silence_ends(rule, complete_on)
        return ends, rules.warn_from(ends)

    def fee_case(self, procedure: int, day: date) -> str:
        """The fee case of a file that names none."""
        return self._fee_case(procedure, self._since(procedure, day))

    def _since(self, procedure: int, day: date) -> date:
        """The first day from which the catalogue says the same as on this one."""
        changes = self._changes(procedure)
        return changes[bisect_right(changes, day) - 1]

    def _silence_of(self, procedure: int, case: str, since: date) -> SilenceRule | None:
        return catalogue.silence_rule(self._by_pk[procedure], since, case)

    def _fee_case_of(self, procedure: int, since: date) -> str:
        return first_fee_case(self._by_pk[procedure], since)


def _changes(procedure: int) -> list[date]:
    """The days on which the rules or the fees of a procedure change, the beginning of time first."""
    days = {date.min}
    for dated in (SilenceRule, Fee):
        spans = dated.objects.filter(procedure=procedure).values_list("valid_from", "valid_to")
        for begins, ends in spans.order_by("valid_from"):
            days |= {begins} | ({ends + timedelta(days=1)} if ends and ends < date.max else set())
    return sorted(days)
