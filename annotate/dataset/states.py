"""What a version consists of: for each document, which commit's rows are its current ones, and the hashes of these."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from annotate.dataset.columns import line
from annotate.dataset.tables import Table, among
from annotate.records import AttributionRecord, DocumentRecord, SetAsideRecord


class State(NamedTuple):
    """`DocumentStateRecord`, cheap enough to hold one for every document of an archive."""

    doc_id: str
    commit_id: str
    text_sha256: str | None
    document_sha256: str
    document_commit_id: str
    rows_commit_id: str
    attributions: int
    set_aside: int
    content_sha256: str
    inputs_sha256: str


States = dict[str, State]
NO_INPUTS = hashlib.sha256().hexdigest()


def read_states(table: Table, commits: Mapping[str, int]) -> States:
    """The newest state of each document among the commits (id -> version that names it), in order of `doc_id`."""
    if not commits:
        return {}
    rows = table.read(State._fields, among("commit_id", commits))
    newest: dict[str, tuple[int, int]] = {}
    doc_ids, commit_ids = (rows.column(name).to_pylist() for name in ("doc_id", "commit_id"))
    for position, (doc_id, commit_id) in enumerate(zip(doc_ids, commit_ids, strict=True)):
        candidate = (commits[commit_id], position)
        if newest.get(doc_id, (-1, -1)) < candidate:
            newest[doc_id] = candidate
    chosen = rows.take([newest[doc_id][1] for doc_id in sorted(newest)])
    columns = (chosen.column(name).to_pylist() for name in State._fields)
    return {row[0]: State(*row) for row in zip(*columns, strict=True)}


def present(states: States) -> States:
    """The states without the documents that the version lacks."""
    return {doc_id: state for doc_id, state in states.items() if state.text_sha256 is not None}


def row_order(row: AttributionRecord) -> tuple[int, int, str]:
    """Order of a document's attributions: as in the text, the outer content before the one that it holds."""
    return row.content.start, -row.content.end, row.attribution_id


def set_aside_order(row: SetAsideRecord) -> tuple[int, bool, str, str, str]:
    """Order of a document's labels that were set aside; those without a region id come last."""
    return row.annotation_id, row.region_id is None, row.region_id or "", row.reason, row.raw


def document_hash(document: DocumentRecord) -> str:
    """SHA-256 of a document's row without its `commit_id`."""
    return hashlib.sha256(line(document)).hexdigest()


def content_hash(document_sha256: str, attributions: Iterable[bytes], set_aside: Iterable[bytes]) -> str:
    """SHA-256 of a document's content: its own hash and the canonical lines of its rows, in their order."""
    digest = hashlib.sha256(document_sha256.encode())
    for kind, lines in ((b"\na ", attributions), (b"\ns ", set_aside)):
        for row in lines:
            digest.update(kind)
            digest.update(row)
    return digest.hexdigest()


def version_hash(states: States) -> str:
    """SHA-256 over all documents of a version, whatever commits wrote them."""
    digest = hashlib.sha256()
    for doc_id in sorted(states):
        if states[doc_id].text_sha256 is not None:
            digest.update(f"{doc_id}\0{states[doc_id].content_sha256}\n".encode())
    return digest.hexdigest()
