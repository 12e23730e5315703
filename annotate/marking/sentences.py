"""Lines and sentences, as ranges of tokens. A sentence does not end inside a quotation, nor after an abbreviation."""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.quotes import Quote
from annotate.marking.tokens import Tokens, between

ABBREVIATIONS: Final = word_set("abbreviations")
_CAPITAL_RANKS: Final = word_set("capital_ranks")
_OPENERS: Final = Flag.TIME | Flag.SUBORDINATOR | Flag.CONNECTIVE | Flag.PREPOSITION | Flag.PRONOUN
_GOES_ON: Final = Flag.TERMINAL | Flag.CLOSE | Flag.COMMA
MAX_SENTENCE: Final = 200  # tokens; the longest sentences of news have some 150


_SHORTEST: Final = 3  # tokens of a sentence whose full stop was lost
_NO_END: Final = (
    Flag.CUE
    | Flag.PREPOSITION
    | Flag.SUBORDINATOR
    | Flag.CONNECTIVE
    | Flag.COORDINATOR
    | Flag.YANG
    | Flag.COMP
    | Flag.AUX
    | Flag.NEGATION
    | Flag.COMMA
    | Flag.COLON
    | Flag.OPEN
    | Flag.DASH
    | Flag.QUOTE
)
_TOO_LONG: Final = 2 * MAX_SENTENCE


def find_lines(tokens: Tokens) -> list[tuple[int, int]]:
    """Token ranges of the lines that hold anything."""
    lines = []
    start = 0
    for index in (*tokens.breaks, tokens.size):
        if index > start:
            lines.append((start, index))
        start = index + 1
    return lines


def find_sentences(tokens: Tokens, a: int, b: int, quotes: list[Quote]) -> list[tuple[int, int]]:
    """Sentences of the token range, each with its closing punctuation; `quotes` are those that lie in the range.

    A stretch without any end is cut after `MAX_SENTENCE` tokens, so that no later stage sees an endless sentence.
    """
    sentences: list[tuple[int, int]] = []
    start = position = a
    for quote in quotes:
        if quote.a < position:
            continue
        start = _cut(tokens, start, position, quote.a, b, sentences)
        position = quote.b
        if position < b and (position - start > MAX_SENTENCE or _ends_after_quote(tokens, quote, position)):
            sentences.append((start, position))
            start = position
    start = _cut(tokens, start, position, b, b, sentences)
    if start < b:
        sentences.append((start, b))
    return sentences


def _cut(tokens: Tokens, start: int, position: int, until: int, b: int, sentences: list[tuple[int, int]]) -> int:
    """Adds the sentences that end between `position` and `until`; the start of the one that goes on."""
    flags = tokens.flags
    for index in between(tokens.ends, position, until):
        if not flags[index] & Flag.TERMINAL:  # the word that opens the next sentence
            inside = position + 2 <= index < until - 2 and index - start > _SHORTEST
            if inside and _stop_lost(tokens, index):
                sentences.append((start, index))
                start = index
        elif _ends(tokens, index, b):
            if index - start >= _TOO_LONG:
                start = _cut_long(start, max(start, position), index + 1, sentences)
            if index + 1 > start:
                sentences.append((start, index + 1))
            start = index + 1
    return _cut_long(start, max(start, position), until, sentences)


def _cut_long(start: int, free: int, end: int, sentences: list[tuple[int, int]]) -> int:
    """Cuts an endless stretch, never before `free`, where the last quotation ended."""
    while end - free > _TOO_LONG:
        sentences.append((start, free + MAX_SENTENCE))
        start = free = free + MAX_SENTENCE
    return start


def _stop_lost(tokens: Tokens, index: int) -> bool:
    """Whether a sentence begins with the function word written large at `index`, its full stop lost: surut Ia pulang"""
    before, after = tokens.words[index - 1], tokens.words[index + 1]
    small = before.islower()
    if not after[:1].islower() and not (small and (after == "," or tokens.flags[index] & Flag.CUE)):
        return False  # a title: lagu Dia Milikku; Pejabat Sementara (Pjs)
    if before.isdigit() or tokens.flags[index - 1] & Flag.CLOSE:
        return True
    return before.isalpha() and len(before) > 2 and not tokens.flags[index - 1] & _NO_END


def _ends(tokens: Tokens, index: int, b: int) -> bool:
    """Whether a sentence ends with the terminal mark at `index`."""
    if index + 1 >= b:
        return True
    words = tokens.words
    word, before = words[index], words[index - 1]
    glued = tokens.glued(index + 1)
    if len(before) > 3 and not glued and word != "…" and (before.islower() or before.lower() not in ABBREVIATIONS):
        return not tokens.flags[index + 1] & _GOES_ON or words[index + 1] == "?"  # most ends
    after = words[index + 1]
    if word == "." and index > 0 and (glued or len(before) < 4 or not before.islower()):
        if before in ("v", "vs", "dr", "no", "jl", "alm", "drg") and not glued:
            return False
        if before.isupper() and len(before) <= 2 and not glued and tokens.flags[index + 1] & _OPENERS:
            return True  # Bripda AN. Saat ini, ...
        if before.lower() in ABBREVIATIONS and not (before.isupper() and len(before) > 2) and before[:1].isupper():
            return False
        if before.isupper() and before.lower() in _CAPITAL_RANKS and tokens.capital(index + 1):
            return False  # AKBP. Danu Wirasena
        if len(before) == 1 and before.isupper():
            return False
        if glued and (
            after[:1].islower() or after[:1].isdigit() or tokens.flags[index + 1] & (Flag.COMMA | Flag.TERMINAL)
        ):
            return False
        if glued and before.isalpha() and (len(before) <= 2 or (after.isupper() and 2 <= len(after) <= 3)):
            return False  # No.5, Grid.ID
    if after[:1].islower() and (word == "…" or (word == before == ".")):
        return False  # agen Irak ... di bawah pengawasan
    if after == "?" and not glued:
        return True  # in the place of a lost opening mark
    return not tokens.flags[index + 1] & _GOES_ON


def _ends_after_quote(tokens: Tokens, quote: Quote, index: int) -> bool:
    """Whether a sentence ends with a closing mark: a full stop stands before it, and no cue follows."""
    last = quote.b - 2 if quote.closed else quote.b - 1
    if last <= quote.a or not tokens.flags[last] & Flag.TERMINAL:
        return False
    flags = tokens.flags[index]
    if flags & (Flag.COMMA | Flag.TERMINAL | Flag.CLOSE):
        return False
    if flags & Flag.CUE:
        return False
    if flags & Flag.QUOTE:
        return True
    if not tokens.capital(index):
        return bool(flags & Flag.NUMBER)
    if tokens.low[last] in "?!":
        # "Apa lagi?" Budi bertanya.
        return not any(tokens.flags[i] & Flag.CUE for i in range(index, min(index + 5, tokens.size)))
    return True
