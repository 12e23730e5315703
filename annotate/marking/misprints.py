"""Reporting words that were misprinted (uajr, jelasn, katanyaa) or glued to the next word (kataKepala)."""

from functools import cache, lru_cache
from typing import Final

from annotate.lexicon import CueEntry, cue_entries, word_set

_SHORTEST: Final = 4
_LONGEST: Final = 14
_CERTAIN: Final = 8  # letters from which on a verb is known within a word
_REST: Final = 4  # letters of the glued word at least: more than a clitic has
SURELY_ONE: Final = _SHORTEST + _REST  # fewer letters, small after the first one, are no two words
_LEADS: Final = word_set("glued")
_SMALL: Final = word_set("small_names")


def nearest_root(word: str) -> CueEntry | None:
    """The root (kata, ujar, katanya) that a lower-case word comes next to, a letter off; None where none does."""
    return _nearest(word) if _SHORTEST <= len(word) <= _LONGEST and word.isalpha() else None


def glued_cue(word: str) -> int:
    """How many letters of a word are a word of the telling that ran into the next one, or 0: kataKepala, dariAntara."""
    if len(word) < _SHORTEST or (len(word) < SURELY_ONE and word[1:].islower()):
        return 0
    if not word[0].islower():
        small = word[0].lower() + word[1:]
        if not small[0].islower() or word.isupper() or (word[1:].islower() and not any(n in word for n in _SMALL)):
            return 0  # most capitalised words
        cut = glued_cue(small)
        return cut if word[:cut].lower() in _LEADS else 0
    if not word.islower():
        cut = next(i for i, letter in enumerate(word) if not letter.islower())
        lead = next((word[: cut - len(name)] for name in _SMALL if word[:cut].endswith(name)), word[:cut])
        return len(lead) if lead in _LEADS or lead in _roots() or lead in _verbs() else 0
    if word in cue_entries():
        return 0
    for name in _SMALL:
        at = word.find(name)
        if at > 0 and word[:at] in _LEADS:
            return at
    if not word.startswith("me"):
        return 0
    return next((n for n in range(len(word) - _REST, _CERTAIN - 1, -1) if word[:n] in _verbs()), 0)


@cache
def _roots() -> dict[str, CueEntry]:
    return {word: entry for word, entry in cue_entries().items() if entry.frames.keys() & {"quote", "root"}}


@cache
def _verbs() -> frozenset[str]:
    return frozenset(word for word, entry in cue_entries().items() if entry.frames.keys() & {"say", "clause"})


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
