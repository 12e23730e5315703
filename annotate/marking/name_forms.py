"""What a name can look like: spellings of one name, nicknames, and headlines that only look like names."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from annotate.lexicon import Flag, word_flags, word_set
from annotate.marking import wordlists as lists
from annotate.marking.wordlists import GIVEN, HEAD, PART, TERRITORY

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


_COMMON: Final = int(Flag.NOUN | Flag.VERB | Flag.ADJECTIVE)
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


def aliases(text: str) -> dict[str, str]:
    """Names that the text says somebody goes by, with the name before them: Hendra Setiadi yang akrab disapa Joni.

    Of two names joined by `atau` or brackets only the caller can tell whether they are those of a person.
    """
    found = {}
    beside = sorted((*places_of(text, " atau "), *(at - 1 for at in places_of(text, "("))))
    for at in beside:
        match = _OTHERWISE.match(text, at) if at >= 0 else None
        name = _LONG_NAME.search(text, max(0, at - 60), at) if match else None
        if match and name and (not match[1].isupper() or match[1] == "".join(word[0] for word in name[1].split())):
            found[match[1]] = name[1]
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


def is_title_line(line: str) -> bool:
    """Whether a line is a headline in capitals, whose runs are no names: `Ratih Lestari Minta Pasar Dibuka`."""
    if not line or len(line) > MAX_TITLE or line[-1] in ".,:" or line.rstrip().endswith((".", ",", ":")):
        return False
    words = line.split()
    return len(words) > 3 and sum(word[0].isupper() for word in words) * 3 >= len(words) * 2


def without_opening(run: str) -> str:
    """A run of capitalised words without the small word that opened the sentence: `Sehingga Ratih`, `Ratih`."""
    first, _, rest = run.partition(" ")
    return rest if word_flags()[first.lower()] & _NO_NAME and not lists.flags(first) & GIVEN else run


def is_headline(label: str, short: bool = False) -> bool:
    """Whether a run of capitalised words is no name but a headline's words: `Perjalanan Wati Menuju Puncak`.

    `short`: two words may be that, too, and any word that the lexicon knows tells (`Wati Apresiasi Survei`).
    """
    table = word_flags()
    words = label.split()
    if len(words) > 6:
        return True
    for word in words if len(words) > 2 or short else ():
        if lists.flags(word) & GIVEN or word[-1] == ".":
            continue
        flags = table[word.lower()]
        if flags & _NO_NAME or (flags & Flag.VERB and word.lower().startswith(("me", "di")) and len(word) > 5):
            return True
        if word in _ACTS or (word.endswith("kan") and len(word) > 6):
            return True  # Resmikan, Luncurkan, Beri
        if short and flags & (Flag.NOUN | Flag.VERB | Flag.ADJECTIVE):
            return True
    return False


def is_common(label: str) -> bool:
    """Whether words are no name: all are the language's, or one is a verb: `Belanja Daerah`, `Ada Dalang`."""
    table = word_flags()
    words = [word for word in label.split() if not lists.flags(word) & GIVEN]
    flags = [table[word.lower()] for word in words]
    known = [bool(flag & _COMMON or lists.flags(w) & _INSTITUTIONAL) for w, flag in zip(words, flags, strict=True)]
    if len(words) == label.count(" ") + 1 and all(known) and any(flag & _COMMON for flag in flags):
        return True
    return any(  # of short words `di-` and `me-` make no verb: `Anton Dihen`
        flag & Flag.VERB and (len(word) > 5 or not word.lower().startswith(("di", "me", "ber", "ter")))
        for word, flag in zip(words, flags, strict=True)
    )


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
