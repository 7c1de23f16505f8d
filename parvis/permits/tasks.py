"""What the worker does for cards."""

from procrastinate.contrib.django import app

from parvis.permits import actions


@app.periodic(cron="30 5 * * *")
@app.task(queueing_lock="list_unclaimed_cards")
def list_unclaimed_cards(timestamp: int) -> int:
    """Put on the list the cards nobody came for in the time that was said, every morning; how many."""
    return actions.mark_unclaimed_due()
