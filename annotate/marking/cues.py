"""Finds the reporting words of a stretch, and leaves out what only looks like one (kata kunci, tutur kata)."""

from typing import Final

from annotate.lexicon import Flag, load_table, word_set
from annotate.marking.tokens import Tokens, first_from

_DEFINES: Final = word_set("defines")


_LOOKALIKES: Final = {
    row["word"]: (frozenset(row["before"].split()), frozenset(row["after"].split())) for row in load_table("lookalikes")
}


def find_cues(t: Tokens, a: int, b: int) -> list[int]:
    """Where cues stand among the tokens `a` to `b`."""
    found = []
    k = first_from(t.cues, a)
    while k < len(t.cues) and t.cues[k] < b:
        if not _is_lookalike(t, t.cues[k], b):
            found.append(t.cues[k])
        k += 1
    return found


def _is_lookalike(t: Tokens, i: int, b: int) -> bool:
    """Whether the words around it make another word of a cue: kata kunci, tutur kata."""
    word = t.low[i]
    if word not in _LOOKALIKES:
        return False
    before, after = _LOOKALIKES[word]
    if (i > 0 and t.low[i - 1] in before) or (i + 1 < b and t.low[i + 1] in after):
        return True
    # kata sawah berasal dari ...
    defined = word == "kata" and i + 2 < b and t.low[i + 2] in _DEFINES
    return defined and not (t.flags[i + 1] or t.capital(i + 1))


def is_performative(t: Tokens, i: int, a: int) -> bool:
    """Whether a first person speaks of his own present act (saya minta, kami yakin), which reports nothing."""
    j = i - 1
    while j >= a and t.flags[j] & (Flag.AUX | Flag.ADVERB | Flag.NEGATION):
        j -= 1
    return j >= a and t.low[j] in ("saya", "kami", "kita", "aku", "gue", "gua", "ku")
