"""The life of an attribution: what pre-marked it, who labelled and decided what, and the versions it has been in."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow.dataset as pads

from annotate.dataset.annotations import AnnotationIndex, read_annotations
from annotate.dataset.changes import read_decisions
from annotate.dataset.columns import to_records
from annotate.dataset.diff.causes import Causes, delta_version, labels_between
from annotate.dataset.diff.events import Event, Side, compare, held
from annotate.dataset.diff.versions import cut, sentence
from annotate.dataset.reading import rows_at
from annotate.dataset.states import State
from annotate.dataset.tables import Table
from annotate.dataset.visible import visible
from annotate.errors import DatasetError
from annotate.records import (
    AnnotationRecord,
    AttributionRecord,
    DecisionRecord,
    DocumentRecord,
    VersionRecord,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """From `version` on, the row was this (None: it was not there); `events` are what changed then, and why."""

    version: VersionRecord
    row: AttributionRecord | None
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Life:
    """All that is known of one attribution."""

    attribution_id: str
    row: AttributionRecord  # as it is, or was when it was last there
    present: bool
    versions: list[int]  # in which it is
    stages: list[Stage]
    annotations: list[AnnotationRecord] = field(default_factory=list)  # those that its regions were drawn in
    decisions: list[DecisionRecord] = field(default_factory=list)  # on it, those that were taken back included

    def as_dict(self) -> dict[str, Any]:
        """The life as JSON values."""
        row = self.row
        return {
            "attribution_id": self.attribution_id,
            "doc_id": row.doc_id,
            "present": self.present,
            "versions": self.versions,
            "row": row.model_dump(mode="json"),
            "annotations": [a.model_dump(mode="json", exclude={"raw", "task_text"}) for a in self.annotations],
            "decisions": [decision.model_dump(mode="json") for decision in self.decisions],
            "stages": [
                {
                    "version": stage.version.version,
                    "at": stage.version.created_at,
                    "author": stage.version.author,
                    "message": stage.version.message,
                    "present": stage.row is not None,
                    "events": [sentence(event) for event in stage.events],
                }
                for stage in self.stages
            ],
        }

    def text(self) -> Iterator[str]:
        """The life as lines for a terminal."""
        row = self.row
        state = "" if self.present else "; no longer in the dataset"
        yield visible(f"{self.attribution_id}: {cut(row.content.text)}")
        yield visible(f"  {row.type}, {row.speaker or 'nobody named'}, {row.status}; in {row.doc_id}{state}")
        for heading, lines in (
            ("pre-mark", _premark(row)),
            ("labels", map(self._label, self.annotations)),
            ("votes", map(held, row.votes)),
            ("dissent", map(held, row.dissent)),
            ("decisions", map(_decision, self.decisions)),
            ("versions", self._versions()),
        ):
            for number, each in enumerate(lines):
                yield visible(f"{'' if number else heading:<10}{each}")

    def _label(self, annotation: AnnotationRecord) -> str:
        regions = [r.region_id for r in self.row.regions if r.annotation_id == annotation.annotation_id]
        saw = "from pre-marks" if annotation.parent_prediction is not None else "without pre-marks"
        when = annotation.updated_at or annotation.created_at or annotation.pulled_at
        return (
            f"{annotation.annotator or 'unknown'}: annotation {annotation.annotation_id} of task {annotation.task_id}"
            f" ({annotation.state}, {when}, {saw}), regions {', '.join(regions) or '-'}"
        )

    def _versions(self) -> Iterator[str]:
        for stage in self.stages:
            version = stage.version
            told = "; ".join(map(sentence, stage.events))
            yield f"{version.version} ({version.created_at[:16]}, {version.author}): {told}"


def _premark(row: AttributionRecord) -> Iterator[str]:
    if row.premark_rule or row.premark_version:
        sure = "" if row.premark_confidence is None else f", confidence {row.premark_confidence:.2f}"
        changed = f"; people: {', '.join(row.premark_change)}" if row.premark_change else ""
        yield f"rule {row.premark_rule or '-'}{sure}, by {row.premark_version or '-'}{changed}"
    else:
        yield "none: people drew it"


def _decision(decision: DecisionRecord) -> str:
    found = [decision.verdict, decision.reason, decision.note, decision.fact_check]
    undone = f" of {decision.undoes}" if decision.undoes else ""
    return (
        f"{decision.decided_at} {decision.decided_by}, {decision.kind}{undone}: {'; '.join(filter(None, found)) or '-'}"
    )


def life_of(tables: dict[str, Table], history: list[VersionRecord], attribution_id: str) -> Life:
    """The life of an attribution. Raises `DatasetError` where no version ever had it."""
    named = {version.commit_id: version for version in history}
    found = tables["attributions"].read(["doc_id", "commit_id"], pads.field("attribution_id") == attribution_id)
    doc_ids = {row["doc_id"] for row in found.to_pylist() if row["commit_id"] in named}
    if not doc_ids:
        raise DatasetError(
            f"no attribution {attribution_id!r} in any version",
            remedy="take the id from an export or from `atribusi diff`",
        )
    doc_id = doc_ids.pop()
    stages = list(_stages(tables, history, doc_id, attribution_id))
    rows = [stage.row for stage in stages if stage.row is not None]
    drawn = {region.annotation_id for row in rows for region in row.regions}
    index = AnnotationIndex.of(tables["annotations"])
    annotations = [a for group in read_annotations(tables["annotations"], index, [doc_id]) for a in group]
    return Life(
        attribution_id,
        rows[-1],
        present=stages[-1].row is not None,
        versions=[version.version for version in history if _stage_at(stages, version.version)],
        stages=stages,
        annotations=[annotation for annotation in annotations if annotation.annotation_id in drawn],
        decisions=_decisions(tables["decisions"], attribution_id),
    )


def _decisions(table: Table, attribution_id: str) -> list[DecisionRecord]:
    """The decisions on an attribution, and those that take one of them back."""
    decisions = read_decisions(table)
    on_it = {decision.decision_id for decision in decisions if decision.attribution_id == attribution_id}
    return [decision for decision in decisions if decision.decision_id in on_it or decision.undoes in on_it]


def _stage_at(stages: list[Stage], number: int) -> bool:
    current = [stage for stage in stages if stage.version.version <= number]
    return bool(current) and current[-1].row is not None


def _stages(
    tables: dict[str, Table], history: list[VersionRecord], doc_id: str, attribution_id: str
) -> Iterator[Stage]:
    """The versions in which anything about the attribution changed, oldest first."""
    named = {version.commit_id: version for version in history}
    causes = Causes(history, read_decisions(tables["decisions"]))
    states = tables["states"].read(State._fields, pads.field("doc_id") == doc_id).to_pylist()
    before: Side | None = None
    for state in sorted(
        (State(**row) for row in states if row["commit_id"] in named), key=lambda state: named[state.commit_id].version
    ):
        version = named[state.commit_id]
        after = _side(tables, state, attribution_id)
        events = [event for event in compare(before, after) if event.attribution_id == attribution_id]
        if events:
            causes.look_at(_labels(tables, history, version, doc_id))
            told = [replace(event, cause=causes.of(event, state)) for event in events]
            yield Stage(version, after.attributions[0] if after and after.attributions else None, told)
        before = after


def _labels(
    tables: dict[str, Table], history: list[VersionRecord], version: VersionRecord, doc_id: str
) -> dict[str, Any]:
    table = tables["annotations"]
    parent = next((each for each in history if each.version == version.parent), None)
    older = table.at(delta_version(parent, "annotations") if parent else 0)
    return labels_between(older, table.at(delta_version(version, "annotations")), [doc_id])


def _side(tables: dict[str, Table], state: State, attribution_id: str) -> Side | None:
    states = {state.doc_id: state}
    document = next(to_records(rows_at(tables["documents"], states), DocumentRecord), None)
    if document is None:
        return None
    rows = to_records(rows_at(tables["attributions"], states), AttributionRecord)
    return Side(document, [row for row in rows if row.attribution_id == attribution_id])
