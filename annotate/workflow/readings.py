"""Readings: what each person says of an article, made of annotations as pulled and our own copy of the text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import from_json

from annotate.datamodel import Document
from annotate.records import AnnotationRecord, DocumentRecord, SetAsideRecord

if TYPE_CHECKING:
    from annotate.dataset import Basis, DocumentInputs
    from annotate.labelstudio.labels import ReadLabels
    from annotate.labelstudio.labels_shared import SharedLabels
    from annotate.reconcile import Premarks, Reading

# The states that say something of an article; a draft is not said yet.
COUNTED: Final = ("submitted", "empty", "skipped")


@dataclass(frozen=True)
class Gathered:
    """All that people say of one document, and the pre-marks that they had before them."""

    document: Document
    readings: "list[Reading]"
    set_aside: list[SetAsideRecord]
    premarks: "Premarks | None"


def gather(basis: "Basis", inputs: "DocumentInputs") -> Gathered | None:
    """The readings of one document; None where no copy of its text is known. Labels that cannot be placed go aside."""
    from annotate.labelstudio.labels_shared import SharedLabels

    labelled = last_living(basis, inputs)
    document = _document(basis, inputs, labelled)
    if document is None:
        return None
    readings: list[Reading] = []
    aside: list[SetAsideRecord] = []
    premarks: Premarks | None = None
    text_sha256 = document.text_sha256
    shared = SharedLabels(document.text)
    for record in labelled:
        same = record.task_text_sha256 == text_sha256
        labels = shared.read(record.raw) if same else None
        if labels is None:
            labels = _labels(record, document, None if same else _task_text(basis, record))
        readings.append(_reading(record, labels))
        aside.extend(_aside(record, labels))
        premarks = premarks or _premarks(record, shared.frozen or _parsed(record.raw).get("prediction"), shared)
    return Gathered(document, readings, aside, premarks)


def last_living(basis: "Basis", inputs: "DocumentInputs", purpose: str = "labels") -> list[AnnotationRecord]:
    """The newest state of each annotation; of one that was deleted on the server, the last one that it had there.

    Anybody can delete anything in the open edition of Label Studio: a deletion is recorded, not followed.
    """
    annotations = list(inputs.annotations)
    if any(one.state not in COUNTED for one in annotations):
        annotations = list(basis.annotations(doc_ids=[inputs.doc_id], latest=False))
    living: dict[tuple[str, int, int], AnnotationRecord] = {}
    for one in annotations:
        if one.state in COUNTED and one.purpose == purpose:
            living[one.server, one.project_id, one.annotation_id] = one
    return list(living.values())


def _document(basis: "Basis", inputs: "DocumentInputs", labelled: list[AnnotationRecord]) -> Document | None:
    """Our own copy of the newest text that somebody labelled.

    A later revision of an article is a later task. A text that we never sent (a task imported by hand) is taken over
    where we have no copy at all; otherwise it was changed on the server, and the labels are placed on our copy.
    """
    for one in sorted(labelled, key=lambda record: record.task_id, reverse=True):
        if inputs.document is not None and inputs.document.text_sha256 == one.task_text_sha256:
            return as_document(inputs.document)
        record = basis.revision(one.doc_id, one.task_text_sha256)
        if record is not None:
            return as_document(record)
    own = inputs.document or basis.revision(inputs.doc_id)
    if own is not None:
        return as_document(own)
    texts = [one.task_text for one in labelled if one.task_text]
    return Document(inputs.doc_id, texts[-1]) if texts else None


def as_document(record: DocumentRecord) -> Document:
    """The article of a dataset's record."""
    return Document(record.doc_id, record.text, record.title, record.url, record.outlet, record.published_at)


def _task_text(basis: "Basis", record: AnnotationRecord) -> str:
    """The text that the labels were drawn on, not the document's: they must be placed anew or set aside."""
    if record.task_text is not None:
        return record.task_text
    revision = basis.revision(record.doc_id, record.task_text_sha256)
    return revision.text if revision else ""


def read_annotation(
    record: AnnotationRecord, document: Document, task_text: str | None = None
) -> tuple["Reading", "ReadLabels"]:
    """What one annotation says of the document, and what of it could not be placed.

    `task_text` is the text that the labels were drawn on, None where it is the document's own.
    """
    labels = _labels(record, document, task_text)
    return _reading(record, labels), labels


def _parsed(raw: str) -> Any:
    """The annotation. `json` takes what the stricter and faster parser refuses (half a surrogate pair, say)."""
    try:
        return from_json(raw, cache_strings="all")
    except ValueError:
        return json.loads(raw)


def _labels(record: AnnotationRecord, document: Document, task_text: str | None) -> "ReadLabels":
    from annotate.labelstudio.labels import read_result

    return read_result(_parsed(record.raw).get("result") or [], document.text, task_text=task_text)


def _reading(record: AnnotationRecord, labels: "ReadLabels") -> "Reading":
    from annotate.reconcile import Reading

    return Reading(
        annotator=record.annotator or f"annotation-{record.annotation_id}",
        annotation_id=record.annotation_id,
        attributions=labels.attributions,
        loose=labels.unlinked,
        skipped=record.state == "skipped",
        ground_truth=record.ground_truth,
        saw_premarks=record.parent_prediction is not None,
        updated_at=record.updated_at,
    )


def _premarks(record: AnnotationRecord, frozen: Any, shared: "SharedLabels") -> "Premarks | None":
    """The pre-marks that the annotator had before them: Label Studio freezes them into the annotation."""
    from annotate.labelstudio.labels import read_result
    from annotate.reconcile import Premarks

    if not isinstance(frozen, dict) or not isinstance(frozen.get("result"), list):
        return None
    version = record.prediction_version or str(frozen.get("model_version") or "unknown")
    labels = shared.read_parsed(frozen["result"]) or read_result(frozen["result"], shared.text)
    return Premarks(version, labels.attributions)


def _aside(record: AnnotationRecord, labels: "ReadLabels") -> Iterator[SetAsideRecord]:
    for one in labels.set_aside:
        yield SetAsideRecord(
            doc_id=record.doc_id,
            commit_id="",
            annotation_id=record.annotation_id,
            region_id=one.region_id,
            annotator=record.annotator,
            reason=one.reason,
            raw=one.raw,
        )
