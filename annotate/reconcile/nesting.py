"""Reports inside reports: which content lies in which."""

from collections.abc import Sequence
from typing import NamedTuple

from annotate.spans import Span, contains


class Placed(NamedTuple):
    """A content's span and those of its sources and cues."""

    content: Span
    links: tuple[Span, ...] = ()


def text_order(placed: Sequence[Placed]) -> list[int]:
    """Numbers of the contents in text order: by start, what holds before what is held.

    Of two with one span the outer report is the one more of whose sources and cues stand outside the content (`Menteri
    menegaskan, target ini dinilai wajar`: `menegaskan` outer, `dinilai` inner); then the one whose links come first.
    """

    def key(i: int) -> tuple[int, int, int, tuple[Span, ...], int]:
        content, links = placed[i].content, placed[i].links
        return content.start, -content.end, -sum(not contains(content, link) for link in links), tuple(sorted(links)), i

    return sorted(range(len(placed)), key=key)


def parents(ordered: Sequence[Placed]) -> list[int | None]:
    """For each content in text order (`text_order`), the number of the smallest one that holds it, or None."""
    held_by: list[int | None] = []
    around: list[int] = []
    for i, inner in enumerate(ordered):
        around = [j for j in around if ordered[j].content.end > inner.content.start]
        holding = [j for j in around if contains(ordered[j].content, inner.content)]  # not what only crosses it
        holder = min(holding, key=lambda j: (ordered[j].content.end - ordered[j].content.start, -j), default=None)
        held_by.append(holder)
        around.append(i)
    return held_by
