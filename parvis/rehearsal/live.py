"""The demonstration day after day, at the pace of its clock, beside whoever clicks."""

import logging
from datetime import date

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.reception import actions
from parvis.rehearsal import cast, holders, scenarios
from parvis.rehearsal.agenda import ClockDrivesEvents
from parvis.rehearsal.demonstration import MORNING, SEED, check_is_one, clock_file, set_clock
from parvis.rehearsal.play import Play, Setting

log = logging.getLogger(__name__)


def go_on() -> None:
    """Play the day of the clock, then the next open ones, for ever; ends after one day when the clock has no file."""
    check_is_one()
    while True:
        office = Office.objects.get(code=cast.OFFICE)
        day = clock.today()
        play_live(office, day)
        if not begin_next_day(office, day):
            return


def play_live(office: Office, day: date) -> None:
    """Play what is left of a day; what happened before a restart is found in the database and not done twice."""
    setting = Setting.of(office, day, scenarios.for_day(day), SEED)
    if setting is None:
        log.info("%s: nothing opens", day)
        return
    crowd = setting.crowd()
    log.info("%s: %s visitors to come", day, len(crowd.visitors))
    actors = cast.gather(office)
    stock, files = holders.stock(office, day, crowd, officer=actors.officer, signatory=actors.signatory)
    play = Play.prepared(
        setting,
        actors,
        crowd=crowd,
        stock=stock,
        files=files,
        driver=ClockDrivesEvents(),
        live=True,
    )
    play.run()


def begin_next_day(office: Office, day: date) -> bool:
    """Close what is left open and set the clock to the next open morning; False when the clock cannot be set."""
    actions.close_day(office, day=day, by=SYSTEM)
    coming = [offices.next_open_day(line, day) for line in Line.objects.filter(office=office).order_by("pk")]
    days = [found for found in coming if found]
    if not days or clock_file() is None:
        return False
    set_clock(clock.at(min(days), MORNING), rate=clock.rate())
    return True
