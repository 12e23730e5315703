"""Runs of capitalised words in the narration, which may be names, and signs that a text calls somebody otherwise."""

import re
from typing import Final

from annotate.lexicon import word_flags
from annotate.marking import wordlists as lists
from annotate.marking.name_forms import CAPITAL, MAX_TITLE, NO_NAME
from annotate.marking.tokens import Tokens
from annotate.marking.wordlists import GIVEN

_WORDS: Final = word_flags()
_SMALL: Final = ("bin", "binti", "van", "von", "der", "de", "da", "al", "el", "dan", "of", "for")
# The small words in a name; the look ahead spares most other words after a capitalised one the whole list.
_INSIDE: Final = (
    r"(?=[abdefov])"
    rf"(?:(?:{'|'.join(_SMALL)})(?= [A-Z])|(?:al|el|ad|an|ar|as|at|az)-[A-Z][\w'’-]*)"
)
_FIRST: Final = CAPITAL.replace("[A-Z]", r"[A-Z](?<![A-Z].)", 1)  # no end of an acronym: `di KPU. Danu`
RUN: Final = re.compile(rf"{_FIRST}(?:(?:  ?|/)(?:{CAPITAL}|\({CAPITAL}\)|{_INSIDE}))+")
# Tokens without a capital letter that such a run can go on with.
_WITHIN: Final = frozenset((*_SMALL, *"/().-'’ʼ‘", "''", "’’", "‘‘", "‘’"))
_LEADS: Final = frozenset(("yang", "atau", "akrab", "biasa", "kerap", "lebih", "sering", "karib"))
_CALLS: Final = frozenset(("disapa", "dipanggil", "alias", "sapaan", "panggilan"))


class NameRuns:
    """The runs of a text. Tokens of the very text, where there are any, tell where to look for them."""

    def __init__(self, text: str, tokens: Tokens | None = None) -> None:
        self.offers = True  # whether `atau` may stand between two names
        self.calls = True  # whether words that say how somebody is called may follow a name
        printed = self._among(tokens) if tokens else RUN.findall(body_of(text) or text)
        self.runs: dict[str, None] = {}
        for run in printed:
            words = without_opening(run.replace("  ", " "))
            if " " in words or "/" in words:
                self.runs[words] = None

    def _among(self, t: Tokens) -> list[str]:
        """As the pattern finds them in the whole text, which is asked only where capitalised words come together."""
        text, words, low = t.text, t.words, t.low
        found: list[str] = []
        self.offers = self.calls = False
        begin, capitals, line_end = -1, 0, -1
        entitled = skipped = False
        for i in range(t.size + 1):
            if words[i] != low[i]:
                if begin < 0:
                    begin, capitals = i, 0
                capitals += 1
            elif begin >= 0 and not _goes_on(t, i):
                if capitals > 1:
                    at = t.start(begin)
                    if at > line_end:
                        line_end = text.find("\n", at)
                        line_end = len(text) if line_end < 0 else line_end
                        entitled = is_title_line(text[text.rfind("\n", 0, at) + 1 : line_end])
                    if entitled:
                        skipped = True
                    else:
                        found += RUN.findall(text, at, t.start(i))
                self._note(low, i)
                begin = -1
        return RUN.findall(text) if skipped and not found and not body_of(text) else found

    def _note(self, low: list[str], i: int) -> None:
        """Notes whether the words after a capitalised one may lead to another name of whom it names."""
        if low[i] == "atau":
            self.offers = True
        if low[i] == ",":
            i += 1
        while low[i] in _LEADS:
            i += 1
        if low[i] in _CALLS:
            self.calls = True


def _goes_on(t: Tokens, i: int) -> bool:
    """Whether a run of capitalised words may go on past this token without a capital letter."""
    word = t.words[i]
    return word in _WITHIN or (word != "" and (word[0].isalnum() or word[0] == "_") and t.glued(i))


def body_of(text: str) -> str:
    """The text without its headlines in capitals."""
    return "\n".join([line for line in text.split("\n") if not is_title_line(line)])


def is_title_line(line: str) -> bool:
    """Whether a line is a headline in capitals, whose runs are no names: `Ratih Lestari Minta Pasar Dibuka`."""
    if not line or len(line) > MAX_TITLE or line[-1] in ".,:" or line.rstrip().endswith((".", ",", ":")):
        return False
    words = line.split()
    return len(words) > 3 and sum(word[0].isupper() for word in words) * 3 >= len(words) * 2


def without_opening(run: str) -> str:
    """A run of capitalised words without the small word that opened the sentence: `Sehingga Ratih`, `Ratih`."""
    cut = run.find(" ")
    first = run if cut < 0 else run[:cut]
    if _WORDS[first.lower()] & NO_NAME and not lists.flags(first) & GIVEN:
        return "" if cut < 0 else run[cut + 1 :]
    return run
