"""The edge rule's short ways give what the long ones give."""

from hypothesis import given
from hypothesis import strategies as st

from annotate.datamodel import Attribution, Region
from annotate.reconcile.edges import Edge, held_by_most, merged_span
from annotate.reconcile.identity import pair_up
from annotate.reconcile.premarks import _known, compare

SPANS = st.tuples(st.integers(0, 6), st.integers(1, 4)).map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))


@given(st.lists(SPANS, min_size=1, max_size=5), st.booleans())
def test_a_span_that_most_hold_is_just_what_most_hold_of_each_code_point(spans, longer):
    most = held_by_most(spans)
    points = [i for i in range(12) if 2 * sum(start <= i < end for start, end in spans) > len(spans)]
    if most is None:
        assert all(2 * spans.count(span) <= len(spans) for span in spans)
    else:
        assert [*range(*most)] == points
        assert merged_span([Edge(*span) for span in spans], longer=longer) == most


def drawn(label, role, ids):
    return st.builds(
        lambda bounds, region_id, origin: Region(label, *bounds, region_id=region_id, origin=origin),
        SPANS,
        st.sampled_from(ids) if role == "content" else st.none(),
        st.sampled_from(["prediction", "prediction-changed", "manual"]),
    )


def attributions(ids):
    return st.lists(
        st.builds(
            Attribution,
            drawn("direct", "content", ids),
            st.lists(drawn("source", "link", ids), max_size=2).map(tuple),
            st.lists(drawn("cue", "link", ids), max_size=1).map(tuple),
        ),
        max_size=4,
    )


@given(attributions("abcd"), attributions(["a", "b", None]), st.data())
def test_what_was_left_alone_is_paired_as_all_else_is(premarks, others, data):
    left = data.draw(st.permutations(premarks)) if premarks else []
    labels = [*left[: data.draw(st.integers(0, 3))], *others]
    partner = pair_up([_known(one) for one in labels], [_known(one) for one in premarks])
    found = [comparison.premark for comparison in compare(premarks, labels)[: len(labels)]]
    assert list(map(id, found)) == [id(None if j is None else premarks[j]) for j in partner]
