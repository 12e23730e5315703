"""Contents without their quotation marks."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from annotate.export.texts import CLOSING_MARK, DOUBLE_MARK, IS_SPACE, OPENING_MARK, SPACE, Texts, are, characters_of

_TWICE: Final = "''|``"  # two characters that stand for one mark
# Either end, whatever it looks like.
_OUTER: Final = tuple(
    pattern.format(twice=_TWICE, marks=characters_of(kind))
    for pattern, kind in (("^(?:{twice}|[{marks}])", OPENING_MARK), ("(?:{twice}|[{marks}])$", CLOSING_MARK))
)


def unquoted(is_direct: Any, words: Any) -> Any:
    """Direct contents without their outer pair of marks; others without double marks, of which they hold some.

    `is_direct`: a NumPy array of truth values; `words`: the contents, an Arrow array of texts, none of them null.
    """
    texts = Texts(words)
    plain, starts, ends = _outer_marks(texts, np.flatnonzero(is_direct))
    others, marks, behind = _double_marks(texts, ~is_direct)
    of = np.concatenate([plain, plain, others])
    found = texts.without(of, np.concatenate([starts[0], ends[0], marks]), np.concatenate([starts[1], ends[1], behind]))
    rare = is_direct.copy()
    rare[plain] = False
    if not rare.any():
        return found
    return pc.replace_with_mask(found, pa.array(rare), _without_outer(words.filter(pa.array(rare))))


def _outer_marks(texts: Texts, at: Any) -> tuple[Any, tuple[Any, Any], tuple[Any, Any]]:
    """Those of the texts (`at`) that have just one mark at each end, as nearly all have; and the stretches to take off,
    white space within the marks included, at their starts and at their ends."""
    start, end = texts.bounds[at], texts.bounds[at + 1]
    at, start, end = (values[start < end] for values in (at, start, end))
    first, size = texts.decoded(start)
    last = texts.character_before(end)
    one_before = texts.character_before(np.maximum(last, 1))
    is_plain = (
        (last > start)
        & are(OPENING_MARK, first)
        & ~are(OPENING_MARK, texts.decoded(start + size)[0])
        & are(CLOSING_MARK, texts.decoded(last)[0])
        & ~are(CLOSING_MARK, texts.decoded(one_before)[0])
    )
    at, start, end, size, last = (values[is_plain] for values in (at, start, end, size, last))
    begin = np.minimum(texts.past(start + size, IS_SPACE), last)
    return at, (start, begin), (np.maximum(texts.back(last, IS_SPACE), begin), end)


def _double_marks(texts: Texts, is_asked: Any) -> tuple[Any, Any, Any]:
    """The double marks in the texts that are asked for: of which text each is, where it begins and where it ends."""
    code, size = texts.decoded(texts.leads)
    is_mark = are(DOUBLE_MARK, code)
    twice = texts.places(lambda block: (block == ord("'")) | (block == ord("`")))
    of_twice = texts.of(twice)
    # Of some that stand together, the first two are a mark, the next two, and so on.
    begins = np.ones(len(twice), bool)
    begins[1:] = (np.diff(twice) > 1) | (np.diff(of_twice) > 0) | (np.diff(texts.data[twice].astype(np.int8)) != 0)
    run = np.cumsum(begins) - 1
    starts = np.flatnonzero(begins)
    sizes = np.diff(np.append(starts, len(twice)))
    twice = twice[np.arange(len(twice)) - starts[run] < (sizes // 2 * 2)[run]]
    short = texts.places(lambda block: block == ord('"'))
    marks = np.concatenate([texts.leads[is_mark], short, twice])
    behind = np.concatenate([(texts.leads + size)[is_mark], short + 1, twice + 1])
    of = texts.of(marks)
    asked = is_asked[of]
    return of[asked], marks[asked], behind[asked]


def _without_outer(words: Any) -> Any:
    words = pc.utf8_trim(words, SPACE)
    for end in _OUTER:
        words = pc.utf8_trim(pc.replace_substring_regex(words, end, ""), SPACE)
    return words
