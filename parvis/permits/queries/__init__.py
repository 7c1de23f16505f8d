"""Which cards wait, where, for whom, and what their handover asks."""

from parvis.permits.queries.figures import CounterFigures, counter_figures
from parvis.permits.queries.finding import Found, by_number, by_scan
from parvis.permits.queries.handing import amount_due, amounts_due, checklist, to_bring
from parvis.permits.queries.matching import Match, candidates, match, match_all
from parvis.permits.queries.policy import policy
from parvis.permits.queries.previewing import PolicyPreview, preview_policy
from parvis.permits.queries.stock import (
    Stock,
    deliveries,
    failures_of,
    faulty,
    in_stock,
    places,
    set_aside,
    stock,
    to_announce,
    to_list_as_unclaimed,
    to_remind,
    unclaimed,
)

__all__ = [
    "CounterFigures",
    "Found",
    "Match",
    "PolicyPreview",
    "Stock",
    "amount_due",
    "amounts_due",
    "by_number",
    "by_scan",
    "candidates",
    "checklist",
    "counter_figures",
    "deliveries",
    "failures_of",
    "faulty",
    "in_stock",
    "match",
    "match_all",
    "places",
    "policy",
    "preview_policy",
    "set_aside",
    "stock",
    "to_announce",
    "to_bring",
    "to_list_as_unclaimed",
    "to_remind",
    "unclaimed",
]
