"""The sentences around a content, for readers of a table who have not the article before them; and words, counted.

Worked out for thousands of articles at once, in Arrow's compiled code: a million rows ask for two sentences each.
"""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# White space as Python has it: what Unicode says, and the control characters that separate.
SPACE: Final = "".join(chr(c) for c in range(0x3001) if chr(c).isspace())
_SPACES: Final = "".join(rf"\x{{{ord(c):x}}}" for c in SPACE)
# Texts with white space outside ASCII, or with control characters that are none, are looked at one by one.
_UNUSUAL: Final = r"[\x00-\x08\x0e-\x1b" + "".join(rf"\x{{{ord(c):x}}}" for c in SPACE if c > "~") + "]"
_BLANKS: Final = _SPACES.replace(r"\x{a}", "")
# A sentence ends at a line end, or at closing punctuation (and the marks that close with it) before a blank and a
# capital, a figure or an opening mark. Initials and common short forms (`H.`, `Dr.`, `No.`) do not end one.
_END: Final = rf"(\n[{_SPACES}]*)|([.!?…]+[\"”’'»)\]]*[{_BLANKS}]+)([\"“‘'«(\[]?[A-Z0-9])"
_SHORT: Final = r"((?:^|[^\pL\pN_])(?:[A-Z]\.)*(?:[A-Z]|Dr|dr|No|Jl|St))\."
# Stand for the full stop of a short form and for a sentence's end while they are looked for.
_STOP, _CUT, _NEITHER = "\x01", "\x02", "\x03"
_MAX: Final = 1000  # code points of a sentence that are shown


def sentences_around(texts: Any, of: Any, starts: Any, ends: Any) -> tuple[Any, Any]:
    """For spans of texts, the sentence before the one that each begins in, and that after the one it ends in.

    `of`: the place of each span's text among `texts`; `starts`, `ends`: its code points (NumPy arrays of integers).
    Null or empty where there is no such sentence; cut where it is very long.
    """
    asked, of = np.unique(of, return_inverse=True)
    texts = texts.take(pa.array(asked))
    sentences, first, lengths = _sentences(texts)
    # Bounds of all sentences of all texts in a row. A gap of one behind each text tells its end from the next.
    lengths[first[1:] - 1] += 1
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    base = bounds[first[of]]
    before = np.searchsorted(bounds[1:], base + starts, side="right") - 1
    after = np.searchsorted(bounds[1:], base + np.maximum(ends, 1), side="left") + 1  # no text ends before its first
    heads = tails = sentences
    if len(lengths) and lengths.max() > _MAX:
        heads = pc.utf8_slice_codeunits(sentences, 0, _MAX)
        tails = pc.utf8_slice_codeunits(sentences, -_MAX)
    return (
        tails.take(pa.array(before, mask=before < first[of])),
        heads.take(pa.array(after, mask=after >= first[of + 1])),
    )


def word_counts(texts: Any) -> Any:
    """How many words each text of an array has, as `str.split` finds them."""
    if not len(texts):
        return pa.array([], pa.int64())
    bounds = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]
    inside = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[: bounds[-1]] > ord(" ")
    begins = inside.copy()
    begins[1:] &= ~inside[:-1]
    first = bounds[:-1][bounds[:-1] < bounds[1:]]
    begins[first] = inside[first]
    counts = np.diff(np.searchsorted(np.flatnonzero(begins), bounds))
    for number in pc.indices_nonzero(pc.match_substring_regex(texts, _UNUSUAL)).to_pylist():
        counts[number] = len(texts[number].as_py().split())
    return pa.array(counts, pa.int64())


def _sentences(texts: Any) -> tuple[Any, Any, Any]:
    """All sentences, trimmed; where each text's begin among them (and the end); code points of each, untrimmed.

    White space before a sentence belongs to the one before.
    """
    seen = texts
    for mark in (_STOP, _CUT):
        seen = pc.replace_substring(seen, mark, _NEITHER)
    seen = pc.replace_substring_regex(seen, _SHORT, rf"\1{_STOP}")
    lists = pc.split_pattern(pc.replace_substring_regex(seen, _END, rf"\1\2{_CUT}\3"), _CUT)
    # No step changed how many bytes there are: the sentences lie in the texts' own memory.
    offsets = np.concatenate([[0], np.cumsum(pc.binary_length(lists.values))]).astype(np.int32)
    cut = pa.StringArray.from_buffers(len(lists.values), pa.py_buffer(offsets), texts.buffers()[2])
    return pc.utf8_trim(cut, SPACE), lists.offsets.to_numpy(), pc.utf8_length(cut).to_numpy().astype(np.int64)
