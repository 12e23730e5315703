"""Commit: annotations become attributions again, annotators are reconciled, and the result is a version."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotate.datamodel import Attribution, Document
from annotate.records import AnnotationRecord, DocumentRecord, SetAsideRecord, VersionRecord
from annotate.workflow.mark import known_speakers

if TYPE_CHECKING:
    from annotate.dataset import Basis, DocumentChange, DocumentInputs
    from annotate.labelstudio.labels import ReadLabels
    from annotate.reconcile import MergeRules, Premarks, Reading

# The states that say something of an article; a draft is not said yet.
COUNTED: Final = ("submitted", "empty", "skipped")
Describe = Callable[[str, tuple[Attribution, ...]], Sequence[Attribution]]


@dataclass
class CommitReport:
    """What a commit recorded; `version` is None when nothing had changed."""

    version: VersionRecord | None
    documents: int = 0
    set_aside: int = 0

    def summary(self) -> str:
        """One line for a person."""
        if self.version is None:
            return "nothing changed: no new version"
        aside = f", {self.set_aside} labels set aside (see: atribusi show --set-aside)" if self.set_aside else ""
        return (
            f"version {self.version.version}: {self.version.attributions} attributions "
            f"in {self.version.documents} documents{aside}"
        )

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "version": self.version.version if self.version else None,
            "documents": self.documents,
            "attributions": self.version.attributions if self.version else None,
            "set_aside": self.set_aside,
        }


def commit(
    dataset: str | Path,
    *,
    message: str,
    author: str,
    rules: "MergeRules | None" = None,
    register: Path | None = None,
) -> CommitReport:
    """Reconcile the documents whose annotations or decisions changed since the newest version, and record the result.

    With other `rules` than those of the newest version all documents are reconciled anew.
    """
    from annotate.dataset import Dataset, Recipe
    from annotate.marking import Marker
    from annotate.marking.describe import describe
    from annotate.reconcile import DEFAULT_RULES

    used = rules or DEFAULT_RULES
    described = partial(describe, register=known_speakers(register))
    report = CommitReport(None)

    def changes(basis: "Basis") -> Iterator["DocumentChange"]:
        report.documents = report.set_aside = 0
        head = basis.head
        same = head is not None and (head.merge_rules, head.merge_options) == (used.label, used.changed())
        for inputs in basis.readings(basis.stale_documents() if same or not head else None):
            change = document_change(basis, inputs, used, described)
            if change:
                report.documents += 1
                report.set_aside += len(change.set_aside)
                yield change

    marker = Marker().version
    recipe = Recipe(used.label, used.changed(), lexicon_version=marker, marker_versions=(marker,))
    report.version = Dataset.open(dataset).commit(changes, message=message, author=author, recipe=recipe)
    return report


def document_change(
    basis: "Basis", inputs: "DocumentInputs", rules: "MergeRules", describe: Describe
) -> "DocumentChange | None":
    """The new state of one document; None where nobody has labelled it."""
    from annotate.dataset import DocumentChange
    from annotate.reconcile import reconcile_document

    labelled = _last_living(basis, inputs)
    document = _document(basis, inputs, labelled)
    if document is None or not (labelled or inputs.decisions):
        return None
    readings: list[Reading] = []
    aside: list[SetAsideRecord] = []
    premarks: Premarks | None = None
    for record in labelled:
        reading, labels = read_annotation(record, document, _task_text(basis, record, document))
        readings.append(reading)
        aside.extend(_aside(record, labels))
        premarks = premarks or shown_premarks(record, document)
    done = reconcile_document(
        document,
        readings,
        commit_id="",
        previous=inputs.previous,
        decisions=inputs.decisions,
        premarks=premarks,
        rules=rules,
        describe=describe,
    )
    return DocumentChange(document, done.records, [*aside, *done.set_aside])


def _last_living(basis: "Basis", inputs: "DocumentInputs") -> list[AnnotationRecord]:
    """The newest state of each annotation; of one that was deleted on the server, the last one that it had there.

    Anybody can delete anything in the open edition of Label Studio: a deletion is recorded, not followed.
    """
    if all(one.state in COUNTED for one in inputs.annotations):
        return list(inputs.annotations)
    living: dict[tuple[str, int, int], AnnotationRecord] = {}
    for one in basis.annotations(doc_ids=[inputs.doc_id], latest=False):
        if one.state in COUNTED:
            living[one.server, one.project_id, one.annotation_id] = one
    return list(living.values())


def _document(basis: "Basis", inputs: "DocumentInputs", labelled: list[AnnotationRecord]) -> Document | None:
    """Our own copy of the newest text that somebody labelled.

    A later revision of an article is a later task. A text that we never sent (a task imported by hand) is taken over
    where we have no copy at all; otherwise it was changed on the server, and the labels are placed on our copy.
    """
    for one in sorted(labelled, key=lambda record: record.task_id, reverse=True):
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


def _task_text(basis: "Basis", record: AnnotationRecord, document: Document) -> str | None:
    """The text that the labels were drawn on, where it is not the document's: they must be placed anew or set aside."""
    if record.task_text_sha256 == document.text_sha256:
        return None
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
    from annotate.labelstudio.labels import read_result
    from annotate.reconcile import Reading

    raw = json.loads(record.raw)
    labels = read_result(raw.get("result") or [], document.text, task_text=task_text)
    reading = Reading(
        annotator=record.annotator or f"annotation-{record.annotation_id}",
        annotation_id=record.annotation_id,
        attributions=labels.attributions,
        loose=labels.unlinked,
        skipped=record.state == "skipped",
        ground_truth=record.ground_truth,
        saw_premarks=record.parent_prediction is not None,
        updated_at=record.updated_at,
    )
    return reading, labels


def shown_premarks(record: AnnotationRecord, document: Document) -> "Premarks | None":
    """The pre-marks that the annotator had before them: Label Studio freezes them into the annotation."""
    from annotate.labelstudio.labels import read_result
    from annotate.reconcile import Premarks

    frozen = json.loads(record.raw).get("prediction") or {}
    if not isinstance(frozen, dict) or not isinstance(frozen.get("result"), list):
        return None
    version = record.prediction_version or str(frozen.get("model_version") or "unknown")
    return Premarks(version, read_result(frozen["result"], document.text).attributions)


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
