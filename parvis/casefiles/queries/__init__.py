"""Every named read of case files."""

from parvis.casefiles.queries.files import (
    ListedDocument,
    by_number,
    case_file,
    first_fee_case,
    list_for,
    makes_card,
    of_person,
    open_file,
    unsettled,
)
from parvis.casefiles.queries.projection import Projection, projection
from parvis.casefiles.queries.receipts import (
    current_receipt,
    ended,
    ending,
    ending_untold,
    proves_stay_until,
    receipt_by_number,
    receipt_due,
    renewed_more_than_once,
)
from parvis.casefiles.queries.stock import Band, StockRow, Week, flows, stock, stock_on, waiting_now
from parvis.casefiles.queries.thursday import Board, Hour, OfficerDay, thursday
from parvis.casefiles.queries.worklist import Counts, counts, near_silence, place, reviewed_by, search, silent, worklist

__all__ = [
    "Band",
    "Board",
    "Counts",
    "Hour",
    "ListedDocument",
    "OfficerDay",
    "Projection",
    "StockRow",
    "Week",
    "by_number",
    "case_file",
    "counts",
    "current_receipt",
    "ended",
    "ending",
    "ending_untold",
    "first_fee_case",
    "flows",
    "list_for",
    "makes_card",
    "near_silence",
    "of_person",
    "open_file",
    "place",
    "projection",
    "proves_stay_until",
    "receipt_by_number",
    "receipt_due",
    "renewed_more_than_once",
    "reviewed_by",
    "search",
    "silent",
    "stock",
    "stock_on",
    "thursday",
    "unsettled",
    "waiting_now",
    "worklist",
]
