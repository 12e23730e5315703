"""The parts that a shard becomes: rows of attributions, rows of documents, tasks."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from annotate.datamodel import Attribution, Document
from annotate.workflow.archive.options import ArchiveOptions
from annotate.workflow.mark import known_speakers

ATTRIBUTIONS: Final = "attributions"
DOCUMENTS: Final = "documents"
TASKS: Final = "tasks"


class PartsOf:
    """Makes the parts of shards; holds what is slow to load: the marker's words, and a register of speakers."""

    def __init__(self, options: ArchiveOptions) -> None:
        from annotate.marking import Marker

        self.options = options
        self.marker = Marker()
        self.register = known_speakers(Path(options.register)) if options.register else None
        self.marker.mark(Document("warm", "“Ini percobaan,” kata Budi."))

    def begin(self) -> "Parts":
        """The parts of another shard."""
        return Parts(self)


class Parts:
    """What one shard becomes; nothing is written before all of it is there."""

    def __init__(self, of: PartsOf) -> None:
        self._of = of
        self._tasks: list[str] = []
        self._groups: list[Any] = []  # documents with their rows
        self.documents = self.attributions = self.copies = 0

    def mark(self, document: Document) -> None:
        """Marks a document and takes its rows in; where that raises, nothing of it is taken."""
        marked = self._of.marker.mark(document)
        task, count = None, len(marked.attributions)
        if self._of.options.tasks:
            from annotate.labelstudio.tasks import task_json

            task = task_json(marked)
        if self._of.options.rows:
            from annotate.workflow.premarks import premark_rows

            rows = premark_rows(marked, describe=self._describe)
            self._groups.append((_record(document), rows))
            count = len(rows)
        if task is not None:
            self._tasks.append(task)
        self.documents += 1
        self.attributions += count

    def _describe(self, text: str, attributions: tuple[Attribution, ...]) -> tuple[Attribution, ...]:
        from annotate.marking import describe

        return describe(text, attributions, self._of.register)

    def link(self, document: Document, copy_of: str) -> None:
        """Takes a near-copy in: a row among the documents, and no attribution."""
        if self._of.options.rows:
            self._groups.append((_record(document, copy_of), []))
        self.copies += 1

    def written(self) -> Iterator[tuple[str, str, bytes]]:
        """Folder, suffix and bytes of each part."""
        if self._of.options.tasks:
            yield TASKS, "jsonl", "".join(f"{task}\n" for task in self._tasks).encode()
        if form := self._of.options.rows:
            flat, documents = self._tables()
            for folder, table in ((ATTRIBUTIONS, flat), (DOCUMENTS, documents)):
                yield folder, form, as_parquet(table) if form == "parquet" else as_jsonl(table)

    def _tables(self) -> tuple[Any, Any]:
        import pyarrow as pa

        from annotate.export.chunks import as_chunks
        from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS
        from annotate.export.flatten import flatten, flatten_documents, schema_of

        flats, documents = [schema_of(COLUMNS).empty_table()], [schema_of(DOCUMENT_COLUMNS).empty_table()]
        for chunk in as_chunks(self._groups):
            none = pa.repeat(pa.scalar(0, pa.int64()), chunk.documents.num_rows)
            flats.append(flatten(chunk, None))
            left_out = {"premarks_left_out": none, "filtered_out": none}
            documents.append(flatten_documents(chunk, None, flats[-1], left_out))
        return pa.concat_tables(flats), pa.concat_tables(documents)


def _record(document: Document, copy_of: str | None = None) -> Any:
    from annotate.records import DocumentRecord

    return DocumentRecord(
        doc_id=document.doc_id, text_sha256=document.text_sha256, text=document.text, title=document.title,
        url=document.url, outlet=document.outlet, published_at=document.published_at, copy_of=copy_of, commit_id="",
    )  # fmt: skip


def as_parquet(table: Any) -> bytes:
    """The table as a Parquet file."""
    import pyarrow.parquet as pq

    target = io.BytesIO()
    pq.write_table(table.combine_chunks(), target, compression="zstd")
    return target.getvalue()


def as_jsonl(table: Any) -> bytes:
    """The table as one JSON object for each row; unknown values are null."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return "".join(encode(row) + "\n" for row in table.to_pylist()).encode()
