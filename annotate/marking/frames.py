"""The words of the telling around an attribution: its sentence without what was told.

`"Stok aman," kata Ratih kepada wartawan di Solo, Senin.` has the frame ` kepada wartawan di Solo, Senin`; the contents,
the source and the cue are cut out of it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from annotate.datamodel import Attribution

REACH: Final = 420  # code points that a sentence of the telling is followed, either way
_STOP: Final = re.compile(r"[.!?](?=[\"”’'»)]*(?:\s+[^\sa-z]|\s*\Z|\n))|\n")
_DAYS: Final = "Senin|Selasa|Rabu|Kamis|Jumat|Jum['’]at|Sabtu|Minggu"
_ASIDE_GOES_ON: Final = re.compile(rf",(?: [A-Z][\w ]{{2,30}},)? (?:{_DAYS})(?: \w+)?(?: ?\([\d/]+\))?(?=,)")
_ABBREVIATED: Final = re.compile(r"(?:\b(?:[A-Z]|Dr|dr|Drs|Dra|Prof|Ir|Hj|Jl|No|St|Mr|Mrs|KH|Tn|Ny|Sdr|vs|a\.n|dll))\Z")


class Piece(NamedTuple):
    """A stretch of the telling; `opens` where it stands before source and cue and may hold much besides."""

    start: int
    end: int
    opens: bool


class Frames:
    """Finds frames in one document; made once, so that a sentence full of contents costs no more than a plain one."""

    def __init__(self, text: str, attributions: Sequence[Attribution]) -> None:
        self.text = text
        self._contents = sorted({(a.content.start, a.content.end) for a in attributions})
        self._starts = [start for start, _ in self._contents]
        self._longest = max((end - start for start, end in self._contents), default=0)
        ends = (m.start() for m in _STOP.finditer(text))
        self._ends = [at for at in ends if not _ABBREVIATED.search(text, max(0, at - 6), at)]

    def pieces(self, attribution: Attribution) -> list[Piece]:
        """The telling's stretches, the surest first; none where neither source nor cue says where the telling is."""
        marks = [*attribution.sources[:1], *attribution.cues[:1]]
        if not marks:
            return []
        first = min(mark.start for mark in marks)
        last = max(mark.end for mark in marks)
        if last - first > REACH:
            return []
        content = attribution.content
        if content.start <= first and last <= content.end:
            return [Piece(last, self._aside_end(last, content.end), False)] if attribution.sources else []
        start, end = self._sentence(first, last, content.start, content.end)
        start, end = self._inside_report(start, end, first, last)
        cut = self._cut(start, end, first, last)
        middle = (min(m.end for m in marks), max(m.start for m in marks))
        between = self._without(*middle, cut) if middle[0] < middle[1] else []
        relative = self.text.endswith("yang ", start, first)
        before = [] if relative else self._without(start, first, cut)
        after = self._without(last, end, cut)
        near = [piece for piece in after if piece[0] < content.start or content.end <= last]
        tail = [piece for piece in after if piece not in near]
        plain = [Piece(a, b, False) for a, b in (*between, *near)]
        if content.end <= first:
            plain = [Piece(a, b, False) for a, b in (*near, *between)]
        return [*plain, *(Piece(a, b, True) for a, b in before), *(Piece(a, b, False) for a, b in tail)]

    def _aside_end(self, at: int, end: int) -> int:
        """Where `, kata dia di Solo, Senin (3/8/2020),` ends in the content that it interrupts."""
        stop = self.text.find(",", at, min(end, at + 90))
        if stop < 0:
            return at
        while following := _ASIDE_GOES_ON.match(self.text, stop, end):
            stop = following.end()
        return stop

    def _inside_report(self, start: int, end: int, first: int, last: int) -> tuple[int, int]:
        """The bounds, no wider than the content of another attribution that this one stands in."""
        i = bisect_right(self._starts, first)
        for a, b in self._contents[max(0, i - 6) : i]:
            if a <= first and last <= b:
                start, end = max(start, a), min(end, b)
        return start, end

    def _sentence(self, first: int, last: int, begin: int, end: int) -> tuple[int, int]:
        """The sentence of the telling around the marks `first` to `last`, with a content `begin` to `end`."""
        start = max(0, first - REACH)
        if end <= first:
            start = max(start, end)
        else:
            before = bisect_left(self._ends, first)
            if before and self._ends[before - 1] >= start:
                start = self._ends[before - 1] + 1
        at = last
        if begin >= last and begin - last < REACH:
            closed = self.text[end - 1 : end] in "\"”’'»" and self.text[end - 2 : end - 1] in ".!?"
            if closed or self.text[end : end + 1] in ".!?\n":
                return start, begin
            at = end
        after = bisect_left(self._ends, at)
        limit = min(len(self.text), at + REACH)
        return start, min([limit, *self._ends[after : after + 1]])

    def _cut(self, start: int, end: int, first: int, last: int) -> list[tuple[int, int]]:
        """Contents in the stretch that do not hold the source and cue themselves."""
        low = bisect_left(self._starts, start - min(self._longest, 4 * REACH))
        high = bisect_right(self._starts, end)
        return [
            (a, b)
            for a, b in self._contents[max(low, high - 40) : high]
            if b > start and not (a <= first and last <= b)
        ]

    def _without(self, start: int, end: int, cut: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The stretch without the contents in it."""
        pieces = []
        at = start
        for a, b in cut:
            if a >= end:
                break
            if a > at:
                pieces.append((at, a))
            at = max(at, b)
        if at < end:
            pieces.append((at, end))
        return pieces
