"""What the worker does for the reception: print, close the days that were forgotten, erase what is no longer needed."""

from datetime import timedelta

from django.conf import settings
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from parvis.common import clock, commands
from parvis.journal.actions import SYSTEM
from parvis.offices import queries as offices
from parvis.offices.models import Office
from parvis.reception import actions, printing
from parvis.reception.models import CounterSession, Ticket
from parvis.reception.states import SessionState

FORGOTTEN_AFTER = timedelta(hours=2)


@app.task(retry=RetryStrategy(max_attempts=5, exponential_wait=2, retry_exceptions={printing.PrinterFailed}))
def print_ticket(ticket_id: int, order: str) -> bool:
    """Print one ticket; a printer that does not answer is tried again after 2, 4, 8, 16 and 32 seconds."""
    return printing.carry_out(Ticket.objects.get(pk=ticket_id), order=order)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="close_forgotten_days")
def close_forgotten_days(timestamp: int) -> int:
    """Close the days that nobody closed two hours after the office did; how many."""
    return sum(_close_if_forgotten(office) for office in Office.objects.order_by("pk"))


@app.periodic(cron="30 3 * * *")
@app.task(queueing_lock="erase_old_traces")
def erase_old_traces(timestamp: int) -> None:
    """Erase by what right people went ahead yesterday, which is health data, the names of tickets after the setting's
    days, old counts of door codes, commands of thirty days."""
    actions.purge_priorities(clock.today(), by=SYSTEM)
    actions.purge_holders(clock.today() - timedelta(days=settings.TICKET_NAMES_DAYS), by=SYSTEM)
    actions.forget_guesses()
    commands.forget_old()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="revive_stalled_jobs", pass_context=True)
async def revive_stalled_jobs(context: JobContext, timestamp: int) -> int:
    """Give back the jobs that a killed worker held; how many. Each job is harmless the second time."""
    stalled = list(await context.app.job_manager.get_stalled_jobs())
    for job in stalled:
        await context.app.job_manager.retry_job(job)
    return len(stalled)


def _close_if_forgotten(office: Office) -> int:
    days = set(Ticket.objects.open().filter(office=office).values_list("day", flat=True).distinct().order_by())
    sessions = CounterSession.objects.filter(counter__office=office).exclude(state=SessionState.CLOSED)
    days |= {clock.office_day(opened) for opened in sessions.order_by().values_list("opened_at", flat=True)}
    closed = 0
    for day in sorted(days):
        hours = offices.office_hours(office, day)
        is_over = clock.now() > hours[1] + FORGOTTEN_AFTER if hours else day < clock.today()
        if is_over:
            actions.close_day(office, day=day, by=SYSTEM)
            closed += 1
    return closed
