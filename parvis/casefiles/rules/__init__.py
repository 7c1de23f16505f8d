"""What the law says of a file, a receipt, a delay. Pure functions of values and days."""

from parvis.casefiles.rules.asked import is_asked
from parvis.casefiles.rules.delays import (
    Appeal,
    Court,
    appeal_delays,
    asylum_due,
    committee_window,
    refugee_receipt_due,
)
from parvis.casefiles.rules.receipts import (
    GIVEN,
    check_may_issue,
    check_may_renew,
    fixed_work,
    lengths,
    may_renew_receipt,
    proves_stay_until,
    receipt_validity,
    renewal_opens,
    usual_months,
    usual_work,
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
    "GIVEN",
    "Appeal",
    "Court",
    "appeal_delays",
    "asylum_due",
    "check_may_issue",
    "check_may_renew",
    "committee_window",
    "fixed_work",
    "is_asked",
    "is_near_silence",
    "is_silent",
    "lengths",
    "may_renew_receipt",
    "proves_stay_until",
    "receipt_validity",
    "refugee_receipt_due",
    "renewal_opens",
    "silence_dates",
    "silence_ends",
    "usual_months",
    "usual_work",
    "warn_from",
    "work_right",
    "working_days_after",
]
