"""A text with marks laid over it, as a flat run of segments: spans may nest and overlap, HTML elements may not."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from annotate.records import AttributionRecord, SpanRecord

WINDOW: Final = 360  # characters of context on either side
_BOUNDARY: Final = re.compile(r"\n+|(?<=[.!?”\"]) +")


@dataclass(frozen=True)
class Mark:
    """A span to be shown: `kind` is a label of the scheme, `number` that of the attribution it belongs to."""

    start: int
    end: int
    kind: str
    number: int = 0


@dataclass(frozen=True)
class Segment:
    """A stretch of text without any edge of a mark inside it."""

    text: str
    kinds: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    opens: list[Mark] = field(default_factory=list)
    closes: list[Mark] = field(default_factory=list)


def marks_of(record: AttributionRecord, number: int = 0) -> list[Mark]:
    """Content, sources and cues of an attribution."""

    def mark(span: SpanRecord, kind: str) -> Mark:
        return Mark(span.start, span.end, kind, number)

    links = [mark(s, "source") for s in record.sources] + [mark(s, "cue") for s in record.cues]
    return [mark(record.content, record.type), *links]


def segments(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> list[Segment]:
    """The text from `start` to `end` cut at every edge of a mark; marks outside are left out, across are cut off."""
    end = len(text) if end is None else min(end, len(text))
    inside = sorted(
        {
            Mark(max(m.start, start), min(m.end, end), m.kind, m.number)
            for m in marks
            if max(m.start, start) < min(m.end, end)
        },
        key=lambda m: (m.start, -m.end, m.kind, m.number),
    )
    edges = sorted({start, end, *(m.start for m in inside), *(m.end for m in inside)})
    opening: dict[int, list[Mark]] = {}
    closing: dict[int, list[Mark]] = {}
    for mark in inside:
        opening.setdefault(mark.start, []).append(mark)
        closing.setdefault(mark.end, []).append(mark)
    found: list[Segment] = []
    active: list[Mark] = []
    for a, b in pairwise(edges):
        active = [m for m in active if m.end > a] + opening.get(a, [])
        kinds = list(dict.fromkeys(m.kind for m in active))
        numbers = list(dict.fromkeys(m.number for m in active))
        found.append(Segment(text[a:b], kinds, numbers, opening.get(a, []), closing.get(b, [])))
    return found


def around(text: str, spans: Sequence[SpanRecord]) -> tuple[int, int]:
    """Bounds of the sentences around some spans: as much as the window holds, from and to the end of a sentence."""
    first, last = min(s.start for s in spans), max(s.end for s in spans)
    floor, ceiling = max(0, first - WINDOW), min(len(text), last + WINDOW)
    begins = [m.end() for m in _BOUNDARY.finditer(text, floor, first)]
    ends = [m.start() for m in _BOUNDARY.finditer(text, last, ceiling)]
    start = 0 if floor == 0 else begins[0] if begins else floor
    end = len(text) if ceiling == len(text) else ends[-1] if ends else ceiling
    return start, max(end, last)
