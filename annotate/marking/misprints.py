"""Reporting words that were misprinted (uajr, jelasn, katanyaa), known by their place right after quoted words."""

from functools import cache, lru_cache
from typing import Final

from annotate.lexicon import CueEntry, Flag, cue_entries
from annotate.marking.tokens import Tokens

_SHORTEST: Final = 4
_LONGEST: Final = 14


def meant_cue(t: Tokens, k: int, b: int) -> CueEntry | None:
    """The root that was meant at `k`, where one must stand: a letter off, and a name or the sentence's end after it."""
    word = t.low[k]
    if t.capital(k) or t.flags[k] or not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
        return None
    entry = _nearest(word)
    if entry is None or entry.clitic:
        return entry
    return entry if k + 1 < b and (t.capital(k + 1) or t.flags[k + 1] & Flag.PRONOUN) else None


@cache
def _roots() -> dict[str, CueEntry]:
    return {word: entry for word, entry in cue_entries().items() if entry.frames.keys() & {"quote", "root"}}


@lru_cache(maxsize=1 << 12)
def _nearest(word: str) -> CueEntry | None:
    """The root that one letter more, less, other or in the neighbour's place makes of the word; the commonest first."""
    found = [root for root in _roots() if _one_off(word, root)]
    quoting = [root for root in found if "quote" in _roots()[root].frames]
    return _roots()[(quoting or found)[0]] if found else None


def _one_off(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1 or (a[0] != b[0] and a[-1] != b[-1]):
        return False
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        return a[i + 1 :] == b[i + 1 :] or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])
    return a[i + 1 :] == b[i:] or a[i:] == b[i + 1 :]
