"""The scheme's measure of how well attributions fit gold: whole attributions, links scored both ways.

An attribution is right when its content overlaps a gold one by half (one to one), and each of its sources and cues
overlaps a gold one by half and each gold one is linked. `typed` asks for the type as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from annotate.spans import Span, iou


@dataclass(frozen=True)
class Scored:
    """A content with its links, from a row or from an attribution."""

    type: str
    content: Span
    sources: tuple[Span, ...]
    cues: tuple[Span, ...]
    speaker: str


def scored(what: object) -> Scored:
    """An attribution or a row, as the scorer sees it."""
    kind = what.content.label if hasattr(what.content, "label") else what.type  # type: ignore[attr-defined]
    span = lambda s: Span(s.start, s.end)  # noqa: E731
    return Scored(kind, span(what.content), tuple(map(span, what.sources)), tuple(map(span, what.cues)), what.speaker)  # type: ignore[attr-defined]


@dataclass
class Score:
    """Counts over documents, and the figures that follow."""

    gold: int = 0
    marked: int = 0
    right: int = 0
    typed: int = 0
    exact: int = 0
    named: int = 0

    def add(self, gold: Sequence[Scored], marked: Sequence[Scored]) -> None:
        """One document more."""
        self.gold += len(gold)
        self.marked += len(marked)
        pairs = match(gold, marked)
        for g, m in pairs:
            ok = linked_alike(g.sources, m.sources) and linked_alike(g.cues, m.cues)
            self.right += ok
            self.typed += ok and g.type == m.type
            self.exact += g.content == m.content
            self.named += g.speaker == m.speaker

    def f1(self, hits: int | None = None) -> float:
        """F1 of whole attributions, or of another count."""
        found = self.right if hits is None else hits
        return 2 * found / (self.gold + self.marked) if self.gold + self.marked else 1.0


def match(gold: Sequence[Scored], marked: Sequence[Scored]) -> list[tuple[Scored, Scored]]:
    """As many one-to-one pairs that overlap by half as there are, those that agree most preferred."""

    def worth(i: int, j: int) -> tuple[int, float]:
        g, m = gold[i], marked[j]
        return (
            linked_alike(g.sources, m.sources) + linked_alike(g.cues, m.cues) + (g.type == m.type),
            iou(g.content, m.content),
        )

    edges = {
        i: sorted(
            (j for j, m in enumerate(marked) if iou(g.content, m.content) >= 0.5),
            key=lambda j: worth(i, j),
            reverse=True,
        )
        for i, g in enumerate(gold)
    }
    taken: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j in edges[i]:
            if j not in seen:
                seen.add(j)
                if j not in taken or place(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    for i in sorted((i for i in edges if edges[i]), key=lambda i: worth(i, edges[i][0]), reverse=True):
        place(i, set())
    return [(gold[i], marked[j]) for j, i in taken.items()]


def linked_alike(want: Sequence[Span], have: Sequence[Span]) -> bool:
    """Each wanted span is overlapped by half, and each that is there is wanted."""
    return all(any(iou(w, h) >= 0.5 for h in have) for w in want) and all(
        any(iou(w, h) >= 0.5 for w in want) for h in have
    )
