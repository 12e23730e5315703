"""What a pronoun or a noun with `itu` may stand for in the narration before it: groups, and fuller noun phrases."""

import re
from typing import Final

from annotate.lexicon import Flag, word_flags
from annotate.marking.phrases import Phrase, read_phrase

NEAR: Final = 1500  # code points in which a pronoun looks for who it stands for
PLURAL_SUBJECT: Final = re.compile(
    r"((?:[A-Z](\w+)-\w\2\b|(?:Sebuah k|K)eluarga|"
    r"[Pp]ara|[Ss]ejumlah|Beberapa|Sebagian|Warga|Massa|[Ss]emua|[Ss]eluruh|"
    r"Ratusan|Ribuan|Puluhan|Kedua|Ketiga)"
    r" ??[\w ]{0,60}?)"
    r"(?= (?:yang|ber|me|di|ter|telah|sudah|akan|itu|ini|tersebut|juga|tidak|se[bm]|masih|hanya|harus|bisa|enggan)"
    r"|[,.])"
)
_NOUN_PHRASE: Final = re.compile(
    r"(?: (?!(?:yang|dan|itu|ini|tersebut|telah|akan|juga|pada|me|ber|di|ter)\b)[\w.]+){0,7}"
)
_VERB: Final = re.compile(r"(?:me[mnlrwy]|ber|ter|di)[a-z]{3,}\Z")


def earlier_noun_phrase(text: str, phrase: Phrase, at: int) -> str:
    """The fuller noun phrase that one with `itu` points back to: `juru bicara Kementerian Luar Negeri`."""
    if not phrase.head or len(phrase.label.split()) > len(phrase.head.split()):
        return ""
    start = max(0, at - NEAR)
    found = text.rfind(phrase.head, start, at)
    if found < 0:
        return ""
    rest = _NOUN_PHRASE.match(text, found + len(phrase.head), at)
    words: list[str] = []
    for word in rest[0].split() if rest else []:
        if _VERB.match(word):
            break
        words.append(word)
    if words and not words[-1][0].isupper():
        table = word_flags()
        ends = next((i for i, w in enumerate(words) if table[w] and not table[w] & Flag.NOUN), len(words))
        words = words[: min(ends, 2)]  # `seorang pedagang sayur keliling | kemarin`
    return read_phrase(" ".join([phrase.head, *words])).label if words else ""


def stands_in_apposition(text: str, at: int) -> bool:
    """Whether the phrase at this place is one: `Aliansi Energi, | sebuah kelompok nirlaba yang menyebut …`"""
    opening = text[at : at + 8].lower()
    return text[max(0, at - 2) : at] == ", " and opening.startswith(("sebuah ", "seorang ", "suatu "))
