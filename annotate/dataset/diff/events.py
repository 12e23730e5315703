"""What differs between two states of one document, as a list of events in the words of the field."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

from annotate.dataset.states import row_order
from annotate.records import AttributionRecord, DocumentRecord, SpanRecord, Vote

EventKind = Literal[
    "document added",
    "document removed",
    "text revised",
    "document details",
    "added",
    "removed",
    "content moved",
    "content changed",
    "type",
    "source",
    "cue",
    "speaker",
    "status",
    "verdict",
    "details",
    "support",
    "set aside",
]

_FIELDS: Final[tuple[tuple[EventKind, tuple[str, ...]], ...]] = (
    ("verdict", ("verdict", "claim_rating")),
    (
        "details",
        (
            *("cue_kind", "source_kind", "role", "affiliation", "register_id", "addressee", "time", "place"),
            *("occasion", "parent_id", "depth"),
        ),
    ),
    (
        "support",
        (
            *("annotators", "readers", "votes", "dissent", "agreement", "regions", "decision_id"),
            *("premark_rule", "premark_confidence", "premark_version", "premark_change"),
        ),
    ),
)


class Cause(NamedTuple):
    """By whom and why something changed, and in which version it came into force."""

    by: tuple[str, ...]
    why: str
    version: int
    at: str


@dataclass(frozen=True, slots=True)
class Side:
    """A document in one of the two versions."""

    document: DocumentRecord
    attributions: Sequence[AttributionRecord]
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One difference. `before` and `after` are words of the article or values; None: there is none on that side.

    `start_moved` and `end_moved` are code points, positive to the right, where a content's edges moved in one text.
    """

    kind: EventKind
    doc_id: str
    attribution_id: str | None = None
    before: str | None = None
    after: str | None = None
    start_moved: int | None = None
    end_moved: int | None = None
    cause: Cause | None = None
    rows: tuple[AttributionRecord | None, AttributionRecord | None] = (None, None)

    @property
    def moved(self) -> int | None:
        """By how many characters the content's edges moved, taken together."""
        if self.start_moved is None or self.end_moved is None:
            return None
        return abs(self.start_moved) + abs(self.end_moved)


def compare(before: Side | None, after: Side | None) -> Iterator[Event]:
    """The events that lead from one state of a document to the other, in order of the text."""
    if before is None or after is None:
        yield from _whole_document(before, after)
        return
    doc_id = after.document.doc_id
    same_text = before.document.text_sha256 == after.document.text_sha256
    if not same_text:
        yield Event(
            "text revised", doc_id, before=before.document.text_sha256[:12], after=after.document.text_sha256[:12]
        )
    yield from _metadata(before.document, after.document)
    old = {row.attribution_id: row for row in before.attributions}
    new = {row.attribution_id: row for row in after.attributions}
    for row in sorted((old | new).values(), key=row_order):
        yield from _attribution(old.get(row.attribution_id), new.get(row.attribution_id), same_text=same_text)
    if before.set_aside != after.set_aside:
        yield Event("set aside", doc_id, before=str(before.set_aside), after=str(after.set_aside))


def _whole_document(before: Side | None, after: Side | None) -> Iterator[Event]:
    side = after or before
    if side is None:
        return
    name = side.document.title or None
    if after is not None:
        yield Event("document added", side.document.doc_id, after=name)
    else:
        yield Event("document removed", side.document.doc_id, before=name)
    for row in sorted(side.attributions, key=row_order):
        yield from _attribution(row, None, same_text=True) if after is None else _attribution(None, row, same_text=True)


def _metadata(before: DocumentRecord, after: DocumentRecord) -> Iterator[Event]:
    for name in DocumentRecord.model_fields:
        if name not in ("text", "text_sha256", "commit_id") and getattr(before, name) != getattr(after, name):
            yield Event(
                "document details",
                after.doc_id,
                before=f"{name}: {getattr(before, name) or ''}",
                after=f"{name}: {getattr(after, name) or ''}",
            )


def _attribution(
    before: AttributionRecord | None, after: AttributionRecord | None, *, same_text: bool
) -> Iterator[Event]:
    row = after or before
    assert row is not None
    at: dict[str, Any] = {"doc_id": row.doc_id, "attribution_id": row.attribution_id, "rows": (before, after)}
    if before is None or after is None:
        said = f"{row.speaker or '(nobody named)'}: {row.content.text}"
        yield Event("added", after=said, **at) if before is None else Event("removed", before=said, **at)
        return
    yield from _content(before, after, same_text=same_text, at=at)
    for kind, reading in _READINGS:
        old, new = reading(before), reading(after)
        if old != new:
            yield Event(kind, before=old, after=new, **at)
    for kind, names in _FIELDS:
        old, new = _changed(names, before, after)
        if old != new:
            yield Event(kind, before=old, after=new, **at)
    if not same_text:
        return  # offsets of two texts do not compare
    for kind, spans in _SPANS:
        if _words(spans(before)) == _words(spans(after)) and spans(before) != spans(after):
            yield Event(kind, before=_places(spans(before)), after=_places(spans(after)), **at)


def _content(
    before: AttributionRecord, after: AttributionRecord, *, same_text: bool, at: dict[str, Any]
) -> Iterator[Event]:
    old, new = before.content, after.content
    if same_text and (old.start, old.end) != (new.start, new.end):
        edges = new.start - old.start, new.end - old.end
        yield Event("content moved", before=old.text, after=new.text, start_moved=edges[0], end_moved=edges[1], **at)
    elif not same_text and old.text != new.text:
        yield Event("content changed", before=old.text, after=new.text, **at)


def _words(spans: Sequence[SpanRecord]) -> str | None:
    return " | ".join(span.text for span in spans) or None


def _places(spans: Sequence[SpanRecord]) -> str:
    return " | ".join(f"{span.text} ({span.start}-{span.end})" for span in spans)


def _changed(
    names: Sequence[str], before: AttributionRecord, after: AttributionRecord
) -> tuple[str | None, str | None]:
    """Those of the fields that differ, on both sides, as `name: value` for a reader."""
    sides = [row.model_dump(mode="json", include=set(names), exclude_defaults=True) for row in (before, after)]
    differing = [name for name in names if sides[0].get(name) != sides[1].get(name)]
    told = ["; ".join(f"{name}: {_plain(side[name])}" for name in differing if name in side) or None for side in sides]
    return told[0], told[1]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        is_vote = value.keys() == Vote.model_fields.keys()
        return held(Vote(**value)) if is_vote else " ".join(map(_plain, value.values()))
    return str(value)


def held(vote: Vote) -> str:
    """A reading and who held it, for a reader: `boundaries 25-41: ani@example.org, budi@example.org`."""
    return f"{vote.field} {_reading(json.loads(vote.value))}: {', '.join(vote.annotators) or 'nobody'}"


def _reading(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if len(value) == 2 and all(isinstance(edge, int) for edge in value):
        return f"{value[0]}-{value[1]}"
    return " and ".join(map(_reading, value)) or "none"


def characters(number: int) -> str:
    """So many characters."""
    return f"{number} character" + "s" * (number != 1)


_SPANS: Final[tuple[tuple[EventKind, Callable[[AttributionRecord], Sequence[SpanRecord]]], ...]] = (
    ("source", attrgetter("sources")),
    ("cue", attrgetter("cues")),
)
_READINGS: Final[tuple[tuple[EventKind, Callable[[AttributionRecord], str | None]], ...]] = (
    ("type", attrgetter("type")),
    ("source", lambda row: _words(row.sources)),
    ("cue", lambda row: _words(row.cues)),
    ("speaker", attrgetter("speaker")),
    ("status", attrgetter("status")),
)
