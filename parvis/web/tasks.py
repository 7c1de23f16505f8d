"""What the worker does for the screens: take over a stock that was sent."""

import time

from procrastinate.contrib.django import app

from parvis.casefiles.actions import importing as stock_imports
from parvis.casefiles.models import StockImport
from parvis.offices.models import Agent
from parvis.web.casework import uploads

# The worker has other things to do between two turns.
TURN = 20.0  # seconds


class _Enough(Exception):
    """The turn is over; what was read is kept."""


@app.task
def take_over_stock(stock_import: int, agent: int) -> int:
    """Take over a checked stock, one turn after another; how many lines were read. It goes on where it stopped."""
    found = StockImport.objects.select_related("office").get(pk=stock_import)
    by = Agent.objects.get(pk=agent)
    began: list[float] = []

    def told(_running: StockImport) -> None:
        # From the first lines taken: reading a large register again is no part of the turn, or none would be taken.
        began.append(time.monotonic())
        if began[-1] - began[0] > TURN:
            raise _Enough

    try:
        done = stock_imports.run_import(found, uploads.path_of(found.office, found.fingerprint), by=by, told=told)
    except _Enough:
        take_over_stock.defer(stock_import=stock_import, agent=agent)
        found.refresh_from_db()
        return found.read
    uploads.forget(done.office, done.fingerprint)
    return done.read
