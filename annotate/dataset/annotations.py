"""The pulled annotations: kept once in each state, exactly as pulled; the newest state of each is what counts."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads

from annotate.dataset.columns import to_records, to_table
from annotate.dataset.history import now
from annotate.dataset.tables import AppendConflict, Table, among
from annotate.records import AnnotationRecord, DecisionRecord

_ROWS_AT_A_TIME = 1_000  # rows hold the raw JSON of a whole annotation

Key = tuple[str, int, int]  # server, project, annotation


class Entry(NamedTuple):
    """One row of the table without what is long."""

    server: str
    project_id: int
    annotation_id: int
    task_id: int
    doc_id: str
    state: str
    state_id: str
    pulled_at: str
    updated_at: str | None

    @property
    def key(self) -> Key:
        """Which annotation it is a state of."""
        return self[:3]

    @property
    def age(self) -> tuple[str, str]:
        """Greater for the newer of two states."""
        return self.pulled_at, self.updated_at or ""


class Held(NamedTuple):
    """An annotation that we hold and that was not deleted when it was last seen."""

    task_id: int
    annotation_id: int
    doc_id: str
    task_text_sha256: str
    annotator: str | None


class Doing(NamedTuple):
    """What somebody did: the newest state of an annotation, without what is long."""

    server: str
    project_id: int
    task_id: int
    annotation_id: int
    doc_id: str
    state: str
    purpose: str | None
    annotator: str | None
    created_at: str | None
    updated_at: str | None
    lead_time: float | None
    parent_prediction: int | None


@dataclass(slots=True)
class AnnotationIndex:
    """Which states there are, and which one of each annotation is the newest; built from one reading of the table."""

    rows: int = 0
    newest: dict[Key, Entry] = field(default_factory=dict)
    pulled: dict[str, str] = field(default_factory=dict)  # state_id -> when it was last pulled
    documents: dict[str, int] = field(default_factory=dict)  # doc_id -> rows; after `of`, in order of task
    tasks: dict[str, set[int]] = field(default_factory=dict)  # doc_id -> its tasks

    @classmethod
    def of(cls, table: Table, where: pads.Expression | None = None) -> "AnnotationIndex":
        """The index of the table as it is pinned, or of some of its rows."""
        return cls.of_rows(table.read(Entry._fields, where))

    @classmethod
    def of_rows(cls, rows: pa.Table) -> "AnnotationIndex":
        """The index of rows of the table that were read."""
        index = cls()
        order = ("server", "project_id", "task_id", "pulled_at", "updated_at")
        rows = rows.select(list(Entry._fields)).sort_by([(name, "ascending") for name in order])
        for entry in map(Entry._make, zip(*(column.to_pylist() for column in rows.columns), strict=True)):
            index.add(entry)
        return index

    def add(self, entry: Entry) -> None:
        """Take a row in."""
        self.rows += 1
        self.documents[entry.doc_id] = self.documents.get(entry.doc_id, 0) + 1
        self.tasks.setdefault(entry.doc_id, set()).add(entry.task_id)
        self.pulled[entry.state_id] = max(entry.pulled_at, self.pulled.get(entry.state_id, ""))
        known = self.newest.get(entry.key)
        if known is None or known.age <= entry.age:
            self.newest[entry.key] = entry

    def knows(self, entry: Entry) -> bool:
        """Whether the state is the newest one known, or an old pull is being repeated.

        A state that comes back after another one (a label changed and changed back, a deleted annotation restored from
        a backup) is news, though its `state_id` is not.
        """
        newest = self.newest.get(entry.key)
        if newest is not None and newest.state_id == entry.state_id:
            return True
        return entry.pulled_at <= self.pulled.get(entry.state_id, "")

    def living(self, server: str, project_id: int) -> int:
        """How many annotations of a project (drafts not counted) were there when they were last seen."""
        of_project = (entry for entry in self.newest.values() if entry[:2] == (server, project_id))
        return sum(entry.annotation_id > 0 and entry.state != "deleted" for entry in of_project)

    def submissions(self) -> int:
        """How many annotations are submitted in their newest state, empty ones included."""
        return sum(entry.state in ("submitted", "empty") for entry in self.newest.values())


class Shelf:
    """The table of annotations, and what it holds: the index is read once for each state of the table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._index: tuple[int, AnnotationIndex] | None = None

    def refreshed(self) -> "Shelf":
        """The same one, with what others have appended."""
        self.table.refresh()
        return self

    @property
    def index(self) -> AnnotationIndex:
        """What the table holds, as it was last refreshed."""
        if self._index is None or self._index[0] != self.table.version:
            self._index = self.table.version, AnnotationIndex.of(self.table)
        return self._index[1]

    def append_new(self, batch: Sequence[AnnotationRecord]) -> list[AnnotationRecord]:
        """Append the states that are not there yet, and give them back."""
        while True:
            index = self.index
            fresh = []
            for record in after_all(batch, index, now()):
                entry = entry_of(record)
                if not index.knows(entry):
                    index.add(entry)
                    fresh.append(record)
            try:
                self.table.append(to_table(fresh, AnnotationRecord), only_if_unchanged=True)
            except AppendConflict:  # somebody else is pulling, too, and may have brought the same states
                self._index = None
                continue
            except BaseException:
                self._index = None
                raise
            self._index = self.table.version, index
            return fresh


def after_all(records: Sequence[AnnotationRecord], index: AnnotationIndex, moment: str) -> Sequence[AnnotationRecord]:
    """The records, stamped later than all that is there where that is dated in the future.

    Such a date is of a clock that was wrong; without this, what is pulled with the right one would count as older.
    Two pulls at once with honest clocks keep their own times.
    """
    latest = max(index.pulled.values(), default="")
    if latest <= moment:
        return records
    later = datetime.fromisoformat(latest) + timedelta(microseconds=1)
    stamp = later.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return [record.model_copy(update={"pulled_at": stamp}) for record in records]


def entry_of(record: AnnotationRecord) -> Entry:
    """The record without what is long."""
    return Entry(*(getattr(record, name) for name in Entry._fields))


def input_hashes(index: AnnotationIndex, decisions: Iterable[DecisionRecord]) -> dict[str, str]:
    """For each document, the SHA-256 of what its attributions are to be made from: states and decisions, by id."""
    inputs: dict[str, list[str]] = defaultdict(list)
    for entry in index.newest.values():
        inputs[entry.doc_id].append(f"a {entry.state_id}")
    for decision in decisions:
        if decision.doc_id is not None:
            inputs[decision.doc_id].append(f"d {decision.decision_id}")
    return {doc_id: hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest() for doc_id, ids in inputs.items()}


def read_annotations(
    table: Table | pa.Table, index: AnnotationIndex, doc_ids: Collection[str] | None = None, *, latest: bool = True
) -> Iterator[list[AnnotationRecord]]:
    """The annotations of each document in turn, a bounded number in memory; of the table, or of rows that were read.

    Documents come in order of server, project and task, in which annotations are pulled and so lie on the disk; the
    annotations of one by server, project, id and time of pulling.
    """
    asked = None if doc_ids is None else set(doc_ids)
    wanted = [doc_id for doc_id in index.documents if asked is None or doc_id in asked]
    for part in _parts(wanted, index):
        if isinstance(table, Table):
            tasks = {task for doc_id in part for task in index.tasks[doc_id]}
            rows = table.read(where=of_documents(part, min(tasks), max(tasks)))
        else:
            rows = table if len(part) == len(index.documents) else table.filter(among("doc_id", part))
        if latest and len(index.newest) < index.rows:
            rows = rows.filter(pa.array(_is_newest(rows, index)))
        by_document: dict[str, list[AnnotationRecord]] = {doc_id: [] for doc_id in part}
        for record in to_records([rows], AnnotationRecord):
            by_document[record.doc_id].append(record)
        for records in by_document.values():
            if records:
                yield sorted(records, key=lambda r: (r.server, r.project_id, r.annotation_id, r.pulled_at))


def read_held(table: Table, index: AnnotationIndex, server: str, project_id: int) -> Iterator[Held]:
    """The annotations of a project that are not known to be deleted, in order of task and annotation."""
    ours = (pads.field("server") == server) & (pads.field("project_id") == project_id)
    extra = [name for name in Held._fields if name not in Entry._fields]
    rows = table.read([*Entry._fields, *extra], where=ours)
    rows = rows.filter(pa.array(_is_newest(rows, index), pa.bool_()))
    rows = rows.filter(pc.not_equal(rows.column("state"), "deleted")).select(list(Held._fields))
    rows = rows.sort_by([("task_id", "ascending"), ("annotation_id", "ascending")])
    for some in rows.to_batches(max_chunksize=_ROWS_AT_A_TIME):
        yield from map(Held._make, zip(*(column.to_pylist() for column in some.columns), strict=True))


def read_doings(table: Table, index: AnnotationIndex) -> Iterator[Doing]:
    """The newest state of every annotation, in order of server, project, task and annotation."""
    rows = table.read(list(dict.fromkeys((*Entry._fields, *Doing._fields))))
    rows = rows.filter(pa.array(_is_newest(rows, index), pa.bool_())).select(list(Doing._fields))
    order = ("server", "project_id", "task_id", "annotation_id")
    for some in rows.sort_by([(name, "ascending") for name in order]).to_batches(max_chunksize=_ROWS_AT_A_TIME):
        yield from map(Doing._make, zip(*(column.to_pylist() for column in some.columns), strict=True))


def of_documents(doc_ids: Collection[str], first_task: int, last_task: int) -> pads.Expression:
    """The condition that a row is of one of the documents, whose tasks lie between these two.

    Files are in order of task: by a range of tasks, unlike by ids of documents, most of them need not be read.
    """
    task = pads.field("task_id")
    return (task >= first_task) & (task <= last_task) & among("doc_id", doc_ids)


def _is_newest(rows: pa.Table, index: AnnotationIndex) -> list[bool]:
    columns = (rows.column(name).to_pylist() for name in Entry._fields)
    return [index.newest[entry.key] == entry for entry in map(Entry._make, zip(*columns, strict=True))]


def _parts(doc_ids: Iterable[str], index: AnnotationIndex) -> Iterator[list[str]]:
    part: list[str] = []
    rows = 0
    for doc_id in doc_ids:
        part.append(doc_id)
        rows += index.documents[doc_id]
        if rows >= _ROWS_AT_A_TIME:
            yield part
            part, rows = [], 0
    if part:
        yield part
