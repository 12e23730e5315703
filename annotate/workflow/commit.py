"""Commit: annotations become attributions again, annotators are reconciled, and the result is a version."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotate.datamodel import Attribution
from annotate.records import VersionRecord
from annotate.workflow.mark import known_speakers
from annotate.workflow.readings import as_document, gather

if TYPE_CHECKING:
    from annotate.dataset import Basis, DocumentChange, DocumentInputs
    from annotate.reconcile import MergeRules

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


def commit(
    dataset: str | Path,
    *,
    message: str,
    author: str,
    majority: float | None = None,
    register: Path | None = None,
) -> CommitReport:
    """Reconcile the documents whose annotations or decisions changed since the newest version, and record the result.

    The newest version's rules go on; with another `majority` all documents are reconciled anew. Raises `DatasetError`s.
    """
    from annotate.dataset import Dataset, Recipe
    from annotate.marking import Marker, describe
    from annotate.reconcile import MergeRules

    store = Dataset.open(dataset)
    rules = rules_of(store.head()) if majority is None else MergeRules(majority=majority)
    described = partial(describe, register=known_speakers(register))
    report = CommitReport(None)

    def changes(basis: "Basis") -> Iterator["DocumentChange"]:
        from annotate.workflow.names import read_names, with_names
        from annotate.workflow.review import reviewed_change

        report.documents = report.set_aside = 0
        names = read_names(basis.decisions())
        for inputs in basis.readings(basis.stale_documents() if rules_of(basis.head) == rules else None):
            change = reviewed_change(store, basis, inputs, rules, described)
            if change is None or not (inputs.annotations or inputs.decisions):
                continue
            report.documents += 1
            report.set_aside += len(change.set_aside)
            yield type(change)(change.document, with_names(change.attributions, names), change.set_aside)

    marker = Marker().version
    recipe = Recipe(rules.label, rules.changed(), lexicon_version=marker, marker_versions=(marker,))
    report.version = store.commit(changes, message=message, author=author, recipe=recipe)
    return report


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
    return DocumentChange(kept if kept and same else found.document, done.records, [*found.set_aside, *done.set_aside])
