"""The one pass over the text: words, punctuation and quotation marks, each with its offset and its flags.

Every character belongs to a token, so that offsets follow from the lengths alone. The text is cut at its spaces, and
each chunk is looked up; only one that was not met before is read by the pattern, which has no alternatives that begin
alike, and so cannot backtrack.
"""

import re
from bisect import bisect_left
from functools import cache
from itertools import accumulate, compress
from typing import Any, Final

from annotate.lexicon import Flag, word_flags
from annotate.marking.misprints import SURELY_ONE, glued_cue

# Doubled marks, HTML entities of marks and their common mojibake are one token each: they are one mark. So is U+FFFD,
# which decoders put in the place of what they could not read; it and `?` inside a word were an apostrophe (Ma?ruf).
QUOTE_PATTERN: Final = (
    r"&(?:amp;)?(?:quot|ldquo|rdquo|lsquo|rsquo|apos|laquo|raquo|#0?3[49]|#x2[27]|#8(?:2(?:16|17|18|20|21|22)));"
    r"|â€(?:œ|\x9d|™|˜|\x9c|\x99|\x98)?"
    r"|''|``|´´|’’|‘‘|‘’|\\[\"']|\ufffd+"
)
TOKEN: Final = re.compile(
    r"(?:" + QUOTE_PATTERN + r"|\w+(?:[-'’ʼ]\w+|[?\ufffd][a-z]\w*|(?<=\d)[.,/:]\d+)*|[^\w\s])[^\S\n]*|\n\s*|[^\S\n]+"
)
LOST: Final = "\ufffd"
DOUBLE: Final = frozenset(
    (
        '"',
        "“",
        "”",
        "„",
        "‟",
        "«",
        "»",
        "''",
        '\\"',
        "``",
        "´´",
        "’’",
        "‘‘",
        "‘’",
        "＂",
        "〝",
        "〞",
        "″",
        "❝",
        "❞",
        "&quot;",
        "&ldquo;",
        "&rdquo;",
        "&laquo;",
        "&raquo;",
        "&#34;",
        "&#034;",
        "&#x22;",
        "&#8220;",
        "&#8221;",
        "&#8222;",
        "&amp;quot;",
        "&amp;ldquo;",
        "&amp;rdquo;",
        "&amp;#34;",
        "&amp;#8220;",
        "&amp;#8221;",
        "â€œ",
        "â€",
        "â€\x9d",
        "â€\x9c",
    )
)
SINGLE: Final = frozenset(
    (
        "'",
        "\\'",
        "‘",
        "’",
        "‚",
        "‛",
        "‹",
        "›",
        "`",
        "´",
        "&apos;",
        "&lsquo;",
        "&rsquo;",
        "&#39;",
        "&#039;",
        "&#x27;",
        "&#8216;",
        "&#8217;",
        "&#8218;",
        "&amp;#39;",
        "&amp;rsquo;",
        "&amp;lsquo;",
        "â€™",
        "â€˜",
        "â€\x99",
        "â€\x98",
    )
)


class Tokens:
    """A tokenised text. Lists run in parallel; `words[i]` is printed at `starts[i]`; a line break is the word `""`."""

    __slots__ = ("breaks", "cues", "dashes", "flags", "low", "marks", "size", "starts", "stops", "text", "words")

    def __init__(self, text: str) -> None:
        flat = _read(text)  # word, lower case, flags, length and event of each token in turn
        self.text = text
        self.words: list[str] = flat[0::5]
        self.low: list[str] = flat[1::5]
        self.flags: list[int] = flat[2::5]
        self.starts: list[int] = list(accumulate(flat[3::5], initial=0))
        self.size = len(self.words)
        # A margin of line breaks, so that a look at the next few tokens never runs off the end.
        for margin, filler in ((self.words, ""), (self.low, "")):
            margin.extend([filler] * _MARGIN)
        self.flags.extend([Flag.NEWLINE] * _MARGIN)
        self.starts[-1:] = [len(text)] * (_MARGIN + 1)
        # Where something can begin or end: the later stages go from one of these to the next, not over all tokens.
        self.breaks: list[int] = []
        self.stops: list[int] = []
        self.marks: list[int] = []
        self.cues: list[int] = []
        self.dashes: list[int] = []
        self._find_events(flat[4::5])

    def _find_events(self, events: list[int]) -> None:
        flags, low = self.flags, self.low
        for i in compress(range(self.size), events):
            event = events[i]
            if event == _CUE:
                self.cues.append(i)
            elif event == _STOP:
                self.stops.append(i)
                if low[i] == "?":
                    self.marks.append(i)
            elif event == _MARK:
                self.marks.append(i)
            elif event == _BREAK:
                self.breaks.append(i)
            elif event == _DASH:
                self.dashes.append(i)
            else:  # `saat ini` and `saat itu` tell a time and lead in no clause
                flags[i] = int(Flag.TIME) if low[i + 1] in ("ini", "itu") else flags[i] & ~_IS_SAAT

    def end(self, index: int) -> int:
        """Offset just after a token's last character."""
        return self.starts[index] + len(self.words[index])

    def glued(self, index: int) -> bool:
        """Whether nothing, not even a space, stands between a token and the one before it."""
        return index > 0 and bool(self.words[index - 1]) and self.end(index - 1) == self.starts[index]

    def capital(self, index: int) -> bool:
        """Whether a token begins with a capital letter."""
        return self.words[index][:1].isupper()


_MARGIN: Final = 8
_IS_SAAT: Final = 1 << 26  # a flag of one word, which no token keeps
_CUE, _STOP, _MARK, _BREAK, _DASH, _SAAT = range(1, 7)
_EVENTS: Final = (
    (Flag.CUE, _CUE), (Flag.TERMINAL, _STOP), (Flag.QUOTE, _MARK), (Flag.NEWLINE, _BREAK), (Flag.DASH, _DASH),
    (_IS_SAAT, _SAAT),
)  # fmt: skip


class _EventOf(dict[int, int]):
    """What can begin or end at a token with these flags; 0 at most."""

    def __missing__(self, flags: int) -> int:
        self[flags] = next((event for flag, event in _EVENTS if flags & flag), 0)
        return self[flags]


_event_of: Final = _EventOf().__getitem__


def between(places: list[int], a: int, b: int) -> list[int]:
    """Those of the sorted places that lie in tokens `a` to `b`."""
    return places[bisect_left(places, a) : bisect_left(places, b)]


def holds(flags: list[int], a: int, b: int, classes: int) -> bool:
    """Whether one of the tokens `a` to `b` is of these classes."""
    for f in flags[a:b]:  # noqa: SIM110 - `any` takes twice as long, and this is asked all the time
        if f & classes:
            return True
    return False


def tokenise(text: str) -> Tokens:
    """Tokens of a text, in time that grows with its length alone."""
    return Tokens(text)


def _read(text: str) -> list[Any]:
    """Five items for each token."""
    flat: list[Any] = []
    try:
        _read_chunks(text.split(" "), flat)
    except _NoChunkError:  # more than single spaces between the words
        first, *others = _SPACE.split(text)
        flat = list(_read_chunk(first))
        _read_chunks(others, flat)
    return flat


def _read_chunks(chunks: list[str], flat: list[Any]) -> None:
    """Appends the items of all chunks. Raises `_NoChunkError`."""
    known = _KNOWN
    for chunk in chunks:
        items = known.get(chunk)
        flat.extend(_read_new(chunk) if items is None else items)


def _read_new(chunk: str) -> tuple[Any, ...]:
    """Reads what was not met before, and keeps it: news says the same words again and again.

    Raises `_NoChunkError` for what is no chunk, since it is empty or begins with white space.
    """
    if not chunk or chunk[0].isspace():
        raise _NoChunkError
    found = _read_chunk(chunk)
    if len(chunk) <= _LONGEST:
        if len(_KNOWN) >= _MANY:
            _KNOWN.clear()
        _KNOWN[chunk] = found
    return found


def _read_chunk(chunk: str) -> tuple[Any, ...]:
    """The items of its tokens; the space after the chunk belongs to its last one, so that lengths add up."""
    if chunk.isalnum():
        return _read_word(chunk, 1)
    word, mark = chunk[:-1], chunk[-1:]
    if mark in _AFTER_WORDS and word.isalnum():
        return *_read_word(word, 0), *_items(mark, mark, 2)
    found: list[Any] = []
    tailed = chunk.lstrip(_BEFORE_WORDS)
    word = tailed.rstrip(_AFTER_WORDS)
    if word.isalnum() or _HYPHENATED.fullmatch(word):
        for mark in chunk[: len(chunk) - len(tailed)]:
            found += _items(mark, mark, 1)
        found += _items(word, _lower(word), len(word))
        for mark in tailed[len(word) :]:
            found += _items(mark, mark, 1)
    else:
        for piece in TOKEN.findall(chunk):
            word = piece.rstrip()
            if word.isalnum():
                found += _read_word(word, len(piece) - len(word))
            else:
                found += _items(word, _lower(word), len(piece))
    if found:
        found[-2] += 1  # the length of the last token
    return tuple(found)


def _read_word(word: str, space: int) -> tuple[Any, ...]:
    """The items of a word, or of the two that ran together in it; `space` follows."""
    may_be_two = len(word) >= SURELY_ONE or not word[1:].islower()
    cut = glued_cue(word) if may_be_two else 0
    if not cut:
        return _items(word, _lower(word), len(word) + space)
    lead, rest = word[:cut], word[cut:]
    return *_items(lead, lead.lower(), cut), *_items(rest, rest.lower(), len(rest) + space)


def _items(word: str, low: str, size: int) -> tuple[Any, ...]:
    """What is kept of a token: word, lower case, flags, code points up to the next token, event."""
    flags = _flags()[low]
    return word, low, flags, size, _event_of(flags)


def _lower(word: str) -> str:
    """The word in lower case; the same object if it is so already, for then one look at the memory does for both."""
    low = word.lower()
    return word if low == word else low


class _NoChunkError(Exception):
    """The text is not words with single spaces between them."""


# White space after a space belongs to the token before it; no chunk but the first begins with any.
_SPACE: Final = re.compile(r"(?!\A) (?!\s|\Z)")
# What stands around most words: marks that are a token each, whatever is next to them.
_BEFORE_WORDS: Final = '"“('
_AFTER_WORDS: Final = '.,"”)?!:;'
_HYPHENATED: Final = re.compile(r"\w+(?:-\w+)+")
_LONGEST: Final = 40  # code points of a chunk that is kept
_MANY: Final = 1 << 16  # chunks that are kept: some 30 MB
_KNOWN: Final[dict[str, tuple[Any, ...]]] = {}  # chunks by their print


@cache
def _flags() -> dict[str, int]:
    table = word_flags()
    for mark in DOUBLE | SINGLE:
        table[mark.lower()] = int(Flag.QUOTE)
    for many in range(1, 5):
        table[LOST * many] = int(Flag.QUOTE)
    table["saat"] |= _IS_SAAT
    return table
