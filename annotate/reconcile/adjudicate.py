"""What is unresolved, most disputed first, and how an adjudicator's reading becomes decisions.

The pure half of adjudication: which documents to bring before whom, with each reader's reading beside the merged one;
and what an adjudicator's own reading of the document decides. How that is shown is another room's matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile.decisions import decision_id, digest
from annotate.reconcile.identity import Known, mint, pair_up
from annotate.reconcile.merge import Reconciled
from annotate.reconcile.readings import Reading, current
from annotate.records import AttributionRecord, DecisionRecord, SpanRecord, VotedField
from annotate.spans import Span


@dataclass(frozen=True, slots=True)
class Dispute:
    """One unresolved row. `held` is annotator -> how that reader has it; `fields` what they do not agree on.

    `score` is 0.0 (all hold the same) to 1.0 (nothing in common).
    """

    record: AttributionRecord
    held: Mapping[str, Attribution]
    fields: tuple[VotedField, ...]
    score: float


@dataclass(frozen=True, slots=True)
class DisputedDocument:
    """A document for an adjudicator: its disputes, most disputed first, and what to show.

    `merged` is the result as it stands; the region id of each content is its attribution's id, so that it is known
    again when the adjudicator's reading comes back. `readings` is annotator -> that reader's whole reading.
    """

    document: Document
    disputes: tuple[Dispute, ...]
    merged: tuple[Attribution, ...]
    readings: Mapping[str, tuple[Attribution, ...]]

    @property
    def score(self) -> float:
        """The sum of its disputes."""
        return sum(dispute.score for dispute in self.disputes)


def disputed(document: Document, readings: Sequence[Reading], done: Reconciled) -> DisputedDocument | None:
    """What of a reconciled document is for an adjudicator; None where all is settled."""
    found = [
        Dispute(
            record,
            done.held.get(record.attribution_id, {}),
            tuple(dict.fromkeys(vote.field for vote in record.dissent)),
            1.0 - (record.agreement if record.agreement is not None else 1.0),
        )
        for record in done.records
        if record.status == "unresolved"
    ]
    if not found:
        return None
    found.sort(key=lambda dispute: (-dispute.score, dispute.record.content.start, dispute.record.content.end))
    merged = tuple(_attribution(record) for record in done.records)
    return DisputedDocument(document, tuple(found), merged, {r.annotator: r.attributions for r in current(readings)})


def queue(documents: Iterable[DisputedDocument]) -> list[DisputedDocument]:
    """Most disputed first; of equals, the one whose worst dispute is worse, then by id."""
    return sorted(documents, key=lambda one: (-one.score, -one.disputes[0].score, one.document.doc_id))


def decisions_from_reading(
    document: Document,
    reading: Reading,
    done: Reconciled,
    *,
    decided_at: str,
    whole: bool = True,
    on_version: int | None = None,
    note: str | None = None,
) -> list[DecisionRecord]:
    """What an adjudicator's reading of a document decides over `done`, its state without that reading.

    Every unresolved row is decided: as the adjudicator has it, or rejected where the adjudicator has it not. With
    `whole` (the adjudicator began from the merged result) rows that were settled are decided too where the reading
    differs from them, and rejected where they were removed; without, only what is unresolved, and what is added.
    The ids follow from what is decided, so that taking the same reading back twice decides once.
    """
    rows = done.records
    partner = pair_up([_known_row(row) for row in rows], [_known(what) for what in reading.attributions])
    decided: list[DecisionRecord] = []
    taken = {row.attribution_id for row in rows}

    def decide(attribution_id: str, what: Attribution | None, row: AttributionRecord | None) -> None:
        decided.append(_decision(document, reading, attribution_id, what, row, done, decided_at, on_version, note))

    for row, i in zip(rows, partner, strict=True):
        what = None if i is None else reading.attributions[i]
        if row.status == "unresolved" or (whole and (what is None or not _as_it_stands(row, what))):
            decide(row.attribution_id, what, row)
    matched = {i for i in partner if i is not None}
    for i, what in enumerate(reading.attributions):
        if i not in matched:
            new_id = mint(_known(what, document.text), document.doc_id, document.text_sha256, taken)
            taken.add(new_id)
            decide(new_id, what, None)
    return decided


def _decision(
    document: Document,
    reading: Reading,
    attribution_id: str,
    what: Attribution | None,
    row: AttributionRecord | None,
    done: Reconciled,
    decided_at: str,
    on_version: int | None,
    note: str | None,
) -> DecisionRecord:
    held = done.held.get(attribution_id, {})
    if what is None and row is not None:  # a rejected row is known again by its spans
        fields = {"exists": False, "content": row.content, "sources": row.sources, "cues": row.cues}
    elif what is not None:
        fields = {
            "exists": True,
            "type": what.content.label,
            "content": _span(what.content, document.text),
            "sources": [_span(r, document.text) for r in _in_order(what.sources)],
            "cues": [_span(r, document.text) for r in _in_order(what.cues)],
            "speaker": what.speaker,
        }
    else:
        raise ValueError("a decision needs what the adjudicator has, or the row that is rejected")
    said = DecisionRecord.model_validate(
        {
            "decision_id": "dc-",
            "kind": "adjudication",
            "doc_id": document.doc_id,
            "attribution_id": attribution_id,
            "decided_by": reading.annotator,
            "decided_at": decided_at,
            "on_version": on_version,
            "basis": sorted(digest(name, held[name]) for name in held),
            "note": note,
            "annotation_id": reading.annotation_id,
            **fields,
        }
    )
    return said.model_copy(update={"decision_id": decision_id(said.model_dump_json())})


def _as_it_stands(row: AttributionRecord, what: Attribution) -> bool:
    def spans(parts: Iterable[Region | SpanRecord]) -> list[tuple[int, int]]:
        return sorted({(part.start, part.end) for part in parts})

    return (
        row.type == what.content.label
        and (row.content.start, row.content.end) == (what.content.start, what.content.end)
        and spans(row.sources) == spans(what.sources)
        and spans(row.cues) == spans(what.cues)
        and (row.speaker or "") == what.speaker
    )


def _attribution(row: AttributionRecord) -> Attribution:
    return Attribution(
        Region(row.type, row.content.start, row.content.end, region_id=row.attribution_id),
        tuple(Region("source", s.start, s.end) for s in row.sources),
        tuple(Region("cue", s.start, s.end) for s in row.cues),
        row.speaker or "",
    )


def _known_row(row: AttributionRecord) -> Known:
    return _known(_attribution(row))._replace(words=row.content.text)


def _known(what: Attribution, text: str = "") -> Known:
    content = what.content
    drawn = frozenset({(0, content.region_id)}) if content.region_id else frozenset()
    return Known(
        Span(content.start, content.end),
        content.words(text),
        tuple(Span(r.start, r.end) for r in _in_order(what.sources)),
        tuple(Span(r.start, r.end) for r in _in_order(what.cues)),
        drawn,
    )


def _in_order(regions: Iterable[Region]) -> list[Region]:
    return sorted({(r.start, r.end): r for r in regions}.values(), key=lambda r: (r.start, r.end))


def _span(region: Region, text: str) -> SpanRecord:
    return SpanRecord(start=region.start, end=region.end, text=region.words(text))
