"""One field finds a file or a person: by any number they hold, or by name and birth date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.casefiles import queries as casefiles
from parvis.casefiles.models import CaseFile
from parvis.casefiles.models.numbers import NUMBER
from parvis.common.text import clean
from parvis.offices.models import Office
from parvis.people import queries as people
from parvis.people.actions import Identity
from parvis.people.models import Person
from parvis.procedures.models import Procedure

LONGEST = 250
# A number said with spaces between its signs is shorter than this; an address in a code is longer.
SHORT = 20
# A file or a receipt, wherever it stands in what a scanner read: a code may hold an address.
_NUMBER = re.compile(f"(?<![A-Z0-9]){NUMBER.pattern}(?![A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Found:
    """What was typed and what it named. ``sure``: the one file that a number means, read and not guessed.

    ``no_day``: what was typed as a birth date and is none; nothing was searched then.
    """

    typed: str
    born: date | None
    files: Sequence[CaseFile]
    people: Sequence[Person]
    sure: CaseFile | None
    no_day: str = ""

    @property
    def nothing(self) -> bool:
        """Whether nobody and no file was found."""
        return not self.files and not self.people and not self.no_day


def find(office: Office, typed: str, born: date | None = None, *, procedure: Procedure | None = None) -> Found:
    """The files of an office and the persons that a text names; nothing asked, nobody found.

    A foreign number means a file when its person has one open, for this ``procedure`` where one is given.
    """
    words = clean(typed, limit=LONGEST)
    number = _NUMBER.search(words.upper().replace(" ", "") if len(words) < SHORT else words.upper())
    asked = number[0] if number else words
    files = casefiles.search(office, asked, birth_date=born) if asked or born else []
    meant = files if number else []
    if people.by_foreign_number(words):
        meant = [file for file in files if file.is_open and procedure in (None, file.procedure)]
    sure = meant[0] if len(meant) == 1 else None
    return Found(typed=words, born=born, files=files, people=_people(words, born, files), sure=sure)


def twins(identity: Identity) -> list[Person]:
    """Those the office knows who may be this person."""
    return people.possible_duplicates(
        family_name=identity.get("family_name", ""),
        given_name=identity.get("given_name", ""),
        birth_date=identity.get("birth_date"),
        passport_number=identity.get("passport_number", ""),
        foreign_number=identity.get("foreign_number", ""),
    )


def _people(words: str, born: date | None, files: Sequence[CaseFile]) -> list[Person]:
    """Persons that the text names, those first whose files are not shown already."""
    if any(sign.isdigit() for sign in words):
        known = people.by_foreign_number(words)
        found = [known] if known else people.by_passport(words)
    else:
        found = people.find(name=words, birth_date=born)
    shown = {file.person_id for file in files}
    return sorted(found, key=lambda person: person.pk in shown)
