"""The case file and what hangs on it."""

from parvis.casefiles.models.exchanges import Committee, Opinion, Question, SentDocument
from parvis.casefiles.models.files import CaseFile, DocumentCheck, Note, Skill
from parvis.casefiles.models.receipts import MissingSlip, Receipt
from parvis.casefiles.models.stock import RejectedLine, StockDay, StockImport

__all__ = [
    "CaseFile",
    "Committee",
    "DocumentCheck",
    "MissingSlip",
    "Note",
    "Opinion",
    "Question",
    "Receipt",
    "RejectedLine",
    "SentDocument",
    "Skill",
    "StockDay",
    "StockImport",
]
