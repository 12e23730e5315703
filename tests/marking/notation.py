"""The notation of the marking cases: a sentence with its marks in braces.

    {s Bu Wati} {c mengatakan}, {i panen mundur sebulan}.

`s` source, `c` cue, `d` direct, `m` mixed, `i` indirect. Marks of one sentence belong together; where there are several
attributions, a number ties them: `{s1 Wati} {c1 bilang} {i1 ia {c2 yakin} ...}`. A content may name several groups of
parts with `+`: `{d1+2 ...}`. `¶` stands for a line break. No braces: nothing is to be marked.
"""

import re
from typing import NamedTuple

from annotate.datamodel import Attribution

LABELS = {"d": "direct", "m": "mixed", "i": "indirect", "s": "source", "c": "cue"}
_MARK = re.compile(r"\{([dmisc])(\d*(?:\+\d+)*) |\}")


class Expected(NamedTuple):
    """An attribution as text spans: label and words of the content, words of sources and cues, each with its start."""

    label: str
    content: tuple[int, str]
    sources: frozenset[tuple[int, str]]
    cues: frozenset[tuple[int, str]]


def read_notation(marked: str) -> tuple[str, set[Expected]]:
    """The bare text, and the attributions that the braces tell."""
    marked = marked.replace("¶", "\n")
    pieces: list[str] = []
    size = 0
    stack: list[tuple[str, list[str], int]] = []
    spans: list[tuple[str, list[str], int, int]] = []
    position = 0
    for match in _MARK.finditer(marked):
        piece = marked[position : match.start()]
        pieces.append(piece)
        size += len(piece)
        position = match.end()
        if match[1]:
            stack.append((match[1], match[2].split("+"), size))
        else:
            label, groups, start = stack.pop()
            spans.append((label, groups, start, size))
    assert not stack, f"unclosed brace in {marked!r}"
    text = "".join([*pieces, marked[position:]])

    def parts(letter: str, groups: list[str]) -> frozenset[tuple[int, str]]:
        return frozenset((a, text[a:b]) for label, own, a, b in spans if label == letter and set(own) & set(groups))

    return text, {
        Expected(LABELS[label], (a, text[a:b]), parts("s", groups), parts("c", groups))
        for label, groups, a, b in spans
        if label in "dmi"
    }


def as_expected(text: str, attributions: tuple[Attribution, ...]) -> set[Expected]:
    """What the marker found, in the same shape."""
    return {
        Expected(
            one.content.label,
            (one.content.start, one.content.words(text)),
            frozenset((part.start, part.words(text)) for part in one.sources),
            frozenset((part.start, part.words(text)) for part in one.cues),
        )
        for one in attributions
    }
