"""Reads a source phrase: what kind of source it is, and the name in it.

`Kepala Dinas Kesehatan Banyuwangi dr Widya Lestari` is a person, named Widya Lestari, whose role is Kepala and whose
affiliation is Dinas Kesehatan Banyuwangi. Indonesian sets no mark between the end of an institution and the beginning
of a name, and so the name is read from the right: it runs as far as no word of an office, an institution, a place or a
title stops it (`annotate/lexicon/*.tsv`), and short names that the document uses elsewhere (`kata Widya`) say where it
begins.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from annotate.datamodel import SourceKind
from annotate.marking import wordlists as lists
from annotate.marking.wordlists import GIVEN, HEAD, NAME, PART, PLACE, ROLE, TERRITORY, TITLE

MAX_PHRASE: Final = 400  # code points; a longer "source" is a mistake, and is read no further
_WORD: Final = re.compile(r"[^\W_](?:[\w'’ʼ‘`.&/@+-]*[\w+])?\.?|[(),]")
_STOPPERS: Final = ROLE | HEAD | PART | PLACE | NAME | TITLE
_DEMONSTRATIVES: Final = frozenset(("itu", "ini", "tersebut", "tadi"))
_DEGREE: Final = re.compile(r"(?:[A-Z]\.?[A-Za-z]{0,4}\.?){1,3}\Z")
NO_NAMES: Final[frozenset[str]] = frozenset()


class Phrase(NamedTuple):
    """A source phrase, read. `label` is what it calls the speaker, without titles and determiners."""

    kind: SourceKind
    label: str
    named: bool
    head: str
    anaphoric: bool
    parts: tuple[str, ...]  # the names of coordinated speakers; one or none otherwise
    words: tuple[str, ...]
    start: int  # where in `words` the name begins and ends
    end: int


def words_of(phrase: str) -> list[str]:
    """The words, commas and brackets of a phrase."""
    return _WORD.findall(phrase)


def read_phrase(words: str, short_names: Collection[str] = NO_NAMES) -> Phrase:
    """Reads a source phrase; cost grows with its length, which is cut at `MAX_PHRASE`."""
    tokens = words_of(words)
    if not tokens:
        return Phrase("unnamed", words.strip(), False, "", False, (), (), 0, 0)
    if len(tokens) == 1:
        return _read_word(tokens[0])
    tokens, anaphoric = _core(tokens)
    indefinite = tokens[0].lower() in ("seorang", "sebuah", "suatu") and len(tokens) > 1
    head, group = opening_of(tokens[1:] if indefinite else tokens)
    if group in ("collective", "unnamed") and head in lists.ROLE_KINDS and (len(tokens) > 1 or anaphoric):
        group = "role"
    elif indefinite and group in (None, "collective"):
        group = "unnamed"
    if group == "pronoun":
        return Phrase("pronoun", " ".join(tokens), False, head, anaphoric, (), tuple(tokens), 0, 0)
    if not anaphoric and group in (None, "role") and (both := _coordinated(tokens, short_names)):
        return both
    if group in ("document", "collective", "unnamed-noun"):
        kind: SourceKind = "unnamed" if group == "unnamed-noun" else group  # type: ignore[assignment]
        return _without_name(tokens, kind, head, anaphoric)
    if group in ("media", "organisation"):
        return _institution(tokens, "media" if group == "media" else "organisation", head, anaphoric)
    return _person_or_else(tokens, head, group, anaphoric, short_names)


@lru_cache(maxsize=1 << 14)
def _read_word(word: str) -> Phrase:
    """A phrase of one word: a pronoun, a short name, an acronym, a bare noun."""
    low = word.lower()
    group = lists.group_of(low) if low not in lists.MEDIA_NAMES else "media"
    words = (word,)
    if group == "pronoun":
        return Phrase("pronoun", word, False, low, False, (), words, 0, 0)
    if word in lists.MEDIA_NAMES or low.endswith((".com", ".id", ".co", ".net", ".org")):
        return Phrase("media", word, True, "", False, (word,), words, 0, 1)
    flags = lists.flags(word)
    if not word[0].isupper():
        known: SourceKind = {"document": "document", "media": "media", "organisation": "organisation"}.get(
            group or "", "collective" if group == "collective" or "-" in word else "unnamed"
        )  # type: ignore[assignment]
        return Phrase(known, word, False, low, False, (), words, 0, 0)
    if group in ("document", "media", "organisation", "collective"):
        return Phrase(group, word, group == "organisation", low, False, (), words, 0, 1)  # type: ignore[arg-type]
    if group == "role" and not flags & GIVEN:
        return Phrase(
            "person" if lists.ROLE_KINDS.get(low) == "office" else "unnamed", word, False, low, False, (), words, 0, 0
        )
    if (flags & (HEAD | NAME | PLACE) and not flags & GIVEN) or _is_acronym(word):
        return Phrase("organisation", word, True, "", False, (word,), words, 0, 1)
    return Phrase("person", word, True, "", False, (word,), words, 0, 1)


def _core(tokens: list[str]) -> tuple[list[str], bool]:
    """The phrase without determiners before it and demonstratives and relative clause after it."""
    anaphoric = False
    for i, word in enumerate(tokens):
        if i and word == "yang":
            tokens = tokens[:i]
            break
    while (len(tokens) > 1 and tokens[-1] in _DEMONSTRATIVES) or tokens[-1] in (",", "("):
        anaphoric = anaphoric or tokens[-1] in _DEMONSTRATIVES
        tokens = tokens[:-1]
        if not tokens:
            return [""], anaphoric
    return tokens, anaphoric


def opening_of(tokens: Sequence[str]) -> tuple[str, str | None]:
    """The longest opening of the phrase that the lexicon knows, and its group (`role`, `document`, …)."""
    for n in (3, 2, 1):
        if len(tokens) >= n:
            opening = " ".join(tokens[:n]).lower()
            group = lists.group_of(opening)
            if group and not (group == "role" and n == 1 and lists.flags(tokens[0]) & GIVEN and tokens[0][0].isupper()):
                return opening, group
    return "", None


def _label(tokens: Sequence[str]) -> str:
    """The words as a name: brackets dropped, a noun's determiners dropped."""
    kept: list[str] = []
    depth = 0
    for word in tokens:
        if word == "(":
            depth += 1
        elif word == ")":
            depth = max(0, depth - 1)
        elif not depth:
            if word == ",":
                if kept:
                    kept[-1] += ","
            else:
                kept.append(word)
    while len(kept) > 1 and kept[0].lower() in lists.DETERMINERS:
        kept = kept[1:]
    return " ".join(kept).rstrip(",")


def _without_name(tokens: list[str], kind: SourceKind, head: str, anaphoric: bool) -> Phrase:
    return Phrase(kind, _label(tokens), False, head, anaphoric, (), tuple(tokens), 0, 0)


def _institution(tokens: list[str], kind: SourceKind, head: str, anaphoric: bool) -> Phrase:
    """An institution or a medium: its name is the whole phrase, or what follows a noun for its kind."""
    described = tokens[0][0].islower() or (head in lists.NAMING_NOUNS and len(tokens) > 1 and tokens[1][0].islower())
    start, end = _segments(tokens)[-1]
    if start and described and all(_proper(t) and "." not in t for t in tokens[start:end]):
        name = _label(tokens[start:end])  # `organisasi industri terbesar, Federation of Industries`
    elif described and head in lists.NAMING_NOUNS:
        first = next((i for i, t in enumerate(tokens) if i and t[0].isupper()), len(tokens))
        known = first < len(tokens) and not lists.flags(tokens[first]) & PLACE
        name = _label(tokens[first:]) if known else ""
    else:
        name = ""
    label = name or _label(tokens)
    named = bool(name) or (tokens[0][0].isupper() and not anaphoric) or any(t[0].isupper() for t in tokens[1:])
    return Phrase(kind, label, named, head, anaphoric, (label,) if named else (), tuple(tokens), 0, 0)


def _proper(word: str) -> bool:
    return word[0].isupper() or word in ("of", "for", "and", "the", "dan")


def _segments(tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches between commas and outside brackets, as `(start, end)` in `tokens`; never empty ones, at least one."""
    found, start, depth = [], 0, 0
    for i, word in enumerate(tokens):
        if word == "(":
            if not depth and i > start:
                found.append((start, i))
            depth += 1
        elif word == ")":
            depth = max(0, depth - 1)
            start = i + 1
        elif word == "," and not depth:
            if i > start:
                found.append((start, i))
            start = i + 1
    if not depth and start < len(tokens):
        found.append((start, len(tokens)))
    return found or [(0, len(tokens))]


def _person_or_else(
    tokens: list[str], head: str, group: str | None, anaphoric: bool, short_names: Collection[str]
) -> Phrase:
    """A phrase that opens with a role, a determiner, or no word that the lexicon knows."""
    found = None if anaphoric else _find_name(tokens, short_names, role=group == "role")
    if found:
        name = " ".join(tokens[found[0] : found[1]])
        return Phrase("person", name, True, head, anaphoric, (name,), tuple(tokens), *found)
    label = _label(tokens)
    if label in lists.MEDIA_NAMES:
        return Phrase("media", label, True, head, anaphoric, (label,), tuple(tokens), 0, len(tokens))
    if group in ("role", "unnamed"):
        if lists.group_of(head) == "collective" and not anaphoric and tokens[0].lower() != "seorang":
            return _without_name(tokens, "collective", head, anaphoric)
        office = group == "role" and tokens[0][0].isupper() and lists.ROLE_KINDS.get(head) == "office"
        return _without_name(tokens, "person" if office and not anaphoric else "unnamed", head, anaphoric)
    if tokens[0][0].isupper() and tokens[0] not in ("Para", "Sejumlah", "Beberapa"):
        return Phrase("organisation", label, True, head, anaphoric, (label,), tuple(tokens), 0, 0)
    plural = "-" in tokens[0] and len(set(tokens[0].lower().split("-"))) == 1
    kind: SourceKind = "collective" if plural or tokens[0][0].isdigit() or not (anaphoric or group) else "unnamed"
    return _without_name(tokens, kind, head, anaphoric)


def _coordinated(tokens: list[str], short_names: Collection[str]) -> Phrase | None:
    """`Putin dan Lukashenko`: one source, one label as printed, two names."""
    for i in range(1, len(tokens) - 1):
        if tokens[i] in lists.COORDINATORS:
            left = _find_name(tokens[:i], short_names, role=False)
            right = _find_name(tokens[i + 1 :], short_names, role=False)
            if left and right and left[1] == i:
                names = (" ".join(tokens[slice(*left)]), " ".join(tokens[i + 1 :][slice(*right)]))
                label = f"{names[0]} {tokens[i]} {names[1]}"
                return Phrase("person", label, True, "", False, names, tuple(tokens), 0, 0)
    return None


def _find_name(tokens: Sequence[str], short_names: Collection[str], role: bool) -> tuple[int, int] | None:
    """Where a person's name stands in the phrase, as `(start, end)` in `tokens`."""
    segments = [s for s in _segments(tokens) if not _is_degree(tokens[s[0] : s[1]])]
    if not segments:
        return None
    first = segments[0]
    if len(segments) > 1 and not role:
        found = _name_at_end(tokens, *first, short_names)
        if found and all(lists.flags(t) & TITLE for t in tokens[first[0] : found[0]]):
            return found
    for start, end in reversed(segments):
        found = _name_at_end(tokens, start, end, short_names)
        if found:
            return found
    return None


def _is_degree(tokens: Sequence[str]) -> bool:
    return len(tokens) <= 2 and all(_DEGREE.match(t) and not t.istitle() for t in tokens)


def _name_at_end(tokens: Sequence[str], start: int, end: int, short_names: Collection[str]) -> tuple[int, int] | None:
    """The name that ends the stretch, read from the right as far as nothing stops it."""
    while end > start and tokens[end - 1] in ("sendiri", "misalnya", "juga"):
        end -= 1
    i = end
    while i > start and _in_name(tokens, i - 1, start, end):
        i -= 1
    while i < end and (not tokens[i][0].isupper() or (lists.flags(tokens[i]) & TITLE and end - i > 1)):
        i += 1
    if i >= end:
        return None
    for k in range(i, end):
        if tokens[k] in short_names and k > i and not (tokens[i] in short_names and lists.flags(tokens[i]) & GIVEN):
            if end - k > 1 or end - i > 2:
                i = k
            break
    else:
        opened = start < i and lists.flags(tokens[i - 1]) & ROLE  # the institution has not come yet
        if (
            end - i >= 3
            and opened
            and len(tokens[i]) > 1
            and not lists.flags(tokens[i]) & GIVEN
            and lists.flags(tokens[i + 1]) & GIVEN
        ):
            i += 1
    if end - i == 1 and _is_acronym(tokens[i]):
        return None
    if start < i and lists.flags(tokens[i - 1]) & TERRITORY:
        i += 1
    return (i, end) if i < end else None


def _in_name(tokens: Sequence[str], i: int, start: int, end: int) -> bool:
    """Whether the word can belong to a name of which the words right of it already do."""
    word = tokens[i]
    if not word[0].isupper():
        return word in lists.PARTICLES and i > start and i + 1 < end and tokens[i - 1][0].isupper()
    flags = lists.flags(word)
    before = lists.flags(tokens[i - 1]) if i > start else 0
    named_before = i > start and tokens[i - 1][0].isupper() and not before & _STOPPERS
    if len(word.rstrip(".")) == 1:
        return True
    if flags & GIVEN and flags & _STOPPERS:
        return not before & (ROLE | HEAD | PART) or i == start
    if flags & TITLE:
        return named_before and not flags & ROLE and end - i == 1
    if flags & _STOPPERS:
        return bool(named_before and before & GIVEN and not flags & (HEAD | NAME | ROLE))
    if _is_acronym(word):
        return named_before and len(word) <= 3 and i < end
    return True


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isalpha()
