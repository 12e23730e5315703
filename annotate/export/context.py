"""The sentences around a content, for readers of a table who have not the article before them."""

import re
from bisect import bisect_left, bisect_right
from typing import Final

# A sentence ends at a line end, or at closing punctuation (and the marks that close with it) before a space and a
# capital, a figure or an opening mark. Initials and common short forms (`H.`, `Dr.`, `No.`) do not end one. The
# expression begins with a plain set of characters, which the engine looks for far faster than for an alternation.
_END: Final = re.compile(
    r"[.!?…\n](?:(?<=\n)\s*|"
    r"(?<!\b[A-Z]\.)(?<!\b(?:Dr|dr|No|Jl|St)\.)"
    r"[.!?…]*[\"”’'»)\]]*[^\S\n]+(?=[\"“‘'«(\[]?[A-Z0-9]))"
)
_MAX: Final = 1000  # code points of a sentence that are shown


class Sentences:
    """The sentences of one text, found once and asked for often."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Where each sentence begins, and the end of the last; white space before a sentence belongs to the one before.
        self._bounds = [0, *[found.end() for found in _END.finditer(text)], len(text)]

    def around(self, start: int, end: int) -> tuple[str | None, str | None]:
        """The sentence before the one that a span begins in, and the one after that which it ends in.

        None where there is none; cut where it is very long.
        """
        bounds, text = self._bounds, self._text
        last = len(bounds) - 1
        own = bisect_right(bounds, start, 1, last) - 1
        behind = bisect_left(bounds, end, 1, last)
        before = text[bounds[own - 1] : bounds[own]].strip() if own else ""
        after = text[bounds[behind] : bounds[behind + 1]].strip() if behind < last else ""
        return before[-_MAX:] or None, after[:_MAX] or None
