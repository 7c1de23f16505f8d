"""Register, correct and give back what the office knows about a person."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypedDict, Unpack

from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.people import rules
from parvis.people.errors import ForeignNumberTaken
from parvis.people.models import Person

_CONSTRAINTS = {"person_foreign_number": ForeignNumberTaken}
_CLEANERS: dict[str, Callable[[str], str]] = {
    "family_name": rules.family_name,
    "given_name": rules.given_name,
    "foreign_number": rules.foreign_number,
    "passport_number": rules.passport_number,
    "language": rules.language,
    "phone": rules.phone,
    "email": rules.email,
}


class Identity(TypedDict, total=False):
    """What a person is asked, as typed."""

    family_name: str
    given_name: str
    foreign_number: str
    passport_number: str
    birth_date: date | None
    language: str
    phone: str
    email: str


@action(constraints=_CONSTRAINTS)
def register(*, by: Actor, key: str = "", **identity: Unpack[Identity]) -> Person:
    """Make a person known to the office. With the same ``key`` again, the same person.

    Raises ``NameMissing``, ``ForeignNumberMalformed``, ``ForeignNumberTaken``, ``PassportNumberMalformed``,
    ``BirthDateImpossible``, ``PhoneMalformed``, ``EmailMalformed``.
    """
    now = clock.now()
    content = _cleaned({"family_name": "", **identity})

    def create() -> int:
        person = Person(created_at=now, **content)
        person.folded_name = rules.folded_name(person.family_name, person.given_name)
        person.save()
        journal.record(
            "person.registered", person, by=by, at=now, office=None, has_foreign_number=bool(person.foreign_number)
        )
        return person.pk

    return Person.objects.get(pk=once(key, {"register": "person", **content}, create))


@action(constraints=_CONSTRAINTS)
def correct(person: Person, *, by: Actor, **identity: Unpack[Identity]) -> Person:
    """Correct what was written about a person; the journal says which fields, never what they held.

    Raises what ``register`` raises.
    """
    now = clock.now()
    person = lock(Person, person.pk)
    changed = {name: value for name, value in _cleaned({**identity}).items() if getattr(person, name) != value}
    if not changed:
        return person
    for name, value in changed.items():
        setattr(person, name, value)
    person.folded_name = rules.folded_name(person.family_name, person.given_name)
    person.save(update_fields=[*changed, "folded_name"])
    journal.record("person.corrected", person, by=by, at=now, office=None, fields=sorted(changed))
    return person


@action()
def export(person: Person, *, by: Actor) -> dict[str, Any]:
    """Everything this package holds about a person, ready for JSON (right of access); journaled."""
    now = clock.now()
    person = lock(Person, person.pk)
    journal.record("person.exported", person, by=by, at=now, office=None)
    return {
        "foreign_number": person.foreign_number,
        "passport_number": person.passport_number,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "language": person.language,
        "phone": person.phone,
        "email": person.email,
        "registered_at": person.created_at.isoformat(),
    }


def _cleaned(typed: Identity) -> dict[str, Any]:
    """What may be kept of what was typed, for the fields that were given."""
    kept: dict[str, Any] = {name: clean(str(typed[name] or "")) for name, clean in _CLEANERS.items() if name in typed}  # type: ignore[literal-required]
    if "birth_date" in typed:
        kept["birth_date"] = rules.birth_date(typed["birth_date"], today=clock.today())
    return kept
