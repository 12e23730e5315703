"""The sentences around a content, for readers of a table who have not the article before them."""

import re
from bisect import bisect_left, bisect_right
from typing import Final

# A sentence ends at a line end, or at closing punctuation (and the marks that close with it) before a space and a
# capital, a figure or an opening mark. Initials and common titles (`H.`, `Dr.`) do not end one.
_END: Final = re.compile(
    r"\s*\n\s*|(?<!\b[A-Z])(?<!\b[Dd]r)(?<!\bNo)(?<!\bJl)(?<!\bSt)[.!?…]+[\"”’'»)\]]*[^\S\n]+(?=[\"“‘'«(\[]?[A-Z0-9])"
)
_MAX: Final = 1000  # code points of a sentence that are shown


class Sentences:
    """The sentences of one text, found once and asked for often."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: list[int] = []  # where a sentence has ended, white space behind it included
        self._ends.extend(found.end() for found in _END.finditer(text))

    def before(self, start: int) -> str | None:
        """The sentence before the one that holds offset `start`; None at the beginning of the text."""
        at = bisect_right(self._ends, start) - 1
        if at < 0:
            return None
        end = self._ends[at]
        begin = self._ends[at - 1] if at else 0
        return self._text[max(begin, end - _MAX) : end].strip() or None

    def after(self, end: int) -> str | None:
        """The sentence after the one that holds the character before offset `end`; None at the end of the text."""
        at = bisect_left(self._ends, end)
        if at >= len(self._ends):
            return None
        begin = self._ends[at]
        stop = self._ends[at + 1] if at + 1 < len(self._ends) else len(self._text)
        return self._text[begin : min(stop, begin + _MAX)].strip() or None
