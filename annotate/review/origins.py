"""Who copied whom: articles that print one agency's text, or each other's, and those that wrote their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from zlib import crc32

from annotate.records import DocumentRecord
from annotate.review.words import fold

SHINGLE: Final = 5  # words
LEAST_SHINGLES: Final = 20
COPIED: Final = 0.5  # share of the shorter article's runs of five words that the other one has, too
_EDGE: Final = 240  # characters at either end of an article in which a credit stands
_AGENCIES: Final = Path(__file__).parent / "agencies.tsv"


@dataclass
class Origin:
    """Articles that come from one text. `agency` is the one that they credit, where they credit one."""

    agency: str | None = None
    documents: list[str] = field(default_factory=list)


def origins(documents: Sequence[DocumentRecord]) -> list[Origin]:
    """The articles by the text that they come from, in the order given; each article stands in one origin."""
    leader = list(range(len(documents)))

    def root(i: int) -> int:
        while leader[i] != i:
            i = leader[i]
        return i

    credits = [credited(one.text) for one in documents]
    for j, second in enumerate(documents):
        for i, first in enumerate(documents[:j]):
            if root(i) != root(j) and (_copies(first, second) or (credits[i] and credits[i] == credits[j])):
                leader[root(j)] = root(i)
    found: dict[int, Origin] = {}
    for i, document in enumerate(documents):
        origin = found.setdefault(root(i), Origin())
        origin.documents.append(document.doc_id)
        origin.agency = origin.agency or credits[i]
    return list(found.values())


def credited(text: str) -> str | None:
    """The agency that an article credits in its first or last lines, in brackets, after a dash or after `Sumber:`."""
    for edge in (text[:_EDGE], text[-_EDGE:]):
        for found in _credit().finditer(edge):
            return _names()[next(name for name in found.groups() if name)]
    return None


@cache
def _names() -> dict[str, str]:
    lines = _AGENCIES.read_text(encoding="utf-8").splitlines()[1:]
    return {form: line.split("\t")[0] for line in lines for form in line.split("\t")[1:]}


@cache
def _credit() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_names(), key=len, reverse=True))
    # `JAKARTA (ANTARA) -`, `Jakarta, ANTARA –`, `Sumber: Reuters`, `(AFP/xyz)`
    return re.compile(
        rf"[(\[]({names})[/,)\]]|[,/] ?({names})\)?\s*[-–—]|(?:[Ss]umber|SUMBER)\s*:\s*({names})\b|[/,] ?({names})[)\]]"
    )


def _copies(first: DocumentRecord, second: DocumentRecord) -> bool:
    if first.copy_of == second.doc_id or second.copy_of == first.doc_id:
        return True
    if first.copy_of and first.copy_of == second.copy_of:
        return True
    a, b = _shingles(first.text), _shingles(second.text)
    shorter = min(len(a), len(b))
    return shorter >= LEAST_SHINGLES and len(a & b) >= COPIED * shorter


@lru_cache(maxsize=2048)
def _shingles(text: str) -> frozenset[int]:
    words = fold(text).split()
    return frozenset(crc32(" ".join(words[i : i + SHINGLE]).encode()) for i in range(len(words) - SHINGLE + 1))
