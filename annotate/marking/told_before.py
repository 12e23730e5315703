"""Reports that the sentence before holds: Hal itu disampaikan Budi."""

from typing import Final

from annotate.lexicon import CueEntry, Flag, word_set
from annotate.marking.extents import phrase_after
from annotate.marking.found import Found, Sentence, report_is_before
from annotate.marking.subjects import skip_back
from annotate.marking.tokens import Tokens

_DEMONSTRATIVE: Final = word_set("demonstrative")
_ANAPHORIC: Final = word_set("anaphoric")
_SO: Final = word_set("so")
_VALUES: Final = Flag.ADJECTIVE | Flag.ADVERB
_AGENT: Final = Flag.NOUN | Flag.PRONOUN | Flag.ROLE


def is_demonstrative(s: Sentence, c: int) -> bool:
    """Whether `Hal itu`, `Hal tersebut`, `Demikian` is all that stands before the passive."""
    t = s.t
    j = skip_back(t, s.a, c)
    if j < s.a or (t.low[j] in _DEMONSTRATIVE and j == s.a):
        return True
    if t.low[j] not in _DEMONSTRATIVE:
        return False
    head = j - 1
    while head > s.a and t.low[head] in _DEMONSTRATIVE:
        head -= 1
    if t.low[head] not in _ANAPHORIC:
        return False
    return (
        head == s.a or bool(t.flags[head - 1] & (Flag.COMMA | Flag.CONNECTIVE | Flag.ADVERB)) or t.low[head - 1] in _SO
    )


def told_before(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Hal itu disampaikan Budi; Hal itu dibantah keras oleh Budi; but not: Hal itu dinilai penting."""
    t, k = s.t, c + 1
    while k < s.b and t.flags[k] & _VALUES and not t.flags[k] & _AGENT and not t.capital(k):
        k += 1
    if k == c + 1 or entry.clitic:
        return report_is_before(s, c, entry)
    k += t.low[k] == "oleh"
    end = phrase_after(t, k, s.b)
    if end <= k or not is_agent(t, k, end):
        return False
    s.add(Found(-1, -1, "indirect", [(k, end)], [(c, c + 1)], "report-is-sentence-before"))
    return True


def is_agent(t: Tokens, start: int, end: int) -> bool:
    """Whether a noun phrase after an opinion's passive is who holds it: a name, a pronoun, a person, after `oleh`."""
    named = t.capital(start) or t.flags[start] & (Flag.PRONOUN | Flag.ROLE) or t.low[start - 1] == "oleh"
    return bool(named) and not any(t.flags[k] & (Flag.ADVERB | Flag.ADJECTIVE) for k in range(start, end))
