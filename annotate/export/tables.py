"""Parquet, JSON lines, and a place to put rows aside while another file is being written."""

import json
import tempfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.export.atomic import whole_file
from annotate.export.columns import Column
from annotate.export.flatten import RARELY_SHARED, schema_of, shared_schema_of

# Statistics let a reader leave out groups of rows, which must be in some order for that; rows are in order of document.
_IN_ORDER: Final = "doc_id"
_GROUP: Final = 30_000  # rows that are written at once: each column of each group costs time of its own


class Spool:
    """Tables put aside in a temporary file, to be gone through once more: memory does not grow with them."""

    def __init__(self, folder: Path, columns: tuple[Column, ...]) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed on exit)
        self._schema = schema_of(columns)
        self._closed = False
        self._writer = pa.ipc.new_stream(self._file, self._schema)

    def add(self, table: pa.Table) -> None:
        self._writer.write_table(table)

    def tables(self) -> Iterator[pa.Table]:
        """What was put aside, in order, as often as wanted. Nothing can be added afterwards."""
        if not self._closed:
            self._writer.close()
            self._closed = True
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as reader:
            for batch in reader:
                yield pa.Table.from_batches([batch], self._schema)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


def write_parquet(tables: Iterable[pa.Table], path: Path, columns: tuple[Column, ...], *, version: int) -> None:
    """Writes the tables as one Parquet file; each column's description stands in its metadata.

    The tables have the types of `shared_schema_of`, whose dictionaries are written as they are. Readers get plain
    texts: the file names the types of `schema_of`.
    """
    told = schema_of(columns).with_metadata({"atribusi.version": str(version)})
    texts = [field.name for field in told if field.type == pa.string()]
    with (
        whole_file(path) as part,
        pq.ParquetWriter(
            part,
            shared_schema_of(columns),
            compression="zstd",
            use_dictionary=[name for name in told.names if name not in RARELY_SHARED],
            write_statistics=[name for name in told.names if name == _IN_ORDER or name not in texts],
            store_schema=False,
        ) as writer,
    ):
        for table in _gathered(tables):
            writer.write_table(table.unify_dictionaries())
        writer.add_key_value_metadata(
            {"atribusi.version": str(version), "ARROW:schema": b64encode(told.serialize().to_pybytes())}
        )


def _gathered(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The tables, several of them as one where they are small."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += table.num_rows
        if rows >= _GROUP:
            yield pa.concat_tables(waiting)
            waiting, rows = [], 0
    if waiting:
        yield pa.concat_tables(waiting)


def write_jsonl(tables: Iterable[pa.Table], path: Path) -> None:
    """Writes one JSON object for each row; unknown values are null."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        for table in tables:
            file.writelines(encode(row) + "\n" for row in table.to_pylist())
