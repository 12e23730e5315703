"""The public verb of the room: `export`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from annotate.errors import AtribusiError
from annotate.export.chunks import Chunk, as_chunks
from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS
from annotate.export.csv_files import write_csv
from annotate.export.dictionary import write_dictionary
from annotate.export.flatten import flatten, flatten_documents
from annotate.export.formats import FORMATS
from annotate.export.model import ExportReport, Filters, Group
from annotate.export.selecting import check, select
from annotate.export.tables import Spool, write_jsonl, write_parquet


@dataclass
class _Run:
    """What one export has let through so far."""

    source: Iterable[Group] | Iterable[Chunk]
    version: int
    filters: Filters
    premarks: bool
    tag: str | None
    documents_to: Spool
    documents: int = 0
    attributions: int = 0
    left_out: int = 0
    filtered: int = 0
    cut: int = 0  # cells
    notes: list[str] = field(default_factory=list)

    def chunks(self) -> Iterator[tuple[Chunk, pa.Table]]:
        """What goes out, with its flat table; the documents' rows are put aside for their own file."""
        for chunk in as_chunks(self.source):
            selected = select(chunk, self.filters, premarks=self.premarks)
            flat = flatten(selected.chunk, self.version)
            self.documents_to.add(flatten_documents(selected.chunk, self.version, flat, selected.counts))
            self.documents += selected.chunk.documents.num_rows
            self.attributions += flat.num_rows
            self.left_out += selected.premarks
            self.filtered += selected.filtered
            yield selected.chunk, flat

    def tables(self) -> Iterator[pa.Table]:
        for _, flat in self.chunks():
            yield flat


def export(
    groups: Iterable[Group] | Iterable[Chunk],
    target: Path,
    *,
    version: int,
    format: str = "csv",
    tag: str | None = None,
    filters: Filters | None = None,
    premarks: bool = False,
) -> ExportReport:
    """Writes a version of a dataset to `target`, with `documents.csv` and the data dictionary `columns.csv` beside it.

    `groups`: each document once, with its rows; records, or chunks of Arrow tables. Pre-marks that nobody reviewed are
    left out unless `premarks`; then their `status` names them. All is streamed, in memory that does not grow with the
    dataset, and a file is there whole or not at all. Raises `AtribusiError` for an unknown format or filter.
    """
    if format not in FORMATS:
        raise AtribusiError(f"there is no format {format!r}", remedy=f"choose one of: {', '.join(FORMATS)}")
    check(filters := filters or Filters())
    beside = target.parent
    documents_path, dictionary_path = beside / "documents.csv", beside / "columns.csv"
    if target in (documents_path, dictionary_path):
        raise AtribusiError("this name is taken by a file that goes with every export", place=str(target),
                            remedy="name the export otherwise, say attributions.csv")  # fmt: skip
    beside.mkdir(parents=True, exist_ok=True)
    with Spool(beside, DOCUMENT_COLUMNS) as documents:
        run = _Run(groups, version, filters, premarks, tag, documents)
        _write(run, target, format)
        run.cut += write_csv(documents.tables(), documents_path, DOCUMENT_COLUMNS, excel=format == "excel")
    if run.cut:
        run.notes.append(f"{run.cut} cells were cut to the 32,767 characters that a spreadsheet's cell can hold")
    write_dictionary(dictionary_path)
    return ExportReport(
        target, documents_path, dictionary_path, run.documents, run.attributions, run.left_out, run.filtered,
        tuple(run.notes),
    )  # fmt: skip


def _write(run: _Run, target: Path, format: str) -> None:
    if FORMATS[format].lacks:
        run.notes.append(f"{format} cannot hold {FORMATS[format].lacks}")
    if format in ("csv", "excel"):
        run.cut += write_csv(run.tables(), target, COLUMNS, excel=format == "excel")
    elif format == "parquet":
        write_parquet(run.tables(), target, COLUMNS, version=run.version)
    else:
        write_jsonl(run.tables(), target)
