"""What the worker does for case files: say what nobody did in time, and what ends soon."""

from procrastinate.contrib.django import app

from parvis.casefiles import actions


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
