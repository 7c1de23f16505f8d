"""From cells to a file that may be taken over, or the reason why not."""

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TypedDict

from django.utils import translation

from parvis.casefiles.importing.codes import Rejection
from parvis.casefiles.importing.columns import ColumnMapping
from parvis.casefiles.models.numbers import new_file_number
from parvis.casefiles.states import State
from parvis.common import text
from parvis.common.errors import BusinessError
from parvis.people import rules as people

# What can be taken over by its line alone: the others hang on a question, an opinion, a proposal that no column tells.
TAKEN = frozenset({State.DEPOSITED, State.INCOMPLETE, State.UNDER_REVIEW, State.IN_PRODUCTION})
OLDEST_YEARS = 20
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T]\d{1,2}:\d{2}.*)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[ T]\d{1,2}:\d{2}.*)?", re.ASCII)
# A sheet would run a cell that begins so: an export puts an apostrophe before it, which is taken off again here.
RUNS = "=+-@"

Silence = Callable[[int, str, date], tuple[date | None, date | None]]


class Refused(Exception):
    """This line is not taken; ``code`` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file as a line tells it, checked by itself; in the order of the columns of the table lines wait in."""

    former_number: str
    number: str
    procedure_id: int
    procedure: str
    case: str
    fee_case: str
    state: str
    deposited_on: date
    complete_on: date | None
    decide_by: date | None
    warn_on: date | None
    permit_expires_on: date | None
    decided_on: date | None
    foreign_number: str
    family_name: str
    given_name: str
    folded_name: str
    birth_date: date | None
    passport_number: str
    language: str
    phone: str
    email: str


class Holder(TypedDict):
    """The person of a line, as a candidate names them."""

    family_name: str
    given_name: str
    folded_name: str
    foreign_number: str
    passport_number: str
    birth_date: date | None
    language: str
    phone: str
    email: str


as_row = attrgetter(*Candidate.__slots__)


@dataclass(frozen=True, slots=True)
class LineReader:
    """What is needed to read a line: where its fields are, the procedures by code and name, the rule of silence."""

    places: dict[str, int]
    procedures: dict[str, tuple[int, str]]
    states: dict[str, str]
    silence: Silence
    fee_case: Callable[[int, date, date | None], str]
    today: date

    def read(self, cells: Sequence[str]) -> Candidate:
        """The file of a line. Raises ``Refused`` with the first thing that is wrong."""
        cell = {name: _plain(cells[place]) for name, place in self.places.items()}
        number = text.clean(cell["former_number"], limit=200)
        if not number:
            raise Refused(Rejection.NUMBER_MISSING)
        if len(number) > 40:
            raise Refused(Rejection.NUMBER_TOO_LONG)
        known = self.procedures.get(text.folded(cell["procedure"]))
        if known is None:
            raise Refused(Rejection.PROCEDURE_UNKNOWN)
        days = self._days(cell)
        state = self._state(cell.get("state", ""), days)
        person = self._person(cell, days["deposited_on"])
        case = text.clean(cell.get("case", ""), limit=60) or "default"
        pk, code = known
        deposited, complete = days["deposited_on"], days["complete_on"]
        if deposited is None:
            raise Refused(Rejection.DATE_MALFORMED)
        undecided = state != State.IN_PRODUCTION
        expires = days["permit_expires_on"]
        decide_by, warn_on = self.silence(pk, case, complete) if complete and undecided else (None, None)
        return Candidate(
            former_number=number,
            number=new_file_number(),
            procedure_id=pk,
            procedure=code,
            case=case,
            fee_case=text.clean(cell.get("fee_case", ""), limit=60) or self.fee_case(pk, deposited, expires),
            state=state,
            deposited_on=deposited,
            complete_on=complete,
            decide_by=decide_by,
            warn_on=warn_on,
            permit_expires_on=expires,
            decided_on=days["decided_on"],
            **person,
        )

    def _days(self, cell: Mapping[str, str]) -> dict[str, date | None]:
        """The days of a line, in the order in which they can only have come."""
        names = ("deposited_on", "complete_on", "decided_on", "permit_expires_on")
        days = {name: _day(cell.get(name, "")) for name in names}
        deposited = days["deposited_on"]
        if deposited is None:
            raise Refused(Rejection.DATE_MALFORMED)
        order = [day for day in (deposited, days["complete_on"], days["decided_on"], self.today) if day]
        expires = days["permit_expires_on"]
        far = expires is not None and abs(expires.year - self.today.year) > OLDEST_YEARS
        if order != sorted(order) or deposited.year < self.today.year - OLDEST_YEARS or far:
            raise Refused(Rejection.DATES_IMPOSSIBLE)
        return days

    def _state(self, written: str, days: Mapping[str, date | None]) -> str:
        """Where a file stands: as written, else by whether it is known to be complete."""
        if not written:
            return State.UNDER_REVIEW if days["complete_on"] else State.DEPOSITED
        state = self.states.get(text.folded(written))
        if state is None:
            raise Refused(Rejection.STATE_UNKNOWN)
        if state not in TAKEN:
            raise Refused(Rejection.STATE_NOT_TAKEN)
        if state == State.UNDER_REVIEW and not days["complete_on"]:
            raise Refused(Rejection.COMPLETE_ON_MISSING)
        if state == State.IN_PRODUCTION and not days["decided_on"]:
            raise Refused(Rejection.DECIDED_ON_MISSING)
        return state

    def _person(self, cell: Mapping[str, str], deposited: date | None) -> Holder:
        """The person of a line, cleaned as at the counter."""
        born = _day(cell.get("birth_date", ""))
        try:
            family = people.family_name(cell["family_name"])
            given = people.given_name(cell.get("given_name", ""))
            told = Holder(
                family_name=family,
                given_name=given,
                folded_name=people.folded_name(family, given),
                foreign_number=people.foreign_number(cell.get("foreign_number", "")),
                passport_number=people.passport_number(cell.get("passport_number", "")),
                birth_date=people.birth_date(born, today=self.today),
                language=people.language(cell.get("language", "").lower()),
                phone=people.phone(cell.get("phone", "")),
                email=people.email(cell.get("email", "")),
            )
        except BusinessError as error:
            raise Refused(error.code) from error
        if born and deposited and born > deposited:
            raise Refused(Rejection.DATES_IMPOSSIBLE)
        return told


def known_states(mapping: ColumnMapping) -> dict[str, str]:
    """States by what may be written: the administrator's words, our codes, our French names."""
    with translation.override("fr"):
        ours = {text.folded(str(written)): str(state) for state in State for written in (state.value, state.label)}
    return ours | {text.folded(written): state for written, state in mapping.states.items()}


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in RUNS else cell


def quoted(cell: str) -> str:
    """A cell as it is written for a sheet: what the sheet would run as a formula is quoted away from it."""
    return "'" + cell if cell[:1] in {*RUNS, "\t", "\r"} else cell


def day_of(written: str) -> date | None:
    """A day as a list writes it; none when it is no day."""
    try:
        return _day(written)
    except Refused:
        return None


@functools.lru_cache(maxsize=100_000)
def _day(written: str) -> date | None:
    """A day written 31/12/2017, 2017-12-31 or with dots; none when empty. Raises ``Refused``."""
    if not written:
        return None
    try:
        if found := _DAY_FIRST.fullmatch(written):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _YEAR_FIRST.fullmatch(written):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Refused(Rejection.DATE_MALFORMED) from error
    raise Refused(Rejection.DATE_MALFORMED)
