"""A tokenised text: what each token is and where it stands, and where something can begin or end.

Every character belongs to a token, so that offsets follow from the sizes alone.
"""

from typing import Final

from annotate.lexicon import Flag
from annotate.marking.chunks import BREAK, CUE, DASH, IS_SAAT, MARK, SAAT, STOP, Token, read_tokens

_MARGIN: Final = 8
_STEP: Final = 8  # tokens from one known offset to the next


class Tokens:
    """A tokenised text. Lists run in parallel; `words[i]` begins at `start(i)`; a line break is the word `""`."""

    __slots__ = (
        "_offsets", "_tokens", "breaks", "cues", "dashes", "ends", "flags", "low", "marks", "size", "stops", "text",
        "words",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        tokens = read_tokens(text)
        self.text = text
        self.size = len(tokens)
        # A margin of line breaks, so that a look at the next few tokens never runs off the end.
        tokens.extend([Token("", "", 0)] * _MARGIN)
        self._tokens = tokens
        self.words: list[str] = [token.word for token in tokens]
        self.low: list[str] = [token.low for token in tokens]
        self.flags: list[int] = [token.flags for token in tokens]
        # Where something can begin or end: the later stages go from one of these to the next, not over all tokens.
        self.breaks: list[int] = []
        self.stops: list[int] = []
        self.ends: list[int] = []  # stops, and words that open a sentence and are written large
        self.marks: list[int] = []
        self.cues: list[int] = []
        self.dashes: list[int] = []
        self._offsets: list[int] = []
        self._read_on(tokens)

    def _read_on(self, tokens: list[Token]) -> None:
        """Finds offsets, of every `_STEP`th token, and where something can begin or end."""
        offset = due = 0
        for index, token in enumerate(tokens):
            if index == due:
                self._offsets.append(offset)
                due += _STEP
            offset += token.size
            if token.event and index < self.size:
                self._note(index, token)

    def _note(self, i: int, token: Token) -> None:
        event = token.event
        if token.opener or event == STOP:
            self.ends.append(i)
        if event == CUE:
            self.cues.append(i)
        elif event == STOP:
            self.stops.append(i)
            if token.word == "?":
                self.marks.append(i)
        elif event == MARK:
            self.marks.append(i)
        elif event == BREAK:
            self.breaks.append(i)
        elif event == DASH:
            self.dashes.append(i)
        elif event == SAAT:  # `saat ini` and `saat itu` tell a time and lead in no clause
            self.flags[i] = Flag.TIME if self.low[i + 1] in ("ini", "itu") else self.flags[i] & ~IS_SAAT

    def start(self, index: int) -> int:
        """Offset of a token's first character; of what lies behind the last token, the length of the text."""
        first = index // _STEP
        offset = self._offsets[first]
        for i in range(first * _STEP, index):
            offset += self._tokens[i].size
        return offset

    def end(self, index: int) -> int:
        """Offset just after a token's last character."""
        return self.start(index) + len(self.words[index])

    def glued(self, index: int) -> bool:
        """Whether nothing, not even a space, stands between a token and the one before it."""
        return index > 0 and self._tokens[index - 1].size == len(self.words[index - 1]) > 0

    def capital(self, index: int) -> bool:
        """Whether a token begins with a capital letter."""
        return self._tokens[index].capital


def first_from(places: list[int], a: int) -> int:
    """How many of the sorted places lie before token `a`."""
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) >> 1
        if places[middle] < a:
            low = middle + 1
        else:
            high = middle
    return low


def between(places: list[int], a: int, b: int) -> list[int]:
    """Those of the sorted places that lie in tokens `a` to `b`."""
    first = last = first_from(places, a)
    while last < len(places) and places[last] < b:
        last += 1
    return places[first:last]


def holds(flags: list[int], a: int, b: int, classes: int) -> bool:
    """Whether one of the tokens `a` to `b` is of these classes."""
    for f in flags[a:b]:  # noqa: SIM110 - `any` takes twice as long, and this is asked all the time
        if f & classes:
            return True
    return False


def tokenise(text: str) -> Tokens:
    """Tokens of a text, in time that grows with its length alone."""
    return Tokens(text)
