"""The two curves of the stock: a table for a terminal, a drawing for a page."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 960, 480
LEFT, RIGHT, TOP, BOTTOM = 80, 40, 70, 60
WITH, WITHOUT = "#0b5c3b", "#a3320b"
LABELS = {"with": "Fermé le jeudi", "without": "Ouvert le jeudi"}


def table(found: dict[str, Any]) -> str:
    """Both curves side by side, a line a week; what is missing stays empty."""
    runs = [name for name in LABELS if name in found]
    header = f"{'Semaine':<12}" + "".join(
        f"{'Stock':>8}{'déposés':>9}{'décidés':>9}{'titres':>8}{'remis':>7}{'heures':>8}   " for _run in runs
    )
    titles = f"{'':<12}" + "".join(f"{LABELS[run]:<52}" for run in runs)
    rows = [titles.rstrip(), header.rstrip(), "-" * len(header.rstrip())]
    for turn in range(max(len(found[run]["weeks"]) for run in runs)):
        weeks = [found[run]["weeks"][turn] for run in runs]
        rows.append(f"{weeks[0]['week']:<12}" + "".join(_cells(week) for week in weeks))
    return "\n".join([*rows, "", *(_summary(run, found[run]) for run in runs)])


def _cells(week: dict[str, Any]) -> str:
    return (
        f"{week['stock']:>8}{week['opened']:>9}{week['decided']:>9}{week['cards_received']:>8}"
        f"{week['cards_handed_over']:>7}{week['hours_at_files']:>8.0f}   "
    )


def _summary(run: str, found: dict[str, Any]) -> str:
    start, end = found["stock_start"], found["stock_end"]
    share = end / start if start else 0.0
    return (
        f"{LABELS[run]} : de {start} à {end} dossiers ({share:.0%} du stock de départ) ; "
        f"{found['actions']} actions en {found['seconds']:.0f} s ({found['actions_a_second']:.0f} par seconde)"
    )


def picture(found: dict[str, Any]) -> str:
    """Both curves as SVG, with the half of the first stock as a dashed line; readable without its colours."""
    runs = [name for name in LABELS if name in found]
    curves = {run: [found[run]["stock_start"], *(week["stock"] for week in found[run]["weeks"])] for run in runs}
    weeks = ["", *(week["week"] for week in found[runs[0]]["weeks"])]
    top = _round_up(max(max(curve) for curve in curves.values()))
    half = found[runs[0]]["stock_start"] / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
        'font-family="system-ui, sans-serif" font-size="14">',
        "<title>Stock de dossiers, semaine par semaine</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="30" font-size="18" font-weight="bold">Dossiers sans décision, semaine par semaine</text>',
        *_grid(top),
        *_weeks(weeks),
        _line([half, half], top, colour="#555", dash="4 6"),
        f'<text x="{LEFT + 8}" y="{_y(half, top) - 6:.0f}" fill="#555">moitié du stock de départ</text>',
    ]
    for run, curve in curves.items():
        colour = WITH if run == "with" else WITHOUT
        parts.append(_line(curve, top, colour=colour, dash="" if run == "with" else "10 5"))
        label, away = f"{LABELS[run]} : {curve[-1]}", 24 if run == "with" else -10
        parts.append(
            f'<text x="{WIDTH - RIGHT}" y="{_y(curve[-1], top) + away:.0f}" text-anchor="end" fill="{colour}" '
            f'font-weight="bold">{escape(label)}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


def _grid(top: float) -> list[str]:
    found = []
    for step in range(5):
        value = top * step / 4
        y = _y(value, top)
        found.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        found.append(f'<text x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{value:.0f}</text>')
    return found


def _weeks(weeks: Sequence[str]) -> list[str]:
    every = max(1, len(weeks) // 6)
    last = max(1, len(weeks) - 1)
    return [
        f'<text x="{LEFT + (WIDTH - LEFT - RIGHT) * turn / last:.0f}" y="{HEIGHT - 24}" text-anchor="middle">'
        f"{escape('/'.join(reversed(week[5:].split('-'))))}</text>"
        for turn, week in enumerate(weeks)
        if week and turn % every == 0
    ]


def _line(curve: Sequence[float], top: float, *, colour: str, dash: str) -> str:
    last = max(1, len(curve) - 1)
    points = " ".join(
        f"{LEFT + (WIDTH - LEFT - RIGHT) * turn / last:.1f},{_y(value, top):.1f}" for turn, value in enumerate(curve)
    )
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="3"{dashed}/>'


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / (top or 1)


def _round_up(value: float) -> float:
    """The next round number, so that the scale reads well."""
    step = max(1, 10 ** (len(str(int(value))) - 1) // 2)
    return float(-(-int(value) // step) * step or 1)
