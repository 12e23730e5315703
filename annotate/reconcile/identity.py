"""Ids of attributions: minted once from what is labelled, carried on from version to version by alignment.

An id follows its attribution when the content's edges move, when links or speaker change, and when the same region of
Label Studio was dragged elsewhere. Splits and merges: where one old attribution could be several new ones, or several
old ones one new one, the best pair keeps the id (shared regions first, then overlap and shared links, then offset); the
other new ones get ids of their own, and the other old ids end.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

from annotate.reconcile.sweep import overlapping
from annotate.records import AttributionRecord
from annotate.spans import Span

SAME_REGION = 0.5  # what a shared region of Label Studio adds, where 1.0 is a perfect overlap
SHARED_LINK = 0.25
LEAST = 0.5
LEAST_OVERLAP = 0.1

RegionKey = tuple[int, str]


class Known(NamedTuple):
    """What an id is recognised by: spans, the words of the content, and the regions that the content was drawn as."""

    content: Span
    words: str
    sources: tuple[Span, ...]
    cues: tuple[Span, ...]
    drawn: frozenset[RegionKey]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An id that was given before, and what it is recognised by. `same_text`: on the text as it is now."""

    attribution_id: str
    known: Known
    same_text: bool


def earlier(record: AttributionRecord, text_sha256: str) -> Earlier:
    """A row of an earlier version. Of the regions of one annotation the first is the content's."""
    return Earlier(
        record.attribution_id,
        Known(
            Span(record.content.start, record.content.end),
            record.content.text,
            tuple(Span(s.start, s.end) for s in record.sources),
            tuple(Span(s.start, s.end) for s in record.cues),
            content_regions((ref.annotation_id, ref.region_id) for ref in record.regions),
        ),
        record.text_sha256 == text_sha256,
    )


def content_regions(regions: Iterable[RegionKey]) -> frozenset[RegionKey]:
    """The regions of contents: the first of each annotation, as rows are written."""
    first: dict[int, str] = {}
    for annotation_id, region_id in regions:
        first.setdefault(annotation_id, region_id)
    return frozenset(first.items())


def carry_ids(new: Sequence[Known], previous: Sequence[Earlier], *, doc_id: str, text_sha256: str) -> list[str]:
    """An id for each new attribution: that of the earlier one which it continues, else a minted one.

    Earlier ones on another text are continued where the content's words are the same, n-th by n-th.
    """
    ids: list[str | None] = [None] * len(new)
    if previous:
        rows = sorted(previous, key=lambda row: (row.known.content, row.attribution_id))
        here = [row for row in rows if row.same_text]
        for i, j in enumerate(pair_up(new, [row.known for row in here])):
            ids[i] = None if j is None else here[j].attribution_id
        _carry_by_words(ids, new, [row for row in rows if not row.same_text])
    taken = {row.attribution_id for row in previous}
    minted = []
    for what, old in zip(new, ids, strict=True):
        minted.append(old if old is not None else mint(what, doc_id, text_sha256, taken))
        taken.add(minted[-1])
    return minted


def pair_up(new: Sequence[Known], old: Sequence[Known]) -> list[int | None]:
    """For each new one the old one that it continues, or None: best pairs first, one to one, ties by offset."""
    partner: list[int | None] = [None] * len(new)
    given: set[int] = set()
    for _, i, j in sorted((-score, i, j) for (i, j), score in _scores(new, old).items() if score >= LEAST):
        if partner[i] is None and j not in given:
            partner[i] = j
            given.add(j)
    return partner


def _scores(new: Sequence[Known], old: Sequence[Known]) -> dict[tuple[int, int], float]:
    """(new, old) -> how much speaks for both being one attribution."""
    spans = sorted([(*n.content, 0, i) for i, n in enumerate(new)] + [(*o.content, 1, j) for j, o in enumerate(old)])
    scores: dict[tuple[int, int], float] = {}
    for a, b, overlap in overlapping([(start, end) for start, end, _, _ in spans]):
        (_, _, side, i), (_, _, other, j) = spans[a], spans[b]
        if side != other and overlap >= LEAST_OVERLAP:
            i, j = (i, j) if side == 0 else (j, i)
            shared = _share(new[i].sources, old[j].sources) + _share(new[i].cues, old[j].cues)
            scores[i, j] = overlap + SHARED_LINK * shared
    drawn: dict[RegionKey, list[int]] = {}
    for j, o in enumerate(old):
        for region in o.drawn:
            drawn.setdefault(region, []).append(j)
    for i, n in enumerate(new):
        for j in sorted({j for region in n.drawn for j in drawn.get(region, ())}):
            scores[i, j] = scores.get((i, j), 0.0) + SAME_REGION * len(n.drawn & old[j].drawn)
    return scores


def _share(some: tuple[Span, ...], others: tuple[Span, ...]) -> bool:
    return bool(some) if some == others else not set(some).isdisjoint(others)


def _carry_by_words(ids: list[str | None], new: Sequence[Known], rows: Sequence[Earlier]) -> None:
    waiting: dict[str, list[str]] = {}
    for row in reversed(rows):
        waiting.setdefault(row.known.words, []).append(row.attribution_id)
    for i, what in enumerate(new):
        if ids[i] is None and waiting.get(what.words):
            ids[i] = waiting[what.words].pop()


def mint(what: Known, doc_id: str, text_sha256: str, taken: set[str]) -> str:
    """A new id, the same from the same labels: a repeated run mints the same. Starts with letters, so that no
    spreadsheet takes it for a number."""
    ordinal = 0
    while True:
        # The JSON of a list, written by hand: `json` makes a new encoder for every list.
        links = ", ".join([f"[{', '.join([_span(s) for s in spans])}]" for spans in (what.sources, what.cues)])
        names = f"{encode_basestring_ascii(doc_id)}, {encode_basestring_ascii(text_sha256)}"
        seed = f"[{names}, {_span(what.content)}, {links}, {ordinal}]"
        minted = "at-" + hashlib.sha256(seed.encode()).hexdigest()[:16]
        if minted not in taken:
            return minted
        ordinal += 1


def _span(span: Span) -> str:
    return f"[{span.start}, {span.end}]"
