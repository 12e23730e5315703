"""Rows of one version, in order of document, a bounded number at a time."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from annotate.dataset.states import States, chosen
from annotate.dataset.tables import Table, among

RowTable = Literal["documents", "attributions", "set_aside"]
_ROWS_AT_A_TIME = 20_000
_DOCUMENTS_AT_A_TIME = 2_000
_GROUPS_HELD = 2


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
    reader = _Reader(table.dataset(), table.name, list(columns) if columns else None)
    for part in _parts(wanted):
        rows = reader.rows(part)
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


class _Reader:
    """Reads part after part of a table."""

    def __init__(self, dataset: pads.Dataset, table: str, names: list[str] | None) -> None:
        self._dataset = dataset
        self._names = names or dataset.schema.names
        self._keys = _sort_keys(table)
        needed = dict.fromkeys([*self._names, "doc_id", "commit_id", *(key.partition(".")[0] for key, _ in self._keys)])
        self._schema = pa.schema([dataset.schema.field(name) for name in needed])
        self._held: dict[tuple[str, int], pa.RecordBatch] = {}

    def rows(self, part: pa.Table) -> pa.Table:
        """The part's rows: a document may have rows of several commits, of which one counts."""
        doc_ids, commits = part.column("doc_id").combine_chunks(), part.column("commit_id").combine_chunks()
        near = (pads.field("doc_id") >= doc_ids[0]) & (pads.field("doc_id") <= doc_ids[-1])
        near = near & among("commit_id", commits.unique().to_pylist())
        one_commit = commits[0] if pc.all(pc.equal(commits, commits[0])).as_py() else None
        found: list[tuple[Any, pa.RecordBatch]] = []  # places of the rows' documents among the part's, and the rows
        # The condition only chooses files and their groups of rows. Rows are nested and dear to copy, and as a rule a
        # group holds nothing but current rows, in their order; so they are looked at here, and copied where they must.
        for group in self._groups(near, doc_ids[-1].as_py()):
            at = pc.index_in(group.column("doc_id"), value_set=doc_ids)
            counts = pc.equal(group.column("commit_id"), commits.take(at) if one_commit is None else one_commit)
            current = np.flatnonzero(pc.fill_null(pc.and_(pc.is_valid(at), counts), False))
            if len(current):
                start, size = int(current[0]), len(current)
                is_run = current[-1] - start < size
                rows = group.slice(start, size) if is_run else group.take(pa.array(current))
                found.append((at.take(pa.array(current)).to_numpy(), rows))
        found.sort(key=lambda one: int(one[0][0]))  # files come in any order
        rows = pa.Table.from_batches([rows for _, rows in found], self._schema)
        if found and not self._are_in_order(rows, np.concatenate([places for places, _ in found])):
            keys = pa.table({key: _key(rows, key) for key, _ in self._keys})
            rows = rows.take(pc.sort_indices(keys, sort_keys=self._keys))
        return rows.select(self._names)

    def _groups(self, near: pads.Expression, last: str) -> Iterator[pa.RecordBatch]:
        """The groups of rows that may hold what is wanted, whole; `last`: the last document that is.

        Where one holds rows of the next part, too, it is kept: to read it takes longer than all else.
        """
        held, self._held = self._held, {}
        for fragment in self._dataset.get_fragments(near):
            for info in fragment.subset(near, schema=self._dataset.schema).row_groups:
                key = fragment.path, info.id
                group = held.get(key)
                if group is None:
                    rows = self._read(fragment, info.id)
                    if not rows.num_rows:
                        continue
                    group = rows.combine_chunks().to_batches()[0]
                if len(self._held) < _GROUPS_HELD and pc.max(group.column("doc_id")).as_py() > last:
                    self._held[key] = group
                yield group

    def _read(self, fragment: pads.ParquetFileFragment, group: int) -> pa.Table:
        """One group of rows: straight from the file, which takes less work than a scan; older schemes by a scan."""
        with fragment.open() as source:
            file = pq.ParquetFile(source, metadata=fragment.metadata)
            rows = file.read_row_group(group, columns=self._schema.names, use_threads=False)
        if rows.schema.equals(self._schema):
            return rows
        one = fragment.subset(row_group_ids=[group])
        return one.to_table(schema=self._dataset.schema, columns=self._schema.names)

    def _are_in_order(self, rows: pa.Table, places: Any) -> bool:
        """Whether the rows are surely in order; `places`: of their documents among all. A tie is not sure."""
        less, equal = places[:-1] < places[1:], places[:-1] == places[1:]
        for key, direction in self._keys[1:]:
            values = _key(rows, key)
            if not pa.types.is_integer(values.type):
                break
            numbers = values.to_numpy() if direction == "ascending" else -values.to_numpy()
            less |= equal & (numbers[:-1] < numbers[1:])
            equal &= numbers[:-1] == numbers[1:]
        return bool(less.all())


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
