"""Is a version what it says it is? Every hash, offset, count and link of it, worked out anew."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from pydantic import ValidationError

from annotate.dataset.annotations import AnnotationIndex
from annotate.dataset.changes import read_decisions
from annotate.dataset.columns import line, to_records
from annotate.dataset.diff.causes import delta_version
from annotate.dataset.reading import rows_at
from annotate.dataset.states import State, States, content_hash, document_hash, present, version_hash
from annotate.dataset.tables import Table
from annotate.errors import DatasetError
from annotate.records import AttributionRecord, DocumentRecord, SetAsideRecord, SpanRecord, VersionRecord
from annotate.spans import contains, fits

_DOCUMENTS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: a document, an attribution, a table."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class Links(NamedTuple):
    """What rows may refer to."""

    commits: Collection[str]
    decisions: Collection[str]
    annotations: Collection[int]


def verify_version(
    tables: dict[str, Table], history: list[VersionRecord], version: VersionRecord, states: States
) -> Iterator[Problem]:
    """The problems of a version, in order of document; none where all is well. Bounded memory."""
    try:
        yield from _version(history, version, states)
        yield from _delta(tables, version)
        links = _links(tables, history, version)
        yield from _annotations(tables["annotations"])
        here = list(present(states).values())
        seen: set[str] = set()
        for start in range(0, len(here), _DOCUMENTS_AT_A_TIME):
            part = {state.doc_id: state for state in here[start : start + _DOCUMENTS_AT_A_TIME]}
            yield from _documents(tables, part, links, seen)
    except ValidationError as error:
        yield Problem(f"version {version.version}", f"a row breaks the record's contract: {error.errors()[0]['msg']}")
    except (OSError, DatasetError) as error:
        yield Problem(f"version {version.version}", f"cannot be read: {error}")


def _version(history: list[VersionRecord], version: VersionRecord, states: States) -> Iterator[Problem]:
    place = f"version {version.version}"
    numbers = [each.version for each in history]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Problem("versions", f"the numbers are not 1 to {len(numbers)}: {numbers}")
    if version.parent != (version.version - 1 or None):
        yield Problem(place, f"its parent is {version.parent}")
    here = present(states)
    if version_hash(here) != version.content_sha256:
        yield Problem(place, "its hash is not that of its documents")
    counts = {
        "documents": len(here),
        "attributions": sum(state.attributions for state in here.values()),
        "set_aside": sum(state.set_aside for state in here.values()),
    }
    for name, count in counts.items():
        if getattr(version, name) != count:
            yield Problem(place, f"it counts {getattr(version, name)} {name}, there are {count}")


def _delta(tables: dict[str, Table], version: VersionRecord) -> Iterator[Problem]:
    for state in version.tables:
        try:
            rows = tables[state.table].at(state.delta_version).dataset().count_rows()
        except (OSError, DatasetError) as error:
            yield Problem(state.table, f"Delta version {state.delta_version} cannot be read: {error}")
            continue
        if rows < state.rows:
            yield Problem(state.table, f"Delta version {state.delta_version} has {rows} rows, not {state.rows}")


def _links(tables: dict[str, Table], history: list[VersionRecord], version: VersionRecord) -> Links:
    annotations = AnnotationIndex.of(tables["annotations"].at(delta_version(version, "annotations")))
    return Links(
        {each.commit_id for each in history if each.version <= version.version},
        {decision.decision_id for decision in read_decisions(tables["decisions"])},
        {entry.annotation_id for entry in annotations.newest.values()},
    )


def _annotations(table: Table) -> Iterator[Problem]:
    seen = set()
    for batch in table.dataset().to_batches(columns=["state_id", "pulled_at", "annotation_id", "raw"], batch_size=1000):
        for row in batch.to_pylist():
            if (row["state_id"], row["pulled_at"]) in seen:
                yield Problem(f"annotation {row['annotation_id']}", f"the state {row['state_id'][:12]} is there twice")
            seen.add((row["state_id"], row["pulled_at"]))
            try:
                json.loads(row["raw"])
            except ValueError as error:
                yield Problem(f"annotation {row['annotation_id']}", f"`raw` is no JSON: {error}")


def _documents(tables: dict[str, Table], states: States, links: Links, seen: set[str]) -> Iterator[Problem]:
    documents = {row.doc_id: row for row in to_records(rows_at(tables["documents"], states), DocumentRecord)}
    attributions = to_records(rows_at(tables["attributions"], states), AttributionRecord)
    by_document = {doc_id: list(rows) for doc_id, rows in groupby(attributions, attrgetter("doc_id"))}
    left = to_records(rows_at(tables["set_aside"], states), SetAsideRecord)
    aside = {doc_id: list(rows) for doc_id, rows in groupby(left, attrgetter("doc_id"))}
    for doc_id, state in states.items():
        document = documents.get(doc_id)
        if document is None:
            yield Problem(doc_id, "its row in `documents` is missing")
            continue
        rows = by_document.get(doc_id, [])
        yield from _hashes(state, document, rows, aside.get(doc_id, []))
        if state.commit_id not in links.commits or state.rows_commit_id not in links.commits:
            yield Problem(doc_id, "a commit that it names is of no version")
        for row in rows:
            place = f"{doc_id}, attribution {row.attribution_id}"
            if row.attribution_id in seen:
                yield Problem(place, "the id is there twice")
            seen.add(row.attribution_id)
            yield from (Problem(place, message) for message in _row(row, document, rows, links))


def _hashes(
    state: State, document: DocumentRecord, rows: list[AttributionRecord], aside: list[SetAsideRecord]
) -> Iterator[Problem]:
    if not document.text_sha256 == state.text_sha256 == hashlib.sha256(document.text.encode()).hexdigest():
        yield Problem(state.doc_id, "the text is not the one of its hash")
    if document_hash(document) != state.document_sha256:
        yield Problem(state.doc_id, "its row in `documents` is not the one of its hash")
    if (len(rows), len(aside)) != (state.attributions, state.set_aside):
        found = f"{len(rows)} attributions and {len(aside)} labels set aside"
        yield Problem(state.doc_id, f"{found} are there, not {state.attributions} and {state.set_aside}")
    if content_hash(state.document_sha256, map(line, rows), map(line, aside)) != state.content_sha256:
        yield Problem(state.doc_id, "its rows are not those of its hash")


def _row(
    row: AttributionRecord, document: DocumentRecord, rows: list[AttributionRecord], links: Links
) -> Iterator[str]:
    if row.text_sha256 != document.text_sha256:
        yield "its offsets count another text"
    for span in (row.content, *row.sources, *row.cues):
        if not _is_cut_from(span, document.text):
            yield f"the words at {span.start}-{span.end} are not {span.text[:60]!r}"
    if row.parent_id is not None:
        parent = next((each for each in rows if each.attribution_id == row.parent_id), None)
        if parent is None:
            yield f"its parent {row.parent_id} is not there"
        elif not contains(parent.content, row.content) or row.depth != parent.depth + 1:
            yield f"it does not lie in its parent {row.parent_id}"
    if row.decision_id is not None and row.decision_id not in links.decisions:
        yield f"its decision {row.decision_id} is not there"
    for region in row.regions:
        if region.annotation_id not in links.annotations:
            yield f"its annotation {region.annotation_id} was never pulled"


def _is_cut_from(span: SpanRecord, text: str) -> bool:
    return fits(span, text) and text[span.start : span.end] == span.text
