"""Rows of one version, in order of document, a bounded number at a time."""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads

from annotate.dataset.states import States, chosen
from annotate.dataset.tables import Table, among

RowTable = Literal["documents", "attributions", "set_aside"]
_ROWS_AT_A_TIME = 20_000
_DOCUMENTS_AT_A_TIME = 2_000


def rows_at(
    table: Table,
    states: States | pa.Table,
    columns: Sequence[str] | None = None,
    doc_ids: Collection[str] | None = None,
) -> Iterator[pa.Table]:
    """The rows of `documents`, `attributions` or `set_aside` that belong to the states, in Arrow tables.

    `states` may be a table, as `annotate.dataset.states.chosen` makes it for this table of rows. Order: `doc_id`; in a
    document as `annotate.dataset.states.row_order` and `set_aside_order` have it.
    """
    wanted = states if isinstance(states, pa.Table) else chosen(states, table.name)
    if doc_ids is not None:
        wanted = wanted.filter(pc.is_in(wanted.column("doc_id"), value_set=pa.array(sorted(set(doc_ids)), pa.string())))
    dataset = table.dataset()
    names = list(columns) if columns else dataset.schema.names
    for part in _parts(wanted):
        rows = _current(dataset, part, table.name, names)
        if rows.num_rows:
            yield rows


def _parts(wanted: pa.Table) -> Iterator[pa.Table]:
    sums = np.cumsum(wanted.column("rows").to_numpy())
    start = 0
    while start < len(sums):
        enough = np.searchsorted(sums, _ROWS_AT_A_TIME + (sums[start - 1] if start else 0)) + 1
        size = min(int(enough) - start, _DOCUMENTS_AT_A_TIME)
        yield wanted.slice(start, size).combine_chunks()
        start += size


def _current(dataset: pads.Dataset, part: pa.Table, table: str, names: Sequence[str]) -> pa.Table:
    """The part's rows: a document may have rows of several commits, of which one counts."""
    doc_ids, commits = part.column("doc_id").combine_chunks(), part.column("commit_id").combine_chunks()
    keys = _sort_keys(table)
    needed = list(dict.fromkeys([*names, "doc_id", "commit_id", *(key.partition(".")[0] for key, _ in keys)]))
    near = (pads.field("doc_id") >= doc_ids[0]) & (pads.field("doc_id") <= doc_ids[-1])
    near = near & among("commit_id", commits.unique().to_pylist())
    found = []
    # The condition only chooses files and their groups of rows. Rows are nested and dear to copy, and as a rule a group
    # holds nothing but current rows, in their order; so they are looked at here, and copied where they must be.
    for fragment in dataset.get_fragments(near):
        groups = fragment.subset(near, schema=dataset.schema)
        for batch in groups.to_batches(schema=dataset.schema, columns=needed):
            at = pc.index_in(batch.column("doc_id"), value_set=doc_ids)
            current = pc.fill_null(pc.equal(commits.take(at), batch.column("commit_id")), False)
            found.append(batch if pc.all(current).as_py() else batch.filter(current))
    rows = pa.Table.from_batches(found, pa.schema([dataset.schema.field(name) for name in needed]))
    order = pc.sort_indices(pa.table({key: _key(rows, key) for key, _ in keys}), sort_keys=keys)
    if not np.array_equal(order, np.arange(len(order))):
        rows = rows.take(order)
    return rows.select(names)


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
