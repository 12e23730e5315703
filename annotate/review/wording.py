"""How one wording differs from another, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from annotate.review.words import fold

_TOKEN: Final = re.compile(r"\w+(?:[-.,]\w+)*|[^\w\s]+")
_LONGEST: Final = 2000  # words of each wording that are compared; what comes after is left out


@dataclass(frozen=True)
class Piece:
    """Words that both wordings have, or only the first (`gone`), or only the second (`new`)."""

    kind: Literal["same", "gone", "new"]
    text: str


def compare(first: str, second: str) -> list[Piece]:
    """The second wording against the first; case, accents and punctuation make no difference."""
    a, b = _words(first), _words(second)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, [w for w, _ in a], [w for w, _ in b], autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", _joined(b[k:m])))
            continue
        if j > i:
            pieces.append(Piece("gone", _joined(a[i:j])))
        if m > k:
            pieces.append(Piece("new", _joined(b[k:m])))
    return pieces


def _words(text: str) -> list[tuple[str, str]]:
    """Folded word and how it is printed, with the punctuation that stands at it."""
    found: list[tuple[str, str]] = []
    waiting = ""
    end = 0
    for token in _TOKEN.finditer(text):
        apart = token.start() > end
        end = token.end()
        folded = fold(token.group()).strip()
        if folded:
            found.append((folded, waiting + token.group()))
            waiting = ""
        elif apart or not found:
            waiting += token.group()
        else:
            found[-1] = (found[-1][0], found[-1][1] + token.group())
        if len(found) == _LONGEST:
            break
    if waiting and found:
        found[-1] = (found[-1][0], found[-1][1] + " " + waiting)
    return found


def _joined(words: list[tuple[str, str]]) -> str:
    return " ".join(printed for _, printed in words)
