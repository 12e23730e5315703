"""What a commit is given, and what it is built on."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import pyarrow as pa

from annotate.datamodel import Document
from annotate.dataset.annotations import AnnotationIndex, input_hashes, of_documents, read_annotations
from annotate.dataset.columns import arrow_schema, to_records
from annotate.dataset.kept import find_revisions
from annotate.dataset.reading import rows_at
from annotate.dataset.states import NO_INPUTS, States, present
from annotate.dataset.tables import Table
from annotate.records import (
    AnnotationRecord,
    AttributionRecord,
    DecisionRecord,
    DocumentRecord,
    Fields,
    SetAsideRecord,
    VersionRecord,
)

_DOCUMENTS_AT_A_TIME = 4_000  # one pass over the attributions for so many
_DOCUMENTS_TO_RECORDS = 100
_REVISIONS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """The whole new state of one document. The `commit_id` of the records is not looked at: the commit has its own.

    Attributions may be given as their fields alone, which are then taken as they are (`columns.fields_line`).
    """

    document: DocumentRecord | Document
    attributions: Sequence[AttributionRecord | Fields] = ()
    set_aside: Sequence[SetAsideRecord] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a version's rows were made: rule set of the merge, its options as JSON, lexicon, model versions."""

    merge_rules: str
    merge_options: str = "{}"
    lexicon_version: str | None = None
    marker_versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentInputs:
    """All that a document's attributions are made from. `document` is None where no version has it yet."""

    doc_id: str
    document: DocumentRecord | None
    annotations: list[AnnotationRecord] = field(default_factory=list)
    previous: list[AttributionRecord] = field(default_factory=list)
    decisions: list[DecisionRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BasisPart:
    """What a commit is built on, for some documents: small enough to be sent to another process."""

    head: VersionRecord | None
    doc_ids: list[str]
    states: States
    decisions: list[DecisionRecord]
    versions: dict[str, int]  # table -> Delta version
    tasks: tuple[int, int] | None  # the lowest and the highest one of these documents

    def open(self, tables: dict[str, Table]) -> "Basis":
        """The basis of these documents, in any process that has the dataset open."""
        basis = Basis(self.head, self.states, tables, self.versions)
        basis._decisions = self.decisions
        if self.tasks is None:
            basis.index = AnnotationIndex()
        else:
            basis._annotations = basis.table("annotations").read(where=of_documents(self.doc_ids, *self.tasks))
            basis.index = AnnotationIndex.of_rows(basis._annotations)
        return basis


class Basis:
    """The dataset at the moment when a commit began. It does not change while others pull or commit."""

    def __init__(
        self,
        head: VersionRecord | None,
        states: States,
        tables: dict[str, Table],
        versions: dict[str, int] | None = None,
    ) -> None:
        self.head = head
        self.states = states
        self._live = tables
        self._versions = versions or {name: table.version for name, table in tables.items()}
        self._pinned: dict[str, Table] = {}
        self._revisions: dict[str, list[DocumentRecord]] = {}
        self._annotations: pa.Table | None = None  # all that there are, where the basis is of some documents
        self._near: list[str] = []  # documents that `readings` is about to come to, in order

    def table(self, name: str) -> Table:
        """A table as it was when the commit began."""
        if name not in self._pinned:
            self._pinned[name] = self._live[name].at(self._versions[name])
        return self._pinned[name]

    @cached_property
    def index(self) -> AnnotationIndex:
        """Which annotations there are, and in which state."""
        return AnnotationIndex.of(self.table("annotations"))

    @cached_property
    def _decisions(self) -> list[DecisionRecord]:
        return read_decisions(self.table("decisions"))

    @cached_property
    def inputs(self) -> dict[str, str]:
        """For each document that anything was pulled or decided for, the hash of its inputs."""
        return input_hashes(self.index, self._decisions)

    def stale_documents(self) -> set[str]:
        """Documents whose annotations or decisions are not those that their state in `head` was made from."""
        return {
            doc_id
            for doc_id, sha256 in self.inputs.items()
            if doc_id not in self.states or self.states[doc_id].inputs_sha256 != sha256
        }

    def annotations(self, *, doc_ids: Collection[str] | None = None, latest: bool = True) -> Iterator[AnnotationRecord]:
        """As `Dataset.annotations`."""
        for records in self._read_annotations(doc_ids, latest=latest):
            yield from records

    def _read_annotations(
        self, doc_ids: Collection[str] | None, *, latest: bool = True
    ) -> Iterator[list[AnnotationRecord]]:
        held = self.table("annotations") if self._annotations is None else self._annotations
        return read_annotations(held, self.index, doc_ids, latest=latest)

    def decisions(self, *, doc_ids: Collection[str] | None = None) -> Iterator[DecisionRecord]:
        """As `Dataset.decisions`."""
        asked = None if doc_ids is None else set(doc_ids)
        return (decision for decision in self._decisions if asked is None or decision.doc_id in asked)

    def documents(self, *, doc_ids: Collection[str] | None = None) -> Iterator[DocumentRecord]:
        """The documents of `head`."""
        return to_records(rows_at(self.table("documents"), self.states, doc_ids=doc_ids), DocumentRecord)

    def revision(self, doc_id: str, text_sha256: str | None = None) -> DocumentRecord | None:
        """The document with this very text (None: any), whether a version holds it or it was only kept."""
        if doc_id not in self._revisions:
            # A reading of the table costs much the same for one document as for those that come after it.
            at = self._near.index(doc_id) if doc_id in self._near else None
            some = [doc_id] if at is None else self._near[at : at + _REVISIONS_AT_A_TIME]
            self._revisions = find_revisions(self.table("documents"), some)
        held = self._revisions[doc_id]
        return next((one for one in held if text_sha256 is None or one.text_sha256 == text_sha256), None)

    def attributions(self, *, doc_ids: Collection[str] | None = None) -> Iterator[AttributionRecord]:
        """The rows of `head`, document by document."""
        return to_records(rows_at(self.table("attributions"), self.states, doc_ids=doc_ids), AttributionRecord)

    def readings(self, doc_ids: Collection[str] | None = None) -> Iterator[DocumentInputs]:
        """For each document with annotations or in `head`, all that its attributions are made from; bounded memory."""
        decisions: dict[str, list[DecisionRecord]] = {}
        for decision in self.decisions(doc_ids=doc_ids):
            decisions.setdefault(decision.doc_id or "", []).append(decision)
        for part in _slices(self.in_order(doc_ids), _DOCUMENTS_AT_A_TIME):
            documents = {document.doc_id: document for document in self.documents(doc_ids=part)}
            labelled = self._read_annotations(part)
            group = next(labelled, [])
            self._near = part
            for doc_id, previous in self._previous(part):
                mine: list[AnnotationRecord] = []
                if group and group[0].doc_id == doc_id:  # both come in the order of the part
                    mine, group = group, next(labelled, [])
                yield DocumentInputs(doc_id, documents.get(doc_id), mine, previous, decisions.get(doc_id, []))

    def in_order(self, doc_ids: Collection[str] | None = None) -> list[str]:
        """Documents with annotations or in `head` (of these), in the order in which `readings` has them."""
        order = dict.fromkeys([*self.index.documents, *present(self.states)])
        asked = None if doc_ids is None else set(doc_ids)
        return [doc_id for doc_id in order if asked is None or doc_id in asked]

    def parts(self, doc_ids: list[str], size: int) -> Iterator[BasisPart]:
        """This basis in parts of so many documents, for other processes. `doc_ids` as `in_order` gives them."""
        decisions: dict[str, list[DecisionRecord]] = {}
        for decision in self._decisions:
            decisions.setdefault(decision.doc_id or "", []).append(decision)
        for part in _slices(doc_ids, size):
            tasks = [task for doc_id in part for task in self.index.tasks.get(doc_id, ())]
            yield BasisPart(
                self.head,
                part,
                {doc_id: self.states[doc_id] for doc_id in part if doc_id in self.states},
                [decision for doc_id in part for decision in decisions.get(doc_id, ())],
                self._versions,
                (min(tasks), max(tasks)) if tasks else None,
            )

    def _previous(self, part: list[str]) -> Iterator[tuple[str, list[AttributionRecord]]]:
        """The rows of each document in `head`: read for many documents at once, made records for few at a time."""
        rows = pa.concat_tables(
            [
                arrow_schema(AttributionRecord).empty_table(),
                *rows_at(self.table("attributions"), self.states, doc_ids=part),
            ]
        )
        places, start = {}, 0
        here = present({doc_id: self.states[doc_id] for doc_id in part if doc_id in self.states})
        for doc_id in sorted(here):
            places[doc_id] = start, self.states[doc_id].attributions
            start += self.states[doc_id].attributions
        for some in _slices(part, _DOCUMENTS_TO_RECORDS):
            tables = [rows.slice(*places[doc_id]) for doc_id in some if doc_id in places]
            records = to_records([pa.concat_tables(tables)] if tables else [], AttributionRecord)
            for doc_id in some:
                yield doc_id, list(islice(records, places[doc_id][1])) if doc_id in places else []

    def inputs_of(self, doc_id: str) -> str:
        """The hash of a document's inputs."""
        return self.inputs.get(doc_id, NO_INPUTS)


def _slices(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def read_decisions(table: Table) -> list[DecisionRecord]:
    """All decisions, in order of time; of two at the same moment, the one that takes another back comes last."""
    return sorted(
        table.records(DecisionRecord),
        key=lambda record: (record.decided_at, record.undoes is not None, record.decision_id),
    )
