"""The command that replays months: its two processes, what it keeps, and what it shows when nothing was played here."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from parvis.rehearsal.replay import kept

HALF = {"stock_start", "stock_end", "weeks", "actions", "seconds", "actions_a_second", "by_action"}
REPLAY_PAGE = Path(settings.BASE_DIR) / "docs" / "replay.md"


@pytest.fixture(autouse=True)
def _nothing_played_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    # The two processes of a replay read it from their surroundings.
    monkeypatch.setenv("PARVIS_VAR", str(tmp_path))


def told(*words: str) -> tuple[str, str]:
    """What the command prints, and what it says beside."""
    out, beside = StringIO(), StringIO()
    call_command("replay", *words, stdout=out, stderr=beside)
    return out.getvalue(), beside.getvalue()


def test_both_halves_are_played_side_by_side_and_kept(tmp_path: Path) -> None:
    table, beside = told("2017-06-26", "2017-06-27", "--scale", "0.01")
    assert "Fermé le jeudi : de 100 à" in table
    assert "Ouvert le jeudi : de 100 à" in table
    assert str(tmp_path / "replay" / "last.json") in beside
    assert (tmp_path / "replay" / "last.svg").read_text().count("<polyline") == 3
    shown, which = told("--last", "--json")
    assert which.strip() == str(tmp_path / "replay" / "last.json")
    found = json.loads(shown)
    assert set(found) == {"with", "without", "seconds"}
    for half in ("with", "without"):
        assert set(found[half]) == HALF
        (week,) = found[half]["weeks"]
        assert found[half]["stock_start"] == 100
        assert found[half]["stock_end"] == week["stock"]
        assert week["stock"] == 100 + week["opened"] - week["decided"] - week["closed_undecided"]


def test_where_nothing_was_played_the_replay_of_the_sources_is_shown_and_said_to_be() -> None:
    shown, which = told("--last", "--json")
    assert str(kept.delivered()) in which
    found = json.loads(shown)
    assert {half: (found[half]["stock_start"], found[half]["stock_end"]) for half in ("with", "without")} == {
        "with": (10000, 4972),
        "without": (10000, 12073),
    }
    assert all(set(found[half]) == HALF and len(found[half]["weeks"]) == 25 for half in ("with", "without"))
    assert "Fermé le jeudi : de 10000 à 4972" in told("--last")[0]


def test_without_any_replay_the_command_says_how_to_make_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    with pytest.raises(CommandError, match=r"manage\.py replay"):
        told("--last", "--json")


def test_the_page_of_the_replay_shows_every_week_of_the_delivered_one() -> None:
    found = json.loads(kept.delivered().read_text())
    rows = [
        f"| {with_['week']} | " + " | ".join(cell for week in (with_, without) for cell in cells(week)) + " |"
        for with_, without in zip(found["with"]["weeks"], found["without"]["weeks"], strict=True)
    ]
    page = REPLAY_PAGE.read_text()
    assert [row for row in rows if row not in page] == []


def cells(week: dict[str, int]) -> list[str]:
    """A week as the page shows it."""
    return [
        f"{week['stock']:,}", str(week["opened"]), str(week["decided"]), str(week["cards_handed_over"]),
        f"{week['hours_at_files']:.0f}",
    ]  # fmt: skip
