"""Which column of a file is what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.casefiles.errors import MappingImpossible
from parvis.common import text

REQUIRED = ("former_number", "procedure", "family_name", "deposited_on")
# The names under which a field is recognised, folded; the first is what an export writes.
FIELDS: dict[str, tuple[str, ...]] = {
    "former_number": ("numero d origine", "numero de dossier", "n dossier", "no dossier", "dossier", "numero"),
    "procedure": ("demarche", "type de demande", "motif", "nature de la demande"),
    "case": ("cas",),
    "fee_case": ("cas de taxe",),
    "state": ("etat", "statut", "situation"),
    "deposited_on": ("depose le", "date de depot", "depot"),
    "complete_on": ("complet le", "date de completude"),
    "decided_on": ("decide le", "date de decision"),
    "permit_expires_on": ("titre expire le", "fin de validite", "date d expiration"),
    "foreign_number": ("numero etranger", "n etranger", "agdref", "numero agdref"),
    "family_name": ("nom", "nom de famille"),
    "given_name": ("prenoms", "prenom"),
    "birth_date": ("ne e le", "date de naissance", "ne le", "naissance"),
    "passport_number": ("passeport", "numero de passeport"),
    "language": ("langue",),
    "phone": ("telephone", "tel", "portable"),
    "email": ("courriel", "adresse electronique", "email", "e mail", "mel"),
}
# As an export heads its columns, in the order of ``FIELDS``.
HEADINGS: dict[str, str] = {
    "former_number": "Numéro d'origine",
    "procedure": "Démarche",
    "case": "Cas",
    "fee_case": "Cas de taxe",
    "state": "État",
    "deposited_on": "Déposé le",
    "complete_on": "Complet le",
    "decided_on": "Décidé le",
    "permit_expires_on": "Titre expire le",
    "foreign_number": "Numéro étranger",
    "family_name": "Nom",
    "given_name": "Prénoms",
    "birth_date": "Né(e) le",
    "passport_number": "Passeport",
    "language": "Langue",
    "phone": "Téléphone",
    "email": "Courriel",
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """``columns``: field to heading of its column; ``procedures`` and ``states``: what is written there to our code."""

    columns: dict[str, str]
    procedures: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """Where each field is found. Raises ``MappingImpossible`` for a column that is not there."""
        absent = sorted(heading for heading in self.columns.values() if heading not in header)
        if absent:
            raise MappingImpossible(columns=", ".join(absent))
        return {name: header.index(heading) for name, heading in self.columns.items()}

    def as_json(self) -> dict[str, dict[str, str]]:
        return {"columns": self.columns, "procedures": self.procedures, "states": self.states}


def guess(header: Sequence[str]) -> dict[str, str]:
    """The columns whose heading is one we know, however it is accented; the first of two wins."""
    folded = {text.folded(heading): heading for heading in reversed(header)}
    found = {}
    for name, aliases in FIELDS.items():
        for alias in (*aliases, text.folded(name)):
            if alias in folded:
                found[name] = folded[alias]
                break
    return found


def mapped(given: Mapping[str, Any] | None, header: Sequence[str]) -> ColumnMapping:
    """The mapping that was given, or the one the headings suggest. Raises ``MappingImpossible``.

    ``given`` is ``{"columns": {field: heading}, "procedures": {written: code}, "states": {written: state}}``; its
    ``columns`` left out are guessed.
    """
    given = given or {}
    columns = {str(name): str(heading) for name, heading in (given.get("columns") or guess(header)).items() if heading}
    unknown = sorted(set(columns) - set(FIELDS))
    missing = [HEADINGS[name] for name in REQUIRED if name not in columns]
    if unknown or missing:
        raise MappingImpossible(columns=", ".join(unknown + missing))
    written = [
        {str(old): str(new) for old, new in (given.get(part) or {}).items()} for part in ("procedures", "states")
    ]
    mapping = ColumnMapping(columns, *written)
    mapping.places(header)
    return mapping
