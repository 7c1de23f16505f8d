"""A small office that takes case files, and files at every point of their life; every person is invented."""

from dataclasses import dataclass, field
from datetime import timedelta

from parvis.casefiles import actions, queries
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision, DocumentState
from parvis.common import clock
from parvis.offices.models import Agent, Office
from parvis.people.models import Person
from parvis.procedures.models import Procedure, ReceiptRule, SilenceRule
from tests.offices.factories import AgentFactory
from tests.people.factories import PersonFactory
from tests.procedures.factories import LAW_OF_2017, DocumentFactory, FeeFactory
from tests.reception import house as reception

DOCUMENTS = ("passport", "photos", "proof_conditions")


@dataclass
class CaseHouse:
    """The office of ``tests/reception/house.py`` with its rules of files: ``renewal`` and ``student`` make cards.

    The list of each: three documents asked of everybody, an address proved one way or another (``address_own`` or
    ``host_certificate``), a translation for some (``translation``). Silence refuses after four months; a receipt is
    valid three months from the day after expiry. ``officer`` reviews, ``signatory`` signs, ``clerk`` is at a counter.
    """

    house: reception.House
    clerk: Agent
    officer: Agent
    signatory: Agent
    procedures: dict[str, Procedure] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        return self.house.office

    def person(self, **changes: object) -> Person:
        """Somebody the office knows, with an e-mail address."""
        person: Person = PersonFactory(**({"email": "temoin@exemple.test"} | changes))
        return person

    def deposited(self, procedure: str = "renewal", *, person: Person | None = None, **changes: object) -> CaseFile:
        """A file just deposited at the counter."""
        given = {"by": self.clerk} | changes
        return actions.deposit(
            self.office, person=person or self.person(), procedure=self.procedures[procedure], **given
        )

    def all_seen(self, file: CaseFile) -> dict[str, tuple[str, str]]:
        """Every document of a list as it is for most: seen, and what is for some not asked."""
        return {
            one.document.code: (DocumentState.NOT_NEEDED if one.is_conditional else DocumentState.SEEN, "")
            for one in queries.list_for(file)
        } | {"address_own": (DocumentState.SEEN, "")}

    def incomplete(self, procedure: str = "renewal", **changes: object) -> CaseFile:
        """A file without its photos."""
        file = self.deposited(procedure, **changes)
        return actions.tick(file, self.all_seen(file) | {"photos": (DocumentState.MISSING, "")}, by=self.clerk)

    def complete(self, procedure: str = "renewal", **changes: object) -> CaseFile:
        """A complete file, under review, that nobody has."""
        file = self.deposited(procedure, **changes)
        return actions.tick(file, self.all_seen(file), by=self.clerk)

    def taken(self, procedure: str = "renewal", **changes: object) -> CaseFile:
        """A file under review in the hands of the officer."""
        return actions.take(self.complete(procedure, **changes), by=self.officer)

    def proposed(self, procedure: str = "renewal", decision: Decision = Decision.GRANT, **changes: object) -> CaseFile:
        """A file whose decision waits for a signature."""
        file = self.taken(procedure, **changes)
        grounds = "Ressources insuffisantes." if decision == Decision.REFUSE else ""
        return actions.propose(file, decision, grounds=grounds, by=self.officer)

    def granted(self, procedure: str = "renewal", **changes: object) -> CaseFile:
        """A file granted by two agents: its card is in production."""
        return actions.sign(self.proposed(procedure, **changes), by=self.signatory)

    def refused(self, procedure: str = "renewal", **changes: object) -> CaseFile:
        """A file refused by two agents."""
        return actions.sign(self.proposed(procedure, Decision.REFUSE, **changes), by=self.signatory)


def build() -> CaseHouse:
    """The office with five lines, the rules of files, three agents and no file."""
    house = reception.build()
    built = CaseHouse(
        house,
        clerk=AgentFactory(office=house.office),
        officer=AgentFactory(office=house.office),
        signatory=AgentFactory(office=house.office),
        procedures=house.procedures,
    )
    for code in ("renewal", "student"):
        rule(house.procedures[code])
    return built


def rule(procedure: Procedure) -> None:
    """Give a procedure its list, its fees, its receipts and its silence."""
    common = {"procedure": procedure, "valid_from": LAW_OF_2017}
    for code in DOCUMENTS:
        DocumentFactory(**common, code=code)
    DocumentFactory(**common, code="address_own", group="address", condition="if_tenant_or_owner")
    DocumentFactory(**common, code="host_certificate", group="address", condition="if_hosted")
    DocumentFactory(**common, code="translation", condition="if_foreign_language")
    DocumentFactory(**common, code="tax_stamp", stage="handover")
    FeeFactory(procedure=procedure)
    FeeFactory(procedure=procedure, case="renewal", component="tax", eur=200)
    ReceiptRule.objects.create(
        **common,
        kind="recepisse",
        min_months=1,
        months=3,
        starts="day_after_expiry",
        work="if_permit_allows_work",
        is_renewable=True,
    )
    SilenceRule.objects.create(**common, months=4, effect="implicit_refusal")


def days_later(days: int) -> None:
    """Let days pass on a held clock."""
    clock.hold(clock.now() + timedelta(days=days))
