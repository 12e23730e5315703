"""Rows of one version, in order of document, a bounded number at a time."""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads

from annotate.dataset.states import State, States
from annotate.dataset.tables import Table, among

RowTable = Literal["documents", "attributions", "set_aside"]
_ROWS_AT_A_TIME = 20_000
_DOCUMENTS_AT_A_TIME = 2_000


def rows_at(
    table: Table, states: States, columns: Sequence[str] | None = None, doc_ids: Collection[str] | None = None
) -> Iterator[pa.Table]:
    """The rows of `documents`, `attributions` or `set_aside` that belong to the states, in Arrow tables.

    Order: `doc_id`; in a document as `annotate.dataset.states.row_order` and `set_aside_order` have it.
    """
    asked = None if doc_ids is None else set(doc_ids)
    wanted = [
        state
        for state in states.values()
        if state.text_sha256 is not None and _count(state, table.name) and (asked is None or state.doc_id in asked)
    ]
    dataset = table.dataset()
    names = list(columns) if columns else dataset.schema.names
    for part in _parts(wanted, table.name):
        rows = _current(dataset, part, table.name, names)
        if rows.num_rows:
            yield rows


def _count(state: State, table: str) -> int:
    if table == "documents":
        return 1
    return state.attributions if table == "attributions" else state.set_aside


def _commit(state: State, table: str) -> str:
    return state.document_commit_id if table == "documents" else state.rows_commit_id


def _parts(states: Sequence[State], table: str) -> Iterator[list[State]]:
    part: list[State] = []
    rows = 0
    for state in states:
        part.append(state)
        rows += _count(state, table)
        if rows >= _ROWS_AT_A_TIME or len(part) >= _DOCUMENTS_AT_A_TIME:
            yield part
            part, rows = [], 0
    if part:
        yield part


def _current(dataset: pads.Dataset, part: Sequence[State], table: str, names: Sequence[str]) -> pa.Table:
    """The part's rows: a document may have rows of several commits, of which one counts."""
    doc_ids = pa.array([state.doc_id for state in part])
    commits = pa.array([_commit(state, table) for state in part])
    where = (pads.field("doc_id") >= part[0].doc_id) & (pads.field("doc_id") <= part[-1].doc_id)
    where = where & pads.field("doc_id").isin(doc_ids) & among("commit_id", set(commits.to_pylist()))
    keys = _sort_keys(table)
    needed = dict.fromkeys([*names, "doc_id", "commit_id", *(key.partition(".")[0] for key, _ in keys)])
    rows = dataset.to_table(columns=list(needed), filter=where)
    current = pc.equal(commits.take(pc.index_in(rows.column("doc_id"), doc_ids)), rows.column("commit_id"))
    rows = rows.filter(current)
    order = pa.table({key: _key(rows, key) for key, _ in keys})
    return rows.take(pc.sort_indices(order, sort_keys=keys)).select(names)


def _key(rows: pa.Table, key: str) -> pa.ChunkedArray:
    column, _, child = key.partition(".")
    values = rows.column(column)
    return pc.struct_field(values, child) if child else values


def _sort_keys(table: str) -> list[tuple[str, str]]:
    if table == "attributions":
        order = {"content.start": "ascending", "content.end": "descending", "attribution_id": "ascending"}
    elif table == "set_aside":
        order = dict.fromkeys(("annotation_id", "region_id", "reason", "raw"), "ascending")
    else:
        order = {}
    return [("doc_id", "ascending"), *order.items()]
