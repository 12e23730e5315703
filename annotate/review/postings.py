"""Full-text search over a column of short texts: which rows hold a word, the beginning of one, or a phrase."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Postings:
    """An inverted index: `rows[starts[w]:starts[w + 1]]` are the rows that hold word `w` of the sorted `words`."""

    texts: pa.Array
    words: list[str]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    patches: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: pa.Array) -> "Postings":
        """Index folded texts (see `words.fold`): words between single spaces."""
        split = pc.split_pattern(texts, " ")
        encoded = pc.list_flatten(split).dictionary_encode()
        found: list[str] = encoded.dictionary.to_pylist()
        order = sorted(range(len(found)), key=found.__getitem__)
        place = np.empty(len(found), np.int64)
        place[order] = np.arange(len(found))
        codes = place[encoded.indices.to_numpy(zero_copy_only=False)]
        parents = pc.list_parent_indices(split).to_numpy(zero_copy_only=False).astype(np.int32)
        by_word = np.argsort(codes, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(found)))]).astype(np.int64)
        return cls(texts, [found[i] for i in order], starts, parents[by_word])

    def holding(self, term: str) -> Mask:
        """Rows that hold the term: ` presid` the beginning of a word, ` jalan desa ` whole words in a row."""
        mask = np.ones(len(self.texts), np.bool_)
        words = term.split()
        for number, word in enumerate(words):
            whole = number < len(words) - 1 or term.endswith(" ")
            first = bisect_left(self.words, word)
            last = first + 1 if whole else bisect_right(self.words, word + "\U0010ffff")
            if whole and (first == len(self.words) or self.words[first] != word):
                mask[:] = False
                break
            held = np.zeros(len(self.texts), np.bool_)
            held[self.rows[self.starts[first] : self.starts[last]]] = True
            mask &= held
        if len(words) > 1:
            rows = np.flatnonzero(mask)
            held = pc.match_substring(self.texts.take(pa.array(rows)), term).to_numpy(zero_copy_only=False)
            mask[rows[~held]] = False
        for row, text in self.patches.items():
            mask[row] = term in text
        return mask

    def patched(self, texts: Mapping[int, str]) -> "Postings":
        """The same with the texts of a few rows replaced: these are looked through one by one."""
        return replace(self, patches={**self.patches, **texts})
