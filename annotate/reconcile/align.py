"""Which attributions of several readers mean the same one.

Regions first: the sources of all readers become clusters of the same words, and so do the cues. Then contents: two of
different readers may mean the same when they overlap; what they are linked to speaks for it or against it. Pairs are
joined best first, with at most one content of each reader in a group. Everything is put in an order that depends on
the labels alone before it is numbered, so that the order in which readers come does not matter. Pairs come from one
sweep over the text, so that the work grows with the overlaps that there are, not with all pairs that there could be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from annotate.datamodel import Attribution, Region
from annotate.reconcile.readings import Reading
from annotate.reconcile.rules import MergeRules
from annotate.reconcile.sweep import Bounds, overlapping

LINK_WEIGHT = 0.25  # what one role's links (sources, or cues) add or take, where 1.0 is a perfect overlap
TYPE_WEIGHT = 0.05
SPEAKER_WEIGHT = 0.2  # both name the same speaker
PREMARK_WEIGHT = 0.25  # both regions began as one pre-mark: Label Studio keeps the region id
NEUTRAL = 0.5  # both link nothing: weaker evidence than linking the same


@dataclass(slots=True)
class Cluster:
    """The same source, or the same cue, as several readers drew it: reader's number -> region."""

    held: dict[int, Region] = field(default_factory=dict)


class Said(NamedTuple):
    """What a reading says, apart from who drew it how: equal ones are the same reading."""

    type: str
    boundaries: Bounds
    source: tuple[Bounds, ...]
    cue: tuple[Bounds, ...]
    speaker: str

    @classmethod
    def of(cls, what: Attribution) -> "Said":
        """Spans of links ascending, equal ones once."""
        content = what.content
        return cls(content.label, (content.start, content.end), _bounds(what.sources), _bounds(what.cues), what.speaker)


def _bounds(regions: tuple[Region, ...]) -> tuple[Bounds, ...]:
    if len(regions) == 1:
        return ((regions[0].start, regions[0].end),)
    return tuple(sorted({(r.start, r.end) for r in regions}))


@dataclass(slots=True)
class Mark:
    """A content as one reader has it. `sources` and `cues` are numbers of clusters, ascending."""

    reader: int
    attribution: Attribution
    said: Said
    start: int
    end: int
    sources: tuple[int, ...]
    cues: tuple[int, ...]


@dataclass(slots=True)
class Alignment:
    """Groups of contents that mean the same (reader's number -> mark), in text order, and the clusters they link to."""

    groups: list[dict[int, Mark]]
    sources: list[Cluster]
    cues: list[Cluster]


def align(readings: Sequence[Reading], rules: MergeRules) -> Alignment:
    """Groups the attributions of several readings of one document; readers are numbered as they stand in the list."""
    source_of, sources = _clusters(readings, "source", rules)
    cue_of, cues = _clusters(readings, "cue", rules)
    marks = []
    known: dict[int, tuple[Said, tuple[int, ...], tuple[int, ...]]] = {}  # by identity: readers may share what is alike
    for number, reading in enumerate(readings):
        for what in reading.attributions:
            if id(what) not in known:
                said = Said.of(what)
                known[id(what)] = said, _links(said.source, source_of), _links(said.cue, cue_of)
            said, sources_of_it, cues_of_it = known[id(what)]
            marks.append(Mark(number, what, said, *said.boundaries, sources_of_it, cues_of_it))
    marks.sort(key=_mark_order)
    joined = _join([1 << mark.reader for mark in marks], _content_pairs(marks, rules))
    groups: dict[int, dict[int, Mark]] = {}
    for mark, group in zip(marks, joined, strict=True):
        groups.setdefault(group, {})[mark.reader] = mark
    return Alignment(list(groups.values()), sources, cues)


def _links(spans: tuple[Bounds, ...], cluster_of: dict[Bounds, int]) -> tuple[int, ...]:
    if len(spans) < 2:
        return tuple([cluster_of[span] for span in spans])
    return tuple(sorted({cluster_of[span] for span in spans}))


def _mark_order(mark: Mark) -> tuple[int, int, str, tuple[int, ...], tuple[int, ...], str, int]:
    return mark.start, mark.end, mark.said.type, mark.sources, mark.cues, mark.said.speaker, mark.reader


def _clusters(readings: Sequence[Reading], role: str, rules: MergeRules) -> tuple[dict[Bounds, int], list[Cluster]]:
    """Clusters of one role's regions. Equal spans are one region; unequal ones of different readers may be the same."""
    held: dict[Bounds, dict[int, Region]] = {}
    for number, reading in enumerate(readings):
        for attribution in reading.attributions:
            for region in attribution.sources if role == "source" else attribution.cues:
                span = region.start, region.end
                if span in held:
                    held[span][number] = region
                else:
                    held[span] = {number: region}
        for region in reading.loose:
            if region.label == role:
                held.setdefault((region.start, region.end), {}).setdefault(number, region)
    spans = sorted(held)
    owners = [sum([1 << number for number in held[span]]) for span in spans]
    pairs = [
        (-overlap, i, j)
        for i, j, overlap in overlapping(spans)
        if overlap >= rules.min_link and not owners[i] & owners[j]
    ]
    cluster_of: dict[Bounds, int] = {}
    numbers: dict[int, int] = {}
    clusters: list[Cluster] = []
    for span, root in zip(spans, _join(owners, pairs), strict=True):
        number = numbers.setdefault(root, len(clusters))
        if number == len(clusters):
            clusters.append(Cluster())
        clusters[number].held.update(held[span])
        cluster_of[span] = number
    return cluster_of, clusters


def _content_pairs(marks: Sequence[Mark], rules: MergeRules) -> list[tuple[float, int, int]]:
    pairs = []
    for i, j, overlap in overlapping([(mark.start, mark.end) for mark in marks]):
        if overlap < rules.min_overlap or marks[i].reader == marks[j].reader:
            continue
        score = evidence(marks[i], marks[j], overlap)
        if score >= rules.min_evidence:
            pairs.append((-score, i, j))
    return pairs


def evidence(a: Mark, b: Mark, overlap: float) -> float:
    """How much speaks for two contents being one attribution: overlap, and what links, speaker, type and id add."""
    score = overlap + LINK_WEIGHT * (_in_common(a.sources, b.sources) + _in_common(a.cues, b.cues))
    one, other = a.attribution.content, b.attribution.content
    if one.label == other.label:
        score += TYPE_WEIGHT
    if a.said.speaker and a.said.speaker == b.said.speaker:
        score += SPEAKER_WEIGHT
    if one.region_id is not None and one.region_id == other.region_id:
        score += PREMARK_WEIGHT
    return score


def _in_common(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """1.0 where both link something in common, -1.0 where both link and share nothing, 0.0 where one links nothing."""
    if a == b:
        return 1.0 if a else NEUTRAL
    if not a or not b:
        return 0.0
    return 1.0 if set(a) & set(b) else -1.0


def _join(owners: Sequence[int], pairs: list[tuple[float, int, int]]) -> list[int]:
    """Joins best pairs first, never two of one owner; returns for each item the lowest item of its group.

    `owners` are bit sets of readers; `pairs` hold (minus score, item, item), items being numbered by offset, so that
    a tie goes to the earlier offset.
    """
    root = list(range(len(owners)))
    if not pairs:
        return root
    held = list(owners)
    for _, i, j in sorted(pairs):
        a, b = _root(root, i), _root(root, j)
        if a != b and not held[a] & held[b]:
            a, b = (a, b) if a < b else (b, a)
            root[b] = a
            held[a] |= held[b]
    return [_root(root, i) for i in range(len(owners))]


def _root(root: list[int], i: int) -> int:
    while root[i] != i:
        root[i] = i = root[root[i]]
    return i
