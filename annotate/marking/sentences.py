"""Lines and sentences, as ranges of tokens. A sentence does not end inside a quotation, nor after an abbreviation."""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.quotations import Quote
from annotate.marking.tokens import Tokens

ABBREVIATIONS: Final = word_set("abbreviations")


def find_lines(tokens: Tokens) -> list[tuple[int, int]]:
    """Token ranges of the lines that hold anything."""
    lines = []
    start = 0
    flags = tokens.flags
    for index in range(tokens.size):
        if flags[index] & 65536:  # Flag.NEWLINE: spelt out, since this loop sees every token
            if index > start:
                lines.append((start, index))
            start = index + 1
    if tokens.size > start:
        lines.append((start, tokens.size))
    return lines


def find_sentences(tokens: Tokens, a: int, b: int, quotes: list[Quote]) -> list[tuple[int, int]]:
    """Sentences of the token range, each with its closing punctuation; `quotes` are those that lie in the range."""
    sentences = []
    start = index = a
    flags = tokens.flags
    coming = iter(quotes)
    quote = next(coming, None)
    while index < b:
        while quote is not None and quote.a < index:
            quote = next(coming, None)
        if quote is not None and index == quote.a:
            index = quote.b
            if index < b and _ends_after_quote(tokens, quote, index):
                sentences.append((start, index))
                start = index
            continue
        if flags[index] & 32768 and _ends(tokens, index, b):  # Flag.TERMINAL
            sentences.append((start, index + 1))
            start = index + 1
        index += 1
    if start < b:
        sentences.append((start, b))
    return sentences


def _ends(tokens: Tokens, index: int, b: int) -> bool:
    """Whether a sentence ends with the terminal mark at `index`."""
    if index + 1 >= b:
        return True
    word = tokens.low[index]
    glued = tokens.glued(index + 1)
    after = tokens.words[index + 1]
    if word == "." and index > 0:
        before = tokens.words[index - 1]
        if before in ("v", "vs", "dr", "no", "jl", "alm", "drg") and not glued:
            return False
        if before.lower() in ABBREVIATIONS and not (before.isupper() and len(before) > 2) and before[:1].isupper():
            return False
        if len(before) == 1 and before.isupper():
            return False
        if glued and (
            after[:1].islower() or after[:1].isdigit() or tokens.flags[index + 1] & (Flag.COMMA | Flag.TERMINAL)
        ):
            return False
        if glued and len(before) <= 2:
            return False
    return not tokens.flags[index + 1] & (Flag.TERMINAL | Flag.CLOSE | Flag.COMMA)


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
