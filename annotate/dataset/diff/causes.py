"""By whom, and why, a document is in one version not what it was in another: decisions, labels, rules, or a hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from annotate.dataset.diff.events import Cause, Event
from annotate.dataset.states import State
from annotate.dataset.tables import Table, among
from annotate.records import DecisionRecord, VersionRecord

_FEW = 2_000  # documents; of more, the whole table is read


class Label(NamedTuple):
    """One state of an annotation that was pulled between the two versions."""

    doc_id: str
    state_id: str
    state: str
    annotator: str | None
    updated_by: str | None
    updated_at: str | None
    pulled_at: str

    @property
    def who(self) -> str:
        """Who labelled last, as far as is known."""
        return self.updated_by or self.annotator or "unknown annotator"


class Causes:
    """Finds the cause of events between an older and a newer version, both with their states."""

    def __init__(self, history: Sequence[VersionRecord], decisions: Iterable[DecisionRecord]) -> None:
        self._versions = {version.commit_id: version for version in history}
        self._numbers = {version.version: version for version in history}
        self._decisions = {decision.decision_id: decision for decision in decisions}
        self._undone = {decision.undoes: decision for decision in self._decisions.values() if decision.undoes}
        self._rejections = {
            decision.attribution_id: decision
            for decision in sorted(self._decisions.values(), key=lambda decision: decision.decided_at)
            if decision.exists is False and decision.decision_id not in self._undone
        }
        self._labels: dict[str, list[Label]] = {}

    def look_at(self, labels: dict[str, list[Label]]) -> None:
        """Set the labels that came between the versions for the documents which events are about to be asked of."""
        self._labels = labels

    def of(self, event: Event, newer: State) -> Cause:
        """The cause of an event of a document whose state in the newer version is given."""
        version = self._versions[newer.commit_id]
        decision = self._decision(event)
        if decision is None and event.kind == "removed" and version.restores is None:
            decision = self._rejections.get(event.attribution_id)  # no row is left to name it
        if decision is not None:
            why = decision.reason or decision.note or decision.verdict or "decided"
            return Cause((decision.decided_by,), f"{decision.kind}: {why}", version.version, decision.decided_at)
        if version.restores is not None:
            return Cause(
                (version.author,),
                f"version {version.restores} was restored: {version.message}",
                version.version,
                version.created_at,
            )
        labels = self._of_event(event)
        if labels:
            last = max(label.updated_at or label.pulled_at for label in labels)
            people = tuple(sorted({label.who for label in labels}))
            return Cause(people, _what(labels), version.version, last)
        return Cause((version.author,), self._rules(version) or version.message, version.version, version.created_at)

    def _decision(self, event: Event) -> DecisionRecord | None:
        """The decision that the row follows now and did not before, or the one that took such a decision back."""
        before, after = (row.decision_id if row else None for row in event.rows)
        if before == after:
            return None
        return self._undone.get(before or "") if after is None else self._decisions.get(after)

    def _of_event(self, event: Event) -> list[Label]:
        """The new labels of those who hold or held the event's row; where there are none, all of the document."""
        labels = self._labels.get(event.doc_id, [])
        holders = {name for row in event.rows if row for name in row.annotators}
        return [label for label in labels if {label.annotator, label.updated_by} & holders] or labels

    def _rules(self, version: VersionRecord) -> str | None:
        parent = self._numbers.get(version.parent or 0)
        if parent is None:
            return None
        old, new = ((each.merge_rules, each.merge_options) for each in (parent, version))
        return None if old == new else f"rules {' '.join(old)} became {' '.join(new)}: {version.message}"


def _what(labels: Sequence[Label]) -> str:
    done = {"deleted": "deleted", "skipped": "skipped", "draft": "draft"}
    kinds = sorted({done.get(label.state, "labelled") for label in labels})
    return ", ".join(kinds)


def labels_between(older: Table, newer: Table, doc_ids: Collection[str]) -> dict[str, list[Label]]:
    """Document -> states of its annotations that the newer table has and the older one lacks."""
    where = among("doc_id", doc_ids) if len(doc_ids) <= _FEW else None
    known = older.read(["state_id", "pulled_at"], where)
    seen = set(zip(known.column("state_id").to_pylist(), known.column("pulled_at").to_pylist(), strict=True))
    rows = newer.read(Label._fields, where)
    found: dict[str, list[Label]] = defaultdict(list)
    for row in zip(*(rows.column(name).to_pylist() for name in Label._fields), strict=True):
        label = Label(*row)
        if (label.state_id, label.pulled_at) not in seen:
            found[label.doc_id].append(label)
    return found


def delta_version(version: VersionRecord, table: str) -> int:
    """Where a table stood when the version was recorded."""
    states: Mapping[str, int] = {state.table: state.delta_version for state in version.tables}
    return states[table]
