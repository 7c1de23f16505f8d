"""What the worker does for case files: say what nobody did in time, and what ends soon."""

from procrastinate.contrib.django import app

from parvis.casefiles import actions
from parvis.casefiles.actions.stock import keep_days
from parvis.offices.models import Office


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="keep_stock_days")
def keep_stock_days(timestamp: int) -> int:
    """Keep the stock of the day that ended, and of the days missed before it; how many days."""
    return sum(keep_days(office) for office in Office.objects.order_by("pk"))


@app.periodic(cron="10 4 * * *")
@app.task(queueing_lock="warn_of_silence")
def warn_of_silence(timestamp: int) -> int:
    """Journal the files that silence will refuse within a month, and those it has, every night; how many."""
    return actions.warn_due()


@app.periodic(cron="20 4 * * *")
@app.task(queueing_lock="end_unanswered_questions")
def end_unanswered_questions(timestamp: int) -> int:
    """Take up again the files whose person did not answer in time, every night; how many."""
    return actions.end_unanswered()


@app.periodic(cron="0 8 * * *")
@app.task(queueing_lock="tell_ending_receipts")
def tell_ending_receipts(timestamp: int) -> int:
    """Tell those whose receipt ends within three weeks without a decision, every morning; how many."""
    return actions.tell_ending()
