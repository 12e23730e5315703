"""The sentences around a content, for readers of a table who have not the article before them; and words, counted.

Worked out for thousands of articles at once, on the bytes of their UTF-8: a million rows ask for two sentences each.
Characters are looked at only where punctuation or a line end stands.

A sentence ends at a line end, or at closing punctuation (and the marks that close with it) before a blank and a
capital, a figure or an opening mark. Initials and common short forms (`H.`, `Dr.`, `No.`) do not end one.
"""

from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# White space as Python has it: what Unicode says, and the control characters that separate.
SPACE: Final = "".join(chr(c) for c in range(0x3001) if chr(c).isspace())
_CLOSING: Final = "\"”’'»)]"
_OPENING: Final = "\"“‘'«(["
_SHORT: Final = ("Dr", "dr", "No", "Jl", "St")
_MAX: Final = 1000  # code points of a sentence that are shown
_BLOCK: Final = 1 << 17  # bytes that are looked at at a time, so that what is found stays in the core's cache

# What a character may be, as bits; characters from _OTHERS on are nothing of that.
_IS_SPACE, _IS_BLANK, _CLOSES, _OPENS, _BEGINS = 1, 2, 4, 8, 16
_OTHERS: Final = 0x3001


def _kinds() -> Any:
    kinds = np.zeros(_OTHERS + 1, np.uint8)
    for characters, kind in (
        (SPACE, _IS_SPACE),
        (SPACE.replace("\n", ""), _IS_BLANK),
        (_CLOSING, _CLOSES),
        (_OPENING, _OPENS),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", _BEGINS),
    ):
        kinds[[ord(character) for character in characters]] |= kind
    return kinds


def _bytes_of(kind: int, place: int) -> Any:
    """Which bytes stand at a place (0 or -1) of the UTF-8 of characters of a kind."""
    found = np.zeros(256, bool)
    found[[chr(code).encode()[place] for code in np.flatnonzero(_KINDS & kind).tolist()]] = True
    return found


_KINDS: Final = _kinds()
_FIRST_OF: Final = {kind: _bytes_of(kind, 0) for kind in (_IS_SPACE, _IS_BLANK, _CLOSES)}
_LAST_OF: Final = {_IS_SPACE: _bytes_of(_IS_SPACE, -1)}
_ELLIPSIS: Final = "…".encode()
# The last byte of all that may end a sentence; that of the ellipsis ends other characters, too.
_LAST_BYTES: Final = np.isin(np.arange(256), [*b".!?\n", _ELLIPSIS[-1]])
_ENDS_SHORT: Final = np.isin(np.arange(256), [*b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *(ord(form[-1]) for form in _SHORT)])


def sentences_around(texts: Any, of: Any, starts: Any, ends: Any) -> tuple[Any, Any]:
    """For spans of texts, the sentence before the one that each begins in, and that after the one it ends in.

    `of`: the place of each span's text among `texts`; `starts`, `ends`: its code points (NumPy arrays of integers).
    Null or empty where there is no such sentence; cut where it is very long.
    """
    is_asked = np.bincount(of, minlength=len(texts)) > 0
    if not is_asked.all():
        texts = texts.filter(pa.array(is_asked))
        of = (np.cumsum(is_asked) - 1)[of]
    sentences, first, lengths = _sentences(texts)
    # Bounds of all sentences of all texts in a row. A gap of one behind each text tells its end from the next.
    lengths[first[1:] - 1] += 1
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    base = bounds[first[of]]
    before = np.searchsorted(bounds[1:], base + starts, side="right") - 1
    after = np.searchsorted(bounds[1:], base + np.maximum(ends, 1), side="left") + 1  # no text ends before its first
    return (
        _cut(sentences.take(pa.array(2 * before, mask=before < first[of])), -_MAX, None),
        _cut(sentences.take(pa.array(2 * after, mask=after >= first[of + 1])), 0, _MAX),
    )


def word_counts(texts: Any) -> Any:
    """How many words each text of an array has, as `str.split` finds them."""
    bounds, data = _memory(texts)
    cuts = np.unique(np.append(np.searchsorted(bounds, np.arange(0, bounds[-1], _BLOCK)), [0, len(texts)]))
    counts: list[int] = []
    for start, stop in pairwise(cuts.tolist()):
        counts += _word_counts(data[bounds[start] : bounds[stop]], bounds[start : stop + 1] - bounds[start])
    return pa.array(counts, pa.int64())


def _word_counts(data: Any, bounds: Any) -> list[int]:
    """The same for some of the texts."""
    if not len(data):
        return [0] * (len(bounds) - 1)
    inside = data > ord(" ")
    leads = np.flatnonzero(data >= 0xC0)
    # White space has two bytes or three there. That it ends otherwise is seen without decoding.
    ends = np.minimum(leads + 1 + (data[leads] >= 0xE0), len(data) - 1)
    _correct(inside, data, leads[_LAST_OF[_IS_SPACE][data[ends]]], is_inside=False)
    low = data < ord(" ")
    if np.count_nonzero(low) > np.count_nonzero(data == ord("\n")):
        _correct(inside, data, np.flatnonzero(low), is_inside=True)
    begins = inside.copy()
    np.greater(inside[1:], inside[:-1], out=begins[1:])
    first = bounds[:-1][bounds[:-1] < bounds[1:]]
    begins[first] = inside[first]
    return [np.count_nonzero(begins[a:b]) for a, b in pairwise(bounds.tolist())]


def _correct(inside: Any, data: Any, at: Any, *, is_inside: bool) -> None:
    """Sets `inside` for the characters at these places that are no white space; or unsets it for those that are."""
    code, size = _decoded(data, at)
    found = _are(_IS_SPACE, code) != is_inside
    for begin, length in zip(at[found].tolist(), size[found].tolist(), strict=True):
        inside[begin : begin + length] = is_inside


def _cut(sentences: Any, start: int, stop: int | None) -> Any:
    longest = pc.max(pc.binary_length(sentences)).as_py() or 0
    return pc.utf8_slice_codeunits(sentences, start, stop) if longest > _MAX else sentences


def _memory(texts: Any) -> tuple[Any, Any]:
    """Where each text of an array begins in the bytes (and the end of the last); and the bytes, never none."""
    if not len(texts):
        return np.zeros(1, np.int64), np.zeros(1, np.uint8)
    bounds = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1].astype(np.int64)
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[bounds[0] : bounds[-1]]
    return bounds - bounds[0], data if len(data) else np.zeros(1, np.uint8)


def _sentences(texts: Any) -> tuple[Any, Any, Any]:
    """All sentences; where each text's begin among them (and the end); code points of each, with white space around.

    The sentences are trimmed and lie at even places of the array; between them is the white space that was taken off.
    White space before a sentence belongs to the one before.
    """
    bounds, data = _memory(texts)
    cuts, trimmed = _sentence_ends(data, bounds)
    of_texts = np.arange(len(texts))
    first = np.searchsorted(cuts, bounds[:-1], side="right")  # of the cuts before which each text begins
    begins = np.insert(cuts, first, bounds[:-1])
    heads = np.insert(cuts, first, np.minimum(_past(data, bounds[:-1], _IS_SPACE), bounds[1:]))
    last = np.append(first[1:], len(cuts))  # before which each text ends
    tails = np.maximum(np.insert(trimmed, last, _back(data, bounds[1:], _IS_SPACE)), heads)
    # The sentences lie in the texts' own memory.
    memory = pa.py_buffer(data)
    whole = np.append(begins, bounds[-1]).astype(np.int32)
    lengths = pc.utf8_length(pa.StringArray.from_buffers(len(begins), pa.py_buffer(whole), memory))
    pieces = np.append(np.stack([heads, tails], 1).reshape(-1), bounds[-1]).astype(np.int32)
    sentences = pa.StringArray.from_buffers(2 * len(begins), pa.py_buffer(pieces), memory)
    return sentences, np.append(first + of_texts, len(begins)), lengths.to_numpy().astype(np.int64)


def _sentence_ends(data: Any, bounds: Any) -> tuple[Any, Any]:
    """Where, in the bytes of texts in a row, a sentence of a text begins behind another one, in order; and where the
    one before it ends, white space taken off.
    """
    at = _ends_in(data)
    others = np.flatnonzero(data[at] >= 0x80)
    at = np.delete(at, others[~_ends_with(data, at[others] + 1, _ELLIPSIS)])
    is_line_end = data[at] == ord("\n")
    lines, marks = at[is_line_end], at[~is_line_end]
    line_cuts = np.minimum(_past(data, lines + 1, _IS_SPACE), bounds[np.searchsorted(bounds, lines, side="right")])
    closed = _past(data, marks + 1, _CLOSES)
    cuts = _past(data, closed, _IS_BLANK)
    may = np.flatnonzero(cuts > closed)
    marks, closed, cuts = marks[may], closed[may], cuts[may]
    begin = cuts.copy()
    code, size = _decoded(data, cuts)
    opened = np.flatnonzero(_are(_OPENS, code))
    begin[opened] += size[opened]
    code[opened] = _decoded(data, begin[opened])[0]
    ending = np.flatnonzero(_are(_BEGINS, code))
    of = np.searchsorted(bounds, marks[ending], side="right") - 1
    ending = ending[(begin[ending] < bounds[of + 1]) & ~_are_short_forms(data, marks[ending], bounds[of])]
    cuts, one_of_each = np.unique(np.concatenate([line_cuts, cuts[ending]]), return_index=True)
    return cuts, np.concatenate([_back(data, lines, _IS_SPACE), closed[ending]])[one_of_each]


def _ends_in(data: Any) -> Any:
    """Where a byte stands that may be the last of what ends a sentence."""
    found = []
    for start in range(0, len(data), _BLOCK):
        block = data[start : start + _BLOCK]
        # All of them are below the letters or the last byte of an ellipsis: to compare is faster than to look up.
        at = np.flatnonzero(((block < ord("@")) & (block != ord(" "))) | (block == _ELLIPSIS[-1]))
        found.append(at[_LAST_BYTES[block[at]]] + start)
    return np.concatenate(found)


def _are_short_forms(data: Any, marks: Any, text_starts: Any) -> Any:
    """Which marks are the full stop of an initial or of a short form that begins a word."""
    size = len(marks)
    may = np.flatnonzero((data[marks] == ord(".")) & (marks > text_starts) & _ENDS_SHORT[data[marks - 1]])
    marks, text_starts = marks[may], text_starts[may]
    sizes = np.where((data[marks - 1] >= ord("A")) & (data[marks - 1] <= ord("Z")), 1, 0)
    for form in _SHORT:
        sizes = np.where(_ends_with(data, marks, form.encode()), len(form), sizes)
    begins = marks - sizes
    short = (sizes > 0) & (begins >= text_starts)
    # What stands before the form: rarely anything but a blank or an opening mark, so each is looked at once.
    behind = np.flatnonzero(short & (begins > text_starts))
    before, _ = _decoded(data, _character_before(data, begins[behind]))
    seen, which = np.unique(before, return_inverse=True)
    in_word = np.array([chr(one).isalnum() or chr(one) == "_" for one in seen.tolist()], bool)
    short[behind] = ~in_word[which]
    found = np.zeros(size, bool)
    found[may] = short
    return found


def _ends_with(data: Any, ends: Any, words: bytes) -> Any:
    """Whether these bytes stand right before each of `ends`."""
    fits = ends >= len(words)
    for back, byte in enumerate(reversed(words), start=1):
        fits &= data[np.maximum(ends - back, 0)] == byte
    return fits


def _past(data: Any, at: Any, kind: int) -> Any:
    """The places behind the characters of a kind that begin at each place; they may run over a text's end."""
    at = at.copy()
    going = np.flatnonzero(_FIRST_OF[kind][data[np.minimum(at, len(data) - 1)]])
    while len(going):
        code, size = _decoded(data, at[going])
        fits = _are(kind, code) & (at[going] < len(data))
        going = going[fits]
        at[going] += size[fits]
    return at


def _back(data: Any, at: Any, kind: int) -> Any:
    """The places before the characters of a kind that end at each place; they may run over a text's start."""
    at = at.copy()
    going = np.flatnonzero((at > 0) & _LAST_OF[kind][data[at - 1]])
    while len(going):
        before = _character_before(data, at[going])
        fits = _are(kind, _decoded(data, before)[0])
        at[going[fits]] = before[fits]
        going = going[fits & (before > 0)]
    return at


def _character_before(data: Any, at: Any) -> Any:
    """Where the character that ends at each place (not 0) begins."""
    before = at - 1
    for _ in range(3):
        before -= data[before] & 0xC0 == 0x80
    return before


def _decoded(data: Any, at: Any) -> tuple[Any, Any]:
    """The character that begins at each place, and how many bytes it has; anything for places behind the end."""
    last = len(data) - 1
    code = data[np.minimum(at, last)].astype(np.int64)
    size = np.ones(len(at), np.int64)
    long = np.flatnonzero(code >= 0xC0)
    if len(long):
        lead, where = code[long], at[long]
        one, two, three = (data[np.minimum(where + more, last)].astype(np.int64) & 0x3F for more in (1, 2, 3))
        size[long] = sizes = 2 + (lead >= 0xE0) + (lead >= 0xF0)
        code[long] = np.choose(sizes - 2, (
            (lead & 0x1F) << 6 | one,
            (lead & 0x0F) << 12 | one << 6 | two,
            (lead & 0x07) << 18 | one << 12 | two << 6 | three,
        ))  # fmt: skip
    return code, size


def _are(kind: int, code: Any) -> Any:
    """Which characters are of a kind."""
    return _KINDS[np.minimum(code, _OTHERS)] & kind != 0
