"""What the worker does for bookings: end what is over, remind, forget."""

from procrastinate.contrib.django import app

from parvis.booking import actions


@app.periodic(cron="* * * * * */30")
@app.task(queueing_lock="expire_holds")
def expire_holds(timestamp: int) -> int:
    """Give back the seats of holds that nobody finished, every thirty seconds; how many holds."""
    return actions.expire_due()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="remind_people")
def remind_people(timestamp: int) -> int:
    """Queue the reminders that are due, every ten minutes; how many appointments."""
    return actions.remind_due()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="summon_people")
def summon_people(timestamp: int) -> int:
    """Tell the persons whose cards have arrived, every ten minutes; how many."""
    return actions.summon_due()


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="forget_old_guards")
def forget_old_guards(timestamp: int) -> int:
    """Delete old allowances, proofs and codes, every night; how many."""
    return actions.forget_old()
