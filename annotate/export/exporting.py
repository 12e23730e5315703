"""The public verb of the room: `export`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa

from annotate.errors import AtribusiError
from annotate.export.atomic import whole_folder
from annotate.export.brat import write_brat
from annotate.export.chunks import Chunk, ahead, as_chunks, memory_of_many_threads
from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS
from annotate.export.conll import write_conll
from annotate.export.csv_files import csv_file
from annotate.export.dictionary import write_dictionary
from annotate.export.documents import by_document
from annotate.export.flatten import flatten
from annotate.export.formats import FORMATS
from annotate.export.huggingface import write_hugging_face
from annotate.export.label_studio import ToTask, write_label_studio
from annotate.export.linked_data import write_web_annotations
from annotate.export.model import ExportReport, Filters, Group, Reviews
from annotate.export.schema_org import write_schema_org
from annotate.export.selecting import Selected, check, select
from annotate.export.spacy_docs import write_spacy
from annotate.export.tables import Spool, write_jsonl, write_parquet
from annotate.export.xlsx import write_xlsx

_MARK: Final = ".atribusi-export"  # tells a folder that an export may replace


@dataclass
class _Run:
    """What one export has let through so far."""

    source: Iterable[Group] | Iterable[Chunk]
    version: int
    filters: Filters
    premarks: bool
    tag: str | None
    to_task: ToTask | None
    reviews: Reviews
    documents_to: list[Callable[[pa.Table], None]]  # what takes the documents' rows
    dictionaries: bool = False  # for texts that many rows share
    documents: int = 0
    attributions: int = 0
    left_out: int = 0
    filtered: int = 0
    cut: int = 0  # cells
    notes: list[str] = field(default_factory=list)

    def chunks(self) -> Iterator[tuple[Chunk, pa.Table]]:
        """What goes out, with its flat table; the documents' rows go where they are wanted."""
        for selected, flat, documents in ahead(map(self._flat, ahead(as_chunks(self.source)))):
            for add in self.documents_to:
                add(documents)
            self.documents += documents.num_rows
            self.attributions += flat.num_rows
            self.left_out += selected.premarks
            self.filtered += selected.filtered
            yield selected.chunk, flat

    def _flat(self, chunk: Chunk) -> tuple[Selected, pa.Table, pa.Table]:
        """What of a chunk goes out, and its two flat tables."""
        chunk = Chunk(chunk.documents.combine_chunks(), chunk.attributions)  # once, for all that looks at the texts
        selected = select(chunk, self.filters, premarks=self.premarks)
        return selected, *flatten(selected.chunk, self.version, selected.counts, dictionaries=self.dictionaries)

    def tables(self) -> Iterator[pa.Table]:
        return (flat for _, flat in self.chunks())


def export(
    groups: Iterable[Group] | Iterable[Chunk],
    target: Path,
    *,
    version: int,
    format: str = "csv",
    tag: str | None = None,
    filters: Filters | None = None,
    premarks: bool = False,
    to_task: ToTask | None = None,
    reviews: Reviews | None = None,
) -> ExportReport:
    """Writes a version of a dataset to `target`, with `documents.csv` and the data dictionary `columns.csv` beside it.

    `groups`: each document once, with its rows; records, or chunks of Arrow tables. Pre-marks that nobody reviewed are
    left out unless `premarks`; then their `status` names them. All is streamed, in memory that does not grow with the
    dataset, and a file is there whole or not at all. `tag` is told where a format has room for it; `to_task` makes the
    tasks of the format `labelstudio`, `reviews` completes the reviews of `schemaorg`. Raises `AtribusiError` for an
    unknown format or filter.
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
    with memory_of_many_threads(), csv_file(documents_path, DOCUMENT_COLUMNS, excel=format == "excel") as documents:
        run = _Run(groups, version, filters, premarks, tag, to_task, reviews or Reviews(), [documents.add])
        _write(run, target, format)
        run.cut += documents.cut
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
        with csv_file(target, COLUMNS, excel=format == "excel") as file:
            for table in run.tables():
                file.add(table)
        run.cut += file.cut
    elif format == "parquet":
        run.dictionaries = True
        write_parquet(run.tables(), target, COLUMNS, version=run.version)
    elif format == "jsonl":
        write_jsonl(run.tables(), target)
    elif format == "xlsx":
        with Spool(target.parent, DOCUMENT_COLUMNS) as documents:
            run.documents_to.append(documents.add)
            run.cut += write_xlsx(run.tables(), documents, target)
    elif FORMATS[format].suffix:
        _write_documents(run, target, format)
    else:
        with whole_folder(target, _MARK) as folder:
            (folder / _MARK).touch()
            _write_folder(run, folder, target.name, format)


def _write_documents(run: _Run, target: Path, format: str) -> None:
    documents = by_document(run.chunks())
    if format == "conll":
        lost = write_conll(documents, target)
        if lost:
            run.notes.append(
                f"{lost} spans are not in the file: CoNLL cannot hold one that overlaps another of its kind"
            )
    elif format == "webannotation":
        write_web_annotations(documents, target, run.version)
    elif format == "schemaorg":
        run.notes += write_schema_org(documents, target, run.reviews)
    else:
        if run.to_task is None:
            raise AtribusiError("Label Studio JSON needs a function that makes tasks", remedy="give `to_task`")
        write_label_studio(documents, target, run.version, run.to_task)


def _write_folder(run: _Run, folder: Path, name: str, format: str) -> None:
    if format == "huggingface":
        write_hugging_face(run.chunks(), folder, name=name, version=run.version, tag=run.tag)
    elif format == "spacy":
        write_spacy(by_document(run.chunks()), folder)
    else:
        write_brat(by_document(run.chunks()), folder)
