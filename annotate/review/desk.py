"""What the pages stand on: the newest version of a dataset, indexed in memory and renewed when there is a newer one."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotate.dataset import Dataset
from annotate.dataset.columns import to_table
from annotate.records import (
    AnnotationRecord,
    AttributionRecord,
    DecisionRecord,
    DocumentRecord,
    SetAsideRecord,
    VersionRecord,
)
from annotate.review.claims import Claims, group_claims
from annotate.review.index import Index, empty_index
from annotate.workflow.names import read_names

FRESH: Final = 1.0  # seconds for which the newest version is taken to be the newest
_AT_ONCE: Final = 2000  # attributions up to which claims are grouped before the page is shown
_FEW: Final = 500  # documents up to which an index is mended instead of built


@dataclass
class Grouping:
    """The groups of equal claims: None until they are worked out. Versions with the same contents share one."""

    claims: Claims | None = None


@dataclass
class Snapshot:
    """One version: index, decisions up to now, and the groups of equal claims as soon as they are worked out."""

    version: VersionRecord | None
    index: Index
    decisions: list[DecisionRecord]
    states: dict[str, tuple[str, str]] = field(default_factory=dict)
    grouping: Grouping = field(default_factory=Grouping)

    @property
    def claims(self) -> Claims | None:
        """The groups of equal claims; None while they are being worked out."""
        return self.grouping.claims

    @property
    def number(self) -> int:
        """Number of the version; 0 where there is none yet."""
        return self.version.version if self.version else 0


class Desk:
    """The dataset that is reviewed. Any number of requests may use it at once."""

    def __init__(self, root: str | Path) -> None:
        self.root = str(root)
        # Tables are not made for several threads: one set is for deciding, one for reading, each with its lock.
        self.store = Dataset.open(root)
        self.lock = threading.Lock()
        self._reader = Dataset.open(root)
        self._reading = threading.Lock()
        self._looked = 0.0
        self._snapshot: Snapshot | None = None
        self._grouping = ThreadPoolExecutor(1, "claims")

    def snapshot(self, *, fresh: bool = False) -> Snapshot:
        """The newest version, looked for at most once a second unless `fresh`."""
        now = time.monotonic()
        if self._snapshot is not None and not fresh and now - self._looked < FRESH:
            return self._snapshot
        # While somebody else looks, the others go on with what they have.
        if not self._reading.acquire(blocking=fresh or self._snapshot is None):
            assert self._snapshot is not None
            return self._snapshot
        try:
            head = self._reader.head()
            held = self._snapshot
            if held is None or (head.version if head else 0) != held.number:
                snapshot = self._read(head, held)
                self._group(snapshot, held)
                self._snapshot = snapshot
            self._looked = time.monotonic()
            assert self._snapshot is not None
            return self._snapshot
        finally:
            self._reading.release()

    def _read(self, head: VersionRecord | None, held: Snapshot | None) -> Snapshot:
        decisions = list(self._reader.decisions())
        if head is None:
            return Snapshot(None, empty_index(), decisions)
        states = {
            doc_id: (state.document_commit_id, state.rows_commit_id)
            for doc_id, state in self._reader.states(head.version).items()
            if state.text_sha256 is not None
        }
        names = read_names(decisions)
        if held is not None:
            changed = [doc_id for doc_id, state in states.items() if held.states.get(doc_id) != state]
            if len(changed) <= _FEW and len(states) == len(held.states):
                fresh = to_table(self._reader.attributions(head.version, doc_ids=changed), AttributionRecord)
                documents = to_table(self._reader.documents(head.version, doc_ids=changed), DocumentRecord)
                mended = held.index.replaced(fresh, documents, names)
                if mended is not None:
                    return Snapshot(head, mended.warm(), decisions, states)
        index = Index.build(self._reader.as_of(head.version), self._reader.as_of(head.version, "documents"), names)
        return Snapshot(head, index.warm(), decisions, states)

    def _group(self, snapshot: Snapshot, held: Snapshot | None) -> None:
        """Group equal claims, in the background where they are many; until then the former groups are shown."""
        index = snapshot.index
        ids = index.rows["attribution_id"].to_pylist()
        if held is not None and held.index.contents == index.contents and list(held.index.row_at) == ids:
            snapshot.grouping = held.grouping
            return
        grouping = snapshot.grouping = Grouping(held.claims if held else None)

        def work() -> None:
            documents = index.rows["doc_id"].to_pylist()
            grouping.claims = group_claims(zip(ids, documents, index.contents, strict=True))

        if len(ids) <= _AT_ONCE:
            work()
        else:
            self._grouping.submit(work)

    def annotations(self, doc_id: str) -> list[AnnotationRecord]:
        """The pulled annotations of an article: for the links to its tasks."""
        with self._reading:
            return list(self._reader.annotations(doc_ids=[doc_id]))

    def aside(self, doc_id: str) -> list[SetAsideRecord]:
        """Labels of an article that could not become part of an attribution, or were outvoted."""
        with self._reading:
            return list(self._reader.set_aside(doc_ids=[doc_id]))
