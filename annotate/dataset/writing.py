"""The rows of one commit: checked, hashed, and written for the documents that changed."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from annotate.datamodel import Document
from annotate.dataset.changes import Basis, DocumentChange
from annotate.dataset.columns import fields_line, line, lines_to_table
from annotate.dataset.kept import as_record
from annotate.dataset.states import State, States, content_hash, document_hash, line_hash, set_aside_order
from annotate.dataset.tables import Table
from annotate.errors import DatasetError
from annotate.records import AttributionRecord, DocumentRecord, Fields, SetAsideRecord

_ROWS_TO_ARROW = 5_000  # lines of JSON that wait for becoming columns
_NOT_READ = ("retrieved_at", "archived_url", "copy_of")  # fields of a document that no article brings with it
_ROWS_TO_DISK = 50_000  # rows of a table that wait for becoming a file


@dataclass(slots=True)
class _Buffer:
    """Rows of one table that are on their way to the disk.

    They are written behind the back of whoever adds to them, so that he can go on and keep other processes at work; at
    most one file's rows are written at a time, and as many are gathered meanwhile.
    """

    table: Table
    commit_id: str
    behind: ThreadPoolExecutor
    lines: list[bytes] = field(default_factory=list)
    parts: list[pa.Table] = field(default_factory=list)
    rows: int = 0
    writing: Future[None] | None = None

    def add(self, lines: Iterable[bytes]) -> None:
        self.lines.extend(lines)
        if len(self.lines) >= _ROWS_TO_ARROW:
            self._convert()
        if self.rows >= _ROWS_TO_DISK:
            self._wait()
            self.writing = self.behind.submit(_append, self.table.twin(), self.parts)
            self.parts, self.rows = [], 0

    def _wait(self) -> None:
        if self.writing is not None:
            self.writing.result()
            self.writing = None
            self.table.refresh()

    def _convert(self) -> None:
        self.parts.append(lines_to_table(self.lines, self.table.model, self.commit_id))
        self.rows += len(self.lines)
        self.lines = []

    def flush(self) -> None:
        if self.lines:
            self._convert()
        self._wait()
        if self.parts:
            _append(self.table, self.parts)
        self.parts, self.rows = [], 0


def _append(table: Table, parts: Sequence[pa.Table]) -> None:
    """Write rows in order of document, so that a reader of few documents need open few row groups.

    As one batch, for Delta's writer takes several in any order.
    """
    rows = pa.concat_tables(parts).combine_chunks()
    doc_ids = rows.column("doc_id")
    in_order = pc.all(pc.less_equal(doc_ids[:-1], doc_ids[1:])).as_py() is not False
    table.append(rows if in_order else rows.sort_by("doc_id").combine_chunks())


class Prepared(NamedTuple):
    """A document's new state, checked, hashed and written out as lines: cheap to hand from process to process."""

    doc_id: str
    text_sha256: str
    document_sha256: str
    content_sha256: str
    document: bytes
    attributions: list[bytes]
    set_aside: list[bytes]


def prepare(basis: Basis, change: DocumentChange) -> Prepared:
    """Make a change ready to be written. Raises `DatasetError` where its rows do not fit the document."""
    document = _document(basis, change.document)
    rows = [_fields(row) for row in change.attributions]
    _check(document, rows, change.set_aside)
    written = line(document)
    document_sha256 = line_hash(written)
    attributions = [fields_line(row, AttributionRecord) for row in sorted(rows, key=_row_order)]
    set_aside = [line(row) for row in sorted(change.set_aside, key=set_aside_order)]
    content_sha256 = content_hash(document_sha256, attributions, set_aside)
    return Prepared(
        document.doc_id, document.text_sha256, document_sha256, content_sha256, written, attributions, set_aside
    )


def _document(basis: Basis, given: DocumentRecord | Document) -> DocumentRecord:
    """The document's row; what an article as it was read does not tell is kept from the row that there is."""
    if isinstance(given, DocumentRecord):
        return given
    document = as_record(given, "")
    before = basis.states.get(document.doc_id)
    if before is None or before.text_sha256 != document.text_sha256:
        return document
    if before.document_sha256 == document_hash(document):
        return document
    known = next(basis.documents(doc_ids=[document.doc_id]))
    return document.model_copy(update={name: getattr(known, name) for name in _NOT_READ})


class CommitWriter:
    """Takes changes one by one and writes what differs from the basis. Nothing counts before a version names it."""

    def __init__(self, basis: Basis, tables: dict[str, Table], commit_id: str) -> None:
        self.commit_id = commit_id
        self.basis = basis
        self.written: States = {}  # documents whose content changed
        self.looked_at: States = {}  # documents with the same content made from other inputs
        self._behind = ThreadPoolExecutor(1)
        names = ("documents", "attributions", "set_aside")
        self._buffers = {name: _Buffer(tables[name], commit_id, self._behind) for name in names}

    def __enter__(self) -> "CommitWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._behind.shutdown(cancel_futures=True)

    def add(self, change: DocumentChange | Prepared) -> None:
        """Write one document's rows, if anything about it is new. Raises `DatasetError` where rows do not fit it."""
        made = change if isinstance(change, Prepared) else prepare(self.basis, change)
        if made.doc_id in self.written or made.doc_id in self.looked_at:
            raise DatasetError("the document comes twice in one commit", place=made.doc_id)
        state = State(
            doc_id=made.doc_id,
            commit_id=self.commit_id,
            text_sha256=made.text_sha256,
            document_sha256=made.document_sha256,
            document_commit_id=self.commit_id,
            rows_commit_id=self.commit_id,
            attributions=len(made.attributions),
            set_aside=len(made.set_aside),
            content_sha256=made.content_sha256,
            inputs_sha256=self.basis.inputs_of(made.doc_id),
        )
        before = self.basis.states.get(made.doc_id)
        if before is not None and before.text_sha256 is not None and before.content_sha256 == state.content_sha256:
            if before.inputs_sha256 != state.inputs_sha256:
                self.looked_at[state.doc_id] = before._replace(
                    commit_id=self.commit_id, inputs_sha256=state.inputs_sha256
                )
            return
        if before is not None and before.text_sha256 is not None and before.document_sha256 == made.document_sha256:
            state = state._replace(document_commit_id=before.document_commit_id)
        else:
            self._buffers["documents"].add([made.document])
        self._buffers["attributions"].add(made.attributions)
        self._buffers["set_aside"].add(made.set_aside)
        self.written[state.doc_id] = state

    def finish(self) -> States:
        """Write what is still waiting; the states that the version is to record."""
        for buffer in self._buffers.values():
            buffer.flush()
        return {**self.looked_at, **self.written}


def _fields(row: AttributionRecord | Fields) -> Fields:
    return row.model_dump(exclude_defaults=True) if isinstance(row, AttributionRecord) else row


def _row_order(row: Fields) -> tuple[int, int, str]:
    """As `states.row_order`."""
    content = row["content"]
    return content["start"], -content["end"], row["attribution_id"]


def _check(document: DocumentRecord, rows: Sequence[Fields], set_aside: Sequence[SetAsideRecord]) -> None:
    """Raise `DatasetError` where a row is of another document or text, or its words are not those of its span."""
    doc_id, text_sha256, text = document.doc_id, document.text_sha256, document.text
    ids = set()
    for row in rows:
        if row["doc_id"] != doc_id or row["text_sha256"] != text_sha256:
            raise DatasetError(
                f"attribution {row['attribution_id']} is of document {row['doc_id']!r} with another text", place=doc_id
            )
        if row["attribution_id"] in ids:
            raise DatasetError(f"two attributions have the id {row['attribution_id']}", place=doc_id)
        ids.add(row["attribution_id"])
        for span in (row["content"], *row.get("sources", ()), *row.get("cues", ())):
            start, end, words = span["start"], span["end"], span["text"]
            if not 0 <= start < end or text[start:end] != words or len(words) < end - start:
                raise DatasetError(
                    f"attribution {row['attribution_id']}: the words at {start}-{end} are not {words[:60]!r}",
                    place=doc_id,
                    remedy="the spans must count code points of this very text",
                )
    for left in set_aside:
        if left.doc_id != doc_id:
            raise DatasetError(f"a label set aside is of document {left.doc_id!r}", place=doc_id)
