"""Finds the reporting words of a stretch, and leaves out what only looks like one (kata kunci, tutur kata)."""

from functools import cache
from typing import Final

from annotate.lexicon import CueEntry, Flag, cue_entries, load_table, word_set
from annotate.marking.tokens import Tokens, between

_DEFINES: Final = word_set("defines")


@cache
def _lookalikes() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    return {
        row["word"]: (frozenset(row["before"].split()), frozenset(row["after"].split()))
        for row in load_table("lookalikes")
    }


def find_cues(t: Tokens, a: int, b: int) -> list[tuple[int, CueEntry]]:
    """Cues among the tokens `a` to `b`, with what the lexicon knows of them."""
    places = between(t.cues, a, b)
    if not places:
        return []
    low = t.low
    entries = cue_entries()
    look = _lookalikes()
    found = []
    for i in places:
        word = low[i]
        if word in look:
            before, after = look[word]
            if (i > 0 and low[i - 1] in before) or (i + 1 < b and low[i + 1] in after):
                continue
            if word == "kata" and i + 2 < b and low[i + 2] in _DEFINES and not (t.flags[i + 1] or t.capital(i + 1)):
                continue  # kata sawah berasal dari ...
        found.append((i, entries[word]))
    return found


def is_performative(t: Tokens, i: int, a: int) -> bool:
    """Whether a first person speaks of his own present act (saya minta, kami yakin), which reports nothing."""
    j = i - 1
    while j >= a and t.flags[j] & (Flag.AUX | Flag.ADVERB | Flag.NEGATION):
        j -= 1
    return j >= a and t.low[j] in ("saya", "kami", "kita", "aku", "gue", "gua", "ku")
