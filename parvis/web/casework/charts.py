"""A curve as points of a picture; the page draws it, and a table beside it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 32
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Mark:
    """A label of an axis: where, and what it says."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Points as SVG wants them. ``coming`` goes on where ``line`` ends; ``spread`` is the area of its range."""

    line: str
    coming: str
    spread: str
    half: float | None
    across: list[Mark]
    up: list[Mark]
    last: tuple[float, float] | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a curve may become: so many steps ahead, at a pace a step, between a quick one and a slow one."""

    steps: int
    pace: float
    low: float | None = None
    high: float | None = None


def chart(
    values: Sequence[tuple[str, int]], *, from_zero: bool, ahead: Ahead | None = None, half: float | None = None
) -> Chart | None:
    """The curve of labelled values; None of fewer than two. ``from_zero``: the axis begins there."""
    if len(values) < 2:
        return None
    numbers = [number for _label, number in values]
    coming = _ahead(numbers[-1], ahead, ahead.pace) if ahead else []
    wide = [_ahead(numbers[-1], ahead, pace) for pace in (ahead.low, ahead.high) if pace is not None] if ahead else []
    every = [*numbers, *coming, *(one for row in wide for one in row), *([half] if half is not None else [])]
    step = _step((max(every) - (0 if from_zero else min(every))) / 4)
    bottom = 0 if from_zero else step * (min(every) // step)
    top = max(step * -(-max(every) // step), bottom + step)
    count = len(values) + (ahead.steps if ahead else 0)

    def point(index: int, value: float) -> tuple[float, float]:
        across = LEFT + (WIDTH - LEFT - RIGHT) * index / max(count - 1, 1)
        up = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - bottom) / (top - bottom)
        return round(across, 1), round(up, 1)

    def path(start: int, row: Sequence[float]) -> list[tuple[float, float]]:
        return [point(start + index, value) for index, value in enumerate(row)]

    last = len(values) - 1
    spread = [*path(last, wide[0]), *reversed(path(last, wide[1]))] if len(wide) == 2 else []
    every_nth = max(1, -(-len(values) // 8))
    return Chart(
        line=_said(path(0, numbers)),
        coming=_said(path(last, coming)),
        spread=_said(spread),
        half=point(0, half)[1] if half is not None else None,
        across=[Mark(point(at, 0)[0], label) for at, (label, _n) in enumerate(values) if at % every_nth == 0],
        up=[Mark(point(0, bottom + step * n)[1], f"{bottom + step * n:.0f}") for n in range(_rungs(bottom, top, step))],
        last=point(last, numbers[-1]),
    )


def _ahead(now: int, ahead: Ahead, pace: float) -> list[float]:
    return [max(0.0, now - pace * step) for step in range(ahead.steps + 1)]


def _rungs(bottom: float, top: float, step: float) -> int:
    return round((top - bottom) / step) + 1


def _step(rough: float) -> float:
    """The round number just above: 1, 2 or 5 times a power of ten."""
    size = 1.0
    while size * 10 <= rough:
        size *= 10
    return next((size * one for one in STEPS if size * one >= rough), size * 10)


def _said(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{across},{up}" for across, up in points)
