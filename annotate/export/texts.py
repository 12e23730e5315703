"""Many texts at once, on the bytes of their UTF-8: a million rows ask for two sentences each.

Characters are decoded only at the few places where what they are may matter.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa

# White space as Python has it: what Unicode says, and the control characters that separate.
SPACE: Final = "".join(chr(c) for c in range(0x3001) if chr(c).isspace())
_CLOSING: Final = "\"”’'»)]"
_OPENING: Final = "\"“‘'«(["
_MARKS: Final = "\"“”„‟«»‘’‹›'`´"  # of quotations, at either end
_BLOCK: Final = 1 << 17  # bytes that are looked at at a time, so that what is found stays in the core's cache

# What a character may be, as bits; characters from _OTHERS on are nothing of that.
IS_SPACE, IS_BLANK, CLOSES, OPENS, BEGINS, OPENING_MARK, CLOSING_MARK, DOUBLE_MARK = (1 << bit for bit in range(8))
_OTHERS: Final = 0x3001


def _kinds() -> Any:
    kinds = np.zeros(_OTHERS + 1, np.uint8)
    for characters, kind in (
        (SPACE, IS_SPACE),
        (SPACE.replace("\n", ""), IS_BLANK),
        (_CLOSING, CLOSES),
        (_OPENING, OPENS),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", BEGINS),
        (_MARKS + "‚", OPENING_MARK),
        (_MARKS, CLOSING_MARK),
        ('"“”„‟«»', DOUBLE_MARK),
    ):
        kinds[[ord(character) for character in characters]] |= kind
    return kinds


def _bytes_of(kind: int, place: int) -> Any:
    """Which bytes stand at a place (0 or -1) of the UTF-8 of characters of a kind."""
    found = np.zeros(256, bool)
    found[[chr(code).encode()[place] for code in np.flatnonzero(_KINDS & kind).tolist()]] = True
    return found


_KINDS: Final = _kinds()
_FIRST_OF: Final = {kind: _bytes_of(kind, 0) for kind in (IS_SPACE, IS_BLANK, CLOSES)}
_LAST_OF: Final = {IS_SPACE: _bytes_of(IS_SPACE, -1)}


class Texts:
    """The texts of an Arrow array, none of them null, as bytes in a row.

    `data`: the bytes, never none. `bounds`: where in them each text begins, and the end of the last. `leads`: where
    characters of more than one byte begin.
    """

    def __init__(self, texts: Any) -> None:
        self.bounds: Any = np.zeros(1, np.int64)
        self.data: Any = np.zeros(1, np.uint8)
        if len(texts):
            bounds = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1].astype(np.int64)
            data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[bounds[0] : bounds[-1]]
            self.bounds, self.data = bounds - bounds[0], data if len(data) else self.data
        self.leads = self.places(lambda block: block >= 0xC0)
        first = self.data[self.leads]
        self._sizes = 2 + (first >= 0xE0) + (first >= 0xF0)
        self._more = np.append(0, np.cumsum(self._sizes - 1))

    def places(self, test: Callable[[Any], Any]) -> Any:
        """The places of the bytes that fit; `test` gets some of the bytes at a time."""
        found: list[Any] = [np.zeros(0, np.int64)]
        for start in range(0, len(self.data), _BLOCK):
            fits = test(self.data[start : start + _BLOCK])
            if fits.any():
                found.append(np.flatnonzero(fits) + start)
        return np.concatenate(found)

    def code_points(self, at: Any) -> Any:
        """How many characters begin before each place, of all texts."""
        return at - self._more[np.searchsorted(self.leads, at)]

    def lengths(self) -> Any:
        """How many characters each text has."""
        return np.diff(self.code_points(self.bounds))

    def of(self, at: Any) -> Any:
        """Of which text the byte at each place is."""
        return np.searchsorted(self.bounds, at, side="right") - 1

    def without(self, of: Any, starts: Any, ends: Any) -> Any:
        """The texts, as an Arrow array, without the bytes from each start to its end; `of`: of which text each is.

        No two of these stretches overlap.
        """
        sizes = ends - starts
        behind = np.cumsum(sizes)
        is_kept = np.ones(len(self.data), bool)
        is_kept[np.repeat(starts - behind + sizes, sizes) + np.arange(sizes.sum())] = False
        bounds = self.bounds.copy()
        bounds[1:] -= np.cumsum(np.bincount(of, sizes, len(bounds) - 1).astype(np.int64))
        data = pa.py_buffer(self.data[is_kept])
        return pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds.astype(np.int32)), data)

    def word_counts(self) -> list[int]:
        """How many words each text has, as `str.split` finds them."""
        # White space of two bytes or three: that a character is none is mostly seen by its last byte.
        last = self.data[np.minimum(self.leads + self._sizes - 1, len(self.data) - 1)]
        spaces = self.leads[_LAST_OF[IS_SPACE][last]]
        low = self.places(lambda block: (block < ord(" ")) & (block != ord("\n")))
        cuts = np.searchsorted(self.bounds, np.arange(0, self.bounds[-1], _BLOCK))
        cuts = np.unique(np.append(cuts, [0, len(self.bounds) - 1]))
        counts: list[int] = []
        for start, stop in pairwise(cuts.tolist()):
            bounds = self.bounds[start : stop + 1]
            a, b = bounds[0], bounds[-1]
            if a == b:
                counts += [0] * (stop - start)
                continue
            inside = self.data[a:b] > ord(" ")
            for at, is_inside in ((spaces, False), (low, True)):
                self._correct(inside, at[np.searchsorted(at, a) : np.searchsorted(at, b)], a, is_inside=is_inside)
            begins = inside.copy()
            np.greater(inside[1:], inside[:-1], out=begins[1:])
            first = bounds[:-1][bounds[:-1] < bounds[1:]] - a
            begins[first] = inside[first]
            counts += [np.count_nonzero(begins[c:d]) for c, d in pairwise((bounds - a).tolist())]
        return counts

    def _correct(self, inside: Any, at: Any, start: int, *, is_inside: bool) -> None:
        """Sets `inside` for the characters at these places that are no white space; or unsets it for those that are.

        `start`: the place that `inside` begins at.
        """
        if not len(at):
            return
        code, size = self.decoded(at)
        found = are(IS_SPACE, code) != is_inside
        for begin, length in zip((at[found] - start).tolist(), size[found].tolist(), strict=True):
            inside[begin : begin + length] = is_inside

    def past(self, at: Any, kind: int) -> Any:
        """The places behind the characters of a kind that begin at each place; they may run over a text's end."""
        at, last = at.copy(), len(self.data) - 1
        going = np.flatnonzero(_FIRST_OF[kind][self.data[np.minimum(at, last)]])
        while len(going):
            code, size = self.decoded(at[going])
            fits = are(kind, code) & (at[going] <= last)
            going = going[fits]
            at[going] += size[fits]
            going = going[_FIRST_OF[kind][self.data[np.minimum(at[going], last)]]]
        return at

    def back(self, at: Any, kind: int) -> Any:
        """The places before the characters of a kind that end at each place; they may run over a text's start."""
        at = at.copy()
        going = np.flatnonzero((at > 0) & _LAST_OF[kind][self.data[at - 1]])
        while len(going):
            before = self.character_before(at[going])
            fits = are(kind, self.decoded(before)[0])
            at[going[fits]] = before[fits]
            going = going[fits & (before > 0)]
            going = going[_LAST_OF[kind][self.data[at[going] - 1]]]
        return at

    def character_before(self, at: Any) -> Any:
        """Where the character that ends at each place (not 0) begins."""
        before = at - 1
        for _ in range(3):
            before -= self.data[before] & 0xC0 == 0x80
        return before

    def decoded(self, at: Any) -> tuple[Any, Any]:
        """The character that begins at each place, and how many bytes it has; anything for places behind the end."""
        last = len(self.data) - 1
        code = self.data[np.minimum(at, last)].astype(np.int64)
        size = np.ones(len(at), np.int64)
        long = np.flatnonzero(code >= 0xC0)
        if len(long):
            lead, where = code[long], at[long]
            sizes = 2 + (lead >= 0xE0) + (lead >= 0xF0)
            value = lead & (0x7F >> sizes)
            for more in range(1, int(sizes.max())):
                longer = value << 6 | self.data[np.minimum(where + more, last)] & 0x3F
                value = np.where(sizes > more, longer, value) if more > 1 else longer
            code[long], size[long] = value, sizes
        return code, size

    def end_with(self, ends: Any, words: bytes) -> Any:
        """Whether these bytes stand right before each of `ends`."""
        fits = ends >= len(words)
        for back, byte in enumerate(reversed(words), start=1):
            fits &= self.data[np.maximum(ends - back, 0)] == byte
        return fits


def characters_of(kind: int) -> str:
    """All characters of a kind."""
    return "".join(map(chr, np.flatnonzero(_KINDS & kind).tolist()))


def are(kind: int, code: Any) -> Any:
    """Which characters are of a kind."""
    return _KINDS[np.minimum(code, _OTHERS)] & kind != 0
