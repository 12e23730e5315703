"""Pre-marks against what people made of them: accepted, moved, relabelled, relinked, renamed, removed, added."""

from collections.abc import Sequence
from typing import NamedTuple

from annotate.datamodel import Attribution, Region
from annotate.reconcile.identity import Known, pair_up
from annotate.records import PremarkChange
from annotate.spans import Span, overlap


class Comparison(NamedTuple):
    """A pre-mark and what became of it. No `label`: it was removed; no `premark`: people added it."""

    premark: Attribution | None
    label: Attribution | None
    changes: tuple[PremarkChange, ...]


def compare(premarks: Sequence[Attribution], labels: Sequence[Attribution]) -> list[Comparison]:
    """Each label with its pre-mark (the same region id, else overlap and shared links), in their order; then what was
    removed."""
    partner = _partners(premarks, labels)
    compared = [
        Comparison(None, label, ("added",))
        if i is None
        else Comparison(premarks[i], label, tuple(changes(premarks[i], label)))
        for label, i in zip(labels, partner, strict=True)
    ]
    kept = {i for i in partner if i is not None}
    return compared + [Comparison(mark, None, ("removed",)) for i, mark in enumerate(premarks) if i not in kept]


def _partners(premarks: Sequence[Attribution], labels: Sequence[Attribution]) -> list[int | None]:
    """For each label the number of its pre-mark. Nothing speaks more for a pair than that all of it is as it was."""
    here, there = [_known(a) for a in labels], [_known(a) for a in premarks]
    for side in (here, there):
        drawn = [what.drawn for what in side if what.drawn]
        if len(drawn) > len(set(drawn)):  # which of two regions of one id is meant is not told by it
            return pair_up(here, there)
    as_it_was = {what: j for j, what in enumerate(there) if what.drawn and what.sources and what.cues}
    partner = [as_it_was.get(what) for what in here]
    rest = [i for i, j in enumerate(partner) if j is None]
    left = sorted({*range(len(there))}.difference(partner))
    for i, at in zip(rest, pair_up([here[i] for i in rest], [there[j] for j in left]), strict=True):
        partner[i] = None if at is None else left[at]
    return partner


def changes(premark: Attribution, label: Attribution) -> list[PremarkChange]:
    """What was changed of a pre-mark; `["accepted"]` where nothing was.

    `moved`: an edge of the content, or of a source or cue that is still linked; `relinked`: a link that has no
    counterpart on the other side.
    """
    found: list[PremarkChange] = []
    links = [(premark.sources, label.sources), (premark.cues, label.cues)]
    other = [(a, b) for a, b in links if _bounds_of(a) != _bounds_of(b)]
    relinked = any(_unmatched(a, b) or _unmatched(b, a) for a, b in other)
    before, after = premark.content, label.content
    moved = (before.start, before.end) != (after.start, after.end) or (bool(other) and not relinked)
    if moved:
        found.append("moved")
    if premark.content.label != label.content.label:
        found.append("relabelled")
    if relinked:
        found.append("relinked")
    if premark.speaker != label.speaker:
        found.append("renamed")
    return found or ["accepted"]


def _unmatched(some: Sequence[Region], others: Sequence[Region]) -> bool:
    return any(not any(overlap(region, other) for other in others) for region in some)


def _bounds_of(regions: Sequence[Region]) -> tuple[Span, ...]:
    """Spans ascending, equal ones once."""
    if len(regions) == 1:
        return (Span(regions[0].start, regions[0].end),)
    return tuple(sorted({Span(region.start, region.end) for region in regions}))


def _known(what: Attribution) -> Known:
    content = what.content
    drawn = frozenset([(0, content.region_id)] if content.region_id and content.origin != "manual" else ())
    return Known(
        Span(content.start, content.end),
        "",
        _bounds_of(what.sources),
        _bounds_of(what.cues),
        drawn,
    )
