"""Commit: annotations become attributions again, annotators are reconciled, and the result is a version."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotate.datamodel import Attribution
from annotate.records import VersionRecord
from annotate.workflow.mark import Progress, known_speakers
from annotate.workflow.readings import as_document, gather

if TYPE_CHECKING:
    from annotate.dataset import Basis, Dataset, DocumentChange, DocumentInputs, Prepared
    from annotate.reconcile import MergeRules
    from annotate.workflow.names import Names

Describe = Callable[[str, tuple[Attribution, ...]], Sequence[Attribution]]

__all__ = ["CommitReport", "Describe", "as_document", "commit", "document_change", "rules_of"]


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


@dataclass(frozen=True)
class Reconciler:
    """How documents are reconciled: the same in every process."""

    rules: "MergeRules"
    register: Path | None
    names: "Names"

    def changes(self, store: "Dataset", basis: "Basis", doc_ids: Collection[str]) -> Iterator["DocumentChange"]:
        """The new states of documents, in the order of `Basis.in_order`; of those that nobody labelled, none."""
        from annotate.marking import describe
        from annotate.workflow.names import with_names
        from annotate.workflow.review import reviewed_change

        described = partial(describe, register=known_speakers(self.register))
        for inputs in basis.readings(doc_ids):
            change = reviewed_change(store, basis, inputs, self.rules, described)
            if change is not None and (inputs.annotations or inputs.decisions):
                yield type(change)(change.document, with_names(change.attributions, self.names), change.set_aside)


def commit(
    dataset: str | Path,
    *,
    message: str,
    author: str,
    majority: float | None = None,
    register: Path | None = None,
    processes: int | None = 1,
    progress: Progress | None = None,
) -> CommitReport:
    """Reconcile the documents whose annotations or decisions changed since the newest version, and record the result.

    The newest version's rules go on; with another `majority` all documents are reconciled anew. With `processes` other
    than 1 (None: one for each core, where there is work enough) call it under `if __name__ == "__main__":`, since each
    process imports the program that started it. Raises `DatasetError`s.
    """
    from annotate.dataset import Dataset, Recipe
    from annotate.marking import Marker
    from annotate.reconcile import MergeRules

    store = Dataset.open(dataset)
    rules = rules_of(store.head()) if majority is None else MergeRules(majority=majority)
    report = CommitReport(None)

    def changes(basis: "Basis") -> Iterator["DocumentChange | Prepared"]:
        from annotate.workflow.names import read_names

        report.documents = report.set_aside = 0
        doc_ids = basis.in_order(basis.stale_documents() if rules_of(basis.head) == rules else None)
        reconciler = Reconciler(rules, register, read_names(basis.decisions()))
        for change in _changes(store, basis, doc_ids, reconciler, processes):
            report.documents += 1
            report.set_aside += len(change.set_aside)
            if progress is not None:
                progress(report.documents, len(doc_ids))
            yield change

    marker = Marker().version
    recipe = Recipe(rules.label, rules.changed(), lexicon_version=marker, marker_versions=(marker,))
    report.version = store.commit(changes, message=message, author=author, recipe=recipe)
    return report


def _changes(
    store: "Dataset", basis: "Basis", doc_ids: Sequence[str], reconciler: Reconciler, processes: int | None
) -> "Iterator[DocumentChange | Prepared]":
    from annotate.workflow.commit_processes import Work, how_many, in_processes

    count = how_many(processes, len(doc_ids))
    if count == 1 or not doc_ids:
        return reconciler.changes(store, basis, doc_ids)
    return in_processes(Work(store.root, store.storage_options, reconciler), basis, doc_ids, count)


def rules_of(version: VersionRecord | None) -> "MergeRules":
    """The rules that a version's rows were merged by; the default ones where there is no version."""
    from annotate.reconcile import DEFAULT_RULES, MergeRules

    return MergeRules(**json.loads(version.merge_options)) if version else DEFAULT_RULES


def document_change(
    basis: "Basis", inputs: "DocumentInputs", rules: "MergeRules", describe: Describe
) -> "DocumentChange | None":
    """The new state of one document; None where nobody has labelled it."""
    from annotate.dataset import DocumentChange
    from annotate.reconcile import reconcile_document

    found = gather(basis, inputs)
    if found is None or not (found.readings or inputs.decisions):
        return None
    done = reconcile_document(
        found.document,
        found.readings,
        commit_id="",
        previous=inputs.previous,
        decisions=inputs.decisions,
        premarks=found.premarks,
        rules=rules,
        describe=describe,
    )
    kept = inputs.document
    # What is kept with an article (archived link, day of retrieval) goes on with an equal text.
    same = kept is not None and kept.text_sha256 == found.document.text_sha256
    return DocumentChange(kept if kept and same else found.document, done.rows, [*found.set_aside, *done.set_aside])
