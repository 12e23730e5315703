"""Where a merged span begins and ends: the edge rule.

A code point belongs to the merged span when more than half of the readings hold it. Where exactly half do, those
labelled without sight of the pre-marks decide; then those drawn or changed by hand (who left a pre-mark as it stood may
not have looked); then the span's kind: the longer reading for sources and for direct quotations, whose marks belong to
them, the shorter for all else.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from annotate.datamodel import Region
from annotate.reconcile.readings import Reading
from annotate.spans import Span, iou


class Edge(NamedTuple):
    """One reader's span: `blind` without sight of the pre-marks, `own` drawn or changed by the reader."""

    start: int
    end: int
    blind: bool = False
    own: bool = False


def strength(region: Region, reading: Reading) -> int:
    """What a reader's word weighs on a tie: blind before changed by hand before left as pre-marked."""
    if not reading.saw_premarks:
        return 5
    return int(region.origin != "prediction")


def edge(region: Region, reading: Reading) -> Edge:
    """A region as its reader drew it."""
    blind = not reading.saw_premarks
    return Edge(region.start, region.end, blind, blind or region.origin != "prediction")


def held_by_most(spans: Sequence[tuple[int, int]]) -> Span | None:
    """The span that more than half hold just so, which is what the edge rule makes of them; None: there is none."""
    for span in spans[: len(spans) // 2 + 1]:  # one of these, if any
        if 2 * spans.count(span) > len(spans):
            return Span._make(span)
    return None


def merged_span(edges: Sequence[Edge], *, longer: bool) -> Span:
    """The span that the edge rule makes of several overlapping ones; `longer` says which way a last tie goes.

    Raises ValueError where there are none.
    """
    most = held_by_most([e[:2] for e in edges])
    if most is not None:
        return most
    cuts = sorted({e.start for e in edges} | {e.end for e in edges})
    inside = [(start, end) for start, end in pairwise(cuts) if _belongs(edges, start, end, longer)]
    if not inside:
        return _middle(edges)
    span = Span(inside[0][0], inside[-1][1])
    return span if any(iou(span, e) >= 0.5 for e in edges) else _middle(edges)


def _belongs(edges: Sequence[Edge], start: int, end: int, longer: bool) -> bool:
    holding = 2 * sum([e.start <= start and end <= e.end for e in edges])
    if holding != len(edges):
        return holding > len(edges)
    for voters in ([e for e in edges if e.blind], [e for e in edges if e.own]):
        holding = 2 * sum([e.start <= start and end <= e.end for e in voters])
        if holding != len(voters):
            return holding > len(voters)
    return longer


def _middle(edges: Sequence[Edge]) -> Span:
    """The reading nearest to all others, for readings that hang together in a chain only."""
    best = max(edges, key=lambda e: (sum(iou(e, other) for other in edges), e.blind, e.own, -e.start, e.end))
    return Span(best.start, best.end)
