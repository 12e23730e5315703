"""Offsets: the one rule that every other module stands on.

An offset counts Unicode code points of `Document.text`, as Python's `str` does; a span is half-open, so that
`text[start:end]` is its words. The text is never rewritten after it was read, and so an offset never shifts.
"""

from typing import NamedTuple, Protocol


class HasBounds(Protocol):
    """Anything with a start and an end: a `Span`, a `Region`, a record's span."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Span(NamedTuple):
    """A half-open stretch of code points, `start <= i < end`."""

    start: int
    end: int


def overlap(a: HasBounds, b: HasBounds) -> int:
    """How many code points both spans hold; 0 when they only touch."""
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def iou(a: HasBounds, b: HasBounds) -> float:
    """Intersection over union, 0.0 to 1.0 (the Jaccard index of the two sets of code points)."""
    shared = overlap(a, b)
    return shared / (max(a.end, b.end) - min(a.start, b.start)) if shared else 0.0


def contains(outer: HasBounds, inner: HasBounds) -> bool:
    """Whether `inner` lies wholly in `outer`; a span contains itself."""
    return outer.start <= inner.start and inner.end <= outer.end


def fits(span: HasBounds, text: str) -> bool:
    """Whether the span is not empty and lies inside the text."""
    return 0 <= span.start < span.end <= len(text)
