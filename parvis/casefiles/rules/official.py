"""The delays beyond which an office answers for itself: the self-audit of the circular of 4 December 2012 (DR:42)."""

RENEWAL = "renewal"
# Days since the deposit.
FIRST_REQUEST_DAYS = 90
RENEWAL_DAYS = 35
# Working days that the stock takes at the present pace.
STOCK_DAYS = 50
# Beyond this share of files over their delay, the file in the middle is late.
LATE_SHARE = 0.5


def longest_days(procedure: str) -> int:
    """The official delay of a procedure, by its code: a renewal's, else that of a first request."""
    return RENEWAL_DAYS if procedure == RENEWAL else FIRST_REQUEST_DAYS
