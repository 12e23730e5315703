"""The sentences around a content, for readers of a table who have not the article before them."""

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import Final

# A sentence ends at a line end, or at closing punctuation (and the marks that close with it) before a space and a
# capital, a figure or an opening mark. Initials and common short forms (`H.`, `Dr.`, `No.`) do not end one. The
# expression begins with a plain set of characters, which the engine looks for far faster than for an alternation.
_END: Final = re.compile(
    r"[.!?…\n](?:(?<=\n)\s*|"
    r"(?<!\n)(?<!\b[A-Z]\.)(?<!\b[Dd]r\.)(?<!\bNo\.)(?<!\bJl\.)(?<!\bSt\.)"
    r"[.!?…]*[\"”’'»)\]]*[^\S\n]+(?=[\"“‘'«(\[]?[A-Z0-9]))"
)
_MAX: Final = 1000  # code points of a sentence that are shown


class Sentences:
    """The sentences of one text, found once and asked for often."""

    def __init__(self, text: str) -> None:
        # Where sentences have ended, white space behind them included.
        self._ends = [found.end() for found in _END.finditer(text)]
        bounds = [0, *self._ends, len(text)]
        self._sentences = [text[a:b].strip() or None for a, b in pairwise(bounds)]

    def around(self, start: int, end: int) -> tuple[str | None, str | None]:
        """The sentence before the one that a span begins in, and the one after that which it ends in.

        None where there is none; cut where it is very long.
        """
        first = bisect_right(self._ends, start)
        last = bisect_left(self._ends, end)
        before = self._sentences[first - 1] if first else None
        after = self._sentences[last + 1] if last + 1 < len(self._sentences) else None
        return before and before[-_MAX:], after and after[:_MAX]
