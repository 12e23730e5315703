"""The rows of pre-marks without a vote: nobody else has read the articles of an archive.

Equal, field for field, to what `premark_rows` makes of the same marks by way of the general reconciliation (a test
holds the two together), at a third of its time.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from annotate.datamodel import Attribution, Details, Document, MarkedDocument, Region
from annotate.reconcile.identity import Known, carry_ids
from annotate.reconcile.nesting import Placed, parents, text_order
from annotate.spans import Span

Describe = Callable[[str, tuple[Attribution, ...]], Sequence[Attribution]]

encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_DETAILS: Final = tuple(Details.__dataclass_fields__)


class _Said(NamedTuple):
    """What one mark says. Equal ones are one; the order is the one that rows of equal place and links come in."""

    start: int
    end: int
    type: str
    sources: tuple[Span, ...]
    cues: tuple[Span, ...]
    speaker: str


def _spans(regions: Sequence[Region]) -> tuple[Span, ...]:
    if len(regions) == 1:
        return (Span(regions[0].start, regions[0].end),)
    return tuple(sorted({Span(r.start, r.end) for r in regions}))


def attribution_rows(marked: MarkedDocument, text_sha256: str, describe: Describe) -> list[dict[str, Any]]:
    """The fields of `AttributionRecord` of each mark, in text order; those that are not there have their default."""
    if not marked.attributions:
        return []
    text = marked.document.text
    leads: dict[_Said, Region] = {}
    for one in marked.attributions:
        c = one.content
        leads.setdefault(_Said(c.start, c.end, c.label, _spans(one.sources), _spans(one.cues), one.speaker), c)
    said = sorted(leads)
    ordered = text_order([Placed(Span(s.start, s.end), s.sources + s.cues) for s in said])
    said = [said[i] for i in ordered]
    known = [Known(Span(s.start, s.end), text[s.start : s.end], s.sources, s.cues, frozenset()) for s in said]
    ids = carry_ids(known, [], doc_id=marked.document.doc_id, text_sha256=text_sha256)
    held_by = parents([Placed(one.content) for one in known])
    told = describe(text, tuple(_attribution(s, leads[s]) for s in said))
    rows: list[dict[str, Any]] = []
    for n, s in enumerate(said):
        holder, lead, details = held_by[n], leads[s], told[n].details
        row = {
            "attribution_id": ids[n],
            "doc_id": marked.document.doc_id,
            "text_sha256": text_sha256,
            "commit_id": "",
            "type": s.type,
            "content": _span(known[n].content, text),
            "sources": [_span(span, text) for span in s.sources],
            "cues": [_span(span, text) for span in s.cues],
            "speaker": s.speaker,
            "parent_id": None if holder is None else ids[holder],
            "depth": 0 if holder is None else rows[holder]["depth"] + 1,
            "status": "premark",
            "annotators": [], "readers": [], "votes": [], "dissent": [], "regions": [], "premark_change": [],
            "premark_rule": lead.rule,
            "premark_confidence": lead.confidence,
            "premark_version": marked.marker,
        }  # fmt: skip
        row.update({name: getattr(details, name) for name in _DETAILS})
        rows.append(row)
    return rows


def _span(span: Span, text: str) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": text[span.start : span.end]}


def _attribution(said: _Said, lead: Region) -> Attribution:
    return Attribution(
        lead,
        tuple(Region("source", *span) for span in said.sources),
        tuple(Region("cue", *span) for span in said.cues),
        said.speaker,
    )


def document_row(document: Document, text_sha256: str, copy_of: str | None = None) -> dict[str, Any]:
    """The fields of a `DocumentRecord`."""
    return {
        "doc_id": document.doc_id, "text_sha256": text_sha256, "text": document.text, "title": document.title,
        "url": document.url, "outlet": document.outlet, "published_at": document.published_at, "copy_of": copy_of,
        "commit_id": "",
    }  # fmt: skip
