"""Read the catalogue as it holds on a day."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from parvis.offices.models import Office
from parvis.offices.queries import office_for_commune
from parvis.procedures import rules
from parvis.procedures.errors import UnknownProcedure
from parvis.procedures.models import AccessMode, Document, Epoch, Fee, FilingWindow, Mode, Procedure, SpecialScope

M = TypeVar("M", bound=Model)


def in_force(rows: QuerySet[M], day: date) -> QuerySet[M]:
    """The rows that hold on a day."""
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def by_code(code: str) -> Procedure:
    """The procedure of this code. Raises ``UnknownProcedure``."""
    try:
        return Procedure.objects.get(code=code)
    except Procedure.DoesNotExist:
        raise UnknownProcedure(procedure=code[:40]) from None


def procedures_on(day: date) -> QuerySet[Procedure]:
    """Every procedure that a counter takes on a day, in the order of the door."""
    return Procedure.objects.filter(Q(served_until=None) | Q(served_until__gte=day)).order_by("position", "code")


def public_procedures(day: date) -> QuerySet[Procedure]:
    """The procedures a person may choose alone, at the kiosk or on a phone, in the order of the buttons."""
    return procedures_on(day).filter(is_public=True)


def rule_set_on(day: date) -> rules.RuleSet:
    """The epochs whose rules and whose fees hold on a day."""
    return rules.rule_set_on(Epoch.objects.order_by("rules_from", "fees_from"), day)


def access_mode(procedure: Procedure, day: date) -> Mode:
    """How people come for a procedure on a day. Before the first dated mode, that one; without any, walk-in."""
    dated = AccessMode.objects.filter(procedure=procedure)
    row = dated.filter(valid_from__lte=day).order_by("-valid_from").first() or dated.order_by("valid_from").first()
    return Mode(row.mode) if row else Mode.WALK_IN


def documents_to_bring(procedure: Procedure, day: date, stage: str | None = None) -> QuerySet[Document]:
    """What to bring on a day, in the order of the list; ``stage`` keeps what is looked at then (``filing``...)."""
    found = in_force(Document.objects.filter(procedure=procedure), day)
    return (found.filter(stage=stage) if stage else found).order_by("position", "pk")


def fees(procedure: Procedure, day: date, case: str | None = None) -> QuerySet[Fee]:
    """What it costs on a day: all cases, or one case with what everybody pays.

    No row means that the amount is unknown, not that it is free.
    """
    found = in_force(Fee.objects.filter(procedure=procedure), day)
    return (found.filter(case__in=[case, "all"]) if case else found).order_by("pk")


def filing_rules(procedure: Procedure, day: date) -> QuerySet[FilingWindow]:
    """The filing windows of all cases in force on a day."""
    return in_force(FilingWindow.objects.filter(procedure=procedure), day).order_by("pk")


def needs_expiry_date(procedure: Procedure, day: date) -> bool:
    """Whether the door asks the date on the permit before it gives a ticket. The person may not have one."""
    return rules.asks_expiry_date(filing_rules(procedure, day))


def late_charge(procedure: Procedure, day: date) -> int | None:
    """The regularisation charge of a late request, in euros; None when the catalogue knows none."""
    row = fees(procedure, day).filter(case="late", component="regularisation_charge").first()
    return row.eur if row else None


def filing_verdict(procedure: Procedure, *, expires_on: date | None, day: date, case: str = "default") -> rules.Verdict:
    """Whether a person whose permit expires then may file on this day, too early, in time or late."""
    applicable = rules.applicable(filing_rules(procedure, day), case)
    return rules.verdict(
        applicable, expires_on=expires_on, day=day, late_charge_eur=late_charge(procedure, day) if applicable else None
    )


def office_for(procedure: Procedure, commune_insee: str, day: date) -> Office:
    """The office that receives a person of this commune for this procedure.

    The commune decides, unless one office serves the whole department. Raises what ``office_for_commune`` raises
    for a commune of elsewhere: those offices serve one department.
    """
    usual = office_for_commune(commune_insee)
    special = (
        in_force(SpecialScope.objects.filter(procedure=procedure, area="department"), day)
        .select_related("office")
        .first()
    )
    return special.office if special else usual
