"""Results become rows of the dataset: order, nesting, pre-marks, details."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from annotate.datamodel import Attribution, Details, Document, Region
from annotate.reconcile.ballots import Result
from annotate.reconcile.nesting import Placed, parents, text_order
from annotate.reconcile.premarks import compare
from annotate.reconcile.readings import Premarks
from annotate.records import AttributionRecord
from annotate.spans import Span

Describe = Callable[[str, tuple[Attribution, ...]], Sequence[Attribution]]
DETAILS: Final = tuple(f.name for f in fields(Details))


def in_text_order(results: Sequence[Result]) -> list[Result]:
    """The results as they stand in the text, what holds before what is held."""
    return [results[i] for i in text_order([Placed(r.content, r.sources + r.cues) for r in results])]


def rows(
    document: Document,
    results: Sequence[Result],
    readers: list[str],
    commit_id: str,
    *,
    premarks: Premarks | None = None,
    describe: Describe | None = None,
) -> list[dict[str, Any]]:
    """The rows of results in text order, whose ids are given, as their fields: as a record of them has these.

    `readers` are all who labelled the document.
    """
    made = _fields(document, results, readers, commit_id)
    merged = [_attribution(result) for result in results]
    _add_premarks(made, merged, premarks)
    _add_details(made, merged, document.text, describe)
    return made


@cache
def _validator() -> TypeAdapter[list[AttributionRecord]]:
    return TypeAdapter(list[AttributionRecord])


def records_of(made: list[dict[str, Any]]) -> list[AttributionRecord]:
    """Records of many fields at once: the checks run in compiled code, in one go."""
    return _validator().validate_python(made)


def _fields(document: Document, results: Sequence[Result], readers: list[str], commit_id: str) -> list[dict[str, Any]]:
    text, text_sha256 = document.text, document.text_sha256
    held_by = parents([Placed(r.content) for r in results])
    depth: list[int] = []
    for holder in held_by:
        depth.append(0 if holder is None else depth[holder] + 1)
    return [
        {
            "attribution_id": r.attribution_id,
            "doc_id": document.doc_id,
            "text_sha256": text_sha256,
            "commit_id": commit_id,
            "type": r.type,
            "content": _span(r.content, text),
            "sources": [_span(s, text) for s in r.sources],
            "cues": [_span(s, text) for s in r.cues],
            "speaker": r.speaker,
            "parent_id": None if (holder := held_by[i]) is None else results[holder].attribution_id,
            "depth": depth[i],
            "status": r.status,
            "annotators": r.annotators,
            "readers": readers,
            "votes": [{"field": name, "value": value, "annotators": by} for name, value, by in r.votes],
            "dissent": [{"field": name, "value": value, "annotators": by} for name, value, by in r.dissent],
            "agreement": r.agreement,
            "regions": r.regions,
            "decision_id": r.decision_id,
            "verdict": r.verdict,
            "claim_rating": r.claim_rating,
            "register_id": r.register_id,
        }
        for i, r in enumerate(results)
    ]


def _span(span: Span, text: str) -> dict[str, Any]:
    """A span record's fields: the row's own validation makes records of them, in one go."""
    return {"start": span.start, "end": span.end, "text": text[span.start : span.end]}


def _add_premarks(made: list[dict[str, Any]], merged: Sequence[Attribution], premarks: Premarks | None) -> None:
    """Which pre-mark each row began as and what was changed of it; without pre-marks, what the regions say."""
    if premarks is None:
        for row, attribution in zip(made, merged, strict=True):
            row.update(premark_rule=attribution.content.rule, premark_confidence=attribution.content.confidence)
        return
    compared = compare(premarks.attributions, merged)
    for row, comparison in zip(made, compared, strict=False):  # what was removed comes after the labels
        row.update(premark_version=premarks.version, premark_change=list(comparison.changes))
        if comparison.premark is not None:
            content = comparison.premark.content
            row.update(premark_rule=content.rule, premark_confidence=content.confidence)


def _add_details(
    made: list[dict[str, Any]], merged: Sequence[Attribution], text: str, describe: Describe | None
) -> None:
    """What is worked out from the text; a register id that a person decided stays."""
    if describe is None or not made:
        return
    described = describe(text, tuple(merged))
    for row, attribution in zip(made, described, strict=True):
        decided = row["register_id"]
        row.update({name: getattr(attribution.details, name) for name in DETAILS})
        if decided is not None:
            row["register_id"] = decided


def _attribution(result: Result) -> Attribution:
    content, (start, end) = result.lead, result.content
    if (content.start, content.end, content.label) != (start, end, result.type):
        content = replace(content, label=result.type, start=start, end=end)
    return Attribution(
        content,
        tuple([Region("source", *span) for span in result.sources]),
        tuple([Region("cue", *span) for span in result.cues]),
        result.speaker,
    )
