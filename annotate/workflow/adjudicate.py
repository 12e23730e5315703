"""Adjudicate: what the annotators could not settle goes to Label Studio as a queue, and comes back as decisions.

Each disputed document is a task of a project of its own, most disputed first. Its first prediction is the result as it
stands (`gabungan`), with a note at each content that is disputed; the others are the annotators' readings under their
names, to be compared tab by tab. Tabs are shown where a task is opened from the list, not in the label stream. A
submitted task is a decision, kept as an event; when later labels touch what was decided, the document is queued anew.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotate.datamodel import MarkedDocument
from annotate.records import AnnotationRecord, DecisionRecord
from annotate.workflow.commit import CommitReport, Describe, commit, rules_of
from annotate.workflow.pseudonyms import Pseudonym, pseudonym_for
from annotate.workflow.readings import Gathered, gather, last_living, read_annotation

if TYPE_CHECKING:
    from annotate.dataset import Basis, Dataset, DocumentInputs
    from annotate.labelstudio.connection import Connection
    from annotate.reconcile import DisputedDocument, Reconciled

MERGED: Final = "gabungan"
_SUFFIX: Final = "#adjudikasi-"


@dataclass
class AdjudicationReport:
    """What came back and what was queued."""

    project: str
    url: str | None
    decisions: int
    queued: int
    unresolved: int
    commit: CommitReport

    def summary(self) -> str:
        """Some lines for a person."""
        lines = [f"{self.decisions} new decisions; {self.commit.summary()}"]
        lines.append(f"{self.unresolved} documents unresolved, {self.queued} of them newly queued")
        if self.url and self.unresolved:
            lines.append(f"open the articles one by one, from the top, at {self.url}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        own = {name: getattr(self, name) for name in ("project", "url", "decisions", "queued", "unresolved")}
        return {**own, "commit": self.commit.as_dict()}


def adjudicate(
    *, connection: "Connection", dataset: str | Path, project: str, author: str, pseudonyms: Path | None = None
) -> AdjudicationReport:
    """Take the adjudicators' decisions back, record them, and queue what is still unresolved. Safe to repeat.

    `pseudonyms` is the file by which adjudicators get one, too.
    """
    from annotate.dataset import Dataset
    from annotate.labelstudio import push as sending
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import find_project, open_project
    from annotate.labelstudio.config import adjudication_html

    store = Dataset.open(dataset)
    studio = Studio.of(connection)
    title = f"{project} – adjudikasi"
    target = find_project(studio, title)
    pseudonym = pseudonym_for(store, pseudonyms)
    decided = _take_back(store, studio, target.id, pseudonym) if target else 0
    recorded = commit(dataset, message="adjudication", author=author)
    disputes = _disputes(store)
    queued = 0
    if disputes:
        target = target or open_project(studio, title, instruction=adjudication_html())
        queued = len(sending.push(studio, target, [_task(one) for one in disputes], renew=False).sent)
        # The page begins from the version that the project names; left to itself, the server names an annotator's.
        studio.patch(f"api/projects/{target.id}/", {"model_version": MERGED})
    return AdjudicationReport(title, target.url if target else None, decided, queued, len(disputes), recorded)


def _take_back(store: "Dataset", studio: Any, project_id: int, pseudonym: Pseudonym | None) -> int:
    """Keep the adjudicators' annotations, and append what they decide as events; how many were new."""
    from annotate.labelstudio.pull import Pull

    records = (
        record.model_copy(update={"purpose": "adjudication", "doc_id": record.doc_id.partition(_SUFFIX)[0]})
        for record in Pull(studio, project_id, pseudonym=pseudonym)
    )
    store.append_annotations(records)
    basis = store.basis()
    concerned = {one.doc_id for one in basis.annotations() if one.purpose == "adjudication"}
    decisions = [one for inputs in basis.readings(concerned) for one in _decisions(basis, inputs)]
    return store.append_decisions(decisions).added


def _decisions(basis: "Basis", inputs: "DocumentInputs") -> Iterator[DecisionRecord]:
    from annotate.reconcile import decisions_from_reading
    from annotate.reconcile.decisions import decision_id

    known = {(one.annotation_id, one.decided_at) for one in inputs.decisions}
    found = gather(basis, inputs)
    if found is None:
        return
    done = _reconciled(basis, inputs, found)
    for record in last_living(basis, inputs, "adjudication"):
        moment = _moment(record)
        if record.state == "skipped" or (record.annotation_id, moment) in known:
            continue
        reading, labels = read_annotation(record, found.document)
        if record.task_text_sha256 != found.document.text_sha256:
            continue
        decided = decisions_from_reading(
            found.document,
            reading,
            done,
            decided_at=moment,
            # Whoever began from one annotator's reading, or from nothing, spoke of what is there, not of what is not.
            whole=record.prediction_version == MERGED,
            on_version=basis.head.version if basis.head else None,
            note=labels.remark or None,
        )
        yield from decided
        if not decided:
            # Nothing to settle, but settled all the same: it must not be judged anew against rows that come later.
            yield DecisionRecord(
                decision_id=decision_id(record.doc_id, record.annotation_id, moment),
                kind="adjudication",
                doc_id=record.doc_id,
                decided_by=reading.annotator,
                decided_at=moment,
                annotation_id=record.annotation_id,
                note=labels.remark or None,
            )


def _moment(record: AnnotationRecord) -> str:
    return record.updated_at or record.created_at or record.pulled_at


def _reconciled(
    basis: "Basis", inputs: "DocumentInputs", found: Gathered, describe: Describe | None = None
) -> "Reconciled":
    from annotate.reconcile import reconcile_document

    reconcile = partial(reconcile_document, rules=rules_of(basis.head), premarks=found.premarks, describe=describe)
    return reconcile(found.document, found.readings, commit_id="", previous=inputs.previous, decisions=inputs.decisions)


def _disputes(store: "Dataset") -> list["DisputedDocument"]:
    """What the newest version holds unresolved, most disputed first."""
    from annotate.reconcile import disputed, queue

    basis = store.basis()
    unresolved = {row.doc_id for row in basis.attributions() if row.status == "unresolved"}
    disputes = []
    for inputs in basis.readings(unresolved):
        found = gather(basis, inputs)
        one = disputed(found.document, found.readings, _reconciled(basis, inputs, found)) if found else None
        if one is not None:
            disputes.append(one)
    return queue(disputes)


def _task(dispute: "DisputedDocument") -> dict[str, Any]:
    """A task with the result as it stands and each annotator's reading. Its id changes with what is disputed."""
    from annotate.labelstudio.tasks import to_task

    about = sorted((name, repr(held)) for name, held in dispute.readings.items())
    key = hashlib.sha256(repr(about).encode()).hexdigest()[:8]
    document = replace(dispute.document, doc_id=f"{dispute.document.doc_id}{_SUFFIX}{key}")
    task = to_task(MarkedDocument(document, dispute.merged, MERGED))
    task["predictions"] = [_with_notes(_with_ids(task["predictions"][0], dispute), dispute)]
    for name, attributions in sorted(dispute.readings.items()):
        task["predictions"] += to_task(MarkedDocument(document, attributions, name))["predictions"]
    return task


def _with_ids(prediction: dict[str, Any], dispute: "DisputedDocument") -> dict[str, Any]:
    """The contents' region ids become their attributions' ids, so that they are known again when they come back."""
    waiting: dict[tuple[str, int, int], list[str]] = {}
    for one in dispute.merged:
        key = (one.content.label, one.content.start, one.content.end)
        waiting.setdefault(key, []).append(one.content.region_id or "")
    names: dict[str, str] = {}
    for row in prediction["result"]:
        if row["type"] == "labels":
            value = row["value"]
            ids = waiting.get((value["labels"][0], value["start"], value["end"]))
            if ids:
                names[row["id"]] = ids.pop(0)
    result = [
        {name: names.get(value, value) if name in ("id", "from_id", "to_id") else value for name, value in row.items()}
        for row in prediction["result"]
    ]
    return {**prediction, "result": result}


def _with_notes(prediction: dict[str, Any], disputed: "DisputedDocument") -> dict[str, Any]:
    """What is not agreed on, and who says what, as a note at each disputed content: the page shows it on a click."""
    from annotate.workflow.dispute_notes import note

    notes = {one.record.attribution_id: note(one, disputed) for one in disputed.disputes}
    result = [
        {**row, "meta": {"text": [notes[row["id"]]]}} if row["type"] == "labels" and row["id"] in notes else row
        for row in prediction["result"]
    ]
    return {**prediction, "result": result}
