"""The tables of `annotate/lexicon` about sources, made into dictionaries that are looked up word by word.

A word has flags (may it stand in an office, an institution, a place, a title, a given name?), and an opening of a
phrase, one to three words in lower case, has a group (`role`, `document`, `media`, …).
"""

from typing import Final

from annotate.lexicon import cue_entries
from annotate.lexicon.tables import load_table

ROLE: Final = 1  # a word of an office or trade: kepala, wakil, analis
HEAD: Final = 2  # opens an institution: dinas, PT, universitas
PART: Final = 4  # stands inside an office or an institution: kesehatan, bidang
PLACE: Final = 8
NAME: Final = 16  # an institution known by itself: KPK, Pertamina
TITLE: Final = 32
GIVEN: Final = 64  # often opens a personal name
TERRITORY: Final = 128  # the next word is a place: desa, kecamatan
OPENER: Final = 256  # the next word belongs to the institution's name: PT, universitas


def _cells(table: str, column: str = "words", **where: str) -> list[str]:
    """All words of a table's rows that hold what `where` says."""
    return [
        word.strip() for row in load_table(table) if where.items() <= row.items() for word in row[column].split(",")
    ]


def _flag_table() -> dict[str, int]:
    found: dict[str, int] = {}

    def put(words: list[str], flag: int) -> None:
        for word in words:
            key = word if word.isupper() and len(word) > 1 else word.lower()  # acronyms are looked up as printed
            found[key] = found.get(key, 0) | flag

    for row in load_table("roles"):
        first, *rest = row["word"].split()
        put([first], ROLE)
        put([w for w in rest if w not in ("dan", "rt", "rw")], PART)
    given = {word.lower() for word in _cells("given_names")}
    for phrase in _cells("places"):
        parts = phrase.split()
        put([w for w in parts if len(parts) == 1 or w.lower() not in given], PLACE)
    for phrase in _cells("organisations", **{"class": "head"}):
        put(phrase.split()[:1], HEAD)
        put(phrase.split()[1:], PART)
    put(_cells("organisations", **{"class": "part"}), PART)
    put(_cells("organisations", **{"class": "opener"}), HEAD | OPENER)
    for phrase in _cells("organisations", **{"class": "name"}):
        put(phrase.split(), NAME)
    put(list(given), GIVEN)
    for row in load_table("titles"):
        words = row["word"].split()
        put([w for w in words if len(words) == 1 or w not in given], TITLE)
        put([w.upper() for w in words if len(words) == 1], TITLE)
    put([w for w in cue_entries() if w not in given], PART)
    put([w for w in _cells("name_words", "word", **{"class": "opening"}) if w not in given], PART)
    put(_cells("name_words", "word", **{"class": "territory"}), TERRITORY)
    return found


_FLAGS: Final = _flag_table()
PLACE_PAIRS: Final = frozenset(place.lower() for place in _cells("places") if place.count(" ") == 1)
ROLE_KINDS: Final = {row["word"]: row["kind"] for row in load_table("roles")}
ROLE_FULL: Final = {row["word"]: row["full"] for row in load_table("roles") if row["full"]}
PRONOUNS: Final = {row["word"]: row["who"] for row in load_table("pronouns")}
NICKNAMES: Final = {row["word"]: row["name"] for row in load_table("nicknames")}
MEDIA_NAMES: Final = frozenset(_cells("media", **{"class": "name"}))
PARTICLES: Final = frozenset(_cells("name_words", "word", **{"class": "particle"}))
TOPICS: Final = frozenset(_cells("name_words", "word", **{"class": "topic"}))
OPENINGS: Final = frozenset(_cells("name_words", "word", **{"class": "opening"}))
TWO_WORD_TITLES: Final = frozenset(_cells("name_words", "word", **{"class": "noble"}))
PREFIXES: Final = frozenset(_cells("name_words", "word", **{"class": "prefix"}))
COORDINATORS: Final = frozenset(_cells("name_words", "word", **{"class": "coordinator"}))
DETERMINERS: Final = frozenset(_cells("name_words", "word", **{"class": "determiner"}))
NAMING_NOUNS: Final = frozenset(
    _cells("media", **{"class": "common"}) + _cells("name_words", "word", **{"class": "naming noun"})
)


ACRONYMS: Final = frozenset(word.lower() for word in _cells("documents") if word.isupper())


def _group_table() -> dict[str, str]:
    found: dict[str, str] = {}
    for word in ROLE_KINDS:
        found[word] = "role"
    for phrase in _cells("organisations", **{"class": "head"}):
        found[phrase.lower()] = "organisation"
    for phrase in _cells("organisations", **{"class": "common"}):
        found.setdefault(phrase.removesuffix(" itu"), "organisation")
    for word in _cells("name_words", "word", **{"class": "naming noun"}):
        found.setdefault(word, "organisation")
    for word in _cells("collectives"):
        found[word] = "collective"
    for word in _cells("documents"):
        found[word.lower()] = "document"
    for word in _cells("media", **{"class": "common"}):
        found[word.lower()] = "media"
    for row in load_table("unnamed"):
        for word in row["words"].split(","):
            found.setdefault(word.strip(), "unnamed")
    for word in PRONOUNS:
        found[word] = "pronoun"
    return found


_GROUPS: Final = _group_table()


FIRST_WORDS: Final = frozenset(opening.split()[0] for opening in _GROUPS)


def group_of(opening: str) -> str | None:
    """Group of a phrase's opening, given in lower case."""
    return _GROUPS.get(opening)


class _WordFlags(dict[str, int]):
    """Flags of the words that were asked for."""

    def __missing__(self, word: str) -> int:
        bare = word.rstrip(".")
        found = _FLAGS.get(bare, -1)
        if found < 0:
            found = (TITLE if bare == "H" else 0) if len(bare) == 1 else _FLAGS.get(bare.lower(), 0)
        if len(self) >= _MANY:
            self.clear()
        self[word] = found
        return found


_MANY: Final = 1 << 16  # words that are kept
_ASKED: Final = _WordFlags()


def flags(word: str) -> int:
    """Flags of one printed word; 0 for a word that no table knows."""
    return _ASKED[word]
