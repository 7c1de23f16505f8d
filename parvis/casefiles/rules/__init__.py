"""What the law says of a file, a receipt, a delay. Pure functions of values and days."""

from parvis.casefiles.rules.delays import (
    Appeal,
    Court,
    appeal_delays,
    asylum_due,
    committee_window,
    refugee_receipt_due,
)
from parvis.casefiles.rules.receipts import (
    check_may_issue,
    check_may_renew,
    may_renew_receipt,
    proves_stay_until,
    receipt_validity,
    renewal_opens,
    usual_months,
    work_right,
)
from parvis.casefiles.rules.silence import (
    is_near_silence,
    is_silent,
    silence_dates,
    silence_ends,
    warn_from,
    working_days_after,
)

__all__ = [
    "Appeal",
    "Court",
    "appeal_delays",
    "asylum_due",
    "check_may_issue",
    "check_may_renew",
    "committee_window",
    "is_near_silence",
    "is_silent",
    "may_renew_receipt",
    "proves_stay_until",
    "receipt_validity",
    "refugee_receipt_due",
    "renewal_opens",
    "silence_dates",
    "silence_ends",
    "usual_months",
    "warn_from",
    "work_right",
    "working_days_after",
]
