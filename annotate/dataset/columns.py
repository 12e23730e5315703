"""Records to columns and back: the tables' Arrow schemas follow from the pydantic records, field for field.

A record is written as one line of JSON, which is what its hash is taken of and what Arrow's JSON reader (in C++) makes
columns of: one pass in compiled code for both. Fields that hold their default are left out of the line, so that a
field which a later scheme adds alters no hash.
"""

import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
from pydantic import TypeAdapter
from pydantic_core import to_json

from annotate.records import Fields, Record

R = TypeVar("R", bound=Record)

_SCALARS: dict[Any, pa.DataType] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
_BLOCK = 1 << 20  # bytes that Arrow's JSON reader takes at a time; must hold the longest line


@cache
def arrow_schema(model: type[Record]) -> pa.Schema:
    """The Arrow schema of a record. Every column is nullable, so that a later scheme can add to an old table."""
    return pa.schema([pa.field(name, arrow_type(info.annotation)) for name, info in model.model_fields.items()])


def arrow_type(annotation: Any) -> pa.DataType:
    """The Arrow type of a field's annotation. Raises `TypeError` for what no record may hold."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return arrow_type(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return arrow_type(next(arg for arg in get_args(annotation) if arg is not types.NoneType))
    if origin is Literal:
        return pa.string()
    if origin is list:
        return pa.list_(arrow_type(get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return pa.struct(list(arrow_schema(annotation)))
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    raise TypeError(f"a record cannot hold {annotation!r}")


def line(record: Record) -> bytes:
    """The record's canonical line of JSON: fields in the contract's order, defaults and `commit_id` left out."""
    return _line(type(record))(record, exclude={"commit_id"})


@cache
def _line(model: type[Record]) -> Callable[..., bytes]:
    return partial(TypeAdapter(model).serializer.to_json, exclude_defaults=True)


def fields_line(fields: Fields, model: type[Record]) -> bytes:
    """`line` of the record that these fields make, without making it, in a third of the time. Nothing is checked.

    Parts must come without those of their fields that hold the default.
    """
    get = fields.get
    return to_json({name: value for name, default in _defaults(model) if (value := get(name, default)) != default})


@cache
def _defaults(model: type[Record]) -> list[tuple[str, Any]]:
    """The fields of a line, and what each holds where it is left out; what must be there equals nothing."""
    return [
        (name, object() if info.is_required() else info.get_default(call_default_factory=True))
        for name, info in model.model_fields.items()
        if name != "commit_id"
    ]


def lines_to_table(lines: Sequence[bytes], model: type[Record], commit_id: str | None = None) -> pa.Table:
    """Canonical lines as one Arrow table; `commit_id` fills the column that the lines leave out."""
    schema = arrow_schema(model)
    if not lines:
        return schema.empty_table()
    table = pj.read_json(
        pa.BufferReader(b"\n".join(lines)),
        read_options=pj.ReadOptions(use_threads=len(lines) > 1000, block_size=max(_BLOCK, 2 + max(map(len, lines)))),
        parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )
    columns = [_filled(table.column(field.name), model, field) for field in schema]
    if commit_id is not None:
        columns[schema.get_field_index("commit_id")] = pa.repeat(pa.scalar(commit_id), len(lines))
    return pa.Table.from_arrays(columns, schema=schema)


def _filled(column: pa.ChunkedArray, model: type[Record], field: pa.Field) -> pa.ChunkedArray | pa.Array:
    """The column with the field's default where the line had left it out."""
    default = model.model_fields[field.name].get_default(call_default_factory=True)
    if column.null_count == 0 or default is None or model.model_fields[field.name].is_required():
        return column
    if pa.types.is_list(field.type):  # `fill_null` knows no lists; a null takes no room, so its offsets are right
        chunks = (chunk for chunk in column.chunks)
        return pa.chunked_array(
            [pa.ListArray.from_arrays(chunk.offsets, chunk.values, type=field.type) for chunk in chunks], field.type
        )
    return pc.fill_null(column, default)


def to_table(records: Iterable[Record], model: type[Record], commit_id: str | None = None) -> pa.Table:
    """The records as one Arrow table; `commit_id`, where given, goes into all rows."""
    records = list(records)
    if commit_id is None and "commit_id" in model.model_fields:
        return lines_to_table([_line(model)(record) for record in records], model)
    return lines_to_table([line(record) for record in records], model, commit_id)


def to_records(tables: Iterable[pa.Table], model: type[R]) -> Iterator[R]:
    """The rows of the tables as records, in their order. Raises pydantic's `ValidationError` on a broken row.

    Columns that the record does not know are left out, and a null stands for the field's default.
    """
    validate = _validator(model)
    names = arrow_schema(model).names
    for table in tables:
        rows = table.select([name for name in names if name in table.column_names]).to_pylist()
        yield from validate([{name: value for name, value in row.items() if value is not None} for row in rows])


@cache
def _validator(model: type[R]) -> Any:
    return TypeAdapter(list[model]).validate_python  # type: ignore[valid-type]
