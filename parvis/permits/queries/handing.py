"""What the handover of one card asks on a day."""

from collections.abc import Sequence
from datetime import date

from parvis.casefiles.models import CaseFile
from parvis.permits import rules
from parvis.permits.models import Permit
from parvis.permits.rules import Check
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Document
from parvis.procedures.rules import Amount

STAGE = "handover"
UNKNOWN = Amount(None)


def amount_due(permit: Permit, day: date) -> Amount:
    """What is to be paid for a card: the amount that was announced, else what the fee table says on the day."""
    if permit.stamp_eur is not None:
        return Amount(permit.stamp_eur, permit.stamp_eur, permit.stamp_eur)
    file = permit.case_file
    return catalogue.stamp(file.procedure, day, file.fee_case) if file else UNKNOWN


def amounts_due(permits: Sequence[Permit], day: date) -> list[Amount]:
    """The same for many cards, in their order; the fee table is asked once for those of one case."""
    known: dict[object, Amount] = {}
    for permit in permits:
        if _alike(permit) not in known:
            known[_alike(permit)] = amount_due(permit, day)
    return [known[_alike(permit)] for permit in permits]


def checklist(permit: Permit, day: date, due: Amount | None = None) -> list[Check]:
    """The checklist of this card, in the order of the counter; see ``rules.checklist``.

    ``due`` is what ``amount_due`` says, for whoever has asked already.
    A card without a file has lines that are advised and refuse nothing: nothing is known of what it was asked for.
    """
    file = permit.case_file
    if file is None:
        return rules.advised()
    documents = list(catalogue.documents_to_bring(file.procedure, day, STAGE))
    asks_stamp = any(document.code == "tax_stamp" for document in documents)
    due = due or amount_due(permit, day)
    return rules.checklist(
        file.procedure.code,
        [document.code for document in documents if _is_asked(document.condition, file)],
        due if asks_stamp or due.eur else None,
        gives_back=_gives_back(file),
    )


def to_bring(permit: Permit, day: date) -> list[Document]:
    """What the person of a card brings: the list of the handover, without what this card does not ask.

    Without a file nothing is left out, and each document says when it is needed.
    """
    listed = list(catalogue.documents_to_bring(catalogue.by_code(rules.HANDOVER), day, STAGE))
    if permit.case_file is None:
        return listed
    asked = {check.code for check in checklist(permit, day)}
    return [one for one in listed if one.code in asked or one.code not in rules.OF_SOME_CARDS]


def _alike(permit: Permit) -> object:
    """What makes two cards cost the same."""
    file = permit.case_file
    return permit.stamp_eur, file and (file.procedure_id, file.fee_case)


def _is_asked(condition: str, file: CaseFile) -> bool:
    """Whether a document of the handover is asked for this file."""
    is_first = file.fee_case.startswith("first") and file.permit_expires_on is None
    return condition != "if_first_permit" or is_first


def _gives_back(file: CaseFile) -> bool:
    return file.permit_expires_on is not None or file.receipts.filter(returned_at=None).exists()
