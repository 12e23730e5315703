"""Rows of a Parquet file, in batches."""

import os
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from annotate.articles.fields import no_text, plan_for
from annotate.articles.inputs import Position
from annotate.articles.model import Problem, Rows
from annotate.errors import MissingExtra

_BATCH: Final = 256  # rows; long articles must not fill the memory
_BUFFER: Final = 1 << 20  # bytes of each column that are read at a time: a row group may hold a million articles


def read_parquet(path: str, position: Position | None = None) -> Rows:
    """The rows, counted from 1. Only columns whose names are understood are read, page by page."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("reading Parquet", "parquet") from error
    try:
        with pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) as file:
            names = tuple(file.schema_arrow.names)
            plan = plan_for(names)
            if "text" not in plan:
                yield 0, no_text()
                return
            wanted = [name for found in plan.values() for name in found]
            number, total = 0, max(file.metadata.num_rows, 1)
            if position is not None:
                position.begin(path, lambda: os.path.getsize(path) * number // total)
            for batch in file.iter_batches(batch_size=_BATCH, columns=wanted):
                for row in _rows(pa.table(batch), pa):
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError) as error:
        yield 0, Problem(f"not a sound Parquet file ({str(error).splitlines()[0]})", remedy="write the file again")


def rows_of_group(file: BinaryIO, group: int, skip: int, count: int) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Some rows of one row group, counted from 0; -1 for what is wrong with the file as a whole."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        reader = pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
        plan = plan_for(tuple(reader.schema_arrow.names))
        if "text" not in plan:
            yield -1, no_text()
            return
        wanted = [name for found in plan.values() for name in found]
        number = 0
        for batch in reader.iter_batches(batch_size=_BATCH, row_groups=[group], columns=wanted):
            inside = batch.slice(max(0, skip - number), max(0, skip + count - max(number, skip)))
            at = max(number, skip) - skip
            number += batch.num_rows
            if inside.num_rows:
                yield from enumerate(_rows(pa.table(inside), pa), start=at)
            if number >= skip + count:
                return
    except (pa.ArrowException, OSError) as error:
        yield -1, Problem(f"not a sound Parquet file ({str(error).splitlines()[0]})", remedy="write the file again")


def _rows(table: Any, pa: Any) -> Iterator[dict[str, Any]]:
    """Strings are taken as bytes first: one that is not UTF-8 must not cost the batch."""
    columns = []
    for column in table.columns:
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
            kind = kind.value_type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            cells = column.cast(pa.large_binary()).to_pylist()
            columns.append([None if c is None else c.decode("utf-8", "surrogateescape") for c in cells])
        else:
            columns.append(column.to_pylist())
    for cells in zip(*columns, strict=True):
        yield dict(zip(table.column_names, cells, strict=True))
