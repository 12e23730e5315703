"""The flags of every word that the lexicon knows, and of those it can guess."""

from typing import Final

from annotate.lexicon import flags as Flag
from annotate.lexicon.cues import cue_entries
from annotate.lexicon.tables import load_table

PUNCTUATION: Final = {
    "": Flag.NEWLINE,
    ",": Flag.COMMA,
    ".": Flag.TERMINAL,
    "?": Flag.TERMINAL,
    "!": Flag.TERMINAL,
    "…": Flag.TERMINAL,
    ";": Flag.COLON,
    ":": Flag.COLON,
    "(": Flag.OPEN,
    "[": Flag.OPEN,
    ")": Flag.CLOSE,
    "]": Flag.CLOSE,
    "-": Flag.DASH,
    "–": Flag.DASH,
    "—": Flag.DASH,
    "―": Flag.DASH,
    "yang": Flag.YANG,
}
_CLITICS: Final = frozenset(("nya", "lah", "kah", "pun"))
_MANY: Final = 300_000


class FlagTable(dict[str, int]):
    """Flags of each lower-case word; a word that is in no table is judged by its prefix when it is first met.

    What was judged so does not count as known: a word's flags do not hang on what was read before it.
    """

    def __init__(self, known: dict[str, int]) -> None:
        super().__init__(known)
        self._known = known

    def __missing__(self, word: str) -> int:
        flags = _guess(word, self._known)
        if len(self) < _MANY:
            self[word] = flags
        return flags


def _guess(word: str, known: dict[str, int]) -> int:
    """Active and passive verbs by prefix (me-, ber-, di-, ter-); numbers; clitics of a known word."""
    if word[:1].isdigit():
        return Flag.NUMBER
    stem = word[:-3]
    if word[-3:] in _CLITICS and len(stem) > 1 and stem in known:
        kept = known[stem] & ~Flag.CUE
        return kept | (Flag.NOUN if word.endswith("nya") and not kept & Flag.VERB else 0)
    size = len(word)
    if size >= 5 and (word.startswith(("me", "ber", "di")) or (size >= 6 and word.startswith("ter"))):
        return Flag.VERB
    return 0


def word_flags() -> FlagTable:
    """The one table of flags: words of `words.tsv`, punctuation, and every form of `cues.tsv`."""
    if not _tables:
        _tables.append(_read_table())
    return _tables[0]


_tables: Final[list[FlagTable]] = []


def _read_table() -> FlagTable:
    table: dict[str, int] = {mark: int(flag) for mark, flag in PUNCTUATION.items()}
    for row in load_table("words"):
        flag = getattr(Flag, row["class"].upper())
        noun = Flag.NOUN if flag == Flag.ROLE else 0
        table[row["word"]] = table.get(row["word"], 0) | int(flag) | int(noun)
    for row in load_table("roles"):
        word = row["word"].lower()
        if " " not in word:
            table[word] = table.get(word, 0) | Flag.ROLE | Flag.NOUN
    for word, entry in cue_entries().items():
        verb = 0 if entry.frames.keys() <= {"noun", "source", "adverb", "bare", "root"} else Flag.VERB
        noun = Flag.NOUN if "noun" in entry.frames or entry.frames.keys() <= {"root", "bare"} else 0
        table[word] = table.get(word, 0) | Flag.CUE | verb | noun
    kept: dict[int, int] = {}  # one object for each value: the fewer there are, the fewer reads miss the cache
    return FlagTable({word: kept.setdefault(flags, flags) for word, flags in table.items()})
