"""A folder that Hugging Face `datasets` reads: Parquet files and a card."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.export.chunks import Chunk
from annotate.export.columns import COLUMNS, LIST_SEPARATOR
from annotate.export.flatten import schema_of

_ROWS: Final = 500_000  # of one file
_TEXTS: Final = pa.schema([
    (name, pa.string()) for name in ("doc_id", "text_sha256", "title", "outlet", "published_at", "url", "text")
])  # fmt: skip

_CARD: Final = """---
language: [id]
task_categories: [token-classification]
tags: [quotation-attribution, source-attribution, news, indonesian]
pretty_name: {name}
configs:
- config_name: attributions
  default: true
  data_files: data/attributions-*.parquet
- config_name: documents
  data_files: data/documents-*.parquet
---
# {name}

Who said what, in Indonesian news: {attributions} attributions in {documents} documents, version {version}{tag} of the
dataset, exported by `atribusi`.

    from datasets import load_dataset
    attributions = load_dataset("{folder}", "attributions", split="train")
    documents = load_dataset("{folder}", "documents", split="train")    # the whole texts

**Before this is published:** the texts belong to those who wrote them, and `annotators` and `readers` name people. This
card names no licence, since only you can know it.

## Columns of `attributions`

Several values in a cell are joined by `{separator}`. Offsets count code points of `text` in `documents`.

| column | type | unit | meaning |
| --- | --- | --- | --- |
{columns}
"""


class _Parts:
    """Parquet files of a limited number of rows, numbered from 0."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema) -> None:
        self._folder, self._name, self._schema = folder, name, schema
        self._writer: Any = None
        self._number, self._held, self.rows = 0, 0, 0

    def add(self, table: pa.Table) -> None:
        if not table.num_rows:  # `datasets` takes the first row group as the measure of all, and none may be empty
            return
        self._open()
        self._writer.write_table(table.replace_schema_metadata(self._schema.metadata))
        self._held += table.num_rows
        self.rows += table.num_rows
        if self._held >= _ROWS:
            self._end()
            self._number, self._held = self._number + 1, 0

    def close(self) -> None:
        """Ends the last file; where there were no rows at all, a file says so."""
        if not self.rows:
            self._open()
        self._end()

    def _open(self) -> None:
        if self._writer is None:
            path = self._folder / f"{self._name}-{self._number:05}.parquet"
            self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def write_hugging_face(
    chunks: Iterable[tuple[Chunk, pa.Table]], folder: Path, *, name: str, version: int, tag: str | None
) -> None:
    """Writes `data/*.parquet` and `README.md`."""
    data = folder / "data"
    data.mkdir()
    rows = _Parts(data, "attributions", schema_of(COLUMNS).remove_metadata())
    texts = _Parts(data, "documents", _TEXTS)
    try:
        for chunk, flat in chunks:
            rows.add(flat.cast(schema_of(COLUMNS)))
            texts.add(chunk.documents.select(_TEXTS.names))
    finally:
        rows.close()
        texts.close()
    columns = "\n".join(
        f"| `{c.name}` | {c.type} | {c.unit.replace('|', '/')} | {c.description.replace('|', '/')} |" for c in COLUMNS
    )
    card = _CARD.format(
        name=name, folder=name, attributions=rows.rows, documents=texts.rows, version=version,
        tag=f" ({tag})" if tag else "", separator=LIST_SEPARATOR, columns=columns,
    )  # fmt: skip
    (folder / "README.md").write_text(card, encoding="utf-8", newline="\n")
