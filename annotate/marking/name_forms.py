"""What a name can look like: spellings of one name, nicknames, and headlines that only look like names."""

import re
from typing import Final

from annotate.lexicon import Flag, word_flags
from annotate.marking import wordlists as lists
from annotate.marking.wordlists import GIVEN

CAPITAL: Final = r"[A-Z](?:(?:(?<=D)rs?|(?<=P)rof|(?<=[IJ])r|(?<=S)t|(?<=H)j|(?<=K)H)?\.|[\w'’ʼ‘-]*)"
_ALIAS: Final = re.compile(
    rf"({CAPITAL}(?: {CAPITAL}){{0,4}}),? (?:yang |atau )?(?:akrab |biasa |kerap |lebih |sering |karib )*"
    rf"(?:disapa|dipanggil|alias) (?:dengan |sebagai )?({CAPITAL})"
)
CALLED: Final = re.compile(rf"(?:disapa|dipanggil|bernama) ({CAPITAL}(?: {CAPITAL}){{0,3}})")
_NO_NAME: Final = int(
    Flag.PREPOSITION
    | Flag.SUBORDINATOR
    | Flag.AUX
    | Flag.ADVERB
    | Flag.NEGATION
    | Flag.COMP
    | Flag.CUE
    | Flag.CONNECTIVE
)


def aliases(text: str) -> dict[str, str]:
    """Names that the text says somebody goes by, with the name before them: Hendra Setiadi yang akrab disapa Joni."""
    if "disapa" not in text and "alias" not in text and "dipanggil" not in text:
        return {}
    return {match[2]: match[1] for match in _ALIAS.finditer(text)}


def is_headline(label: str) -> bool:
    """Whether a run of capitalised words is no name but a headline's words: `Perjalanan Wati Menuju Puncak`."""
    table = word_flags()
    words = label.split()
    if len(words) > 6:
        return True
    for word in words if len(words) > 2 else ():
        if lists.flags(word) & GIVEN or word[-1] == ".":
            continue
        flags = table[word.lower()]
        if flags & _NO_NAME or (flags & Flag.VERB and word.lower().startswith(("me", "di")) and len(word) > 5):
            return True
    return False


def alike(a: str, b: str) -> bool:
    """Whether two long words differ by one letter put in, left out or changed, or two changed at the end."""
    if abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) <= 1
    short, long = sorted((a, b), key=len)
    i = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short[i:] == long[i + 1 :]
