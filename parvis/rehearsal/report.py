"""The report of a rehearsed day, as a page of text in French for a head of office."""

from collections.abc import Iterable

from parvis.offices.models import Line
from parvis.rehearsal.day import Rehearsed

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


_APPOINTMENTS = {
    "asked": "Rendez-vous demandés pour ce jour",
    "told_before_coming": "  renseignés avant de se déplacer",
    "no_seat_that_day": "  sans place ce jour-là",
    "booked": "  pris",
    "cancelled": "  annulés, remis au suivant",
    "on_time": "Arrivés pour leur heure",
    "late": "Arrivés trop tard, reçus quand même",
    "seat_found_at_the_desk_today": "Venus sans rendez-vous, place ce jour",
    "seat_found_at_the_desk_later": "Venus sans rendez-vous, place plus tard",
}


def changes(now: Rehearsed, before: Rehearsed, lines: Iterable[Line]) -> str:
    """What changed for waits from one day to the other, line by line, in minutes."""
    title = f"Ce qui change, du {before.figures.date:%d/%m/%Y} au {now.figures.date:%d/%m/%Y}"
    header = f"{'Service':<30}{'moyenne':>18}{'P50':>18}{'P90':>18}{'max':>18}"
    rows = [title, "=" * len(title), header, "-" * len(header)]
    for line in lines:
        pair = [rehearsed.figures.lines.get(line.code) for rehearsed in (before, now)]
        old, new = (found.wait_minutes if found and found.received else None for found in pair)
        if old and new:
            parts = [(old.mean, new.mean), (old.p50, new.p50), (old.p90, new.p90), (old.max, new.max)]
            rows.append(f"{line.name[:29]:<30}" + "".join(f"{f'{a:.1f} → {b:.1f}':>18}" for a, b in parts))
    outside = f"{before.wait_outside.mean:.1f} → {now.wait_outside.mean:.1f}"
    peak = f"{before.peak_to_mean:.2f} → {now.peak_to_mean:.2f}"
    return "\n".join(
        [*rows, f"File dehors, moyenne en minutes : {outside}", f"Demi-heure la plus pleine sur la moyenne : {peak}"]
    )


def text(rehearsed: Rehearsed, lines: Iterable[Line]) -> str:
    """The whole report."""
    return "\n".join(
        [
            *_head(rehearsed),
            "",
            *_people(rehearsed),
            "",
            *_files(rehearsed),
            "",
            *_by_line(rehearsed, lines),
            "",
            *_rest(rehearsed),
        ]
    )


def _head(rehearsed: Rehearsed) -> list[str]:
    day = rehearsed.figures.date
    title = (
        f"Journée du {_WEEKDAYS[day.weekday()]} {day:%d/%m/%Y} – {rehearsed.scenario.name} (graine {rehearsed.seed})"
    )
    closed = [f"Bureau fermé : {rehearsed.why_closed}"] if rehearsed.why_closed else []
    return [title, "=" * len(title), *closed]


def _people(rehearsed: Rehearsed) -> list[str]:
    found = rehearsed.figures
    rows = [
        ("Personnes venues", found.arrivals),
        ("  reçues", found.received),
        ("  parties d'elles-mêmes", found.left),
        ("  orientées ailleurs ou un autre jour", found.redirected),
        ("  non reçues", found.turned_away),
        ("  encore en attente", found.still_waiting),
        ("Tickets ouverts après la clôture", rehearsed.open_tickets),
        ("Rendez-vous non honorés", rehearsed.no_shows),
    ]
    counted = [*rows, *((label, rehearsed.appointments[name]) for name, label in _APPOINTMENTS.items())]
    return [f"{label:<40}{value:>6}" for label, value in (counted if rehearsed.appointments else rows)]


def _by_line(rehearsed: Rehearsed, lines: Iterable[Line]) -> list[str]:
    header = f"{'Service':<30}{'venues':>8}{'reçues':>8}{'attente':>9}{'P50':>7}{'P90':>7}{'max':>7}"
    header += f"{'dépassem.':>11}{'occupation':>12}"
    rows = [header, "-" * len(header)]
    for line in lines:
        figures = rehearsed.figures.lines.get(line.code)
        if figures is None or not figures.arrivals:
            continue
        wait = figures.wait_minutes
        rows.append(
            f"{line.name[:29]:<30}{figures.arrivals:>8}{figures.received:>8}{wait.mean:>9.1f}{wait.p50:>7.1f}"
            f"{wait.p90:>7.1f}{wait.max:>7.1f}{figures.longest_overtaking_minutes:>11.1f}{figures.busy_share:>12.0%}"
        )
    return [*rows, "Attentes et dépassements en minutes ; attente : moyenne."]


_FILES = {
    "opened": "Dossiers ouverts aux guichets",
    "complete": "  complets, en instruction",
    "incomplete": "  incomplets, pièces réclamées",
    "receipts_issued": "Premiers récépissés",
    "receipts_renewed": "Récépissés renouvelés",
    "reviewed": "Dossiers instruits derrière les guichets",
    "signed": "Décisions signées",
    "hours": "Heures passées sur les dossiers",
}


def _files(rehearsed: Rehearsed) -> list[str]:
    return [f"{label:<40}{rehearsed.files[name]:>6}" for name, label in _FILES.items()]


def _rest(rehearsed: Rehearsed) -> list[str]:
    found, outside = rehearsed.figures, rehearsed.wait_outside
    told = found.estimate_calibration
    counters = ", ".join(f"guichet {number} : {cards}" for number, cards in found.handed_over_by_counter.items())
    pace = rehearsed.actions / rehearsed.seconds if rehearsed.seconds else 0
    left_outside = (
        f"File dehors, en minutes : moyenne {outside.mean:.1f}, P50 {outside.p50:.1f}, P90 {outside.p90:.1f}, "
        f"max {outside.max:.1f}"
    )
    kept = (
        f"Attentes annoncées : {told.forecasts} ; tenues sous le bas de la fourchette {told.share_within_low:.0%} "
        f"(visé 50 %), sous le haut {told.share_within_high:.0%} (visé 90 %) ; "
        f"écart moyen {told.mean_error_minutes:+.1f} min"
    )
    return [
        f"Titres remis : {found.handed_over}" + (f" ({counters})" if counters else ""),
        left_outside,
        kept,
        f"{rehearsed.actions} actions en {rehearsed.seconds:.1f} s ({pace:.0f} par seconde)",
    ]
