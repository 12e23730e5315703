"""How rows become a version: everything is written first, and one atomic append to `versions`, last, makes it count.

Two commits at once: both write their rows, one names them first. The other sees that, and goes on top of it where the
first changed other documents; where both changed the same ones, it begins again from the new state.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import pyarrow as pa

from annotate import __version__
from annotate.datamodel import SCHEME_VERSION
from annotate.dataset.changes import Basis, DocumentChange, Recipe
from annotate.dataset.columns import arrow_schema, to_table
from annotate.dataset.history import now, read_versions
from annotate.dataset.states import State, States, present, read_states, version_hash
from annotate.dataset.tables import AppendConflict, Table
from annotate.dataset.writing import CommitWriter, Prepared
from annotate.errors import DatasetChanged, DatasetError
from annotate.records import RECORD_SCHEMA_VERSION, DocumentStateRecord, TableState, VersionRecord

Tables = dict[str, Table]
Change = DocumentChange | Prepared
Changes = Iterable[Change] | Callable[[Basis], Iterable[Change]]
_ATTEMPTS = 20


class Note(NamedTuple):
    """What is said of a version besides its rows."""

    message: str
    author: str
    recipe: Recipe
    restores: int | None = None


def snapshot(tables: Tables) -> Basis:
    """The newest state of the dataset, pinned. `versions` is looked at first, so that the others hold its rows."""
    tables["versions"].refresh()
    versions = read_versions(tables["versions"])
    for name, table in tables.items():
        if name != "versions":
            table.refresh()
    return Basis(versions[-1] if versions else None, states_of(tables, versions), tables)


def states_of(tables: Tables, versions: Sequence[VersionRecord]) -> States:
    """The state of each document after the last of these versions (all that there are up to it)."""
    return read_states(tables["states"], {version.commit_id: version.version for version in versions})


def commit(tables: Tables, changes: Changes, note: Note) -> VersionRecord | None:
    """Record a version; None where neither rows nor rules differ. See `Dataset.commit`."""
    for _ in range(_ATTEMPTS):
        basis = snapshot(tables)
        with CommitWriter(basis, tables, new_commit_id()) as writer:
            for change in changes(basis) if callable(changes) else changes:
                writer.add(change)
            states = writer.finish()
        if not writer.written and not _other_rules(basis.head, note.recipe):
            return None
        version = record(tables, basis, writer.commit_id, states, set(states), note)
        if version is not None:
            return version
        if not callable(changes):
            break
    raise DatasetChanged(
        "another commit changed the same documents meanwhile; nothing of this one counts",
        remedy="run the command again: it begins from the new state",
    )


def _other_rules(head: VersionRecord | None, recipe: Recipe) -> bool:
    """Whether rows that are the same stand by other rules now: those hold for what is labelled later, too."""
    return head is not None and (head.merge_rules, head.merge_options) != (recipe.merge_rules, recipe.merge_options)


def record(
    tables: Tables, basis: Basis, commit_id: str, states: States, touched: set[str], note: Note
) -> VersionRecord | None:
    """Append the states, then the version. None where a commit came first that changed a document in `touched`."""
    tables["states"].append(states_table(states))
    head = basis.head
    while True:
        versions = read_versions(tables["versions"])
        newest = versions[-1] if versions else None
        if newest is not None and (head is None or newest.version > head.version):
            since = {v.commit_id: v.version for v in versions if head is None or v.version > head.version}
            tables["states"].refresh()
            if touched & _rewritten(tables, since):
                return None
        before = states_of(tables, versions) if newest != head else basis.states
        after = {**before, **states}
        version = _version(tables, basis, newest, commit_id, after, note)
        try:
            tables["versions"].append(to_table([version], VersionRecord), only_if_unchanged=True)
        except AppendConflict:
            time.sleep(0.01 + secrets.randbelow(50) / 1000)
            continue
        return version


def _rewritten(tables: Tables, commits: dict[str, int]) -> set[str]:
    """Documents whose rows or presence the commits changed."""
    return {
        doc_id
        for doc_id, state in read_states(tables["states"], commits).items()
        if state.rows_commit_id in commits or state.document_commit_id in commits or state.text_sha256 is None
    }


def _version(
    tables: Tables, basis: Basis, parent: VersionRecord | None, commit_id: str, states: States, note: Note
) -> VersionRecord:
    here = present(states)
    attributions = sum(state.attributions for state in here.values())
    set_aside = sum(state.set_aside for state in here.values())
    rows = {"documents": len(here), "attributions": attributions, "set_aside": set_aside, "states": len(here)}
    rows |= {"annotations": basis.index.rows, "decisions": len(list(basis.decisions()))}
    pinned = {name: basis.table(name).version for name in ("annotations", "decisions")}
    return VersionRecord(
        version=parent.version + 1 if parent else 1,
        commit_id=commit_id,
        parent=parent.version if parent else None,
        restores=note.restores,
        created_at=max(now(), parent.created_at) if parent else now(),
        author=note.author,
        message=note.message,
        content_sha256=version_hash(here),
        documents=len(here),
        annotations=basis.index.submissions(),
        attributions=attributions,
        set_aside=set_aside,
        tables=[
            TableState(table=name, delta_version=pinned.get(name, tables[name].version), rows=count)
            for name, count in rows.items()
        ],
        tool_version=__version__,
        scheme_version=SCHEME_VERSION,
        record_version=RECORD_SCHEMA_VERSION,
        lexicon_version=note.recipe.lexicon_version,
        marker_versions=list(note.recipe.marker_versions),
        merge_rules=note.recipe.merge_rules,
        merge_options=note.recipe.merge_options,
    )


def states_table(states: States) -> pa.Table:
    """The states as rows of their table."""
    schema = arrow_schema(DocumentStateRecord)
    if not states:
        return schema.empty_table()
    columns = zip(*states.values(), strict=True)
    return pa.table(dict(zip(State._fields, columns, strict=True))).select(schema.names).cast(schema)


def restore(tables: Tables, older: VersionRecord, message: str, author: str) -> VersionRecord | None:
    """An older state becomes the newest version; no row is written again. None where nothing differs.

    The states are marked as made from the labels of today: a document is reconciled anew when new labels come for it,
    and not at once, which would undo the restoring.
    """
    for _ in range(_ATTEMPTS):
        basis = snapshot(tables)
        versions = read_versions(tables["versions"])
        then = states_of(tables, [version for version in versions if version.version <= older.version])
        commit_id = new_commit_id()
        states = {
            doc_id: state._replace(commit_id=commit_id, inputs_sha256=basis.inputs_of(doc_id))
            for doc_id, state in then.items()
            if doc_id not in basis.states or _content(state) != _content(basis.states[doc_id])
        }
        for doc_id, state in present(basis.states).items():
            if doc_id not in then:
                states[doc_id] = state._replace(
                    commit_id=commit_id,
                    text_sha256=None,
                    attributions=0,
                    set_aside=0,
                    inputs_sha256=basis.inputs_of(doc_id),
                )
        if not states:
            return None
        recipe = Recipe(older.merge_rules, older.merge_options, older.lexicon_version, tuple(older.marker_versions))
        note = Note(message, author, recipe, restores=older.version)
        version = record(tables, basis, commit_id, states, set(present(basis.states)) | set(then), note)
        if version is not None:
            return version
    raise DatasetError("other commits kept coming in between", remedy="run the command again when they are done")


def _content(state: State) -> tuple[str | None, str]:
    return state.text_sha256, state.content_sha256


def new_commit_id() -> str:
    """An id that sorts by time and that no other commit has."""
    stamp = now().replace("-", "").replace(":", "").replace(".", "").replace("Z", "").replace("T", "-")
    return f"{stamp}-{secrets.token_hex(4)}"
