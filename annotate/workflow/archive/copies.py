"""Near-copies: agency texts that are printed many times, with another lead, a cut tail, another byline.

Each text is told by the MinHash (datasketch) of its shingles of three words. Bands of the signature find candidates
(locality-sensitive hashing); each is then judged by the whole signature. A document is compared with the first of each
group only, so that no chain of small steps leads from one text to another. Documents come in the order of the archive,
shard by shard, and the same shards give the same groups.
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

LEAST_SHINGLES: Final = 20  # a text with fewer is too short to be told from others by them
LIKE: Final = 0.5  # Jaccard index of the shingles from which on two texts are copies;
PART: Final = 0.8  # or so much of the shorter one is in the longer one,
PART_LIKE: Final = 0.25  # which is so much alike at least: a cut tail
PERMUTATIONS: Final = 100
_BANDS: Final = 25  # of four values: finds a pair of Jaccard 0.6 with probability 0.97, one of 0.5 with 0.80
_WORD: Final = re.compile(r"\w+")
_LOAD: Final = 0.8  # of the table's slots
_EMPTY: Final = np.uint64(0)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # odd; spreads the bits of a product


def shingles(text: str) -> set[bytes]:
    """The shingles of three words of a text, regardless of case and punctuation."""
    words = _WORD.findall(text.lower())
    return {
        " ".join(three).encode("utf-8", "surrogatepass") for three in zip(words, words[1:], words[2:], strict=False)
    }


def sign(texts: Sequence[str]) -> tuple[list[int], bytes]:
    """For each text the number of its shingles, and the signatures: `PERMUTATIONS` values of 32 bits each."""
    try:
        from datasketch import MinHash
    except ImportError as error:
        raise MissingExtra("--dedupe", "archive") from error
    sets = [shingles(text) for text in texts]
    hashes = MinHash.generator(sets, num_perm=PERMUTATIONS, hashfunc=crc32)
    signed = b"".join(one.hashvalues.astype("<u4").tobytes() for one in hashes)
    return [len(one) for one in sets], signed


class CopyIndex:
    """The first documents of all groups met so far.

    Of each, 25 slots of 8 bytes are in memory (a quarter to a half of a kilobyte with the slots that are free), and its
    signature and id, some 450 bytes, in a temporary file.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._ids = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._ends = array("Q", [0])  # where each id ends in its file
        self._sizes = array("I")
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
        signatures = np.frombuffer(signed, "<u4").reshape(-1, PERMUTATIONS)
        numbers = [n for n in wanted if sizes[n] >= LEAST_SHINGLES]
        if not numbers:
            return {}
        keys = _keys(signatures[numbers])
        before = self._look_up(keys)
        here: dict[int, int] = {}  # key of a band -> the document of this shard that had it first
        copies: dict[int, str] = {}
        for at, n in enumerate(numbers):
            own = keys[at].tolist()
            candidates = {int(one) for one in before[at] if one >= 0}
            candidates.update(here[key] for key in own if key in here)
            leader = self._best(candidates, sizes[n], signatures[n])
            if leader is None:
                number = self._add(ids[n], sizes[n], signatures[n])
                for key in own:
                    here.setdefault(key, number)
            else:
                copies[n] = self._id(leader)
        self._insert(np.fromiter(here, np.uint64, len(here)), np.fromiter(here.values(), np.uint64, len(here)))
        return copies

    def _best(self, candidates: set[int], size: int, signature: Any) -> int | None:
        best: tuple[float, int] | None = None
        for one in candidates:
            alike = float(np.mean(self._signature(one) == signature))
            shorter, both = min(size, self._sizes[one]), size + self._sizes[one]
            part = alike * both / ((1 + alike) * shorter)
            if (alike >= LIKE or (alike >= PART_LIKE and part >= PART)) and (best is None or (alike, -one) > best):
                best = (alike, -one)
        return None if best is None else -best[1]

    def _add(self, doc_id: str, size: int, signature: Any) -> int:
        data = doc_id.encode("utf-8", "surrogatepass")
        self._ids.write(data)
        self._ends.append(self._ends[-1] + len(data))
        self._file.write(signature.tobytes())
        self._sizes.append(size)
        return len(self._sizes) - 1

    def _signature(self, number: int) -> "NDArray[np.uint32]":
        width = PERMUTATIONS * 4
        self._file.flush()
        return np.frombuffer(os.pread(self._file.fileno(), width, number * width), "<u4")

    def _id(self, number: int) -> str:
        self._ids.flush()
        start, end = self._ends[number], self._ends[number + 1]
        return os.pread(self._ids.fileno(), end - start, start).decode("utf-8", "surrogatepass")

    # The table: open addressing, linear probing. A slot holds the upper half of a key, and the number of the document
    # that had the key first, plus one; later ones are not kept: what many texts share costs no more than a slot.

    def _look_up(self, keys: "NDArray[np.uint64]") -> "NDArray[np.int64]":
        """For each key the number of the document that had it first, or -1."""
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
        """Keeps which document had each key; a key that is there already stays with its first. Keys are distinct."""
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
        self._file.flush()
        for start in range(0, len(self._sizes), 4096):
            count = min(4096, len(self._sizes) - start)
            width = PERMUTATIONS * 4
            raw = os.pread(self._file.fileno(), count * width, start * width)
            keys = _keys(np.frombuffer(raw, "<u4").reshape(-1, PERMUTATIONS))
            numbers = np.repeat(np.arange(start, start + count, dtype=np.uint64), _BANDS)
            flat, first = np.unique(keys.ravel(), return_index=True)
            self._insert(flat, numbers[first])


def _keys(signatures: "NDArray[np.uint32]") -> "NDArray[np.uint64]":
    """A key of 64 bits for each band of each signature."""
    bands = signatures.astype(np.uint64).reshape(len(signatures), _BANDS, -1)
    keys = np.broadcast_to(np.arange(1, _BANDS + 1, dtype=np.uint64) * _MIX, bands.shape[:2]).copy()
    for value in range(bands.shape[2]):
        keys = (keys ^ bands[:, :, value]) * _MIX
        keys ^= keys >> np.uint64(29)
    return keys
