"""Read the catalogue as delivered: TOML written by epochs becomes rows with the days between which they hold.

``procedures.toml`` carries the facts with their sources in French and English, ``names.toml`` the short labels of the
door, ``texts/`` one file for each further language, ``scopes.toml`` the work that does not follow the commune.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from parvis.procedures.models import Document, Epoch, Fee, FilingWindow, ReceiptRule, SilenceRule

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which the rules or the fees of an epoch hold."""

    start: date
    end: date | None

    @property
    def columns(self) -> Row:
        return {"valid_from": self.start, "valid_to": self.end}


@dataclass(frozen=True)
class Entry:
    """One procedure of the catalogue: its own columns, its rules as unsaved rows, its modes, its special office."""

    code: str
    columns: Row
    documents: list[Document]
    windows: list[FilingWindow]
    fees: list[Fee]
    receipts: list[ReceiptRule]
    silences: list[SilenceRule]
    modes: dict[date, str]
    scopes: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Catalogue:
    """Everything the data files say."""

    epochs: list[Epoch]
    entries: list[Entry]


def read(folder: Path = DATA) -> Catalogue:
    """The catalogue of a folder. Raises ``KeyError`` where a text is missing: no empty line at the door."""
    facts, names, scopes = (_toml(folder / name) for name in ("procedures.toml", "names.toml", "scopes.toml"))
    epochs = [_epoch(row) for row in facts["epoch"]]
    spoken = Spoken({path.stem: _toml(path) for path in sorted((folder / "texts").glob("*.toml"))})
    conditions = {row["id"]: spoken.text(row, "condition", row["id"]) for row in facts["condition"]}
    reader = _Reader(epochs, conditions, names, spoken)
    entries = [reader.entry(row) for row in facts["procedure"]]
    for row in scopes["special_scope"]:
        next(entry for entry in entries if entry.code == row["procedure"]).scopes.append(row)
    return Catalogue(epochs, entries)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The further languages: for each, tables of texts by the code of what they name."""

    languages: dict[str, Row]

    def text(self, row: Row, table: str, code: str, column: str = "") -> Row:
        """A text in every language: French and English from its row, the others from their file."""
        texts = {language: row[f"{column}_{language}" if column else language] for language in ("fr", "en")}
        return texts | {language: tables[table][code] for language, tables in self.languages.items()}


class _Reader:
    """Turns the procedures of one file into rows, with the epochs, conditions and names that file refers to."""

    def __init__(self, epochs: list[Epoch], conditions: dict[str, Row], names: Row, spoken: Spoken) -> None:
        self._rules = {e.code: Span(e.rules_from, e.rules_to) for e in epochs if e.rules_from}
        self._fees = {e.code: Span(e.fees_from, e.fees_to) for e in epochs if e.fees_from}
        self._conditions = conditions
        self._names = names
        self._spoken = spoken
        self._places = list(names["procedure"])

    def entry(self, row: Row) -> Entry:
        """One procedure and all that hangs on it."""
        code = row["id"]
        own = self._names["procedure"][code]
        columns = {
            "family": row["family"],
            "line_code": row["line"],
            "names": self._spoken.text(row, "name", code, "name"),
            "short_names": self._spoken.text(own["short"], "short", code),
            "audience": self._spoken.text(row, "audience", code, "audience"),
            "mean_minutes": float(row["counter_minutes"]["mean_min"]),
            "sigma": float(row["counter_minutes"]["sigma"]),
            "presence": self._presence(row["who_must_be_present"], code),
            "takes_fingerprints": row["biometric_station"],
            "position": self._places.index(code) + 1,
            "is_public": own.get("public", True),
            "served_until": own.get("served_until"),
        }
        return Entry(
            code=code,
            columns=columns,
            documents=[d for place, doc in enumerate(row["documents"], 1) for d in self._document(doc, place)],
            windows=[self._window(window) for window in row["filing_window"]],
            fees=[self._fee(fee) for fee in row["fees"]],
            receipts=[self._receipt(receipt) for receipt in row["receipt"]],
            silences=[self._silence(silence) for silence in row["silence"]],
            modes={date.fromisoformat(f"{month}-01"): mode for month, mode in row["access"].items()},
        )

    def _presence(self, row: Row, code: str) -> Row:
        presence: Row = {"applicant": row["applicant"], "others": row["others"], "proxy": row["proxy"]}
        if "note_fr" in row:
            presence["note"] = self._spoken.text(row, "presence", code, "note")
        return presence

    def _document(self, row: Row, place: int) -> Iterator[Document]:
        """A document for the days of its epochs: one row, or one an epoch when the age it may have changed."""
        ages: dict[str, int] = row.get("max_age_months", {})
        epochs: list[str] = row.get("epochs") or (list(ages) if len(set(ages.values())) > 1 else [])
        spans = [(code, self._rules[code]) for code in epochs] or [
            ("", Span(min(s.start for s in self._rules.values()), None))
        ]
        for epoch, span in spans:
            yield Document(
                epoch=epoch,
                code=row["id"],
                names=self._spoken.text(row, "document", row["id"]),
                form=row["form"],
                condition=row["condition"],
                condition_names=self._conditions[row["condition"]],
                stage=row["stage"],
                group=row.get("group", ""),
                max_age_months=ages.get(epoch) or next(iter(ages.values()), None),
                copies=row.get("count", 1),
                is_obligatory=row.get("obligatory", True),
                position=place,
                **span.columns,
            )

    def _window(self, row: Row) -> FilingWindow:
        return FilingWindow(
            epoch=row["epoch"],
            case=row["case"],
            kind=row["kind"],
            months=row.get("months"),
            from_days=row.get("from"),
            to_days=row.get("to"),
            age=row.get("age"),
            event=row.get("event", ""),
            consequence=row.get("consequence", ""),
            **self._rules[row["epoch"]].columns,
        )

    def _fee(self, row: Row) -> Fee:
        return Fee(
            epoch=row["epoch"],
            case=row["case"],
            component=row["component"],
            eur=row.get("eur"),
            eur_min=row.get("eur_min"),
            eur_max=row.get("eur_max"),
            due_at_filing_eur=row.get("eur_due_at_filing", 0),
            stage=row["stage"],
            is_verified=row.get("verified", True),
            **self._fees[row["epoch"]].columns,
        )

    def _receipt(self, row: Row) -> ReceiptRule:
        usual: list[int | None] = row.get("usual_months") or [row.get("months")]
        return ReceiptRule(
            epoch=row["epoch"],
            case=row.get("case", "default"),
            kind=row["kind"],
            min_months=row.get("min_months", 1),
            months=usual[0],
            max_months=usual[-1],
            extension_max_months=row.get("extension_max_months", 0),
            renewal_months=row.get("renewal_months"),
            starts=row.get("starts", ""),
            work=row.get("work", ""),
            mention=row.get("mention", ""),
            due_within_days=row.get("due_within_days"),
            is_renewable=row.get("renewable", False),
            **self._span(row).columns,
        )

    def _silence(self, row: Row) -> SilenceRule:
        return SilenceRule(
            epoch=row["epoch"],
            case=row["case"],
            months=row.get("months"),
            days=row.get("days"),
            effect=row["effect"],
            **self._span(row).columns,
        )

    def _span(self, row: Row) -> Span:
        """The days of a row's epoch, unless it says its own; those of its fees for one that changed little else."""
        epoch = self._rules.get(row["epoch"]) or self._fees[row["epoch"]]
        return Span(row.get("valid_from", epoch.start), row.get("valid_to", epoch.end))


def _toml(path: Path) -> Row:
    with path.open("rb") as file:
        return tomllib.load(file)


def _epoch(row: Row) -> Epoch:
    """An epoch that gives one start for rules and fees means both; one that is about fees has no rules."""
    has_rules = "rules" in row["applies_to"]
    return Epoch(
        code=row["id"],
        rules_from=row.get("rules_valid_from", row.get("valid_from")) if has_rules else None,
        rules_to=row.get("rules_valid_to"),
        fees_from=row.get("fees_valid_from", row.get("valid_from")),
        fees_to=row.get("fees_valid_to"),
    )
