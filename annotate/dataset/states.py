"""What a version consists of: for each document, which commit's rows are its current ones, and the hashes of these."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads

from annotate.dataset.columns import line
from annotate.dataset.tables import Table, among
from annotate.records import AttributionRecord, DocumentRecord, SetAsideRecord


class State(NamedTuple):
    """`DocumentStateRecord`, cheap enough to hold one for every document of an archive."""

    doc_id: str
    commit_id: str
    text_sha256: str | None
    document_sha256: str
    document_commit_id: str
    rows_commit_id: str
    attributions: int
    set_aside: int
    content_sha256: str
    inputs_sha256: str


States = dict[str, State]
# For each table of rows, the fields of a state that name the commit of a document's current ones, and their number.
_NAMED_BY: Final = {
    "documents": ("document_commit_id", None),
    "attributions": ("rows_commit_id", "attributions"),
    "set_aside": ("rows_commit_id", "set_aside"),
}
NO_INPUTS = hashlib.sha256().hexdigest()


def read_states(table: Table, commits: Mapping[str, int]) -> States:
    """The newest state of each document among the commits (id -> version that names it), in order of `doc_id`."""
    if not commits:
        return {}
    rows = table.read(State._fields, among("commit_id", commits))
    newest: dict[str, tuple[int, int]] = {}
    doc_ids, commit_ids = (rows.column(name).to_pylist() for name in ("doc_id", "commit_id"))
    for position, (doc_id, commit_id) in enumerate(zip(doc_ids, commit_ids, strict=True)):
        candidate = (commits[commit_id], position)
        if newest.get(doc_id, (-1, -1)) < candidate:
            newest[doc_id] = candidate
    current = rows.take([newest[doc_id][1] for doc_id in sorted(newest)])
    columns = (current.column(name).to_pylist() for name in State._fields)
    return {row[0]: State(*row) for row in zip(*columns, strict=True)}


def chosen(states: States, rows_of: str) -> pa.Table:
    """What of a table of rows belongs to the states: `doc_id`, `commit_id`, and how many `rows` (more than none)."""
    commit, count = _NAMED_BY[rows_of]
    there = [state for state in states.values() if state.text_sha256 is not None]
    found = pa.table({
        "doc_id": pa.array([state.doc_id for state in there], pa.string()),
        "commit_id": pa.array([getattr(state, commit) for state in there], pa.string()),
        "rows": pa.array([getattr(state, count) if count else 1 for state in there], pa.int64()),
    })  # fmt: skip
    return found.filter(pc.greater(found.column("rows"), 0))


def read_current(table: Table, commits: Mapping[str, int]) -> pa.Table:
    """What `chosen_of` takes of `read_states(table, commits)`, in a tenth of the memory: to read the rows alone."""
    order = pa.array(sorted(commits, key=commits.__getitem__), pa.string())
    there = pads.field("text_sha256").is_valid()
    named = dict.fromkeys(name for names in _NAMED_BY.values() for name in names if name)
    rows = table.dataset().to_table(
        columns={
            "doc_id": pads.field("doc_id"),
            "version": pc.index_in(pads.field("commit_id"), value_set=order),
            "is_there": there,
            **{name: pads.field(name) for name in named},
        },
        filter=among("commit_id", commits),
    )
    doc_ids = rows.column("doc_id").combine_chunks()
    if not pc.all(pc.less(doc_ids[:-1], doc_ids[1:])).as_py():  # as they are where one commit wrote them all
        rows = rows.take(pc.sort_indices(rows, sort_keys=[("doc_id", "ascending"), ("version", "ascending")]))
        doc_ids = rows.column("doc_id").combine_chunks()
        rows = rows.filter(pa.array(np.append(pc.not_equal(doc_ids[:-1], doc_ids[1:]), True)[: len(doc_ids)]))
    return rows.filter(rows.column("is_there"))


def chosen_of(current: pa.Table, rows_of: str) -> pa.Table:
    """`chosen` out of what `read_current` gave."""
    commit, count = _NAMED_BY[rows_of]
    rows = current.column(count) if count else pa.repeat(pa.scalar(1, pa.int64()), current.num_rows)
    columns = [current.column("doc_id"), current.column(commit), rows]
    found = pa.table(columns, names=["doc_id", "commit_id", "rows"])
    return found.filter(pc.greater(found.column("rows"), 0))


def present(states: States) -> States:
    """The states without the documents that the version lacks."""
    return {doc_id: state for doc_id, state in states.items() if state.text_sha256 is not None}


def row_order(row: AttributionRecord) -> tuple[int, int, str]:
    """Order of a document's attributions: as in the text, the outer content before the one that it holds."""
    return row.content.start, -row.content.end, row.attribution_id


def set_aside_order(row: SetAsideRecord) -> tuple[int, bool, str, str, str]:
    """Order of a document's labels that were set aside; those without a region id come last."""
    return row.annotation_id, row.region_id is None, row.region_id or "", row.reason, row.raw


def document_hash(document: DocumentRecord) -> str:
    """SHA-256 of a document's row without its `commit_id`."""
    return line_hash(line(document))


def line_hash(written: bytes) -> str:
    """The same of its canonical line."""
    return hashlib.sha256(written).hexdigest()


def content_hash(document_sha256: str, attributions: Iterable[bytes], set_aside: Iterable[bytes]) -> str:
    """SHA-256 of a document's content: its own hash and the canonical lines of its rows, in their order."""
    digest = hashlib.sha256(document_sha256.encode())
    for kind, lines in ((b"\na ", attributions), (b"\ns ", set_aside)):
        for row in lines:
            digest.update(kind)
            digest.update(row)
    return digest.hexdigest()


def version_hash(states: States) -> str:
    """SHA-256 over all documents of a version, whatever commits wrote them."""
    digest = hashlib.sha256()
    for doc_id in sorted(states):
        if states[doc_id].text_sha256 is not None:
            digest.update(f"{doc_id}\0{states[doc_id].content_sha256}\n".encode())
    return digest.hexdigest()
