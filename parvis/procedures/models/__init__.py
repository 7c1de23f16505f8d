"""What people come for: the catalogue, and every rule with the days between which it holds."""

from parvis.procedures.models.dated import Dated, Epoch
from parvis.procedures.models.filing import Document, Fee, FilingWindow
from parvis.procedures.models.procedures import AccessMode, Mode, Procedure, SpecialScope
from parvis.procedures.models.receipts import ReceiptRule, SilenceRule

__all__ = [
    "AccessMode",
    "Dated",
    "Document",
    "Epoch",
    "Fee",
    "FilingWindow",
    "Mode",
    "Procedure",
    "ReceiptRule",
    "SilenceRule",
    "SpecialScope",
]
