"""Near-copies: agency texts that are printed many times, with another lead, a cut tail, another byline.

Bands of a text's MinHash (datasketch) over its shingles of three words find candidates (locality-sensitive hashing);
each is then judged on the shingles themselves. A document is compared with the first of each group only, so that no
chain of small steps leads from one text to another. Documents come in the order of the archive, shard by shard, and the
same shards give the same groups.
"""

import os
import re
import tempfile
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np

from annotate.errors import MissingExtra

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SHINGLES: Final = 30  # a text with fewer is too short to be told from others by them
LIKE: Final = 0.4  # Jaccard index of the shingles from which on two texts are copies;
PART: Final = 0.8  # or so much of the shorter one is in the longer one,
PART_LIKE: Final = 0.25  # which is so much alike at least: a cut tail
KEPT: Final = 512  # hashes of shingles, the smallest ones of a long text: a fair sample of it, and of each other text
PERMUTATIONS: Final = 100
_BANDS: Final = 25  # of four values: finds a pair of Jaccard 0.6 with probability 0.97, one of 0.5 with 0.80
_FIGURE: Final = 4
_WORD: Final = re.compile(r"\w+")
_LOAD: Final = 0.8  # of the table's slots
_EMPTY: Final = np.uint64(0)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # odd; spreads the bits of a product


def shingles(text: str) -> set[bytes]:
    """The shingles of three words of a text, regardless of case and punctuation.

    A figure counts as some shingles more: daily news of prices and weather is one form with other figures in it, and
    what differs in its figures is no copy.
    """
    words = _WORD.findall(text.lower())
    found = {" ".join(three) for three in zip(words, words[1:], words[2:], strict=False)}
    found.update(f"#{word}{n}" for word in words if word[0].isdigit() for n in range(_FIGURE))
    return {shingle.encode("utf-8", "surrogatepass") for shingle in found}


def sign(texts: Sequence[str]) -> tuple[list[int], bytes]:
    """How each text is told from others: the number of values that tell it, and all these values, of 32 bits each.

    First `PERMUTATIONS` values of its MinHash, then the hashes of its shingles, ascending, at most `KEPT`.
    """
    try:
        from datasketch import MinHash
    except ImportError as error:
        raise MissingExtra("--dedupe", "archive") from error
    sets = [sorted(map(crc32, shingles(text))) for text in texts]
    hashes = MinHash.generator(sets, num_perm=PERMUTATIONS, hashfunc=int)
    signed = [
        np.concatenate([one.hashvalues.astype("<u4"), np.array(own[:KEPT], "<u4")])
        for one, own in zip(hashes, sets, strict=True)
    ]
    return [len(one) for one in signed], b"".join(one.tobytes() for one in signed)


class CopyIndex:
    """The first documents of all groups met so far.

    Of each, 25 slots of 8 bytes are in memory (a quarter to a half of a kilobyte with the slots that are free), and its
    values and id, one to two and a half kilobytes, in a temporary file.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._ids = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._ends = array("Q", [0])  # where each id ends in its file
        self._starts = array("Q", [0])  # where the values of each end in their file
        self._slots: NDArray[np.uint64] = np.zeros(1 << 12, np.uint64)
        self._used = 0

    def close(self) -> None:
        """Gives back the temporary files."""
        self._file.close()
        self._ids.close()

    def find(self, wanted: Sequence[int], ids: Sequence[str], sizes: Sequence[int], signed: bytes) -> dict[int, str]:
        """Which of a shard's documents (those in `wanted`) are copies: number -> id of the document that is copied.

        Those that are copies of nothing become known, each as the first of a group of its own.
        """
        numbers = [n for n in wanted if sizes[n] >= PERMUTATIONS + LEAST_SHINGLES]
        if not numbers:
            return {}
        values = np.split(np.frombuffer(signed, "<u4"), np.cumsum(sizes)[:-1])
        keys = _keys(np.stack([values[n][:PERMUTATIONS] for n in numbers]))
        before = self._look_up(keys)
        here: dict[int, int] = {}  # key of a band -> the document of this shard that had it last
        copies: dict[int, str] = {}
        for at, n in enumerate(numbers):
            own = keys[at].tolist()
            candidates = {int(one) for one in before[at] if one >= 0}
            candidates.update(here[key] for key in own if key in here)
            leader = self._best(candidates, values[n][PERMUTATIONS:])
            if leader is None:
                number = self._add(ids[n], values[n])
                here.update(dict.fromkeys(own, number))
            else:
                copies[n] = self._id(leader)
        self._insert(np.fromiter(here, np.uint64, len(here)), np.fromiter(here.values(), np.uint64, len(here)))
        return copies

    def _best(self, candidates: set[int], own: Any) -> int | None:
        """The candidate that is most alike, the earliest of equals; None where none is alike enough."""
        best: tuple[float, int] | None = None
        for one in candidates:
            alike, part = _likeness(own, self._values(one)[PERMUTATIONS:])
            if (alike >= LIKE or (alike >= PART_LIKE and part >= PART)) and (best is None or (alike, -one) > best):
                best = (alike, -one)
        return None if best is None else -best[1]

    def _add(self, doc_id: str, values: Any) -> int:
        data = doc_id.encode("utf-8", "surrogatepass")
        self._ids.write(data)
        self._ends.append(self._ends[-1] + len(data))
        self._file.write(values.tobytes())
        self._starts.append(self._starts[-1] + 4 * len(values))
        return len(self._starts) - 2

    def _values(self, number: int, most: int | None = None) -> "NDArray[np.uint32]":
        """What a document is told by; at most so many of its values."""
        self._file.flush()
        start, end = self._starts[number], self._starts[number + 1]
        width = end - start if most is None else min(end - start, 4 * most)
        return np.frombuffer(os.pread(self._file.fileno(), width, start), "<u4")

    def _id(self, number: int) -> str:
        self._ids.flush()
        start, end = self._ends[number], self._ends[number + 1]
        return os.pread(self._ids.fileno(), end - start, start).decode("utf-8", "surrogatepass")

    # The table: open addressing, linear probing. A slot holds the upper half of a key, and the number of the document
    # that had the key last, plus one: what many texts share costs no more than a slot, and copies come soon or never.

    def _look_up(self, keys: "NDArray[np.uint64]") -> "NDArray[np.int64]":
        """For each key the number of the document that had it last, or -1."""
        flat = keys.ravel()
        found = np.full(len(flat), -1, np.int64)
        mask = np.uint64(len(self._slots) - 1)
        at, left = flat & mask, np.arange(len(flat))
        while len(left):
            held = self._slots[at[left]]
            same = (held != _EMPTY) & (held >> np.uint64(32) == flat[left] >> np.uint64(32))
            found[left[same]] = (held[same] & np.uint64(0xFFFFFFFF)).astype(np.int64) - 1
            left = left[(held != _EMPTY) & ~same]
            at[left] = (at[left] + np.uint64(1)) & mask
        return found.reshape(keys.shape)

    def _insert(self, keys: "NDArray[np.uint64]", numbers: "NDArray[np.uint64]") -> None:
        """Keeps which document had each key, in place of the one that had it before. Keys are distinct."""
        if self._used + len(keys) > _LOAD * len(self._slots):
            self._grow(self._used + len(keys))
        mask = np.uint64(len(self._slots) - 1)
        values = (keys >> np.uint64(32) << np.uint64(32)) | (numbers + np.uint64(1))
        at, left = keys & mask, np.arange(len(keys))
        while len(left):
            held = self._slots[at[left]]
            free = left[held == _EMPTY]
            # Of several that want one free slot the first gets it.
            _, first = np.unique(at[free], return_index=True)
            taken = free[first]
            self._slots[at[taken]] = values[taken]
            self._used += len(taken)
            waits = np.ones(len(keys), bool)
            waits[taken] = False
            same = (held != _EMPTY) & (held >> np.uint64(32) == keys[left] >> np.uint64(32))
            self._slots[at[left[same]]] = values[left[same]]
            waits[left[same]] = False
            full = np.zeros(len(keys), bool)
            full[left[(held != _EMPTY) & ~same]] = True
            left = left[waits[left]]
            moved = left[full[left]]
            at[moved] = (at[moved] + np.uint64(1)) & mask

    def _grow(self, wanted: int) -> None:
        """A larger table, filled again from the signatures that were put aside."""
        size = len(self._slots)
        while wanted > _LOAD * size:
            size *= 2
        self._slots, self._used = np.zeros(size, np.uint64), 0
        total = len(self._starts) - 1
        for start in range(0, total, 4096):
            numbers = range(start, min(start + 4096, total))
            keys = _keys(np.stack([self._values(number, PERMUTATIONS) for number in numbers])).ravel()[::-1]
            flat, last = np.unique(keys, return_index=True)
            self._insert(flat, np.repeat(np.array(numbers, np.uint64), _BANDS)[::-1][last])


def _likeness(one: Any, other: Any) -> tuple[float, float]:
    """Jaccard index of two texts' shingles, and the share of the shorter one's that is in the longer one.

    Of long texts the hashes below the smaller of both largest ones are compared: there both are complete.
    """
    if len(one) == KEPT or len(other) == KEPT:
        limit = min(own[-1] for own in (one, other) if len(own) == KEPT)
        one, other = one[one <= limit], other[other <= limit]
    shared = len(np.intersect1d(one, other, assume_unique=True))
    shorter = min(len(one), len(other))
    return shared / (len(one) + len(other) - shared), shared / shorter if shorter else 0.0


def _keys(signatures: "NDArray[np.uint32]") -> "NDArray[np.uint64]":
    """A key of 64 bits for each band of each signature."""
    bands = signatures.astype(np.uint64).reshape(len(signatures), _BANDS, -1)
    keys = np.broadcast_to(np.arange(1, _BANDS + 1, dtype=np.uint64) * _MIX, bands.shape[:2]).copy()
    for value in range(bands.shape[2]):
        keys = (keys ^ bands[:, :, value]) * _MIX
        keys ^= keys >> np.uint64(29)
    return keys
