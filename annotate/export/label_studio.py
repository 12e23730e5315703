"""Label Studio JSON: the attributions as pre-annotated tasks, to be labelled or looked at there."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from annotate.datamodel import Attribution, Details, Document, MarkedDocument, Region
from annotate.export.documents import DocumentRows, write_json_list
from annotate.records import AttributionRecord

ToTask = Callable[[MarkedDocument], dict[str, Any]]


def write_label_studio(documents: Iterable[DocumentRows], path: Path, version: int, to_task: ToTask) -> None:
    """Writes a list of tasks as Label Studio imports it. `to_task` makes a task of a marked document."""
    write_json_list(path, "[", (to_task(marked) for marked in _marked(documents, version)), "\n]\n")


def _marked(documents: Iterable[DocumentRows], version: int) -> Iterator[MarkedDocument]:
    for found in documents:
        d = found.document
        document = Document(d.doc_id, d.text, d.title, d.url, d.outlet, d.published_at)
        attributions = tuple(_attribution(record) for record, _ in found.rows)
        yield MarkedDocument(document, attributions, f"atribusi dataset version {version}")


def _attribution(record: AttributionRecord) -> Attribution:
    content = Region(
        record.type, record.content.start, record.content.end, rule=record.premark_rule,
        confidence=record.premark_confidence,
    )  # fmt: skip
    return Attribution(
        content,
        tuple(Region("source", s.start, s.end, kind=record.source_kind) for s in record.sources),
        tuple(Region("cue", s.start, s.end, kind=record.cue_kind) for s in record.cues),
        record.speaker or "",
        Details(
            record.cue_kind, record.source_kind, record.role, record.affiliation, record.register_id,
            record.addressee, record.time, record.place, record.occasion,
        ),
    )  # fmt: skip
