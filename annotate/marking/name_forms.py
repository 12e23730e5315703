"""What a name can look like: spellings of one name, nicknames, and words that only look like names."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from annotate.lexicon import Flag, word_flags, word_set
from annotate.marking import wordlists as lists
from annotate.marking.wordlists import GIVEN, HEAD, PART, TERRITORY

# An initial, a title (Dr., Drs., Prof., ...) or a word; all begin with [A-Z], and so the engine leaps.
# The look ahead spares most words six looks back; nothing that can follow a word is a letter of it, hence `*+`.
CAPITAL: Final = (
    r"[A-Z](?:(?=[.rtjHou])(?:(?<=D)rs?|(?<=P)rof|(?<=M)[ou]h|(?<=[IJ])r|(?<=S)t|(?<=H)j|(?<=K)H)?\.|[\w'’ʼ‘-]*+)"
)
_ALIAS: Final = re.compile(
    rf"({CAPITAL}(?: {CAPITAL}){{0,4}}),? (?:yang |atau )?(?:akrab |biasa |kerap |lebih |sering |karib )*"
    rf"(?:disapa|dipanggil|alias) (?:dengan |sebagai )?({CAPITAL})"
)
_APOSTROPHES: Final = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'"})
MAX_CANDIDATES: Final = 60  # names that share a word; more of them tell nothing
MAX_TITLE: Final = 160  # code points
MAX_NAMES: Final = 200  # code points of a name and what leads from it to another
_OTHERWISE: Final = re.compile(rf" (?:atau |\()({CAPITAL}(?: {CAPITAL})?)(?=[ ),.])")
_LONG_NAME: Final = re.compile(rf"({CAPITAL}(?: {CAPITAL}){{1,4}})\Z")
_ALSO_CALLED: Final = re.compile(
    rf"({CAPITAL}(?: {CAPITAL})?),? (?:sapaan|panggilan)(?: akrab| karib)? ({CAPITAL}(?: {CAPITAL})+)"
)
CALLED: Final = re.compile(rf"(?:disapa|dipanggil|bernama) ({CAPITAL}(?: {CAPITAL}){{0,3}})")
NO_NAME: Final = (
    Flag.PREPOSITION
    | Flag.SUBORDINATOR
    | Flag.AUX
    | Flag.ADVERB
    | Flag.NEGATION
    | Flag.COMP
    | Flag.CUE
    | Flag.CONNECTIVE
)


_COMMON: Final = Flag.NOUN | Flag.VERB | Flag.ADJECTIVE
_VERB: Final = Flag.VERB
_WORDS: Final = word_flags()
_ACTS: Final = frozenset(word.title() for word in word_set("headline_acts"))
_INSTITUTIONAL: Final = HEAD | PART | TERRITORY


@lru_cache(maxsize=1 << 14)
def name_key(name: str) -> tuple[str, ...]:
    """A name's words for comparison: case, full stops and kinds of apostrophe do not count."""
    if "-" in name:
        name = re.sub(r"\b([ae]l)-", r"\1 ", name, flags=re.IGNORECASE)
    if not name.isascii() or "`" in name:
        name = name.translate(_APOSTROPHES)
    return tuple(name.casefold().replace(".", " ").replace(",", " ").split())


def aliases(text: str, offers: bool, calls: bool) -> dict[str, str]:
    """Names that the text says somebody goes by, with the name before them: Hendra Setiadi yang akrab disapa Joni.

    Of two names joined by `atau` or brackets only the caller can tell whether they are those of a person. Where no name
    is known to be offered another by `atau` (`offers`), or to be called so (`calls`), that is not looked for.
    """
    found: dict[str, str] = {}
    beside = [at - 1 for at in places_of(text, "(")]
    if offers:
        beside = sorted([*beside, *places_of(text, " atau ")])
    for at in beside:
        match = _OTHERWISE.match(text, at) if at >= 0 else None
        name = _LONG_NAME.search(text, max(0, at - 60), at) if match else None
        if match and name and (not match[1].isupper() or match[1] == "".join(word[0] for word in name[1].split())):
            found[match[1]] = name[1]
    if not calls:
        return found
    stems = [*places_of(text, "sapa"), *places_of(text, "panggil")]
    for match in _around(_ALSO_CALLED, text, stems):
        found[match[1]] = match[2]
    for match in _around(_ALIAS, text, [*stems, *places_of(text, " alias ")]):
        found[match[2]] = match[1]
    return found


def places_of(text: str, word: str) -> list[int]:
    """Where a word begins in the text: many times as fast as a pattern that holds it."""
    places = []
    at = text.find(word)
    while at >= 0:
        places.append(at)
        at = text.find(word, at + 1)
    return places


def _around(pattern: re.Pattern[str], text: str, places: list[int]) -> Iterator[re.Match[str]]:
    """What the pattern finds about these places, which it holds one of: it is not tried elsewhere."""
    end = 0
    for at in sorted(places):
        if at >= end and (match := pattern.search(text, max(end, at - MAX_NAMES), at + MAX_NAMES)):
            end = match.end()
            yield match


def is_headline(label: str, short: bool = False) -> bool:
    """Whether a run of capitalised words is no name but a headline's words: `Perjalanan Wati Menuju Puncak`.

    `short`: two words may be that, too, and any word that the lexicon knows tells (`Wati Apresiasi Survei`).
    """
    words = label.split()
    if len(words) > 6:
        return True
    if len(words) < 3 and not short:
        return False
    for word in words:
        if lists.flags(word) & GIVEN or word[-1] == ".":
            continue
        small = word.lower()
        flags = _WORDS[small]
        if flags & NO_NAME or (flags & _VERB and len(word) > 5 and small.startswith(("me", "di"))):
            return True
        if word in _ACTS or (len(word) > 6 and word.endswith("kan")):
            return True  # Resmikan, Luncurkan, Beri
        if short and flags & _COMMON:
            return True
    return False


def is_common(label: str) -> bool:
    """Whether words are no name: all are the language's, or one is a verb: `Belanja Daerah`, `Ada Dalang`."""
    told = 0  # words that are no given names
    common, known = False, True
    for word in label.split():
        of_names = lists.flags(word)
        if of_names & GIVEN:
            continue
        told += 1
        small = word.lower()
        flags = _WORDS[small]
        if flags & _COMMON:
            if flags & _VERB and (len(word) > 5 or not small.startswith(("di", "me", "ber", "ter"))):
                return True  # of short words `di-` and `me-` make no verb: `Anton Dihen`
            common = True
        elif not of_names & _INSTITUTIONAL:
            known = False
    return common and known and told == label.count(" ") + 1


def alike(a: str, b: str) -> bool:
    """Whether two long words differ by one letter put in, left out or changed, or two changed at the end."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if len(long) - len(short) > 1:
        return False
    i = 0
    for x, y in zip(short, long, strict=False):
        if x != y:
            break
        i += 1
    return short[i + len(short) + 1 - len(long) :] == long[i + 1 :]
