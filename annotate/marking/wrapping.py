"""Articles broken into short lines: what the eye reads as one line is read as one, in a copy of the same length."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Final

from annotate.datamodel import Attribution
from annotate.marking.tokens import Tokens

MIN_BREAKS: Final = 4  # breaks within a sentence; fewer are chance
FULL: Final = 0.6  # of the longest line: so much of a line was filled before it was broken
# The break comes first and the look back after it, so that the engine leaps from break to break.
_WITHIN: Final = re.compile(r"\n(?<=[\w,(–—\"”-]\n)(?= ?[a-z(])")
_BREAK: Final = re.compile(r"\n(?<=[\w,(&/–—\"”-]\n)(?!\n)")
_LINE: Final = re.compile(r"[^\n]+")


def may_be_wrapped(tokens: Tokens) -> bool:
    """Whether enough lines may begin within a sentence for `unwrap` to change the text: a look before that long one."""
    within = 0
    for i in tokens.breaks:
        if not tokens.capital(i + 1) and (tokens.words[i + 1][:1].islower() or tokens.words[i + 1] == "("):
            within += 1
    return within >= MIN_BREAKS


def unwrap(text: str) -> str:
    """The text with a space for each line break that stands within a sentence; the text itself where few do.

    Only articles that were cut into short lines change. Time grows with the length of the text.
    """
    if len(_WITHIN.findall(text)) < MIN_BREAKS:
        return text
    lines = text.split("\n")
    longest = max(map(len, lines))
    out = list(text)
    at = len(lines[0])  # where the first line ends: a headline is never joined
    for before, line in pairwise(lines[1:]):
        at += 1 + len(before)
        if not _BREAK.match(text, at) or line.lstrip().startswith("http"):
            continue
        first = line.lstrip(" ")[:1]
        full = len(before) >= FULL * longest and before[-1] not in '"”' and first.isalnum()
        if first and (first.islower() or first == "(" or full):
            out[at] = " "
    return "".join(out)


def part_quotations(text: str, attributions: Iterable[Attribution]) -> list[Attribution]:
    """Of a quotation that runs over lines one attribution for each line."""
    parted = []
    for one in attributions:
        words = one.content.words(text)
        if one.content.label != "direct" or "\n" not in words:
            parted.append(one)
            continue
        for match in _LINE.finditer(words):
            line = match[0]
            start = one.content.start + match.start() + len(line) - len(line.lstrip())
            end = start + len(line.strip())
            if end > start:
                parted.append(replace(one, content=replace(one.content, start=start, end=end)))
    return parted
