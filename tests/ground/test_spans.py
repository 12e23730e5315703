"""Offsets: the measures that alignment and scoring stand on."""

from hypothesis import given
from hypothesis import strategies as st

from annotate.spans import Span, contains, fits, iou, overlap


def spans() -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(0, 50), st.integers(1, 50)).map(lambda p: Span(p[0], p[0] + p[1]))


@given(spans(), spans())
def test_measures_agree_with_sets_of_code_points(a: Span, b: Span) -> None:
    in_a, in_b = set(range(*a)), set(range(*b))
    assert overlap(a, b) == len(in_a & in_b)
    assert iou(a, b) == len(in_a & in_b) / len(in_a | in_b)
    assert contains(a, b) == (in_b <= in_a)
    assert iou(a, b) == iou(b, a)


@given(spans())
def test_a_span_is_itself(a: Span) -> None:
    assert iou(a, a) == 1.0
    assert contains(a, a)


def test_touching_spans_share_nothing() -> None:
    assert overlap(Span(0, 3), Span(3, 6)) == 0
    assert iou(Span(0, 3), Span(3, 6)) == 0.0


def test_fits_counts_code_points() -> None:
    text = "a😀b"
    assert len(text) == 3
    assert fits(Span(1, 3), text)
    assert text[1:2] == "😀"
    assert not fits(Span(1, 4), text)
    assert not fits(Span(2, 2), text)
    assert not fits(Span(-1, 2), text)
