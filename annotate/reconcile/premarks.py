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
    partner = pair_up([_known(a) for a in labels], [_known(a) for a in premarks])
    compared = [
        Comparison(None, label, ("added",))
        if i is None
        else Comparison(premarks[i], label, tuple(changes(premarks[i], label)))
        for label, i in zip(labels, partner, strict=True)
    ]
    kept = {i for i in partner if i is not None}
    return compared + [Comparison(mark, None, ("removed",)) for i, mark in enumerate(premarks) if i not in kept]


def changes(premark: Attribution, label: Attribution) -> list[PremarkChange]:
    """What was changed of a pre-mark; `["accepted"]` where nothing was.

    `moved`: an edge of the content, or of a source or cue that is still linked; `relinked`: a link that has no
    counterpart on the other side.
    """
    found: list[PremarkChange] = []
    links = [(premark.sources, label.sources), (premark.cues, label.cues)]
    other = [(a, b) for a, b in links if _all_bounds(a) != _all_bounds(b)]
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


def _bounds(region: Region) -> Span:
    return Span(region.start, region.end)


def _all_bounds(regions: Sequence[Region]) -> set[tuple[int, int]]:
    return {(region.start, region.end) for region in regions}


def _known(what: Attribution) -> Known:
    content = what.content
    drawn = frozenset([(0, content.region_id)] if content.region_id and content.origin != "manual" else ())
    return Known(
        _bounds(content),
        "",
        tuple([_bounds(source) for source in what.sources]),
        tuple([_bounds(cue) for cue in what.cues]),
        drawn,
    )
