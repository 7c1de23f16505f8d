"""What the worker does for bookings: end what is over, remind, forget."""

from procrastinate.contrib.django import app

from parvis.booking import actions
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Office


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


@app.periodic(cron="10 9 * * *")
@app.task(queueing_lock="remind_of_cards")
def remind_of_cards(timestamp: int) -> int:
    """Remind the persons whose cards wait since the announcement, every morning; how many."""
    return actions.remind_of_cards()


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="make_slots")
def make_slots(timestamp: int) -> int:
    """Make the slots of the day that comes within the horizon of each office, every night; how many were new."""
    return sum(actions.make_slots(office, by=SYSTEM) for office in Office.objects.order_by("pk"))


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="forget_old_guards")
def forget_old_guards(timestamp: int) -> int:
    """Delete old allowances, proofs and codes, every night; how many."""
    return actions.forget_old()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="hold_draws")
def hold_draws(timestamp: int) -> int:
    """Close and draw what is due and keep a batch open where seats are drawn, every minute; how many draws."""
    return actions.run_due()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="end_offers")
def end_offers(timestamp: int) -> int:
    """End the offers without an answer and ask the next person, every minute; how many."""
    return actions.expire_offers()


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="offer_seats")
def offer_seats(timestamp: int) -> int:
    """Free the seats kept for draws that do not come, and propose those that no draw will reach, every quarter of an
    hour; how many were proposed.
    """
    proposed = 0
    for office in Office.objects.order_by("pk"):
        actions.free_what_no_draw_gives(office)
        proposed += actions.offer_idle_seats(office)
    return proposed
