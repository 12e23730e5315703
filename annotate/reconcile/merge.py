"""One document: its readings, what was decided on it, and its earlier rows become the rows of the new version."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from annotate.datamodel import Attribution, Details, Document, Region
from annotate.reconcile.align import Mark, align
from annotate.reconcile.ballots import Count, Electorate, Result
from annotate.reconcile.identity import Known, carry_ids, content_regions
from annotate.reconcile.nesting import Placed, parents, text_order
from annotate.reconcile.premarks import compare
from annotate.reconcile.readings import Premarks, Reading, current
from annotate.reconcile.rules import DEFAULT_RULES, MergeRules
from annotate.records import AttributionRecord, DecisionRecord, SetAsideRecord, SpanRecord
from annotate.spans import Span

DETAILS: Final = tuple(f.name for f in fields(Details))
Describe = Callable[[str, tuple[Attribution, ...]], Sequence[Attribution]]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One document's rows in text order, the labels that were outvoted, and decisions that apply to no attribution."""

    records: list[AttributionRecord] = field(default_factory=list)
    set_aside: list[SetAsideRecord] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


def reconcile_document(
    document: Document,
    readings: Sequence[Reading],
    *,
    commit_id: str,
    previous: Sequence[AttributionRecord] = (),
    decisions: Sequence[DecisionRecord] = (),
    premarks: Premarks | None = None,
    rules: MergeRules = DEFAULT_RULES,
    describe: Describe | None = None,
) -> Reconciled:
    """The rows of a document, merged from all its readings by `rules`, with ids carried on from `previous`.

    Nothing hangs on the order of `readings`, `previous` or `decisions`, and the same input gives the same rows.
    `describe(text, attributions)` returns the attributions in the same order with their details worked out.
    Raises LabelError for a reading without an annotator, or a span outside the text.
    """
    voters = current(readings)
    if not voters:
        return Reconciled()
    electorate = Electorate.of(voters, rules)
    alignment = align(voters, rules)
    count = Count(alignment, electorate)
    results: list[Result] = []
    outvoted: list[SetAsideRecord] = []
    for group in alignment.groups:
        if count.exists(group) is False:
            outvoted += _outvoted(document, group, electorate, commit_id)
        else:
            results.append(count.result(group))
    order = text_order([Placed(r.content, r.sources + r.cues) for r in results])
    merged = [results[i] for i in order]
    readers = [reading.annotator for reading in voters]
    rows = _rows(document, merged, readers, previous, commit_id)
    _add_premarks(rows, merged, premarks)
    _add_details(rows, merged, document.text, describe)
    return Reconciled([AttributionRecord(**row) for row in rows], outvoted, [])


def _rows(
    document: Document,
    results: Sequence[Result],
    readers: list[str],
    previous: Sequence[AttributionRecord],
    commit_id: str,
) -> list[dict[str, Any]]:
    """The fields of the rows, but for what `_add_premarks` and `_add_details` put in."""
    text, text_sha256 = document.text, document.text_sha256
    known = [
        Known(r.content, text[r.content.start : r.content.end], r.sources, r.cues, content_regions(r.regions))
        for r in results
    ]
    ids = carry_ids(known, previous, doc_id=document.doc_id, text_sha256=text_sha256)
    held_by = parents([Placed(r.content) for r in results])
    depth: list[int] = []
    for holder in held_by:
        depth.append(0 if holder is None else depth[holder] + 1)
    return [
        {
            "attribution_id": ids[i],
            "doc_id": document.doc_id,
            "text_sha256": text_sha256,
            "commit_id": commit_id,
            "type": r.type,
            "content": _span(r.content, text),
            "sources": [_span(s, text) for s in r.sources],
            "cues": [_span(s, text) for s in r.cues],
            "speaker": r.speaker,
            "parent_id": None if (holder := held_by[i]) is None else ids[holder],
            "depth": depth[i],
            "status": r.status,
            "annotators": r.annotators,
            "readers": readers,
            "votes": r.votes,
            "dissent": r.dissent,
            "agreement": r.agreement,
            "regions": r.regions,
        }
        for i, r in enumerate(results)
    ]


def _add_premarks(rows: list[dict[str, Any]], results: Sequence[Result], premarks: Premarks | None) -> None:
    """Which pre-mark each row began as and what was changed of it; without pre-marks, what the regions say."""
    if premarks is None:
        for row, result in zip(rows, results, strict=True):
            row.update(premark_rule=result.lead.rule, premark_confidence=result.lead.confidence)
        return
    compared = compare(premarks.attributions, [_attribution(result) for result in results])
    for row, comparison in zip(rows, compared, strict=False):  # what was removed comes after the labels
        row.update(premark_version=premarks.version, premark_change=list(comparison.changes))
        if comparison.premark is not None:
            content = comparison.premark.content
            row.update(premark_rule=content.rule, premark_confidence=content.confidence)


def _add_details(rows: list[dict[str, Any]], results: Sequence[Result], text: str, describe: Describe | None) -> None:
    if describe is None or not rows:
        return
    described = describe(text, tuple(_attribution(result) for result in results))
    for row, attribution in zip(rows, described, strict=True):
        row.update({name: getattr(attribution.details, name) for name in DETAILS})


def _attribution(result: Result) -> Attribution:
    return Attribution(
        content=replace(result.lead, label=result.type, start=result.content.start, end=result.content.end),
        sources=tuple(Region("source", *span) for span in result.sources),
        cues=tuple(Region("cue", *span) for span in result.cues),
        speaker=result.speaker,
    )


def _span(span: Span, text: str) -> SpanRecord:
    return SpanRecord(start=span.start, end=span.end, text=text[span.start : span.end])


def _outvoted(
    document: Document, group: Mapping[int, Mark], electorate: Electorate, commit_id: str
) -> list[SetAsideRecord]:
    """The readings of a content that most did not mark, each kept with its reason."""
    total = len(electorate.readings)
    why = "not in the ground truth" if electorate.ground_truth else f"outvoted: {len(group)} of {total} marked it"
    return [
        SetAsideRecord(
            doc_id=document.doc_id,
            commit_id=commit_id,
            annotation_id=electorate.readings[i].annotation_id,
            region_id=mark.attribution.content.region_id,
            annotator=electorate.readings[i].annotator,
            reason=why,
            raw=_raw(mark.attribution, document.text),
        )
        for i, mark in sorted(group.items())
    ]


def _raw(what: Attribution, text: str) -> str:
    def drawn(region: Region) -> dict[str, str | int]:
        return {"label": region.label, "start": region.start, "end": region.end, "text": region.words(text)}

    return json.dumps(
        {
            **drawn(what.content),
            "sources": [drawn(r) for r in what.sources],
            "cues": [drawn(r) for r in what.cues],
            "speaker": what.speaker,
        },
        ensure_ascii=False,
    )
