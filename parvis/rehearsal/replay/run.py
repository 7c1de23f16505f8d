"""One replay: the past laid down, then day after day through the real actions."""

import time
from collections.abc import Callable
from datetime import date, timedelta

from parvis.casefiles.actions.stock import keep_day
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.offices import queries as offices
from parvis.offices.models import Office
from parvis.procedures import queries as catalogue
from parvis.rehearsal import cast
from parvis.rehearsal.desk import OPENS_FILE
from parvis.rehearsal.draws import stream
from parvis.rehearsal.replay import ledger, roster
from parvis.rehearsal.replay.cards import Cards
from parvis.rehearsal.replay.counters import Counters
from parvis.rehearsal.replay.ledger import Ledger, Replayed
from parvis.rehearsal.replay.past import Measures, Past, lay_down
from parvis.rehearsal.replay.plan import CARD_DAYS, Plan, read
from parvis.rehearsal.replay.review import Review
from parvis.rehearsal.replay.stage import Stage

# Decided a week before what is still being made: the cards that wait in the drawers on the first day.
DECIDED_OVER_DAYS = 28
DECIDED_A_WEEK = 725  # what the office decided a week before the measures, by its hours (docs/replay.md)

Watch = Callable[[date, Stage], None]


class DoesNotAddUp(BusinessError):
    """Files or cards were lost or doubled on the way: the figures of the replay would be worth nothing."""

    code = "replay_does_not_add_up"
    message = "%(faults)s"


def replay(plan: Plan, *, watch: Watch | None = None) -> Replayed:
    """Live through the days of a plan in the database at hand, and count. Raises ``DoesNotAddUp``."""
    started = time.monotonic()
    with clock.held(clock.at(plan.first - timedelta(days=1), "18:00")):
        stage, past = _set(plan)
        parts = Counters(stage), Review(stage), Cards(stage)
        parts[0].expect(past.undecided, past.receipts)
        _deliveries(stage, past)
        stock_start, cards_start = ledger.stock(stage.office), ledger.waiting(stage.office)
        set_up = time.monotonic() - started
        for day in plan.days:
            if day in plan.mondays:
                stage.ledger.begin(day)
            _live(stage, parts, day)
            if watch:
                watch(day, stage)
        stage.ledger.end()
    if faults := ledger.faults(stock_start, cards_start, stage.ledger.weeks):
        raise DoesNotAddUp(faults=" ; ".join(faults))
    return Replayed(
        closes_on_thursday=plan.closes_on_thursday,
        stock_start=stock_start,
        stock_end=stage.ledger.weeks[-1].stock,
        weeks=stage.ledger.weeks,
        actions=sum(cost.calls for cost in stage.costs.values()),
        seconds=time.monotonic() - started - set_up,
        by_action=stage.costs,
    )


def review(office: Office, day: date, *, seed: int) -> Stage:
    """The officers' work of one day that was played at the counters minute by minute, after its closing."""
    stage = _stage(office, read(day, day, closes_on_thursday=True, seed=seed, scale=1.0, filed=OPENS_FILE))
    duty = roster.duty(office, stage.roster, day, scale=1.0)
    if duty.works:
        Review(stage).live(day, duty)
    return stage


def _set(plan: Plan) -> tuple[Stage, Past]:
    office = Office.objects.get(code=cast.OFFICE)
    if not plan.closes_on_thursday:
        roster.keep_thursdays_open(office, plan.first)
    cast.pool_filing_and_receipts(office)
    stage = _stage(office, plan)
    people = stage.roster
    decided = round(DECIDED_A_WEEK * plan.scale * DECIDED_OVER_DAYS / 7)
    past = lay_down(
        office,
        plan.first,
        Measures(plan.stock, decided, DECIDED_OVER_DAYS),
        mix=plan.mix,
        procedures=stage.procedures,
        agents=people.officers,
        signatory=people.signatories[0],
        seed=plan.seed,
    )
    return stage, past


def _stage(office: Office, plan: Plan) -> Stage:
    return Stage(
        plan=plan,
        office=office,
        roster=roster.gather(office),
        procedures={one.code: one for one in catalogue.procedures_on(plan.first)},
        lines={line.code: line for line in offices.lines(office)},
        ledger=Ledger(office),
    )


def _deliveries(stage: Stage, past: Past) -> None:
    """The cards of what was decided before the first day come as those decided later will."""
    chance = stream(stage.plan.seed, "production before")
    for file in past.granted:
        decided = clock.office_day(file.decided_at or clock.now())
        comes = max(stage.plan.first, decided + timedelta(days=chance.randint(*CARD_DAYS)))
        stage.deliveries[stage.next_working(comes)].append(file.pk)


def _live(stage: Stage, parts: tuple[Counters, Review, Cards], day: date) -> None:
    counters, review, cards = parts
    duty = roster.duty(stage.office, stage.roster, day, scale=stage.plan.scale)
    if duty.works:
        clock.hold(clock.at(day, "07:00"))
        counters.give_up(day)
        cards.live(day, duty)
        hours = offices.hours(stage.lines["filing"], day)
        if hours:
            counters.live(day, (hours[0][0], hours[-1][1]))
        review.live(day, duty)
    clock.hold(clock.at(day, "19:00"))
    stage.act(keep_day, stage.office, day)
