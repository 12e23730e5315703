"""Where a personal name begins and ends in the words of a phrase.

Indonesian sets no mark between the end of an institution and the beginning of a name (`Kepala Dinas Kesehatan
Banyuwangi Widya Lestari`), and so the name is read from the right: it runs as far as no word of an office, an
institution, a place or a title stops it (`annotate/lexicon/*.tsv`), and short names that the document uses elsewhere
(`kata Widya`) say where it begins.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from annotate.marking import wordlists as lists
from annotate.marking.wordlists import GIVEN, HEAD, NAME, OPENER, PART, PLACE, ROLE, TERRITORY, TITLE

_STOPPERS: Final = ROLE | HEAD | PART | PLACE | NAME | TITLE | TERRITORY
_ARTICLE: Final = re.compile(r"(?:al|el|ad|an|ar|as|ash|at|az)-[A-Z]")
_NOMINAL: Final = re.compile(r"(?:Pe[rmn]|Ke)[a-z]{4,}an\Z")
TITLED: Final = re.compile(r"(?:(?:[A-Z][a-z]{0,2}\.){1,2}[A-Z][A-Za-z]{1,3}|Sp\.?[A-Z][A-Za-z]{0,3})\.?\Z")
_DEGREE: Final = re.compile(r"(?:[A-Z]\.?[A-Za-z]{0,4}\.?){1,3}\Z")


def opening_of(tokens: Sequence[str]) -> tuple[str, str | None]:
    """The longest opening of the phrase that the lexicon knows, and its group (`role`, `document`, …)."""
    if not tokens or tokens[0].lower() not in lists.FIRST_WORDS:
        return "", None
    for n in (3, 2, 1):
        if len(tokens) >= n:
            opening = " ".join(tokens[:n]).lower()
            group = lists.group_of(opening)
            if group and not (group == "role" and n == 1 and lists.flags(tokens[0]) & GIVEN and tokens[0][0].isupper()):
                return opening, group
    return "", None


def segments_of(tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches between commas and outside brackets, as `(start, end)` in `tokens`; never empty ones, at least one."""
    if "," not in tokens and "(" not in tokens and ")" not in tokens:
        return [(0, len(tokens))]
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


def find_name(tokens: Sequence[str], short_names: Collection[str], role: bool) -> tuple[int, int] | None:
    """Where a person's name stands in the phrase, as `(start, end)` in `tokens`."""
    if _opens_with_prefix(tokens):
        return 0, len(tokens)
    segments = [s for s in segments_of(tokens) if not _is_degree(tokens[s[0] : s[1]])]
    if not segments:
        return None
    first = segments[0]
    if len(segments) > 1 and not role:
        found = _name_at_end(tokens, *first, short_names)
        if found and all(lists.flags(t) & TITLE for t in tokens[first[0] : found[0]]):
            return found
    for start, end in reversed(segments):
        if role and start and _is_named_as_thing(tokens, start, end):
            return start, end
        found = _name_at_end(tokens, start, end, short_names)
        if found:
            return found
    return None


def _is_named_as_thing(tokens: Sequence[str], start: int, end: int) -> bool:
    """`Kepala Dinas Pariwisata, Dana Budiman`: a word that can open an institution, and a name's word after it."""
    if not 2 <= end - start <= 3 or not lists.flags(tokens[start]) & HEAD or lists.flags(tokens[start]) & OPENER:
        return False
    return not is_acronym(tokens[start]) and all(
        t[0].isupper() and not lists.flags(t) & ~GIVEN and not is_acronym(t) for t in tokens[start + 1 : end]
    )


def _opens_with_prefix(tokens: Sequence[str]) -> bool:
    """`Muhammad Zaki Raja Agam`: after such a first name, words of places and offices are names, too."""
    if not 3 <= len(tokens) <= 5 or tokens[0].lower() not in lists.PREFIXES or len(tokens[0]) < 4:
        return False
    return all(t[0].isupper() and not lists.flags(t) & (HEAD | NAME | TITLE) and not is_acronym(t) for t in tokens)


def _is_degree(tokens: Sequence[str]) -> bool:
    if len(tokens) == 2 and len(tokens[0]) == 2 and tokens[0][1] == "." and len(tokens[1].rstrip(".")) <= 3:
        return tokens[1][0].isupper()  # `M. Ag`
    return len(tokens) <= 2 and all(_DEGREE.match(t) and ("." in t or not t.istitle()) for t in tokens)


def _name_at_end(tokens: Sequence[str], start: int, end: int, short_names: Collection[str]) -> tuple[int, int] | None:
    """The name that ends the stretch, read from the right as far as nothing stops it."""
    while end > start and tokens[end - 1] in ("sendiri", "misalnya", "juga"):
        end -= 1
    while end - start > 2 and TITLED.match(tokens[end - 1]):
        end -= 1  # `Ratih Lestari M.Sc`, `SpOG`
    i = end
    while i > start and _in_name(tokens, i - 1, start, end):
        i -= 1
    while i < end and (not tokens[i][0].isupper() or (lists.flags(tokens[i]) & TITLE and end - i > 1)):
        i += 1
    if i >= end:
        return None
    if i > start:
        i = _after_institution(tokens, i, end, short_names)
    elif i and tokens[i - 1] == ")" and tokens[i] not in short_names and not lists.flags(tokens[i]) & GIVEN:
        # `Balai Besar Wilayah Sungai (BBWS) Karang Danu Prakoso`, `kata Danu`
        i = next((k for k in range(i + 1, end - 1) if tokens[k] in short_names), i)
    if end - i == 1 and is_acronym(tokens[i]):
        return None
    if end - i == 1 and i > start and _is_where(tokens, i, start, short_names):
        return None
    if start < i and lists.flags(tokens[i - 1]) & TERRITORY and not lists.flags(tokens[i]) & GIVEN:
        i += 1
    if i - start > 1 and i < end and f"{tokens[i - 2]} {tokens[i - 1]}" in lists.TWO_WORD_TITLES:
        i -= 2
    return (i, end) if i < end else None


def _is_where(tokens: Sequence[str], i: int, start: int, short_names: Collection[str]) -> bool:
    """`juru bicara Woolworths`: after a post written small one unknown word is where it is held, not who holds it."""
    while start < i and (tokens[start].lower() in lists.DETERMINERS or tokens[start] == "satu"):
        start += 1
    head = opening_of(tokens[start:i])[0]
    if lists.ROLE_KINDS.get(head) != "post" or not tokens[start][0].islower() or tokens[i] in short_names:
        return False
    return not lists.flags(tokens[i]) & (GIVEN | PLACE) and i - start == len(head.split())


def _after_institution(tokens: Sequence[str], i: int, end: int, short_names: Collection[str]) -> int:
    """Where the name begins, when words of an institution that no table knows stand between the office and it."""
    before = lists.flags(tokens[i - 1])
    for k in range(i + 1, end - 1):
        if tokens[k] in ("I", "Ni") and lists.flags(tokens[k + 1]) & GIVEN:
            return k  # `RSUP Prof Ngoerah I Wayan Sudana`
    if before & OPENER and end - i == 1 and tokens[i] not in short_names:
        return end  # `Kapolres` with the town alone
    if before & OPENER and tokens[i] not in short_names:
        i += 1  # `Direktur RSUD Cempaka Ratih Lestari`
        return next((k for k in range(i, end - 1) if lists.flags(tokens[k]) & GIVEN or tokens[k] in short_names), i)
    whole = sum(len(t.rstrip(".")) > 1 for t in tokens[i:end])  # words that are no initials
    if before & (TITLE | PLACE) or not before & (ROLE | HEAD | PART) or whole < 3:
        return i
    if tokens[i] in short_names or len(tokens[i].rstrip(".")) == 1:
        return i
    if lists.flags(tokens[i]) & GIVEN and end - i < 4:
        return i
    for k in range(i + 1, end):
        if tokens[k] in ("I", "Ni") and k + 1 < end:
            return k
        if tokens[k] in short_names and k < end - 1:
            return k
    bare_role = before & ROLE or i == len(opening_of(tokens)[0].split())  # the institution has not come yet
    if bare_role and lists.flags(tokens[i + 1]) & GIVEN and not lists.flags(tokens[i]) & GIVEN:
        return i + 1  # `CEO Zentraya Ratih Lestari`
    if end - i > 3 and not lists.flags(tokens[i]) & GIVEN and tokens[i].lower() not in lists.PREFIXES:
        return next((k for k in range(i + 1, end) if lists.flags(tokens[k]) & GIVEN), i)
    return i


def name_after_institution(tokens: Sequence[str], short_names: Collection[str]) -> tuple[int, int] | None:
    """`Kantor Pelabuhan Bitung Heru Supriyadi`: a name of two words or more, its first a known given name."""
    start, end = segments_of(tokens)[-1]
    found = _name_at_end(tokens, start, end, short_names)
    if not found or found[1] - found[0] < 2 or found[0] < 2:
        return None
    if found == (start, end) and tokens[start - 1] == "," and any(lists.flags(t) & GIVEN for t in tokens[start:end]):
        return found
    k = next((k for k in range(*found) if lists.flags(tokens[k]) & GIVEN), found[1])
    before = lists.flags(tokens[k - 1])
    sure = tokens[k - 1] == ")" or (before & (PLACE | NAME | PART) and not before & (HEAD | OPENER | TERRITORY))
    return (k, found[1]) if sure and found[1] - k >= 2 and tokens[found[0] - 1] != "," else None


def _in_name(tokens: Sequence[str], i: int, start: int, end: int) -> bool:
    """Whether the word can belong to a name of which the words right of it already do."""
    word = tokens[i]
    if not word[0].isupper() and _ARTICLE.match(word):
        return i > start and tokens[i - 1][0].isupper()  # `Walid al-Moualem`
    if not word[0].isupper():
        joined = i > start and (tokens[i - 1][0].isupper() or tokens[i - 1] in lists.PARTICLES)
        return word in lists.PARTICLES and joined and i + 1 < end
    if word.endswith("kan") and word.startswith(("Di", "Me")) and len(word) > 6:
        return False  # a verb that opens a sentence: `Dijelaskan Ratih`
    flags = lists.flags(word)
    before = lists.flags(tokens[i - 1]) if i > start else 0
    named_before = i > start and tokens[i - 1][0].isupper() and not before & _STOPPERS
    if named_before and flags & PLACE and not before and _NOMINAL.match(tokens[i - 1]):
        return False  # `Menteri Perminyakan Nigeria`
    if len(word.rstrip(".")) == 1:
        return word not in ("V", "X") or not before & _STOPPERS  # `Kepala Wilayah V Ratih`
    if flags & (GIVEN | PLACE) and _in_place_name(tokens, i, start, end):
        return False
    if flags & GIVEN and flags & _STOPPERS:
        institution = before & (HEAD | TERRITORY) or (flags & PLACE and before & PART and end - i > 2)
        return i == start or not (institution or before & ROLE)
    if flags & TITLE:
        return named_before and not flags & ROLE and end - i == 1
    if not flags and end - i > 1 and _NOMINAL.match(word):
        return False  # an institution that no table knows: `Operasi Perdamaian`
    if flags & PART and i - 2 >= start and lists.flags(tokens[i - 2]) & HEAD and end - i > 1:
        return False  # `Bank Mega Syariah Eva Kusumawati`
    if flags & _STOPPERS:
        if flags & PLACE and named_before and start and not flags & (HEAD | NAME | ROLE):
            return True  # `…, Hotman Paris Hutapea`
        surname = end - i == 1 and i > start and flags & (PLACE | ROLE) and not before & _STOPPERS
        return bool(named_before and not flags & (HEAD | NAME) and (before & GIVEN or (surname and not flags & ROLE)))
    if is_acronym(word):
        return bool(named_before or before & TITLE) and len(word) <= 3 and i < end - 1 + named_before
    return True


def _in_place_name(tokens: Sequence[str], i: int, start: int, end: int) -> bool:
    """Whether the word belongs to a place of two words: `Intan Jaya`, `Sri Lanka`."""
    before = f"{tokens[i - 1]} {tokens[i]}".lower() if i > start else ""
    after = f"{tokens[i]} {tokens[i + 1]}".lower() if i + 1 < end else ""
    return before in lists.PLACE_PAIRS or after in lists.PLACE_PAIRS


def is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and (word.isalpha() or word.replace("-", "").isalpha())
