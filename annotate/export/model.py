"""What an export takes, what it tells afterwards, and what the statistics answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotate.records import AttributionRecord, DocumentRecord

# One document and its rows of the version; documents without rows count, too.
Group = tuple[DocumentRecord, Sequence[AttributionRecord]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What to export. Empty: everything. Within a field any of the values will do; all fields must hold.

    `date_from`, `date_to`: days of publication, `YYYY-MM-DD`, both included; documents without a known day are left out
    then. Documents are chosen by date and outlet; attributions by the rest as well. Names are compared without regard
    to upper and lower case.
    """

    date_from: str | None = None
    date_to: str | None = None
    outlets: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()

    def told(self) -> tuple[str, ...]:
        """What is let through, in words, one for each filter that is set."""
        days = (("from", self.date_from), ("until", self.date_to))
        names = (
            ("outlet", self.outlets), ("speaker", self.speakers), ("type", self.types), ("status", self.statuses),
            ("annotator", self.annotators),
        )  # fmt: skip
        return (
            *(f"published {what} {day}" for what, day in days if day),
            *(f"{what} {' or '.join(values)}" for what, values in names if values),
        )


@dataclass(frozen=True, slots=True)
class Reviews:
    """What a `ClaimReview` tells beside the rating: who publishes the fact-checks, and where.

    `address`: the page of a review, with `{id}` in the place of the attribution's id; where that is not in it, the id
    becomes the anchor. `days`: when a rating was given (YYYY-MM-DD), by attribution id and rating.
    """

    author: str | None = None
    address: str | None = None
    days: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written. `notes`: what the format could not hold, and what was cut; to be shown to the person."""

    path: Path
    documents_path: Path
    dictionary_path: Path
    documents: int
    attributions: int
    left_out_premarks: int
    filtered_out: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of answers. Columns named `share…` hold 0 to 1; None: it cannot be told."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def shown(self) -> "Table":
        """The table without the columns that say nothing in any row: for a person to read."""
        at = [n for n in range(len(self.columns)) if any(row[n] is not None for row in self.rows)]
        return Table(
            self.name,
            self.title,
            tuple(self.columns[n] for n in at),
            tuple(tuple(row[n] for n in at) for row in self.rows),
        )


@dataclass(frozen=True, slots=True)
class Statistics:
    """What was counted in one version of a dataset. `only`: what it was limited to, in words; empty: all of it.

    Speakers are counted by their id in the register, those without one by name. A source is *unnamed* where it is an
    unnamed person, or where nobody is named at all.
    """

    version: int
    tables: tuple[Table, ...]
    only: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)

    def to_json(self) -> str:
        """All tables as one JSON object: for each a list of objects."""
        tables = {
            table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in self.tables
        }
        return json.dumps({"version": self.version, "only": self.only, **tables}, ensure_ascii=False, indent=1)
