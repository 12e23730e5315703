"""Words, punctuation and quotation marks of a text, one after another, each with all that it tells by itself.

The text is cut at its spaces, and each chunk is looked up; only one that was not met before is read by the pattern,
which has no alternatives that begin alike, and so cannot backtrack.
"""

import re
from typing import Any, Final, final

from annotate.lexicon import Flag, word_flags, word_set
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
OPENERS: Final = word_set("sentence_openers")
IS_SAAT: Final = 1 << 26  # a flag of one word, which no token keeps
CUE: Final = 1
STOP: Final = 2
MARK: Final = 3
BREAK: Final = 4
DASH: Final = 5
SAAT: Final = 6
OPENER: Final = 7


@final
class Token:
    """A token as it is wherever it is printed: shared by all texts, so never changed once it was read.

    `size` counts the code points up to the next token; `event` tells what can begin or end there; `after` is the next
    token of the same chunk.
    """

    __slots__ = ("after", "capital", "event", "flags", "low", "opener", "size", "word")

    def __init__(self, word: str, low: str, size: int) -> None:
        flags = _FLAGS[low]
        self.word = word
        self.low = low
        self.flags = flags  # an `int`, but compiled code would make a new object of one for each list that it goes into
        self.size = size
        self.capital = word[:1].isupper()
        self.opener = word in OPENERS
        self.event = _event_of(flags) or (OPENER if self.opener else 0)
        self.after: Token | None = None


def read_tokens(text: str) -> list[Token]:
    """The tokens of a text, in time that grows with its length alone."""
    tokens: list[Token] = []
    chunks = text.split(" ")
    try:
        _add_chunks(chunks[:-1], chunks[-1], tokens)
    except _NoChunkError:  # more than single spaces between the words
        chunks = _joined(chunks)
        tokens = _read_chunk(chunks[0], 1 if len(chunks) > 1 else 0)
        if len(chunks) > 1:
            _add_chunks(chunks[1:-1], chunks[-1], tokens)
    return tokens


def _joined(chunks: list[str]) -> list[str]:
    """The chunks of a text, each with the white space after its space; of them only the first may begin with any."""
    joined: list[str] = []
    begin = 0
    for i in range(1, len(chunks)):
        if chunks[i] and not chunks[i][0].isspace() and (i > 1 or chunks[0]):
            joined.append(" ".join(chunks[begin:i]))
            begin = i
    joined.append(" ".join(chunks[begin:]))
    return joined


def _add_chunks(chunks: list[str], last: str, tokens: list[Token]) -> None:
    """Appends the tokens of all chunks, and of the last one, which no space follows. Raises `_NoChunkError`."""
    known = _KNOWN
    for chunk in chunks:
        token = known.get(chunk)
        if token is None:
            _add_new(chunk, _KNOWN, tokens)
        while token is not None:
            tokens.append(token)
            token = token.after
    _add_new(last, _ENDS, tokens)


def _add_new(chunk: str, kept: dict[str, Token], tokens: list[Token]) -> None:
    """Appends the tokens of what is looked up for the first time, or seldom.

    Raises `_NoChunkError` for what is no chunk, since it is empty or begins with white space.
    """
    if not chunk or chunk[0].isspace():
        raise _NoChunkError
    end = chunk.rfind("\n") + 1
    if 0 < end < len(chunk) and not chunk[end].isspace():
        # The last word of a line and the first of the next: hardly ever the same two, and each of them well known.
        _add(chunk[:end], _ENDS, tokens)
        _add(chunk[end:], kept, tokens)
    else:
        _add(chunk, kept, tokens)


def _add(chunk: str, kept: dict[str, Token], tokens: list[Token]) -> None:
    """Appends the tokens of a chunk, and keeps them: news says the same words again and again."""
    token = kept.get(chunk)
    if token is None:
        found = _read_chunk(chunk, 0 if kept is _ENDS else 1)
        for i in range(1, len(found)):
            found[i - 1].after = found[i]
        token = found[0]
        if len(chunk) <= _LONGEST:
            if len(kept) >= _MANY:
                kept.clear()
            kept[chunk] = token
    while token is not None:
        tokens.append(token)
        token = token.after


def _read_chunk(chunk: str, space: int) -> list[Token]:
    """Its tokens; the space after the chunk, if there is one, belongs to the last one, so that sizes add up."""
    found: list[Token] = []
    if chunk.isalnum():
        _add_word(chunk, len(chunk), found)
    else:
        tailed = chunk.lstrip(_BEFORE_WORDS)
        word = tailed.rstrip(_AFTER_WORDS)
        if word.isalnum() or _HYPHENATED.fullmatch(word):
            for mark in chunk[: len(chunk) - len(tailed)]:
                found.append(Token(mark, mark, 1))
            _add_word(word, len(word), found)
            for mark in tailed[len(word) :]:
                found.append(Token(mark, mark, 1))
        else:
            for piece in TOKEN.findall(chunk):
                _add_word(piece.rstrip(), len(piece), found)
    if found:
        found[-1].size += space
    return found


def _add_word(word: str, size: int, found: list[Token]) -> None:
    """Appends a word or mark as a token, or as two that ran together in it."""
    may_be_two = word.isalnum() and (len(word) >= SURELY_ONE or not word[1:].islower())
    cut = glued_cue(word) if may_be_two else 0
    rest = word[cut:] if cut else word
    if cut:
        found.append(Token(word[:cut], word[:cut].lower(), cut))
    low = rest.lower()  # the same object if it is so already, for then one look at the memory does for both
    found.append(Token(rest, rest if low == rest else low, size - cut))


class _NoChunkError(Exception):
    """The text is not words with single spaces between them."""


# What stands around most words: marks that are a token each, whatever is next to them.
_BEFORE_WORDS: Final = '"“('
_AFTER_WORDS: Final = '.,"”)?!:;'
_HYPHENATED: Final = re.compile(r"\w+(?:-\w+)+")
_LONGEST: Final = 40  # code points of a chunk that is kept
_MANY: Final = 1 << 16  # chunks that are kept: some 30 MB
# The first tokens of chunks by their print: of those that a space follows, and of those at the end of a line or text.
_KNOWN: Final[dict[str, Token]] = {}
_ENDS: Final[dict[str, Token]] = {}


def _flag_table() -> dict[str, int]:
    table = word_flags()
    for mark in DOUBLE | SINGLE:
        table[mark.lower()] = Flag.QUOTE
    for many in range(1, 5):
        table[LOST * many] = Flag.QUOTE
    table["saat"] |= IS_SAAT
    return table


_FLAGS: Final[dict[str, Any]] = _flag_table()


def _event_of(flags: int) -> int:
    """What can begin or end at a token with these flags; 0 at most."""
    if flags & Flag.CUE:
        return CUE
    if flags & Flag.TERMINAL:
        return STOP
    if flags & Flag.QUOTE:
        return MARK
    if flags & Flag.NEWLINE:
        return BREAK
    if flags & Flag.DASH:
        return DASH
    return SAAT if flags & IS_SAAT else 0
