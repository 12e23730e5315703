"""Texts that many rows share, as Arrow dictionaries: each text once, and its number for each row.

That is how they lie in Parquet files, ours and those of a dataset. To hand the numbers on takes a part of the time that
it takes to copy the texts and to look each up again.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MOST: Final = 1 << 62  # numbers that fit into a cell


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type with texts in the place of dictionaries of them, however deep."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(plain_type(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(plain_type(field.type)) for field in kind])
    return kind


def plain(column: Any) -> Any:
    """The column (an array, chunked or not) with texts in the place of dictionaries of them."""
    kind = plain_type(column.type)
    return column if kind == column.type else column.cast(kind)


def shared(texts: Any) -> Any:
    """An array of texts as a dictionary, if it is not one yet."""
    return texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()


def renamed(numbers: Any, texts: Any) -> Any:
    """A dictionary array out of numbers and the text of each number, several of which may be the same, empty or null.

    The empty text becomes null: neither that nor null stands in the dictionary.
    """
    known = texts.unique()
    if len(known) < len(texts) or known.null_count or pc.index(known, "").as_py() >= 0:
        known = known.filter(pc.fill_null(pc.not_equal(known, ""), False))
        numbers = pc.index_in(texts, value_set=known).take(numbers)
    return pa.DictionaryArray.from_arrays(numbers, known, safe=False)


def combined(columns: Sequence[Any]) -> tuple[Any, list[Any]]:
    """For each row the number of its combination of texts, and of each combination the texts, column by column.

    `columns`: arrays of texts of one length. A null counts as the empty text.
    """
    columns = [shared(column) for column in columns]
    sizes = [len(column.dictionary) + 1 for column in columns]
    codes = [pc.fill_null(column.indices, -1).to_numpy().astype(np.int64) + 1 for column in columns]
    found = pa.array(reduce(lambda keys, one: keys * one[0] + one[1], zip(sizes[1:], codes[1:], strict=True), codes[0]))
    found = found.dictionary_encode()
    keys, texts = found.dictionary.to_numpy(), []
    for column, size in zip(reversed(columns), reversed(sizes), strict=True):
        keys, code = np.divmod(keys, size)
        texts.append(pc.fill_null(column.dictionary.take(pa.array(code - 1, mask=code == 0)), ""))
    return found.indices, texts[::-1]


def joined(lists: Any, texts: Any, separator: str) -> Any:
    """Lists of texts, shaped as `lists`, as one text each; an empty list gives null. A dictionary array.

    `texts` stands in the place of `lists.values`.
    """
    texts = shared(texts)
    starts = lists.offsets.to_numpy()[:-1].astype(np.int64)
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    longest = int(sizes.max(initial=0))
    if longest <= 1:
        if len(sizes) and sizes.all():
            return texts.slice(int(starts[0]), len(sizes))
        return texts.take(pa.array(starts, mask=sizes == 0))
    base = len(texts.dictionary) + 1
    if texts.null_count or base**longest > _MOST:
        return pc.binary_join(pa.ListArray.from_arrays(lists.offsets, plain(texts)), separator).dictionary_encode()
    codes = texts.indices.to_numpy().astype(np.int64) + 1
    keys = np.zeros(len(sizes), np.int64)
    shortest = int(sizes.min())
    for step in range(longest):
        code = codes.take(starts + step, mode="clip")
        keys = keys * base + (code if step < shortest else np.where(sizes > step, code, 0))
    found = pa.array(keys).dictionary_encode()
    digits = found.dictionary.to_numpy()[:, None] // base ** np.arange(longest - 1, -1, -1) % base
    is_there = digits > 0
    words = texts.dictionary.take(pa.array(digits[is_there] - 1))
    offsets = np.concatenate([[0], np.cumsum(is_there.sum(axis=1))]).astype(np.int32)
    return renamed(found.indices, pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), words), separator))
