"""Rows of one version, in order of document, a bounded number at a time."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Literal, NamedTuple

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
# Columns whose texts hardly ever stand in two rows: dictionaries of them would be as long as they are.
_ONCE = {
    "attributions": ("attribution_id", "parent_id", "content"),
    "documents": ("doc_id", "text_sha256", "text", "title", "url"),
}


def rows_at(
    table: Table,
    states: States | pa.Table,
    columns: Sequence[str] | None = None,
    doc_ids: Collection[str] | None = None,
    *,
    dictionaries: bool = False,
) -> Iterator[pa.Table]:
    """The rows of `documents`, `attributions` or `set_aside` that belong to the states, in Arrow tables.

    `states` may be a table, as `annotate.dataset.states.chosen` makes it for this table of rows. Order: `doc_id`; in a
    document as `annotate.dataset.states.row_order` and `set_aside_order` have it. With `dictionaries`, texts that many
    rows share come as Arrow dictionaries, which is how they lie on the disk.
    """
    wanted = states if isinstance(states, pa.Table) else chosen(states, table.name)
    if doc_ids is not None:
        wanted = wanted.filter(pc.is_in(wanted.column("doc_id"), value_set=pa.array(sorted(set(doc_ids)), pa.string())))
    reader = _Reader(table.dataset(), table.name, list(columns) if columns else None, dictionaries=dictionaries)
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


class _Group(NamedTuple):
    """A group of rows of a file; the least and the greatest `doc_id` and `commit_id` in it, None where not known."""

    id: int
    doc_ids: tuple[str | None, str | None]
    commit_ids: tuple[str | None, str | None]


class _Reader:
    """Reads part after part of a table."""

    def __init__(self, dataset: pads.Dataset, table: str, names: list[str] | None, *, dictionaries: bool) -> None:
        self._dataset = dataset
        self._names = names or dataset.schema.names
        self._keys = _sort_keys(table)
        needed = dict.fromkeys([*self._names, "doc_id", "commit_id", *(key.partition(".")[0] for key, _ in self._keys)])
        once = _ONCE.get(table, ()) if dictionaries else needed
        self._shared = [name for name in needed if name not in once]
        fields = ((name, dataset.schema.field(name).type) for name in needed)
        self._schema = pa.schema([(name, kind if name in once else _with_dictionaries(kind)) for name, kind in fields])
        self._known: dict[str, list[_Group]] = {}
        self._held: dict[tuple[str, int], pa.RecordBatch] = {}
        self._file: tuple[str, pq.ParquetFile] | None = None  # that was read last

    def rows(self, part: pa.Table) -> pa.Table:
        """The part's rows: a document may have rows of several commits, of which one counts."""
        doc_ids, commits = part.column("doc_id").combine_chunks(), part.column("commit_id").combine_chunks()
        one_commit = commits[0] if pc.all(pc.equal(commits, commits[0])).as_py() else None
        found: list[tuple[Any, pa.RecordBatch]] = []  # places of the rows' documents among the part's, and the rows
        # Files and their groups of rows are chosen by what is known of them. Rows are nested and dear to copy, and as a
        # rule a group holds nothing but current rows, in their order; so they are looked at here, and copied where they
        # must.
        for group in self._groups(doc_ids[0].as_py(), doc_ids[-1].as_py(), commits.unique().to_pylist()):
            at = _places(group.column("doc_id"), doc_ids)
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

    def _groups(self, first: str, last: str, commits: list[str]) -> Iterator[pa.RecordBatch]:
        """The groups of rows that may hold what is wanted, whole; `first`, `last`: of the documents that are.

        Where one holds rows of the next part, too, it is kept: to read it takes longer than all else.
        """
        held, self._held = self._held, {}
        near = (pads.field("doc_id") >= first) & (pads.field("doc_id") <= last) & among("commit_id", commits)
        for fragment in self._dataset.get_fragments(near):
            for info in self._groups_of(fragment):
                if not _may_hold(info.doc_ids, first, last):
                    continue
                if not any(_may_hold(info.commit_ids, commit, commit) for commit in commits):
                    continue
                key = fragment.path, info.id
                group = held.get(key)
                if group is None:
                    group = self._read(fragment, info.id)
                if len(self._held) < _GROUPS_HELD and (info.doc_ids[1] is None or info.doc_ids[1] > last):
                    self._held[key] = group
                yield group

    def _groups_of(self, fragment: pads.ParquetFileFragment) -> list[_Group]:
        """What the file's footer tells of its groups; looked up once, for each part asks."""
        known = self._known.get(fragment.path)
        if known is None:
            footer = fragment.metadata
            at = {footer.schema.column(n).path: n for n in range(footer.num_columns)}
            groups = ((n, footer.row_group(n)) for n in range(footer.num_row_groups))
            known = self._known[fragment.path] = [
                _Group(n, _bounds(group.column(at["doc_id"])), _bounds(group.column(at["commit_id"])))
                for n, group in groups
                if group.num_rows
            ]
        return known

    def _read(self, fragment: pads.ParquetFileFragment, group: int) -> pa.RecordBatch:
        """One group of rows: straight from the file, which takes less work than a scan; older schemes by a scan."""
        if self._file is None or self._file[0] != fragment.path:
            self._file = fragment.path, self._opened(fragment)
        rows = self._file[1].read_row_group(group, columns=self._schema.names, use_threads=False)
        if not rows.schema.equals(self._schema):
            one = fragment.subset(row_group_ids=[group])
            rows = one.to_table(schema=self._dataset.schema, columns=self._schema.names).cast(self._schema)
        return rows.combine_chunks().to_batches()[0]

    def _opened(self, fragment: pads.ParquetFileFragment) -> pq.ParquetFile:
        """The file; it is closed when nobody holds it any more."""
        footer = fragment.metadata
        leaves = [footer.schema.column(n) for n in range(footer.num_columns)]
        texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
        shared = [path for path in texts if path.partition(".")[0] in self._shared]
        return pq.ParquetFile(fragment.open(), metadata=footer, read_dictionary=shared)

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


def _bounds(column: pq.ColumnChunkMetaData) -> tuple[str | None, str | None]:
    known = column.statistics
    return (known.min, known.max) if known is not None and known.has_min_max else (None, None)


def _may_hold(bounds: tuple[str | None, str | None], first: str, last: str) -> bool:
    """Whether something from `first` to `last` may be within the bounds."""
    least, greatest = bounds
    return (greatest is None or first <= greatest) and (least is None or least <= last)


def _places(values: pa.Array, among: pa.Array) -> pa.Array:
    """Where each of the values is first found in an array; null where it is not."""
    if not pa.types.is_dictionary(values.type):
        return pc.index_in(values, value_set=among)
    return pc.index_in(values.dictionary, value_set=among).take(values.indices)


def _with_dictionaries(kind: pa.DataType) -> pa.DataType:
    """The type with dictionaries in the place of texts, however deep."""
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_with_dictionaries(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_with_dictionaries(field.type)) for field in kind])
    return pa.dictionary(pa.int32(), kind) if kind == pa.string() else kind


def _key(rows: pa.Table, key: str) -> pa.ChunkedArray:
    column, _, child = key.partition(".")
    values = rows.column(column)
    if pa.types.is_dictionary(values.type):
        return values.cast(values.type.value_type)  # what is a dictionary cannot be sorted by
    return pc.struct_field(values, child) if child else values


def _sort_keys(table: str) -> list[tuple[str, str]]:
    if table == "attributions":
        order = {"content.start": "ascending", "content.end": "descending", "attribution_id": "ascending"}
    elif table == "set_aside":
        order = dict.fromkeys(("annotation_id", "region_id", "reason", "raw"), "ascending")
    else:
        order = {}
    return [("doc_id", "ascending"), *order.items()]
