"""The parts that a shard becomes: rows of attributions, rows of documents, tasks."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotate.datamodel import Attribution, Document
from annotate.workflow.archive.flat import attribution_rows, document_row, encode
from annotate.workflow.archive.options import ArchiveOptions
from annotate.workflow.archive.work import ATTRIBUTIONS, DOCUMENTS, TASKS
from annotate.workflow.mark import known_speakers


class PartsOf:
    """Makes the parts of shards; holds what is slow to load: the marker's words, and a register of speakers."""

    def __init__(self, options: ArchiveOptions) -> None:
        from annotate.marking import Marker

        self.options = options
        self.marker = Marker()
        self.register = known_speakers(Path(options.register)) if options.register else None
        warm = self.begin()  # all that is loaded is loaded now, and not in the time of the first article
        warm.mark(Document("warm", "“Ini percobaan,” kata Budi."))
        list(warm.written())

    def begin(self) -> "Parts":
        """The parts of another shard."""
        return Parts(self)


class Parts:
    """What one shard becomes; nothing is written before all of it is there."""

    def __init__(self, of: PartsOf) -> None:
        self._of = of
        self._tasks: list[str] = []
        self._documents: list[bytes] = []  # JSON of the records of documents, and
        self._rows: list[bytes] = []  # of those of attributions
        self.documents = self.attributions = self.copies = 0

    def mark(self, document: Document) -> None:
        """Marks a document and takes its rows in; where that raises, nothing of it is taken."""
        marked = self._of.marker.mark(document)
        task, count = None, len(marked.attributions)
        if self._of.options.tasks:
            from annotate.labelstudio.tasks import task_json

            task = task_json(marked)
        if self._of.options.rows:
            sha = document.text_sha256
            rows = attribution_rows(marked, sha, self._describe)
            lines = [encode(row).encode() for row in rows]
            self._documents.append(encode(document_row(document, sha)).encode())
            self._rows += lines
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
            self._documents.append(encode(document_row(document, document.text_sha256, copy_of)).encode())
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

        from annotate.export.chunks import Chunk, from_json
        from annotate.export.flatten import flatten
        from annotate.records import AttributionRecord, DocumentRecord

        documents = from_json(b"\n".join(self._documents), DocumentRecord)
        chunk = Chunk(documents, from_json(b"\n".join(self._rows), AttributionRecord))
        none = pa.repeat(pa.scalar(0, pa.int64()), documents.num_rows)
        return flatten(chunk, None, {"premarks_left_out": none, "filtered_out": none})


def as_parquet(table: Any) -> bytes:
    """The table as a Parquet file."""
    import pyarrow.parquet as pq

    target = io.BytesIO()
    pq.write_table(table.combine_chunks(), target, compression="zstd")
    return target.getvalue()


def as_jsonl(table: Any) -> bytes:
    """The table as one JSON object for each row; unknown values are null."""
    return "".join(encode(row) + "\n" for row in table.to_pylist()).encode()
