"""The dataset: one folder or object-store prefix of Delta tables, read and written through this class alone."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

from annotate.datamodel import Document
from annotate.dataset import committing, history, work
from annotate.dataset.annotations import Doing, Held, Shelf, read_annotations, read_doings, read_held
from annotate.dataset.card import ATTRIBUTION_COLUMNS, DOCUMENT_COLUMNS, Counts, Terms, card
from annotate.dataset.changes import Basis, BasisPart, Recipe, read_decisions
from annotate.dataset.columns import arrow_schema, to_records, to_table
from annotate.dataset.diff import Diff
from annotate.dataset.diff.causes import Causes
from annotate.dataset.history import Ref
from annotate.dataset.kept import held_texts, keep_documents
from annotate.dataset.life import Life, life_of
from annotate.dataset.reading import RowTable, rows_at
from annotate.dataset.states import States, chosen_of, read_current, read_states
from annotate.dataset.tables import PLANS, TABLES, AppendConflict, Table, address, is_there
from annotate.dataset.verifying import Problem, verify_version
from annotate.records import (
    AnnotationRecord,
    AttributionRecord,
    DecisionRecord,
    DocumentRecord,
    PlanRecord,
    SetAsideRecord,
    TagRecord,
    VersionRecord,
)


@dataclass(frozen=True, slots=True)
class AppendResult:
    """How many records were new, how many were known already, and the documents that the new ones are of."""

    added: int
    known: int
    documents: frozenset[str]


class Dataset:
    """A versioned dataset. Any number of processes may read and write it at once.

    `root` is a folder, or an address of an object store (`s3://…`, with `storage_options` as Delta Lake has them).
    Reading methods take a `ref`: a version's number, a tag, a date, or None for the newest.
    """

    def __init__(self, root: str, storage_options: dict[str, str] | None) -> None:
        self.root = root
        self.storage_options = storage_options
        # A dataset of an older program has no plans, and is not written to by whoever reads alone.
        names = [name for name in TABLES if name != PLANS or is_there(root, name, storage_options)]
        self._tables = {name: Table(root, name, storage_options) for name in names}
        self._shelf = Shelf(self._tables["annotations"])

    @classmethod
    def open(cls, root: str | Path, *, storage_options: dict[str, str] | None = None) -> "Dataset":
        """Open what is there. Raises `DatasetError` where there is none, `NewerDataset` where it is too new."""
        return cls(address(root), storage_options)

    @staticmethod
    def is_there(root: str | Path, *, storage_options: dict[str, str] | None = None) -> bool:
        """Whether a dataset was begun there."""
        return any(is_there(address(root), name, storage_options) for name in TABLES)

    @classmethod
    def create(cls, root: str | Path, *, storage_options: dict[str, str] | None = None) -> "Dataset":
        """Open the dataset; make it first, unless it is there."""
        for name in TABLES:
            Table.create(address(root), name, storage_options)
        return cls.open(root, storage_options=storage_options)

    # what goes out, and what was pulled and decided

    def keep_documents(self, documents: Iterable[DocumentRecord | Document]) -> int:
        """Keep our own copy of texts before any version holds them (see `Basis.revision`); how many were new."""
        return keep_documents(self._refreshed("documents"), documents)

    def held_texts(self) -> set[str]:
        """Hashes of all texts that we hold a copy of."""
        return held_texts(self._refreshed("documents"))

    def append_annotations(self, records: Iterable[AnnotationRecord], *, batch_size: int = 1000) -> AppendResult:
        """Keep pulled annotations, batch by batch; each state once, so that a pull that was cut off can be repeated."""
        shelf = self._shelf.refreshed()
        added, known, documents = 0, 0, set()
        waiting = iter(records)
        while batch := list(islice(waiting, batch_size)):
            fresh = shelf.append_new(batch)
            added += len(fresh)
            known += len(batch) - len(fresh)
            documents |= {record.doc_id for record in fresh}
        shelf.table.compact()
        return AppendResult(added, known, frozenset(documents))

    def annotations(self, *, latest: bool = True, doc_ids: Collection[str] | None = None) -> Iterator[AnnotationRecord]:
        """Pulled annotations, document by document: the newest state of each (also if deleted), or all states."""
        shelf = self._shelf.refreshed()
        for records in read_annotations(shelf.table, shelf.index, doc_ids, latest=latest):
            yield from records

    def held(self, server: str, project_id: int) -> Iterator[Held]:
        """The annotations of a project on a server that are not known to be deleted, in order of task."""
        shelf = self._shelf.refreshed()
        return read_held(shelf.table, shelf.index, server, project_id)

    def doings(self) -> Iterator[Doing]:
        """The newest state of every annotation, without what is long."""
        shelf = self._shelf.refreshed()
        return read_doings(shelf.table, shelf.index)

    def living(self, server: str, project_id: int) -> int:
        """How many annotations of a project were there when they were last seen; drafts not counted."""
        return self._shelf.refreshed().index.living(server, project_id)

    def pulled_until(self, server: str, project_id: int) -> work.PulledUntil:
        """Until when the annotations of a project were pulled; see `note_pulled`."""
        return work.read_pulled_until(self._refreshed("annotations"), server, project_id)

    def note_pulled(self, server: str, project_id: int, until: str, *, full: bool) -> None:
        """Note that all changes before `until` are kept here. Call it after they were appended, never before."""
        work.note_pulled(self._refreshed("annotations"), server, project_id, until, full=full)

    def noted(self, name: str) -> int | None:
        """The number that was last noted under a name."""
        return self._refreshed("annotations").noted(name)

    def note(self, name: str, number: int) -> None:
        """Note a number about the annotations under a name."""
        self._refreshed("annotations").note({name: number})

    def plans(self, server: str, project_id: int) -> list[PlanRecord]:
        """The plans of who labels what in a project, oldest first; the last one holds."""
        if PLANS not in self._tables:
            return []
        return work.read_plans(self._refreshed(PLANS), server, project_id)

    def newest_plans(self) -> list[PlanRecord]:
        """The plan that holds, of each project."""
        return work.newest_plans(self._refreshed(PLANS)) if PLANS in self._tables else []

    def add_plan(self, plan: PlanRecord) -> None:
        """Keep a plan, whose `revision` is the last one's and one. Raises `DatasetChanged` where that is taken."""
        work.add_plan(self._tables[PLANS], plan)

    def append_decisions(
        self,
        records: Iterable[DecisionRecord],
        *,
        check: Callable[[Sequence[DecisionRecord]], None] | None = None,
    ) -> AppendResult:
        """Keep decisions, each `decision_id` once.

        `check` is given the decisions that there are, and may raise: they are appended in one atomic step to just
        these, or not at all; where another decision comes in between, `check` is asked again.
        """
        table = self._refreshed("decisions")
        records = list(records)
        while True:
            there = read_decisions(table)
            known = {decision.decision_id for decision in there}
            fresh = [r for r in {r.decision_id: r for r in records}.values() if r.decision_id not in known]
            if check is not None and fresh:
                check(there)
            try:
                table.append(to_table(fresh, DecisionRecord), only_if_unchanged=True)
            except AppendConflict:
                continue
            table.compact()
            documents = frozenset(record.doc_id for record in fresh if record.doc_id is not None)
            return AppendResult(len(fresh), len(records) - len(fresh), documents)

    def decisions(self, *, doc_ids: Collection[str] | None = None) -> Iterator[DecisionRecord]:
        """All decisions, in order of time."""
        wanted = None if doc_ids is None else set(doc_ids)
        decisions = read_decisions(self._refreshed("decisions"))
        return (decision for decision in decisions if wanted is None or decision.doc_id in wanted)

    # versions

    def commit(
        self,
        changes: committing.Changes,
        *,
        message: str,
        author: str,
        recipe: Recipe,
    ) -> VersionRecord | None:
        """Record the new states of documents as a version; None where nothing differs from the newest one.

        Documents that no change names stay as they are. `changes` may be a function of the `Basis`: it is called again
        where another commit that touches the same documents came first; from mere records there is no beginning again,
        and `DatasetChanged` is raised. Until the version is recorded, in one atomic step at the end, nothing counts.
        """
        version = committing.commit(self._tables, changes, committing.Note(message, author, recipe))
        self._tidy()
        return version

    def basis(self) -> Basis:
        """The newest state, pinned: what a commit would be built on, for those who only read."""
        return committing.snapshot(self._tables)

    def part(self, part: BasisPart) -> Basis:
        """What a commit is built on, for some documents: opened again, as it may be in another process."""
        return part.open(self._tables)

    def restore(self, ref: Ref, *, message: str, author: str) -> VersionRecord | None:
        """Make the content of an older version that of the newest one. Nothing is erased, no row written again."""
        version = committing.restore(self._tables, self.version(ref), message, author)
        self._tidy()
        return version

    def diff(self, a: Ref, b: Ref = None) -> Diff:
        """What leads from version `a` to version `b`: iterate over its events, or over its `text()` and `rows()`."""
        history = self.log()
        versions = self.version(a), self.version(b)
        states = self.states(versions[0].version), self.states(versions[1].version)
        for table in self._tables.values():
            table.refresh()
        return Diff(*versions, states, self._tables, history, lambda: Causes(history, self.decisions()))

    def why(self, attribution_id: str) -> Life:
        """The life of an attribution. Raises `DatasetError` where no version ever had it."""
        history = self.log()
        for table in self._tables.values():
            table.refresh()
        return life_of(self._tables, history, attribution_id)

    def verify(self, ref: Ref = None) -> Iterator[Problem]:
        """What is wrong with a version: its hashes, offsets, counts and links are worked out anew."""
        history, version = self.log(), self.version(ref)
        states = self.states(version.version)
        for table in self._tables.values():
            table.refresh()
        return verify_version(self._tables, history, version, states)

    def card(
        self, ref: Ref = None, *, title: str = "Dataset", terms: Terms | None = None, agreement: str | None = None
    ) -> str:
        """A version's card in Markdown; `agreement` is Markdown that goes in as it is."""
        version = self.version(ref)
        counts = Counts()
        counts.add_documents(self.tables(version.version, "documents", DOCUMENT_COLUMNS))
        counts.add_attributions(self.tables(version.version, "attributions", ATTRIBUTION_COLUMNS))
        return card(version, counts, self.tags(), title=title, terms=terms or Terms(), agreement=agreement)

    def _tidy(self) -> None:
        for table in self._tables.values():
            table.compact()

    def log(self) -> list[VersionRecord]:
        """All versions, oldest first."""
        return history.read_versions(self._refreshed("versions"))

    def head(self) -> VersionRecord | None:
        """The newest version, or None."""
        versions = self.log()
        return versions[-1] if versions else None

    def version(self, ref: Ref = None) -> VersionRecord:
        """The version that a number, tag, date or None means. Raises `VersionNotFound`."""
        return history.find(ref, self.log(), self.tags(), self.root)

    def tag(self, name: str, ref: Ref = None, *, author: str, message: str = "", card: str | None = None) -> TagRecord:
        """Name a version. Raises `DatasetError` where the name is taken."""
        version = self.version(ref).version
        record = TagRecord(
            tag=name, version=version, created_at=history.now(), author=author, message=message, card=card
        )
        history.add_tag(self._tables["tags"], record)
        return record

    def tags(self) -> list[TagRecord]:
        """All tags, oldest first."""
        return history.read_tags(self._refreshed("tags"))

    # rows of a version

    def states(self, ref: Ref = None) -> States:
        """For each document, which commit's rows are those of the version."""
        return read_states(self._refreshed("states"), self._commits(ref))

    def _commits(self, ref: Ref) -> dict[str, int]:
        version = self.version(ref).version
        return {record.commit_id: record.version for record in self.log() if record.version <= version}

    def tables(
        self,
        ref: Ref = None,
        table: RowTable = "attributions",
        columns: Sequence[str] | None = None,
        doc_ids: Collection[str] | None = None,
    ) -> Iterator[pa.Table]:
        """A version's rows in Arrow tables of bounded size, in order of document (and of text)."""
        # The states first: a table that is looked at later holds all rows that they name.
        states = chosen_of(read_current(self._refreshed("states"), self._commits(ref)), table)
        return rows_at(self._refreshed(table), states, columns, doc_ids)

    def documents_and_attributions(self, ref: Ref = None) -> tuple[Iterator[pa.Table], Iterator[pa.Table]]:
        """`tables` of documents and of attributions, in less time; texts that many attributions share come as Arrow
        dictionaries."""
        states = read_current(self._refreshed("states"), self._commits(ref))
        documents, attributions = self._refreshed("documents"), self._refreshed("attributions")
        return (
            rows_at(documents, chosen_of(states, "documents")),
            rows_at(attributions, chosen_of(states, "attributions"), dictionaries=True),
        )

    def as_of(
        self, ref: Ref = None, table: RowTable = "attributions", columns: Sequence[str] | None = None
    ) -> pa.Table:
        """A version's rows as one Arrow table, for pandas (`.to_pandas()`), DuckDB, Polars."""
        schema = arrow_schema(TABLES[table])
        empty = schema.empty_table().select(list(columns) if columns else schema.names)
        return pa.concat_tables([empty, *self.tables(ref, table, columns)])

    def documents(self, ref: Ref = None, *, doc_ids: Collection[str] | None = None) -> Iterator[DocumentRecord]:
        """A version's documents, in order of `doc_id`."""
        return to_records(self.tables(ref, "documents", doc_ids=doc_ids), DocumentRecord)

    def attributions(self, ref: Ref = None, *, doc_ids: Collection[str] | None = None) -> Iterator[AttributionRecord]:
        """A version's attributions, in order of `doc_id` and of the text, the outer one of two before the inner."""
        return to_records(self.tables(ref, "attributions", doc_ids=doc_ids), AttributionRecord)

    def set_aside(self, ref: Ref = None, *, doc_ids: Collection[str] | None = None) -> Iterator[SetAsideRecord]:
        """A version's labels that could not become part of an attribution."""
        return to_records(self.tables(ref, "set_aside", doc_ids=doc_ids), SetAsideRecord)

    def _refreshed(self, name: str) -> Table:
        self._tables[name].refresh()
        return self._tables[name]
