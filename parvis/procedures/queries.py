"""Read the catalogue as it holds on a day."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from parvis.offices.models import Office
from parvis.offices.queries import office_for_commune
from parvis.procedures import rules
from parvis.procedures.errors import UnknownProcedure
from parvis.procedures.models import (
    AccessMode,
    Document,
    Epoch,
    Fee,
    FilingWindow,
    Mode,
    Procedure,
    ReceiptRule,
    SilenceRule,
    SpecialScope,
)
from parvis.procedures.models.receipts import ANY_LONG_PERMIT, TOLERANCE

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


def filed_procedures(day: date) -> QuerySet[Procedure]:
    """Those for which a file is deposited: documents are looked at for them."""
    return procedures_on(day).filter(documents__stage="filing").distinct()


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
    row = fees(procedure, day).filter(case=rules.LATE_CASE, component=rules.CHARGE).first()
    return row.eur if row else None


def filing_verdict(procedure: Procedure, *, expires_on: date | None, day: date, case: str = "default") -> rules.Verdict:
    """Whether a person whose permit expires then may file on this day, too early, in time or late."""
    applicable = rules.applicable(filing_rules(procedure, day), case)
    return rules.verdict(
        applicable, expires_on=expires_on, day=day, late_charge_eur=late_charge(procedure, day) if applicable else None
    )


def stamp(procedure: Procedure, day: date, fee_case: str, *, reduced: bool = False) -> rules.Amount:
    """What is due on a day when the card is handed over; ``rules.amount_due`` says how, and when it is unknown."""
    return rules.amount_due(fees(procedure, day).filter(stage="handover"), fee_case, reduced=reduced)


def due_at_filing(procedure: Procedure, day: date, fee_case: str) -> int:
    """What a person pays on the day of the deposit, in whole euros; ``stamp`` takes it off."""
    return rules.due_at_filing(fees(procedure, day).filter(stage="handover"), fee_case)


def receipt_rule(procedure: Procedure, day: date, case: str = "default", kind: str | None = None) -> ReceiptRule | None:
    """The paper given while a request is looked at: that of its case, else of any, else the one given at a counter.

    ``kind`` keeps one sort of paper. None when the catalogue knows no paper: then none is promised.
    """
    found = in_force(ReceiptRule.objects.filter(procedure=procedure), day).exclude(kind=TOLERANCE)
    rows = list(found.filter(kind=kind) if kind else found)
    return rules.most_fitting(rows, (case, "default", "paper_filing"))


def tolerance_rule(procedure: Procedure, day: date, *, permit_months: int | None = None) -> ReceiptRule | None:
    """How long an expired card still proves lawful stay (L311-4, then L433-3): ten-year cards, then any long one.

    ``permit_months`` is how long the expired permit ran, when known.
    """
    found = in_force(ReceiptRule.objects.filter(kind=TOLERANCE), day)
    if own := found.filter(procedure=procedure).first():
        return own
    return found.filter(case=ANY_LONG_PERMIT).first() if (permit_months or 0) > 12 else None


def silence_rule(procedure: Procedure, day: date, case: str = "default") -> SilenceRule | None:
    """After how long silence refuses a request complete on that day: its case, else any, else the only rule there is.

    None when the catalogue knows none: then no date is shown.
    """
    rows = list(in_force(SilenceRule.objects.filter(procedure=procedure, effect=rules.IMPLICIT_REFUSAL), day))
    return rules.most_fitting(rows, (case, "default")) or (rows[0] if len(rows) == 1 else None)


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
