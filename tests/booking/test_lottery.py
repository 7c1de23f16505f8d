"""The draw over plain values: its order, its fairness, and the second program that recomputes it."""

import copy
import hashlib
import io
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.booking import lottery
from parvis.booking.lottery import Entry, Place, verify_draw

PROGRAM = Path(verify_draw.__file__)
SEED = hashlib.sha256(b"graine fictive").hexdigest()
HALF_DAYS = [f"{day}{half}" for day in range(1, 6) for half in ("am", "pm")]
# Of 10 000 fair machines, one would be told unfair.
CHI_SQUARE_0_0001 = {4: 23.51, 9: 33.72, 19: 50.80}


def entry(number: int, **more: Any) -> Entry:
    return Entry(line=hashlib.sha256(str(number).encode()).hexdigest()[:32], **more)


def morning(number: int, day: int = 15) -> Place:
    return Place(place=f"p{number}", at=f"2018-01-{day:02}T{9 + number // 60:02}:{number % 60:02}")


def frozen(entries: list[Entry], places: list[Place], *, seed: str = SEED, most_losses: int = 3) -> dict[str, Any]:
    header = {"office": "essai", "commitment": lottery.commitment(seed)}
    return lottery.closed_list(entries, places, header=header, most_losses=most_losses)


def document(entries: list[Entry], places: list[Place], seed: str = SEED) -> dict[str, Any]:
    """What the office publishes."""
    listed = frozen(entries, places, seed=seed)
    digest = lottery.digest(listed)
    return {
        "list": listed,
        "commitment": lottery.commitment(seed),
        "digest": digest,
        "seed": seed,
        "mix": lottery.mix(seed, digest),
        "withdrawn": [],
        "result": lottery.draw(listed, seed),
    }


def test_urgency_goes_first_then_the_lot() -> None:
    court, soon, other = entry(1, stratum=lottery.COURT_ORDER), entry(2, stratum=lottery.TWO_WEEKS), entry(3)
    assert lottery.draw(frozen([other, soon, court], [morning(0), morning(1)]), SEED) == {
        court.line: "p0",
        soon.line: "p1",
    }


def test_who_would_lose_once_too_often_goes_before_urgency() -> None:
    carried, worse, court = entry(1, lost=2), entry(2, lost=5), entry(3, stratum=lottery.COURT_ORDER)
    result = lottery.draw(frozen([court, carried, worse], [morning(0), morning(1)]), SEED)
    assert result == {worse.line: "p0", carried.line: "p1"}


def test_one_loss_is_not_yet_a_right() -> None:
    assert not lottery.is_carried(1, 3)
    assert lottery.is_carried(2, 3)
    assert lottery.is_carried(0, 1)


@pytest.mark.parametrize(
    ("expires_on", "ground", "expected"),
    [
        (None, "", lottery.OTHERS),
        (date(2018, 1, 1), "", lottery.TWO_WEEKS),
        (date(2018, 1, 30), "", lottery.TWO_WEEKS),
        (date(2018, 1, 31), "", lottery.ONE_MONTH),
        (date(2018, 2, 14), "", lottery.ONE_MONTH),
        (date(2018, 2, 15), "", lottery.TWO_MONTHS),
        (date(2018, 3, 17), "", lottery.OTHERS),
        (None, "health", lottery.URGENT),
        (date(2019, 1, 1), "court_order", lottery.COURT_ORDER),
    ],
)
def test_strata_by_days_to_expiry_and_confirmed_grounds(expires_on: date | None, ground: str, expected: int) -> None:
    assert lottery.stratum(expires_on=expires_on, ground=ground, day=date(2018, 1, 15)) == expected


def test_each_takes_the_earliest_place_that_suits() -> None:
    """Monday afternoon and Tuesday morning: who can only come on Tuesday leaves Monday to the next."""
    places = [Place(place="tue", at="2018-01-16T09:00"), Place(place="mon", at="2018-01-15T14:00")]
    tuesday = entry(1, stratum=1, suits=("2am",))
    anybody, nobody_else = entry(2, stratum=2), entry(3, stratum=3)
    assert lottery.draw(frozen([nobody_else, anybody, tuesday], places), SEED) == {
        tuesday.line: "tue",
        anybody.line: "mon",
    }


def test_nobody_is_given_a_day_before_their_window_opens() -> None:
    early = entry(1, since="2018-01-17")
    places = [morning(0, 15), morning(1, 17), morning(2, 18)]
    assert lottery.draw(frozen([early], places), SEED) == {early.line: "p1"}
    assert lottery.draw(frozen([early], places[:1]), SEED) == {}


def test_a_place_withdrawn_after_the_close_is_stepped_over() -> None:
    assert lottery.draw(frozen([entry(1)], [morning(0), morning(1)]), SEED, without=["p0"]) == {entry(1).line: "p1"}


def test_the_list_decides_the_lots_as_much_as_the_seed() -> None:
    """One more line, and every lot is another: who holds the seed cannot know the lots before the close."""
    entries, places = [entry(n) for n in range(200)], [morning(n) for n in range(20)]
    before = set(lottery.draw(frozen(entries, places), SEED))
    after = set(lottery.draw(frozen([*entries, entry(999)], places), SEED))
    assert len(before & after) < 15


def chi_square(seen: Counter[str], names: list[str], expected: float) -> float:
    return sum((seen[name] - expected) ** 2 / expected for name in names)


@pytest.mark.parametrize("size", [5, 10, 20])
def test_chances_are_equal_inside_a_stratum(size: int) -> None:
    """2 000 seeded draws, one place: each line wins as often as the others (chi-square, 1 in 10 000)."""
    entries, places, seen = [entry(n) for n in range(size)], [morning(0)], Counter[str]()
    for number in range(2000):
        seed = hashlib.sha256(f"{size}-{number}".encode()).hexdigest()
        seen.update(lottery.draw(frozen(entries, places, seed=seed), seed).keys())
    found = chi_square(seen, [one.line for one in entries], 2000 / size)
    assert found < CHI_SQUARE_0_0001[size - 1]


def test_chances_are_equal_among_winners_of_several_places_in_each_stratum() -> None:
    """Three strata of ten, thirteen places: the second stratum's ten share three, equally; nobody below has any."""
    groups = {stratum: [entry(100 * stratum + n, stratum=stratum) for n in range(10)] for stratum in (1, 2, 3)}
    everybody = [one for group in groups.values() for one in group]
    places, seen = [morning(n) for n in range(13)], Counter[str]()
    for number in range(2000):
        seed = hashlib.sha256(f"strates-{number}".encode()).hexdigest()
        seen.update(lottery.draw(frozen(everybody, places, seed=seed), seed).keys())
    assert all(seen[one.line] == 2000 for one in groups[1])
    assert not any(seen[one.line] for one in groups[3])
    # Drawn without replacement, the statistic is smaller by (N - n) / (N - 1): put it back before it is judged.
    found = chi_square(seen, [one.line for one in groups[2]], 600) * 9 / 7
    assert found < CHI_SQUARE_0_0001[9]


def test_control_a_draw_that_favours_one_line_is_seen() -> None:
    """The same statistic on a draw in which one line of ten has two tickets."""
    entries, seen = [entry(n) for n in range(10)], Counter[str]()
    twin = entry(10)
    for number in range(2000):
        seed = hashlib.sha256(f"biais-{number}".encode()).hexdigest()
        (winner,) = lottery.draw(frozen([*entries, twin], [morning(0)], seed=seed), seed)
        seen[entries[0].line if winner == twin.line else winner] += 1
    assert chi_square(seen, [one.line for one in entries], 200) > CHI_SQUARE_0_0001[9]


def losses(*, most_losses: int, seed: str) -> int:
    """Nine wait, two more come each of thirty weeks for three places: the most losses of anybody."""
    waiting, most = dict.fromkeys(range(9), 0), 0
    for week in range(30):
        entries = {entry(n).line: n for n in waiting}
        listed = frozen([entry(n, lost=lost) for n, lost in waiting.items()], [morning(n) for n in range(3)],
                        most_losses=most_losses)  # fmt: skip
        won = {entries[line] for line in lottery.draw(listed, hashlib.sha256(f"{seed}{week}".encode()).hexdigest())}
        waiting = {n: lost + 1 for n, lost in waiting.items() if n not in won}
        most = max([most, *waiting.values()])
        waiting |= {1000 + 2 * week + n: 0 for n in range(2)}
    return most


def test_who_lost_often_goes_first_so_nobody_loses_more_than_k() -> None:
    assert all(losses(most_losses=3, seed=f"graine {n}") <= 3 for n in range(20))


def test_control_without_it_somebody_loses_more() -> None:
    assert any(losses(most_losses=99, seed=f"graine {n}") > 3 for n in range(20))


drawn = st.builds(
    lambda lines, spots, seed: (
        [entry(n, **more) for n, more in enumerate(lines)],
        [morning(n, d) for n, d in spots],
        seed,
    ),
    st.lists(
        st.fixed_dictionaries(
            {
                "lost": st.integers(0, 4),
                "stratum": st.integers(1, 6),
                "suits": st.lists(st.sampled_from(HALF_DAYS), max_size=3, unique=True).map(tuple),
                "since": st.sampled_from(["", "2018-01-16", "2018-01-19"]),
            }
        ),
        max_size=40,
    ),
    st.lists(st.tuples(st.integers(0, 400), st.integers(15, 19)), max_size=15, unique_by=lambda spot: spot[0]),
    st.binary(min_size=32, max_size=32).map(bytes.hex),
)


@settings(max_examples=150, deadline=None)
@given(drawn)
def test_the_second_program_agrees_and_nobody_is_passed_over(case: tuple[list[Entry], list[Place], str]) -> None:
    entries, places, seed = case
    published = json.loads(json.dumps(document(entries, places, seed)))
    assert verify_draw.faults(published) == []
    result = published["result"]
    assert len(set(result.values())) == len(result) <= len(places)
    left = [place for place in places if place.place not in result.values()]
    for one in entries:
        if one.line not in result:
            assert not [
                place for place in left if place.at[:10] >= one.since and (not one.suits or place.half_day in one.suits)
            ]


def tampered(how: str) -> dict[str, Any]:
    made = copy.deepcopy(document([entry(n) for n in range(30)], [morning(n) for n in range(5)]))
    winners, losers = (
        list(made["result"]),
        [r["line"] for r in made["list"]["requests"] if r["line"] not in made["result"]],
    )
    match how:
        case "a winner replaced":
            made["result"][losers[0]] = made["result"].pop(winners[0])
        case "a place given twice":
            made["result"][losers[0]] = made["result"][winners[0]]
        case "another seed":
            made["seed"] = hashlib.sha256(b"autre").hexdigest()
        case "another seed, committed to afterwards":
            made["seed"] = hashlib.sha256(b"autre").hexdigest()
            made["commitment"] = lottery.commitment(made["seed"])
        case "a line made urgent":
            made["list"]["requests"][0]["stratum"] = 1
        case "a line added after the close":
            made["list"]["requests"].append({"line": "f" * 32, "lost": 9, "since": "", "stratum": 1, "suits": []})
        case "a place hidden":
            made["list"]["places"].pop()
        case "the mix":
            made["mix"] = "0" * 64
    return made


CHEATS = [
    "a winner replaced",
    "a place given twice",
    "another seed",
    "another seed, committed to afterwards",
    "a line made urgent",
    "a line added after the close",
    "a place hidden",
    "the mix",
]


@pytest.mark.parametrize("how", CHEATS)
def test_the_second_program_sees_it(how: str, tmp_path: Path) -> None:
    path = tmp_path / "tirage.json"
    path.write_text(json.dumps(tampered(how)))
    said = subprocess.run([sys.executable, "-I", str(PROGRAM), str(path)], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert said.stdout.startswith("WRONG")


def test_a_whole_draw_made_again_with_another_seed_is_seen_by_who_noted_the_commitment() -> None:
    made = document([entry(1)], [morning(0)])
    assert verify_draw.faults(made, made["commitment"]) == []
    assert verify_draw.faults(made, lottery.commitment("0" * 64)) == ["the commitment is not the one that you noted"]


def test_the_second_program_runs_alone_and_finds_my_line(tmp_path: Path) -> None:
    """Without the project, without Django, in another folder: python -I sees the standard library alone."""
    line = lottery.line_name(lottery.commitment(SEED), "ABCD2345", "jeton-fictif")
    path = tmp_path / "tirage.json"
    path.write_text(json.dumps(document([Entry(line=line), entry(2, stratum=1)], [morning(0), morning(1)])))
    command = [sys.executable, "-I", str(PROGRAM), str(path), "--mine", "ABCD2345", "jeton-fictif"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"your line: {line}: 2018-01-15T09:01" in said.stdout
    assert "VERIFIED: 2 requests, 2 places, 2 given" in said.stdout
    command[-1] = "autre-jeton"
    assert "not in this list" in subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_the_command_says_the_same(tmp_path: Path) -> None:
    good, bad = tmp_path / "bon.json", tmp_path / "faux.json"
    good.write_text(json.dumps(document([entry(1)], [morning(0)])))
    bad.write_text(json.dumps(tampered("a winner replaced")))
    out = io.StringIO()
    call_command("verify_draw", str(good), stdout=out)
    assert "VERIFIED: 1 requests" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("verify_draw", str(bad), stdout=out)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"list": 3}'])
def test_a_file_that_is_no_draw_is_told_without_a_trace(text: str, tmp_path: Path) -> None:
    path = tmp_path / "rien.json"
    path.write_text(text)
    said = subprocess.run([sys.executable, str(PROGRAM), str(path)], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (2, "")


def test_the_name_of_a_line_says_nothing_and_changes_with_the_batch() -> None:
    first = lottery.line_name("a" * 64, "ABCD2345", "jeton")
    assert first != lottery.line_name("b" * 64, "ABCD2345", "jeton")
    assert first != lottery.line_name("a" * 64, "ABCD2345", "jeton2")
    assert "ABCD" not in first
