"""Texts that many rows share go as dictionaries; here is the same, text by text."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.export.shared import combined, joined, plain, renamed, shared

text = st.sampled_from(["", "a", "b", "a | b", "é", "c" * 9])
texts = st.lists(text | st.none(), max_size=30)


def lists_of(lists, *, dictionaries):
    """The lists with others before and behind them, of which nothing may be seen."""
    array = pa.array([["x", "y"], *lists, ["z"]], pa.list_(pa.string()))
    if dictionaries:
        values = array.values.dictionary_encode()
        array = pa.ListArray.from_arrays(array.offsets, values, mask=array.is_null())
    return array.slice(1, len(lists))


@settings(max_examples=200)
@given(st.lists(st.none() | st.lists(text, max_size=4), max_size=20), st.booleans())
def test_lists_are_joined(lists, dictionaries):
    array = lists_of(lists, dictionaries=dictionaries)
    found = joined(array, array.values, " | ")
    assert pa.types.is_dictionary(found.type)
    assert [one or "" for one in found.to_pylist()] == [" | ".join(one or []) for one in lists]


def test_long_lists_of_many_texts_are_joined():
    lists = [[f"orang {n + m}" for m in range(30)] for n in range(50)]
    array = lists_of(lists, dictionaries=True)
    assert joined(array, array.values, ", ").to_pylist() == [", ".join(one) for one in lists]


@settings(max_examples=200)
@given(st.lists(st.tuples(text | st.none(), text | st.none(), text), min_size=1, max_size=20))
def test_each_combination_has_a_number(rows):
    numbers, columns = combined([pa.array(column, pa.string()) for column in zip(*rows, strict=True)])
    known = list(zip(*(column.to_pylist() for column in columns), strict=True))
    assert [known[n] for n in numbers.to_pylist()] == [tuple(one or "" for one in row) for row in rows]


@settings(max_examples=200)
@given(texts)
def test_a_dictionary_holds_each_text_once_and_neither_nothing_nor_null(values):
    numbers = pa.array(range(len(values)), pa.int32())
    found = renamed(numbers, pa.array(values, pa.string()))
    assert found.to_pylist() == [one or None for one in values]
    assert sorted(found.dictionary.to_pylist()) == sorted({one for one in values if one})
    assert plain(shared(pa.array(values, pa.string()))).to_pylist() == values
