"""Subheadings that ran into the sentence after them: where the sentence's own words begin."""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.extents import opens_sentence
from annotate.marking.tokens import Tokens

_HARD: Final = (
    Flag.COMMA | Flag.TERMINAL | Flag.NEWLINE | Flag.QUOTE | Flag.OPEN | Flag.CLOSE | Flag.COLON | Flag.DASH | Flag.YANG
)
_BOUNDARY: Final = Flag.COMMA | Flag.QUOTE | Flag.COLON | Flag.SUBORDINATOR | Flag.COORDINATOR | Flag.COMP | Flag.DASH
_JOINS: Final = Flag.ROLE | Flag.COORDINATOR | Flag.ADVERB | Flag.PREPOSITION | Flag.NOUN
_SHORTEST: Final = 4  # tokens of a subheading of two words, and an office and a name
_OPENERS: Final = word_set("openers") | word_set("fronting")
_IN_NAMES: Final = word_set("in_names")
_CONTRASTS: Final = word_set("contrasts")


def past_subheading(t: Tokens, lo: int, j: int) -> int:
    """Past a subheading that ran into the sentence: (Literasi digital) Secara terpisah, Budi; `lo` where none is."""
    flags, low = t.flags, t.low
    for k in range(j, lo, -1):
        if not t.capital(k) or low[k] not in _OPENERS or t.capital(k + 1):
            continue
        if low[k] in _CONTRASTS and any(flags[m] & Flag.COMMA for m in range(k + 1, min(k + 3, j + 1))):
            return k  # (Surat ke Presiden) Sementara itu, Budi
        if not flags[k - 1] & (_BOUNDARY | Flag.ROLE) and not (t.capital(k - 1) and low[k] in _IN_NAMES):
            return k
    return lo


def past_subhead(t: Tokens, begin: int, end: int) -> int:
    """Past a subheading that ran into the sentence: (Mata rantai baru) Direktur Utama Smesco Leonard Theosabrata."""
    if end - begin < _SHORTEST:
        return begin
    k = begin
    while k < end and len(t.words[k]) > 1 and t.words[k].isupper():
        k += 1
    if begin + 4 <= k < end:
        return k  # SCROLL TO CONTINUE WITH CONTENT Budi mengatakan
    if not opens_sentence(t, begin) or t.flags[begin] & (Flag.ROLE | Flag.NOUN | Flag.PRONOUN) or not t.capital(begin):
        return begin
    for k in range(begin + 2, end - 1):
        if not t.flags[k] & Flag.ROLE or not t.capital(k):
            continue
        if not t.capital(k - 1) and t.capital(k + 1) and not t.flags[k - 1] & _JOINS:
            return k
    return begin


def opens_anew(t: Tokens, k: int) -> bool:
    """Whether an office written large opens a sentence after a subheading: (Bulan puasa) Kepala Dinas Ratih."""
    f = t.flags[k]
    before = t.flags[k - 1]
    if not f & Flag.ROLE or not t.capital(k) or not t.capital(k + 1) or t.capital(k - 1):
        return False
    if any(t.flags[m] & Flag.ROLE and not t.capital(m) for m in range(k - 4, k)):
        return False  # direktur eksekutif Asosiasi Peritel
    return not before & (_HARD | Flag.PREPOSITION | Flag.ROLE | Flag.COORDINATOR | Flag.VERB | Flag.SUBORDINATOR)
