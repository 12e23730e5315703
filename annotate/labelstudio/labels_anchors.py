"""Offsets from the server's text to ours: the same where the texts are the same, else only where that is certain.

Somebody may have changed a task's text on the server. A span then still has its place in our text with certainty

- where the two texts begin alike and the span lies wholly in that beginning, or end alike and it lies in that end;
- or where its words stand exactly once in either text.

Anything else is refused with a reason.
"""

from itertools import takewhile
from typing import Final, NamedTuple

_LEAST_WORDS: Final = 12  # characters that must be alike before unique words count as the same words


class Placed(NamedTuple):
    """A span in our text; `note` says how it came there, where it was moved."""

    start: int
    end: int
    note: str = ""


class Anchors:
    """Places spans of the server's text in ours."""

    def __init__(self, text: str, task_text: str) -> None:
        self.text = text
        self.task_text = task_text
        self.same = text == task_text
        if not self.same:
            head, tail = _alike(text, task_text), _alike(text[::-1], task_text[::-1])
            # Where both reach over the same characters (a sentence was doubled, say), neither is certain there.
            both = max(0, head + tail - min(len(text), len(task_text)))
            self.head, self.tail = head - both, tail - both

    def place(self, start: object, end: object) -> Placed | str:
        """Where a span of the server's text lies in ours, or the reason why it is none or that is not certain."""
        if type(start) is not int or type(end) is not int:
            return f"offsets {start!r} and {end!r} are not whole numbers"
        if start < 0 or end > len(self.task_text):
            return f"span {start} to {end} lies outside the text of {len(self.task_text)} characters"
        if start >= end:
            return f"span {start} to {end} holds nothing"
        if self.same:
            return Placed(start, end)
        shift = len(self.text) - len(self.task_text)
        if end <= self.head:
            return Placed(start, end, "the text was changed on the server, behind this span")
        if start >= len(self.task_text) - self.tail:
            note = f"the text was changed on the server, before this span; moved by {shift} characters"
            return Placed(start + shift, end + shift, note)
        words = self.task_text[start:end]
        if len(words.strip()) >= _LEAST_WORDS and _once(words, self.task_text) and _once(words, self.text):
            here = self.text.index(words)
            return Placed(
                here, here + len(words), "the text was changed on the server; its words stand there only once"
            )
        return "the text was changed on the server, and where these words stand in our text is not certain"


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _once(words: str, text: str) -> bool:
    first = text.find(words)
    return first >= 0 and text.find(words, first + 1) < 0
