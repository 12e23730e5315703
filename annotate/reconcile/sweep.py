"""Spans that overlap, found in one pass over the text."""

from collections.abc import Sequence

Bounds = tuple[int, int]


def overlapping(spans: Sequence[Bounds]) -> list[tuple[int, int, float]]:
    """All pairs `i < j` of spans that overlap, with intersection over union. `spans` must be sorted by start.

    One sweep: what ended before the next span begins is left behind.
    """
    pairs: list[tuple[int, int, float]] = []
    open_spans: list[int] = []
    reach = 0  # where the last of the open ones ends
    for j, (start, end) in enumerate(spans):
        if reach <= start:
            open_spans = [j]
            reach = end
            continue
        reach = max(reach, end)
        open_spans = [i for i in open_spans if spans[i][1] > start]
        for i in open_spans:
            first, last = spans[i]
            if last >= end:
                pairs.append((i, j, (end - start) / (last - first)))
            else:
                pairs.append((i, j, (last - start) / (end - first)))
        open_spans.append(j)
    return pairs
