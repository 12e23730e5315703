"""Texts that are kept before any version holds them: our own copy of whatever goes out to annotators.

They lie in the table of documents under a commit id that no version ever names, and so belong to none; what was
labelled is checked against them, also where the article has changed since.
"""

from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final

import pyarrow.dataset as pads

from annotate.datamodel import Document
from annotate.dataset.columns import to_records, to_table
from annotate.dataset.tables import Table, among
from annotate.records import DocumentRecord

KEPT: Final = "kept"


def keep_documents(table: Table, documents: Iterable[DocumentRecord | Document], *, batch_size: int = 1000) -> int:
    """Keep each revision (`doc_id` and text) that the table does not hold yet; how many that were. Safe to repeat."""
    added = 0
    waiting = iter(documents)
    while batch := list(islice(waiting, batch_size)):
        known = table.read(["doc_id", "text_sha256"], among("doc_id", {document.doc_id for document in batch}))
        held = set(zip(known.column("doc_id").to_pylist(), known.column("text_sha256").to_pylist(), strict=True))
        fresh = {
            (document.doc_id, document.text_sha256): as_record(document, KEPT).model_copy(update={"commit_id": KEPT})
            for document in batch
            if (document.doc_id, document.text_sha256) not in held
        }
        if fresh:
            table.append(to_table(list(fresh.values()), DocumentRecord))
        added += len(fresh)
    return added


def held_texts(table: Table) -> set[str]:
    """Hashes of all texts that are held, kept or committed."""
    return set(table.read(["text_sha256"]).column("text_sha256").to_pylist())


def find_revisions(table: Table, doc_ids: Collection[str]) -> dict[str, list[DocumentRecord]]:
    """Every text that is held of some documents, kept or committed; the best copy first.

    A committed row knows at least what a kept one does; of several, the newest commit comes first.
    """
    found: dict[str, list[DocumentRecord]] = {doc_id: [] for doc_id in doc_ids}
    # Where the ids of documents that went out together lie near each other, most groups of rows need not be read.
    near = (pads.field("doc_id") >= min(found)) & (pads.field("doc_id") <= max(found))
    for record in to_records([table.read(where=near & among("doc_id", found))], DocumentRecord):
        found[record.doc_id].append(record)
    for records in found.values():
        records.sort(key=lambda record: (record.commit_id != KEPT, record.commit_id), reverse=True)
    return found


def as_record(document: DocumentRecord | Document, commit_id: str) -> DocumentRecord:
    """The document as a row of the dataset."""
    if isinstance(document, DocumentRecord):
        return document
    fields = ("doc_id", "text_sha256", "text", "title", "url", "outlet", "published_at")
    return DocumentRecord(**{name: getattr(document, name) for name in fields}, commit_id=commit_id)
