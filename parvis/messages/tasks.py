"""What the worker does for the outbox: send."""

from procrastinate.contrib.django import app

from parvis.messages import actions

BURST = 500
ROUND = 4.0  # seconds: the worker has other things to do between two rounds


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="send_messages")
def send_messages(timestamp: int) -> int:
    """Send what is due, every five seconds; how many."""
    return actions.send_due(limit=BURST, seconds=ROUND)
