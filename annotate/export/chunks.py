"""Documents with their attributions as Arrow tables, a few hundred documents at a time.

All that is exported comes by here: records, or tables read straight from the dataset, whose columns are named after the
records' fields. Columns are what a million rows can be worked on with; records are made of them again where a format
needs one document at a time.
"""

import types
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
from pydantic import TypeAdapter

from annotate.export.model import Group
from annotate.export.shared import plain_type
from annotate.records import AttributionRecord, DocumentRecord, Record

T = TypeVar("T")

_ROWS: Final = 8192  # attributions of a chunk, and
_CHARACTERS: Final = 8_000_000  # characters of its documents: whichever comes first
_DOCUMENTS: Final = 2000  # of a chunk that comes as tables
_AHEAD: Final = 2  # items that may wait
_KEPT: Final = 10_000  # milliseconds that free memory is kept


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some documents and all their attributions: tables with the columns of the two records.

    Texts that many rows share may come as Arrow dictionaries.
    """

    documents: pa.Table
    attributions: pa.Table


def as_chunks(source: Iterable[Group] | Iterable[Chunk]) -> Iterator[Chunk]:
    """The source as chunks, streaming."""
    documents: list[DocumentRecord] = []
    rows: list[AttributionRecord] = []
    size = 0
    for item in source:
        if isinstance(item, Chunk):
            yield Chunk(_fitted(item.documents, DocumentRecord), _fitted(item.attributions, AttributionRecord))
            continue
        documents.append(item[0])
        rows.extend(item[1])
        size += len(item[0].text)
        if len(rows) >= _ROWS or size >= _CHARACTERS:
            yield Chunk(_table(documents, DocumentRecord), _table(rows, AttributionRecord))
            documents, rows, size = [], [], 0
    if documents:
        yield Chunk(_table(documents, DocumentRecord), _table(rows, AttributionRecord))


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The items, the next few of which are being made in another thread while one is worked on.

    What is made here in Python and what is written there in compiled code then take both cores, although one item
    takes longer than another.
    """
    source, end = iter(items), object()
    maker = ThreadPoolExecutor(1)
    try:
        coming = deque(maker.submit(next, source, end) for _ in range(_AHEAD))
        while (item := coming.popleft().result()) is not end:
            coming.append(maker.submit(next, source, end))
            yield cast("T", item)
    finally:
        maker.shutdown(cancel_futures=True)


@contextmanager
def memory_of_many_threads() -> Iterator[None]:
    """Has Arrow take its memory from jemalloc, where that is built in.

    Tables go from thread to thread here. With mimalloc, Arrow's own choice, that takes a tenth more processor time, and
    more memory. What one chunk leaves the next one takes: to give it back to the system in between takes time only.
    """
    usual = pa.default_memory_pool()
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(_KEPT)
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def paired(documents: Iterable[pa.Table], attributions: Iterable[pa.Table]) -> Iterator[Chunk]:
    """Chunks out of two streams of tables, both in order of `doc_id`, as the dataset gives them."""
    stream = iter(attributions)
    ahead: pa.Table | None = next(stream, None)
    for part in (table.slice(n, _DOCUMENTS) for table in documents for n in range(0, table.num_rows, _DOCUMENTS)):
        last = part.column("doc_id")[-1]
        rows: list[pa.Table] = []
        while ahead is not None:
            belong = pc.sum(pc.less_equal(ahead.column("doc_id"), last)).as_py() or 0
            rows.append(ahead.slice(0, belong))
            if belong < ahead.num_rows:
                ahead = ahead.slice(belong)
                break
            ahead = next(stream, None)
        yield Chunk(part, pa.concat_tables(rows) if rows else schema_of(AttributionRecord).empty_table())


def as_groups(chunks: Iterable[Chunk]) -> Iterator[tuple[DocumentRecord, list[AttributionRecord]]]:
    """The chunks as records again, document by document, attributions in text order."""
    for chunk in chunks:
        by_document: dict[tuple[str, str], list[AttributionRecord]] = {}
        for row in _records(chunk.attributions, AttributionRecord):
            by_document.setdefault((row.doc_id, row.text_sha256), []).append(row)
        for document in _records(chunk.documents, DocumentRecord):
            rows = by_document.get((document.doc_id, document.text_sha256), [])
            yield document, sorted(rows, key=lambda row: (row.content.start, -row.content.end, row.depth))


def _table(records: Sequence[Record], model: type[Record]) -> pa.Table:
    """Records as a table, by way of JSON lines: both ends of that are compiled code."""
    if not records:
        return schema_of(model).empty_table()
    return from_json(b"\n".join(record.__pydantic_serializer__.to_json(record) for record in records), model)


def from_json(lines: bytes, model: type[Record]) -> pa.Table:
    """Lines of JSON, one for each record, as a table with the columns of the record; what a line lacks is null."""
    if not lines:
        return schema_of(model).empty_table()
    longest = max(1 << 20, len(lines) + 1)
    return pj.read_json(
        pa.BufferReader(lines),
        read_options=pj.ReadOptions(block_size=longest),
        parse_options=pj.ParseOptions(explicit_schema=schema_of(model), unexpected_field_behavior="ignore"),
    ).select(schema_of(model).names)


def _fitted(table: pa.Table, model: type[Record]) -> pa.Table:
    """A table from elsewhere in our types and order; a column that an older scheme lacks is empty."""
    columns = []
    for field in schema_of(model):
        if field.name not in table.column_names:
            columns.append(pa.chunked_array([pa.nulls(table.num_rows, field.type)]))
            continue
        column = table.column(field.name)
        columns.append(column if plain_type(column.type) == field.type else column.cast(field.type))
    return pa.table(columns, names=schema_of(model).names)


def _records(table: pa.Table, model: type[Record]) -> list[Any]:
    """The table's rows as records; a null stands for the field's default."""
    rows = [{name: value for name, value in row.items() if value is not None} for row in table.to_pylist()]
    return list(_validator(model).validate_python(rows))


@cache
def _validator(model: type[Record]) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]


@cache
def schema_of(model: type[Record]) -> pa.Schema:
    """The Arrow schema of a record, field for field."""
    return pa.schema([(name, _arrow_type(info.annotation)) for name, info in model.model_fields.items()])


def _arrow_type(annotation: Any) -> pa.DataType:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _arrow_type(args[0])
    if origin in (Union, types.UnionType):
        return _arrow_type(next(arg for arg in args if arg is not types.NoneType))
    if origin is list:
        return pa.list_(_arrow_type(args[0]))
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return pa.struct([(name, _arrow_type(info.annotation)) for name, info in annotation.model_fields.items()])
    if origin is Literal:
        return pa.string()
    return {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}[annotation]
