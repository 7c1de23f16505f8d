"""What a replay is made of: its days, its stock and its flows, read from the scenario; and what no source gives."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from parvis.rehearsal.scenarios import REFERENCE, SOURCE

# The name under which the seed's figures are asked for on the command line.
SEED_SCENARIO = "seed"
FIRST, LAST = date(2017, 6, 26), date(2017, 12, 11)

# Assumptions of the replay, which no source gives (docs/replay.md says why).
REVIEW_OVER_COUNTER = 1.12  # minutes to review a file, over the minutes its deposit takes at the counter
SIGN_MINUTES = 1.0  # to read a proposal and sign it
REFUSED = 0.05  # share of the files decided
ASKED = 0.06  # share of the files taken up for which the person is asked something first
ASK_MINUTES = 8.0
NEVER_COMPLETED = 0.08  # share of the incomplete files whose missing document never comes
CARD_DAYS = (14, 21)  # from the signature to the delivery
COMES_AFTER_DAYS = (2, 24)  # from the announcement to the visit
NEVER_COMES = 0.015  # share of the announced cards that nobody comes for
FAILED_HANDOVER = 0.04  # share of the visits for a card that end without it: a stamp, a document is missing
HANDOVER_MINUTES = 6.3  # three counters, 420 minutes, 200 cards (derived from S and DR:12)
RENEWS_BEFORE_DAYS = (0, 14)  # how long before its end a receipt is renewed


@dataclass(frozen=True, slots=True)
class Plan:
    """The days, the stock and the flows of a replay. ``scale`` shrinks files and hours together."""

    first: date
    last: date
    stock: int
    files_a_week: int
    incomplete: float
    mix: dict[str, float]
    closes_on_thursday: bool
    seed: int = 1
    scale: float = 1.0

    @property
    def days(self) -> list[date]:
        """Every day, weekends included: cards age and answers come on them too."""
        return [self.first + timedelta(days=ahead) for ahead in range((self.last - self.first).days + 1)]

    @property
    def mondays(self) -> list[date]:
        """The weeks, each by its first day."""
        return [day for day in self.days if day == self.first or day.weekday() == 0]


def read(first: date, last: date, *, closes_on_thursday: bool, seed: int, scale: float, filed: frozenset[str]) -> Plan:
    """The plan of the seed's scenario between two days; ``filed`` are the procedures that open a file."""
    everything: dict[str, Any] = tomllib.loads(SOURCE.read_text())
    backlog = next(row for row in everything["scenario"] if row["id"] == REFERENCE)["backlog"]
    mix = {code: share for code, share in everything["common"]["motive_mix"].items() if code in filed}
    whole = sum(mix.values())
    return Plan(
        first=first,
        last=last,
        stock=round(backlog["initial_stock"]["value"] * scale),
        files_a_week=round(backlog["new_files_per_week"]["value"] * scale),
        incomplete=everything["common"]["incomplete_file_share"]["value"],
        mix={code: share / whole for code, share in mix.items()},
        closes_on_thursday=closes_on_thursday,
        seed=seed,
        scale=scale,
    )
