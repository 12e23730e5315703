"""The sweep, and what stands on it, against what all pairs would say."""

from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.reconcile.coefficients import pairs_that_overlap
from annotate.reconcile.nesting import Placed, parents, text_order
from annotate.reconcile.sweep import overlapping
from annotate.spans import Span, contains, iou

spans = st.lists(st.builds(lambda s, n: Span(s, s + n), st.integers(0, 40), st.integers(1, 20)), max_size=12).map(
    sorted
)


@given(spans)
@settings(max_examples=80)
def test_the_sweep_finds_each_pair_that_overlaps(some: list[Span]) -> None:
    wanted = {(i, j): iou(a, b) for j, b in enumerate(some) for i, a in enumerate(some[:j]) if iou(a, b)}
    assert {(i, j): overlap for i, j, overlap in overlapping(some)} == wanted


@given(spans, spans)
@settings(max_examples=80)
def test_as_many_pairs_as_there_are(one: list[Span], other: list[Span]) -> None:
    assert pairs_that_overlap(one[:6], other[:6]) == _most(one[:6], other[:6])


def _most(one: list[Span], other: list[Span], taken: frozenset[int] = frozenset()) -> int:
    if not one:
        return 0
    free = [j for j, b in enumerate(other) if j not in taken and iou(one[0], b) >= 0.5]
    return max([_most(one[1:], other, taken), *(1 + _most(one[1:], other, taken | {j}) for j in free)])


def test_a_long_chain_of_overlaps_is_no_trouble() -> None:
    one, other = [(i, i + 10) for i in range(3000)], [(i + 3, i + 13) for i in range(2999)]
    assert pairs_that_overlap(one, other) == 2999


@given(spans)
@settings(max_examples=80)
def test_a_parent_is_the_smallest_content_around(some: list[Span]) -> None:
    placed = [Placed(span) for span in some]
    ordered = [placed[i] for i in text_order(placed)]
    for i, (one, holder) in enumerate(zip(ordered, parents(ordered), strict=True)):
        around = [j for j in range(i) if contains(ordered[j].content, one.content)]
        assert holder == (max(around, key=lambda j: (-_length(ordered[j]), j)) if around else None)


def _length(placed: Placed) -> int:
    return placed.content.end - placed.content.start
