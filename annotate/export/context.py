"""The sentences around a content, for readers of a table who have not the article before them.

A sentence ends at a line end, or at closing punctuation (and the marks that close with it) before a blank and a
capital, a figure or an opening mark. Initials and common short forms (`H.`, `Dr.`, `No.`) do not end one.
"""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from annotate.export.texts import BEGINS, CLOSES, IS_BLANK, IS_SPACE, OPENS, Texts, are

_SHORT: Final = ("Dr", "dr", "No", "Jl", "St")
_MAX: Final = 1000  # code points of a sentence that are shown
_ELLIPSIS: Final = "…".encode()
_ENDS: Final = (*b".!?\n", _ELLIPSIS[-1])  # the last byte of an ellipsis ends other characters, too


def _short_forms() -> Any:
    """Of each two bytes, as one number, how many belong to the initial or short form that they end with."""
    sizes = np.zeros((256, 256), np.uint8)
    sizes[:, ord("A") : ord("Z") + 1] = 1
    for form in _SHORT:
        sizes[tuple(form.encode())] = len(form)
    return sizes.reshape(-1)


_SHORT_FORMS: Final = _short_forms()


def sentences_around(texts: Any, of: Any, starts: Any, ends: Any, scanned: Texts | None = None) -> tuple[Any, Any]:
    """For spans of texts, the sentence before the one that each begins in, and that after the one it ends in.

    `of`: the place of each span's text among `texts`; `starts`, `ends`: its code points (NumPy arrays of integers);
    `scanned`: `Texts(texts)`, where that is there already. Null or empty where there is no such sentence; cut where it
    is very long.
    """
    is_asked = np.bincount(of, minlength=len(texts)) > 0
    if scanned is None or not is_asked.all():
        scanned = Texts(texts.filter(pa.array(is_asked)))
        of = (np.cumsum(is_asked) - 1)[of]
    sentences, first, bounds = _sentences(scanned)
    base = bounds[first[of]]
    before = np.searchsorted(bounds[1:], base + starts, side="right") - 1
    after = np.searchsorted(bounds[1:], base + np.maximum(ends, 1), side="left") + 1  # no text ends before its first
    return (
        _cut(sentences.take(pa.array(2 * before, mask=before < first[of])), -_MAX, None),
        _cut(sentences.take(pa.array(2 * after, mask=after >= first[of + 1])), 0, _MAX),
    )


def _cut(sentences: Any, start: int, stop: int | None) -> Any:
    longest = pc.max(pc.binary_length(sentences)).as_py() or 0
    return pc.utf8_slice_codeunits(sentences, start, stop) if longest > _MAX else sentences


def _sentences(texts: Texts) -> tuple[Any, Any, Any]:
    """All sentences; where each text's begin among them (and the end); and where each of them begins (and the end).

    That is told in code points of all texts in a row, with a gap of one behind each text that tells its end from the
    next. The sentences are trimmed and lie at even places of the array; between them is the white space that was taken
    off. White space before a sentence belongs to the one before.
    """
    bounds = texts.bounds
    cuts, trimmed = _sentence_ends(texts)
    of_texts = np.arange(len(bounds) - 1)
    first = np.searchsorted(cuts, bounds[:-1], side="right")  # of the cuts before which each text begins
    begins = np.insert(cuts, first, bounds[:-1])
    heads = np.insert(cuts, first, np.minimum(texts.past(bounds[:-1], IS_SPACE), bounds[1:]))
    last = np.append(first[1:], len(cuts))  # before which each text ends
    tails = np.maximum(np.insert(trimmed, last, texts.back(bounds[1:], IS_SPACE)), heads)
    pieces = np.empty(2 * len(begins) + 1, np.int32)
    pieces[:-1:2], pieces[1::2], pieces[-1] = heads, tails, bounds[-1]
    # The sentences lie in the texts' own memory.
    sentences = pa.StringArray.from_buffers(2 * len(begins), pa.py_buffer(pieces), pa.py_buffer(texts.data))
    first = np.append(first + of_texts, len(begins))
    gaps = np.append(np.repeat(of_texts, np.diff(first)), len(of_texts))
    return sentences, first, texts.code_points(np.append(begins, bounds[-1])) + gaps


def _sentence_ends(texts: Texts) -> tuple[Any, Any]:
    """Where, in the bytes of texts in a row, a sentence of a text begins behind another one, in order; and where the
    one before it ends, white space taken off.
    """
    data, bounds = texts.data, texts.bounds
    at = texts.places(_may_end)
    others = np.flatnonzero(data[at] >= 0x80)
    at = np.delete(at, others[~texts.end_with(at[others] + 1, _ELLIPSIS)])
    of = np.repeat(np.arange(len(bounds) - 1), np.diff(np.searchsorted(at, bounds)))
    ends_one = data[at] == ord("\n")
    lines, marks = np.flatnonzero(ends_one), np.flatnonzero(~ends_one)
    cuts, trimmed = np.empty_like(at), np.empty_like(at)
    cuts[lines] = np.minimum(texts.past(at[lines] + 1, IS_SPACE), bounds[of[lines] + 1])
    trimmed[lines] = texts.back(at[lines], IS_SPACE)
    trimmed[marks] = closed = texts.past(at[marks] + 1, CLOSES)
    cuts[marks] = begin = texts.past(closed, IS_BLANK)
    behind_blank = np.flatnonzero(begin > closed)
    marks, begin = marks[behind_blank], begin[behind_blank]
    code, size = texts.decoded(begin)
    opened = np.flatnonzero(are(OPENS, code))
    begin[opened] += size[opened]
    code[opened] = texts.decoded(begin[opened])[0]
    ending = np.flatnonzero(are(BEGINS, code))
    marks, begin = marks[ending], begin[ending]
    in_text = begin < bounds[of[marks] + 1]
    ends_one[marks[in_text & ~_are_short_forms(texts, at[marks], bounds[of[marks]])]] = True
    cuts, trimmed = cuts[ends_one], trimmed[ends_one]  # in order: nothing but blanks is between a mark and its cut
    is_new = np.append(True, cuts[1:] != cuts[:-1])[: len(cuts)]  # lines without anything end no sentence
    return cuts[is_new], trimmed[is_new]


def _may_end(data: Any) -> Any:
    """Which bytes may be the last of what ends a sentence."""
    found = data == _ENDS[0]
    for byte in _ENDS[1:]:
        found |= data == byte
    return found


def _are_short_forms(texts: Texts, marks: Any, text_starts: Any) -> Any:
    """Which marks are the full stop of an initial or of a short form that begins a word."""
    data = texts.data
    sizes = _SHORT_FORMS[data[marks - 2].astype(np.intp) << 8 | data[marks - 1]]
    short = (sizes > 0) & (data[marks] == ord(".")) & (marks - sizes >= text_starts)
    # What stands before the form: rarely anything but a blank or an opening mark, so each is looked at once.
    begins = marks - sizes
    behind = np.flatnonzero(short & (begins > text_starts))
    before, _ = texts.decoded(texts.character_before(begins[behind]))
    seen, which = np.unique(before, return_inverse=True)
    in_word = np.array([chr(one).isalnum() or chr(one) == "_" for one in seen.tolist()], bool)
    short[behind] = ~in_word[which]
    return short
