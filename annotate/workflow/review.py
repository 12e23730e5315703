"""Review: a fact-checker's decision is appended as an event, and the document that it concerns becomes a version.

Nothing is overwritten: a decision is taken back by another event. Whoever decides says what was on the screen (`seen`);
where somebody else decided meanwhile, nothing is recorded and `DecidedMeanwhile` tells who it was.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from annotate.datamodel import Attribution, Details, Document, MarkedDocument, Region
from annotate.errors import DatasetChanged, DatasetError
from annotate.records import AttributionRecord, DecisionRecord, DocumentRecord, SetAsideRecord, VersionRecord
from annotate.workflow.commit import Describe, as_document, document_change
from annotate.workflow.names import Names, read_names, with_names

if TYPE_CHECKING:
    from annotate.dataset import Basis, Dataset, DocumentChange, DocumentInputs, Recipe
    from annotate.reconcile import MergeRules

_PREMARK = "premark"
_LABELLED = ("submitted", "empty", "skipped")


class DecidedMeanwhile(DatasetChanged):
    """What the reviewer looked at is not what the dataset holds now; nothing was recorded."""


def seen(row: AttributionRecord, decisions: Iterable[DecisionRecord]) -> str:
    """A fingerprint of what a reviewer sees of an attribution: its row, and the events on it."""
    shown = row.model_dump_json(exclude={"commit_id", "register_id"})
    events = sorted(events_on(decisions, attribution_id=row.attribution_id))
    return hashlib.sha256(json.dumps([shown, events]).encode()).hexdigest()[:24]


def seen_names(names: Collection[str], decisions: Iterable[DecisionRecord]) -> str:
    """A fingerprint of what is decided on some names."""
    known = read_names(decisions)
    shown = sorted((name, known.decided.get(name, "")) for name in names)
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:24]


def events_on(decisions: Iterable[DecisionRecord], *, attribution_id: str) -> set[str]:
    """Ids of the decisions on an attribution, and of what was taken back of them."""
    found: set[str] = set()
    for one in decisions:
        if one.attribution_id == attribution_id or one.undoes in found:
            found.add(one.decision_id)
    return found


def decide(store: "Dataset", decision: DecisionRecord, *, looked_at: str, message: str) -> VersionRecord | None:
    """Record a review of one attribution; `looked_at` is what `seen` gave for the page.

    Raises `DecidedMeanwhile` where somebody decided in between, `DatasetError` where there is no such attribution.
    """
    doc_id, attribution_id = decision.doc_id or "", decision.attribution_id or ""
    rows = store.attributions(doc_ids=[doc_id])
    row = next((one for one in rows if one.attribution_id == attribution_id), None)
    if row is None:
        raise DatasetError(
            "no such attribution in the newest version", place=attribution_id, remedy="look at its article"
        )

    def unchanged(there: Sequence[DecisionRecord]) -> None:
        if seen(row, there) != looked_at:
            raise DecidedMeanwhile(_meanwhile(there, attribution_id))

    store.append_decisions([decision], check=unchanged)
    return record(store, [doc_id], message=message, author=decision.decided_by)


def undo(store: "Dataset", event: DecisionRecord, *, message: str) -> VersionRecord | None:
    """Take a decision back (also an undo): the event names it in `undoes`. Raises `DatasetError` if there is none."""
    from annotate.reconcile.decisions import standing

    before = list(store.decisions())
    target = next((one for one in before if one.decision_id == event.undoes), None)
    if target is None:
        raise DatasetError("no such decision", place=event.undoes)
    event = event.model_copy(update={"doc_id": target.doc_id, "attribution_id": target.attribution_id})

    def undoing(events: Iterable[DecisionRecord]) -> set[str]:
        return {one.decision_id for one in events if one.undoes == target.decision_id}

    def stands(there: Sequence[DecisionRecord]) -> None:
        gone = target.kind != "undo" and target not in standing(there)
        if gone or undoing(there) != undoing(before):
            raise DecidedMeanwhile("this decision was taken back already", place=target.decision_id)

    store.append_decisions([event], check=stands)
    return (
        _record_names(store, target, event, message)
        if target.kind == "register"
        else record(store, [target.doc_id or ""], message=message, author=event.decided_by)
    )


def name_speakers(store: "Dataset", decision: DecisionRecord, *, looked_at: str, message: str) -> VersionRecord | None:
    """Record that some names are one speaker (or that a name stands alone), in the register and in the rows.

    `looked_at` is what `seen_names` gave for these names. Raises `DecidedMeanwhile`.
    """
    names = decision.merged_names or []

    def unchanged(there: Sequence[DecisionRecord]) -> None:
        if seen_names(names, there) != looked_at:
            raise DecidedMeanwhile(
                "somebody decided on one of these names meanwhile", remedy="look at it and decide anew"
            )

    store.append_decisions([decision], check=unchanged)
    return _record_names(store, decision, decision, message)


def keep_article(
    store: "Dataset",
    marked: MarkedDocument,
    *,
    author: str,
    message: str,
    retrieved_at: str | None = None,
    archived_url: str | None = None,
) -> VersionRecord | None:
    """Take a pre-marked article into the dataset, as a version. Raises `DatasetError` where its id is taken."""
    from annotate.dataset import DocumentChange
    from annotate.marking import describe
    from annotate.workflow.premarks import premark_rows

    document = document_record(marked.document, retrieved_at, archived_url)

    def changes(basis: "Basis") -> Iterator["DocumentChange"]:
        if any(basis.documents(doc_ids=[document.doc_id])):
            raise DatasetError("an article of this id is there already", place=document.doc_id)
        yield DocumentChange(document, premark_rows(marked, describe=describe))

    return store.commit(changes, message=message, author=author, recipe=_recipe(store.head(), marked.marker))


def note_provenance(
    store: "Dataset", doc_id: str, *, author: str, message: str, retrieved_at: str | None, archived_url: str | None
) -> VersionRecord | None:
    """Keep with an article when it was fetched and where an archived copy is."""
    provenance = {"retrieved_at": retrieved_at, "archived_url": archived_url}
    return record(store, [doc_id], message=message, author=author, provenance=provenance)


def document_record(
    document: Document, retrieved_at: str | None = None, archived_url: str | None = None
) -> DocumentRecord:
    """The dataset's record of an article."""
    return DocumentRecord(
        doc_id=document.doc_id,
        text_sha256=document.text_sha256,
        text=document.text,
        title=document.title,
        url=document.url,
        outlet=document.outlet,
        published_at=document.published_at,
        retrieved_at=retrieved_at,
        archived_url=archived_url,
        copy_of=None,
        commit_id="",
    )


def record(
    store: "Dataset",
    doc_ids: Collection[str],
    *,
    message: str,
    author: str,
    provenance: dict[str, str | None] | None = None,
    renamed: Collection[str] = (),
) -> VersionRecord | None:
    """A version in which these documents follow all labels and decisions on them; by the newest version's rules.

    `provenance` are fields of the documents to set; `renamed` are speakers whose register id is decided anew.
    """
    from annotate.dataset import DocumentChange
    from annotate.marking import describe

    def changes(basis: "Basis") -> Iterator["DocumentChange"]:
        names, rules, stale = read_names(basis.decisions()), _rules(basis.head), basis.stale_documents()
        aside: dict[str, list[SetAsideRecord]] = {}
        for one in store.set_aside(doc_ids=set(doc_ids) - stale) if basis.head else ():
            aside.setdefault(one.doc_id, []).append(one)
        for inputs in basis.readings(doc_ids):
            if inputs.doc_id in stale:
                change = reviewed_change(store, basis, inputs, rules, describe)
            elif inputs.document:
                rows = _renamed(inputs.previous, renamed, names)
                change = DocumentChange(inputs.document, rows, aside.get(inputs.doc_id, ()))
            else:
                change = None
            if change is not None:
                document = _as_record(change.document, inputs.document).model_copy(update=provenance or {})
                yield DocumentChange(document, with_names(change.attributions, names), change.set_aside)

    return store.commit(changes, message=message, author=author, recipe=_recipe(store.head()))


def _as_record(document: Document | DocumentRecord, known: DocumentRecord | None) -> DocumentRecord:
    """The document's record; what is kept with the known one (archived link, outlet) goes on with an equal text."""
    if isinstance(document, DocumentRecord):
        return document
    return known if known and known.text_sha256 == document.text_sha256 else document_record(document)


def reviewed_change(
    store: "Dataset", basis: "Basis", inputs: "DocumentInputs", rules: "MergeRules", describe: Describe
) -> "DocumentChange | None":
    """The new state of one document, labelled or not: decisions on pre-marks that nobody labelled count as well."""
    if any(one.state in _LABELLED for one in inputs.annotations) or inputs.document is None:
        return document_change(basis, inputs, rules, describe)
    return _unlabelled_change(store, inputs, rules, describe)


def _unlabelled_change(
    store: "Dataset", inputs: "DocumentInputs", rules: "MergeRules", describe: Describe
) -> "DocumentChange":
    """Decisions applied to the pre-marks as they were when the first of them was taken."""
    from annotate.dataset import DocumentChange
    from annotate.reconcile import Reading, reconcile_document

    assert inputs.document is not None
    rows: Sequence[AttributionRecord] = inputs.previous
    first = min((one.on_version for one in inputs.decisions if one.on_version), default=None)
    if first is not None and any(row.decision_id for row in rows):
        rows = list(store.attributions(first, doc_ids=[inputs.doc_id]))
    document = as_document(inputs.document)
    rows = [row for row in rows if row.text_sha256 == document.text_sha256]
    done = reconcile_document(
        document,
        [Reading(annotator=_PREMARK, annotation_id=0, attributions=tuple(map(_attribution, rows)))],
        commit_id="",
        previous=rows,
        # A pre-mark is no label that could touch a decision; whoever labels the article later may.
        decisions=[one.model_copy(update={"basis": None}) for one in inputs.decisions],
        rules=rules,
        describe=describe,
    )
    version = rows[0].premark_version if rows else None
    unread: dict[str, object] = {
        "annotators": [],
        "readers": [],
        "regions": [],
        "agreement": None,
        "premark_version": version,
    }
    return DocumentChange(
        inputs.document,
        [{**row, **unread, "status": _PREMARK if row["status"] == "single" else row["status"]} for row in done.rows],
        done.set_aside,
    )


def _attribution(row: AttributionRecord) -> Attribution:
    return Attribution(
        Region(row.type, row.content.start, row.content.end, row.premark_rule, row.premark_confidence),
        tuple(Region("source", one.start, one.end) for one in row.sources),
        tuple(Region("cue", one.start, one.end) for one in row.cues),
        row.speaker or "",
        Details(**{field.name: getattr(row, field.name) for field in fields(Details)}),
    )


def _record_names(
    store: "Dataset", decision: DecisionRecord, event: DecisionRecord, message: str
) -> VersionRecord | None:
    """A version in which the rows of all the names follow the register. Documents that do not hold them stay."""
    names = set(decision.merged_names or ())
    held: set[str] = set()
    for table in store.tables(columns=["doc_id", "speaker"]) if store.head() else ():
        held.update(
            d for d, s in zip(*(table[c].to_pylist() for c in ("doc_id", "speaker")), strict=True) if s in names
        )
    return record(store, held, message=message, author=event.decided_by, renamed=names)


def _renamed(rows: Sequence[AttributionRecord], names: Collection[str], known: Names) -> list[AttributionRecord]:
    """The rows with the register id of each of the names as it is now, none where it has none any more."""
    return [
        row.model_copy(update={"register_id": known.ids.get(row.speaker or "")}) if row.speaker in names else row
        for row in rows
    ]


def _meanwhile(decisions: Sequence[DecisionRecord], attribution_id: str | None) -> str:
    on_it = [one for one in decisions if one.attribution_id == attribution_id]
    if not on_it:
        return "the attribution changed meanwhile"
    return f"{on_it[-1].decided_by} decided on it at {on_it[-1].decided_at}"


def _rules(head: VersionRecord | None) -> "MergeRules":
    from annotate.reconcile import DEFAULT_RULES, MergeRules

    return MergeRules(**json.loads(head.merge_options)) if head else DEFAULT_RULES


def _recipe(head: VersionRecord | None, marker: str | None = None) -> "Recipe":
    """The recipe of the newest version goes on: a review changes no rule."""
    from annotate.dataset import Recipe
    from annotate.reconcile import DEFAULT_RULES

    if head is None:
        return Recipe(DEFAULT_RULES.label, marker_versions=(marker,) if marker else ())
    return Recipe(head.merge_rules, head.merge_options, head.lexicon_version, tuple(head.marker_versions))
