"""Acronyms of one document and the names that they stand for."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from annotate.marking import wordlists as lists
from annotate.marking.name_forms import places_of
from annotate.marking.wordlists import HEAD, NAME, PART, PLACE

_BRACKET: Final = re.compile(r"\(([A-Z][\w&./ -]{1,40})\)")


def long_forms(text: str) -> dict[str, str]:
    """Acronyms that the text explains, `Komisi Yudisial (KY)` or `KY (Komisi Yudisial)`, with their long forms."""
    found: dict[str, str] = {}
    for at in places_of(text, "("):
        match = _BRACKET.match(text, at)
        if match is None:
            continue
        inside = match[1]
        before = text[max(0, at - 140) : at].rstrip()
        if " " in inside:
            short = before.rsplit(" ", 1)[-1]
            if short.isupper() and len(short) > 1 and _initials(inside) == short:
                found.setdefault(short, inside)
                continue
            if not inside.isupper():
                continue
        if (long := _long_form(before, inside)) is not None:
            found.setdefault(inside, long)
    return found


def by_initials(acronym: str, runs: Iterable[str]) -> str:
    """The institution among these runs of capitalised words whose initials the acronym is; or ``."""
    if not (acronym.isupper() and 2 <= len(acronym) <= 6):
        return ""
    for run in runs:
        if acronym[0] not in run:
            continue
        words = run.split()
        for i, word in enumerate(words):
            if word[0] == acronym[0]:
                part = _spelling(words, i, acronym)
                if part and any(lists.flags(w) & (HEAD | PART | PLACE | NAME) for w in part):
                    return " ".join(part)
    return ""


def _spelling(words: Sequence[str], i: int, acronym: str) -> list[str]:
    """The words from the i-th on whose capitals spell the acronym, small words between them left uncounted; or []."""
    left = list(acronym)
    for k in range(i, len(words)):
        if words[k][0].isupper():
            if words[k][0] != left.pop(0):
                return []
            if not left:
                return list(words[i : k + 1])
    return []


def _initials(name: str) -> str:
    return "".join(w[0] for w in name.split() if w[0].isupper())


def _long_form(before: str, acronym: str) -> str | None:
    """The words before a bracketed acronym that it stands for."""
    words = before.split()[-12:]
    letters = [c for c in acronym if c.isalpha()]
    if acronym.isupper():
        taken: list[str] = []
        for word in reversed(words):
            if not word[0].isupper() and word not in ("dan", "of", "for", "and", "untuk", "the", "on", "in"):
                break
            taken.insert(0, word)
            initials = [w[0] for w in taken if w[0].isupper()]
            if initials == letters:
                return " ".join(taken)
            if len(initials) > len(letters):
                break
    for size in range(2, len(words) + 1):
        phrase = " ".join(words[-size:])
        if not words[-size][0].isupper():
            if words[-size] not in ("dan", "of", "for", "and", "untuk"):
                return None
            continue
        if phrase[0].lower() == acronym[0].lower() and _subsequence(acronym.lower(), phrase.lower()):
            return phrase
    return None


def _subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short if c.isalpha())
