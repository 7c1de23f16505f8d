#!/usr/bin/env python3
"""Recompute a published draw, on any machine, with Python 3.8 or later alone: python3 verify_draw.py FILE

FILE is the document that the office publishes for one batch. With --commitment, the commitment that you wrote down
while requests were open is compared too. With --mine NUMBER KEY your own line is found: both are on the page of your
request. Ends with 0 when everything agrees, 1 when something does not, 2 when the file cannot be read.

This program was written apart from the one that draws, from the published rules, and shares no line with it.
"""

import argparse
import datetime as dt
import hashlib
import hmac
import json
import sys
from typing import Any, Dict, List, Optional, Sequence, Set, TextIO  # noqa: UP035 - machines of elsewhere are older


def sha(data: bytes) -> str:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def faults(document: Dict[str, Any], noted: str = "") -> List[str]:  # noqa: UP006
    """Everything that does not agree, in words; nothing when the draw is what its rules say."""
    listed = document["list"]
    seed = bytes.fromhex(document["seed"])
    digest = sha(json.dumps(listed, sort_keys=True, separators=(",", ":")).encode("ascii"))
    mixed = sha(seed + bytes.fromhex(digest))
    lines = [row["line"] for row in listed["requests"]]
    spots = [row["place"] for row in listed["places"]]
    expected = recompute(listed, bytes.fromhex(mixed), set(document.get("withdrawn", [])))
    published = document["result"]
    wrong = sorted(line for line in set(expected) | set(published) if expected.get(line) != published.get(line))
    checks = [
        (noted and noted.strip().lower() != document["commitment"], "the commitment is not the one that you noted"),
        (sha(seed) != document["commitment"], "the seed is not the one that was committed to"),
        (listed.get("commitment") != document["commitment"], "the list belongs to another commitment"),
        (digest != document["digest"], "the list is not the one that was closed"),
        (mixed != document["mix"], "the mix is not that of the seed and the list"),
        (len(set(lines)) != len(lines), "a line is in the list twice"),
        (len(set(spots)) != len(spots), "a place is in the list twice"),
        (wrong, "%d lines have another result than the draw gives: %s" % (len(wrong), ", ".join(wrong[:3]))),  # noqa: UP031
    ]
    return [said for is_wrong, said in checks if is_wrong]


def recompute(listed: Dict[str, Any], mixed: bytes, withdrawn: Set[str]) -> Dict[str, str]:  # noqa: UP006
    """The place of each line that gets one, found the slow and plain way."""
    places = [row for row in listed["places"] if row["place"] not in withdrawn]
    places.sort(key=lambda row: (row["at"], row["place"]))
    halves = {row["at"]: half_day(row["at"]) for row in places}
    queue = []
    for row in listed["requests"]:
        lot = hmac.new(mixed, row["line"].encode("ascii"), "sha256").hexdigest()
        goes_first = row["lost"] + 1 >= listed["most_losses"]
        queue.append((0 if goes_first else 1, -row["lost"] if goes_first else 0, row["stratum"], lot, row))
    queue.sort(key=lambda turn: turn[:4])
    given = {}
    for turn in queue:
        row = turn[4]
        for index, place in enumerate(places):
            if place["at"][:10] >= row["since"] and (not row["suits"] or halves[place["at"]] in row["suits"]):
                given[row["line"]] = place["place"]
                del places[index]
                break
    return given


def half_day(at: str) -> str:
    """1am for a Monday morning, 7pm for a Sunday afternoon."""
    moment = dt.datetime.strptime(at, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the office's own time
    return str(moment.isoweekday()) + ("am" if moment.hour < 12 else "pm")


def my_line(document: Dict[str, Any], number: str, key: str) -> str:  # noqa: UP006
    """How the request of this number and key is called in this batch."""
    return sha(":".join((document["commitment"], number, key)).encode())[:32]


def my_result(document: Dict[str, Any], line: str) -> str:  # noqa: UP006
    """What became of one line, in words."""
    if all(row["line"] != line for row in document["list"]["requests"]):
        return "not in this list"
    place = document["result"].get(line)
    return next((row["at"] for row in document["list"]["places"] if row["place"] == place), "no place")


def main(arguments: Optional[Sequence[str]] = None, out: TextIO = sys.stdout) -> int:  # noqa: UP045
    """Read the file, say what was found; the exit status."""
    parser = argparse.ArgumentParser(prog="verify_draw", description="Recompute a published draw.")
    parser.add_argument("file")
    parser.add_argument("--commitment", default="", help="the commitment noted while requests were open")
    parser.add_argument("--mine", nargs=2, metavar=("NUMBER", "KEY"), help="find your own line")
    asked = parser.parse_args(arguments)
    try:
        with open(asked.file, encoding="utf-8") as opened:
            document = json.load(opened)
        found = faults(document, asked.commitment)
        size = (len(document["list"]["requests"]), len(document["list"]["places"]), len(document["result"]))
        mine = my_line(document, *asked.mine) if asked.mine else ""
        told = my_result(document, mine)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        out.write("cannot read %s: %r\n" % (asked.file, error))  # noqa: UP031
        return 2
    if mine:
        out.write("your line: " + mine + ": " + told + "\n")
    for fault in found:
        out.write("WRONG: " + fault + "\n")
    out.write("%s: %d requests, %d places, %d given\n" % ("WRONG" if found else "VERIFIED", *size))  # noqa: UP031
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
