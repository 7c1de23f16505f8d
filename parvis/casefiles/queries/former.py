"""What the catalogue says of the files of a former register: their procedures by any name, their rules, their fees."""

from datetime import date

from django.utils import translation

from parvis.casefiles import rules
from parvis.casefiles.queries.law import Law
from parvis.common import text
from parvis.procedures.models import Procedure


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
        self._law = Law()

    def silence(self, procedure: int, case: str, complete_on: date) -> tuple[date | None, date | None]:
        """When silence refuses a file complete on a day, and when to warn; nothing where the catalogue knows none."""
        return rules.silence_dates(self._law.silence_rule(self._by_pk[procedure], complete_on, case), complete_on)

    def fee_case(self, procedure: int, day: date, expires_on: date | None) -> str:
        """The fee case of a file that names none: a permit that expires makes a renewal."""
        return self._law.fee_case(self._by_pk[procedure], day, expires_on)
