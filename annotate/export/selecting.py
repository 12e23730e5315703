"""Which rows go out: the filters, and pre-marks that nobody reviewed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import pyarrow as pa
import pyarrow.compute as pc

from annotate.datamodel import ContentLabel
from annotate.errors import AtribusiError
from annotate.export.chunks import Chunk
from annotate.export.flatten import count_by, day_of, document_keys
from annotate.export.model import Filters
from annotate.export.shared import plain
from annotate.records import Status


@dataclass(frozen=True, slots=True)
class Selected:
    """A chunk of what goes out, and how much of each of its documents does not."""

    chunk: Chunk
    counts: dict[str, Any]  # column of `documents.csv` -> array, one number for each document
    premarks: int
    filtered: int


def check(filters: Filters) -> None:
    """Raises `AtribusiError` for days that are none or in the wrong order, and for types and statuses that are none."""
    for name, value in (("date_from", filters.date_from), ("date_to", filters.date_to)):
        if value is not None and not _is_day(value):
            raise AtribusiError(f"{value!r} is no day", place=name, remedy="write it as YYYY-MM-DD")
    if filters.date_from and filters.date_to and filters.date_from > filters.date_to:
        raise AtribusiError(
            f"the first day, {filters.date_from}, comes after the last, {filters.date_to}", remedy="give them in order"
        )
    for name, values, known in (
        ("types", filters.types, get_args(ContentLabel)),
        ("statuses", filters.statuses, get_args(Status)),
    ):
        for value in values:
            if value.lower() not in known:
                raise AtribusiError(f"there is no {value!r}", place=name, remedy=f"choose from: {', '.join(known)}")


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def select(chunk: Chunk, filters: Filters, *, premarks: bool) -> Selected:
    """What of the chunk goes out. A document stays although no row of it does: it counts, too.

    Whoever asks for the status `premark` asks for pre-marks.
    """
    premarks = premarks or "premark" in map(str.lower, filters.statuses)
    documents = _kept(chunk.documents, _documents(chunk.documents, filters))
    rows = chunk.attributions
    if documents is not chunk.documents:
        rows = rows.filter(pc.is_in(document_keys(rows), value_set=document_keys(documents).unique()))
    unseen = pc.equal(rows.column("status"), "premark")
    rows, left_out = (rows, rows.slice(0, 0)) if premarks else _parted(rows, pc.invert(unseen))
    kept, filtered = _parted(rows, _rows(rows, filters))
    keys = document_keys(documents)
    counts = {
        "premarks_left_out": count_by(keys, document_keys(left_out)),
        "filtered_out": count_by(keys, document_keys(filtered)),
    }
    gone = chunk.attributions.num_rows - kept.num_rows - left_out.num_rows
    return Selected(Chunk(documents, kept), counts, left_out.num_rows, gone)


def _parted(table: pa.Table, wanted: Any) -> tuple[pa.Table, pa.Table]:
    """The rows that are wanted, and the others."""
    kept = _kept(table, wanted)
    return kept, table.slice(0, 0) if kept is table else table.filter(pc.invert(wanted))


def _kept(table: pa.Table, wanted: Any) -> pa.Table:
    """The rows that are wanted; the very table where all are, for copying nested rows takes time."""
    return table if pc.all(wanted, min_count=0).as_py() else table.filter(wanted)


def _documents(documents: pa.Table, filters: Filters) -> Any:
    wanted = _all(documents)
    day = day_of(documents.column("published_at"))
    if filters.date_from:
        wanted = pc.and_(wanted, pc.fill_null(pc.greater_equal(day, filters.date_from), False))
    if filters.date_to:
        wanted = pc.and_(wanted, pc.fill_null(pc.less_equal(day, filters.date_to), False))
    if filters.outlets:
        wanted = pc.and_(wanted, _among(documents.column("outlet"), filters.outlets))
    return wanted


def _rows(rows: pa.Table, filters: Filters) -> Any:
    wanted = _all(rows)
    for name, values in (("speaker", filters.speakers), ("type", filters.types), ("status", filters.statuses)):
        if values:
            wanted = pc.and_(wanted, _among(rows.column(name), values))
    if filters.annotators:
        lists = rows.column("annotators").combine_chunks()
        found = pc.list_parent_indices(lists).filter(_among(pc.list_flatten(lists), filters.annotators))
        wanted = pc.and_(wanted, pc.is_in(pa.array(range(rows.num_rows), pa.int64()), value_set=found))
    return wanted


def _all(table: pa.Table) -> Any:
    return pa.repeat(pa.scalar(True), table.num_rows)


def _among(column: Any, values: tuple[str, ...]) -> Any:
    return pc.is_in(pc.utf8_lower(plain(column)), value_set=pc.utf8_lower(pa.array(values, pa.string())))
