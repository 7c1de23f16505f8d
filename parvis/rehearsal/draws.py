"""Chance, repeatable: one stream of random numbers for each purpose, all from one seed."""

import math
import random
from datetime import timedelta


def stream(seed: int, purpose: str) -> random.Random:
    """The random numbers of one purpose. Drawing more for one never shifts another."""
    return random.Random(f"{seed}:{purpose}")


def lognormal(chance: random.Random, *, mean: float, sigma: float) -> float:
    """A lognormal draw of this mean (not median), ``sigma`` being that of the logarithm (source: DR:99)."""
    return chance.lognormvariate(math.log(mean) - sigma * sigma / 2, sigma)


def minutes(value: float) -> timedelta:
    """A duration in whole seconds, at least one."""
    return timedelta(seconds=max(1, round(value * 60)))
