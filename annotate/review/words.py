"""Words as the desk compares them: case, accents and punctuation folded away, function words known."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

_NOT_WORD: Final = re.compile(r"[\W_]+")
_INSIDE_NUMBER: Final = re.compile(r"(?<=\d)[.,](?=\d)")
_FUNCTION_WORDS: Final = Path(__file__).parent / "function-words.tsv"


def fold(text: str) -> str:
    """The text's words, folded, each after one space, and a space at the end: ` presiden vladimir putin `.

    A word, the beginning of one and a phrase can thus all be found as substrings.
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = _NOT_WORD.sub(" ", text.casefold()).strip()
    return f" {words} " if words else " "


@cache
def function_words() -> frozenset[str]:
    """Words that carry no content: conjunctions, prepositions, pronouns, auxiliaries, words of reporting."""
    lines = _FUNCTION_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines[1:] if not line.startswith("#") for word in line.split("\t")[0].split())


def content_words(text: str) -> tuple[str, ...]:
    """The folded words of a text without function words, in order. Numbers count: `3.450,5` is one word."""
    known = function_words()
    return tuple(word for word in fold(_INSIDE_NUMBER.sub("", text)).split() if word not in known)
