"""What an export takes and what it tells afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
