"""The institutions of one document: acronyms and short forms, and the long names that they stand for."""

import re
from collections.abc import Collection
from typing import Final

from annotate.lexicon import Flag, word_flags
from annotate.marking import wordlists as lists
from annotate.marking.acronyms import by_initials, long_forms
from annotate.marking.name_forms import places_of
from annotate.marking.phrases import read_phrase
from annotate.marking.wordlists import HEAD, PART, PLACE

MAX_TRIED: Final = 60  # acronyms whose initials are looked for, and names that open alike
_WORD: Final = r"[A-Z][\w'’ʼ‘-]*"
_OPENING: Final = re.compile(rf"(?:Namun, |Sementara itu, )?({_WORD}(?: {_WORD})*)")
_ENDS: Final = (". ", "! ", "? ", "\n")
_REACH: Final = 500  # code points in which an institution is looked for


class Institutions:
    """`runs` are the text's runs of capitalised words, `short_names` the short names of persons."""

    def __init__(self, text: str, runs: Collection[str], short_names: Collection[str]) -> None:
        self._text = text
        self._runs = runs
        self._short = short_names
        self._openings: dict[str, list[str]] | None = None
        self._initials: dict[str, str] = {}
        self._long: dict[str, str] | None = None

    def full(self, name: str) -> str:
        """The long form of an institution's name where the text has one."""
        if " " in name or len(name) > 15:
            return (name.isupper() and self.explained(name)) or self._fuller(name)
        if long := self.explained(name):
            return long
        if name not in self._initials and len(self._initials) < MAX_TRIED:
            self._initials[name] = by_initials(name, self._runs)
        return self._initials.get(name) or name

    def _fuller(self, name: str) -> str:
        """`Tim Transisi` in full, `Tim Transisi Tata Kelola`, where the text has it so and only so."""
        if self._openings is None:
            self._openings = {}
            for run in self._runs:
                sharing = self._openings.setdefault(_first_word(run), [])
                if len(sharing) < MAX_TRIED:
                    sharing.append(run)
        longer = [run for run in self._openings.get(_first_word(name), ()) if run.startswith(name + " ")]
        if not longer:
            return name
        best = max(longer, key=len)
        rest = best[len(name) :].split()
        if not rest or not (lists.flags(rest[0]) & (HEAD | PART | PLACE) or rest[0] == "dan"):
            return name
        if word_flags()[rest[0].lower()] & Flag.TIME or not all(best.startswith(run) for run in longer):
            return name  # `Harian Bengawan Selasa`
        phrase = read_phrase(best)
        return name if phrase.kind == "person" else phrase.label

    def explained(self, acronym: str) -> str:
        """The long form of an acronym that the text explains in brackets, or ``."""
        if self._long is None:
            self._long = long_forms(self._text)
        return self._long.get(acronym, "")

    def before(self, at: int) -> tuple[str, int]:
        """The institution that opened a sentence last before this place, its full name and where; or `("", -1)`."""
        start = max(0, at - _REACH)
        stretch = self._text[max(0, start - 2) : at]  # the end of the sentence before may stand before it
        ends = [place + len(end) for end in _ENDS for place in places_of(stretch, end)]
        for k in sorted([*ends, 0] if start == 0 else ends, reverse=True):
            match = _OPENING.match(self._text, at - len(stretch) + k, at)
            if match is None or match.start() < start:
                continue
            phrase = read_phrase(match[1], self._short)
            if phrase.kind == "organisation":
                return self.full(phrase.label), match.start(1)
        return "", -1


def _first_word(name: str) -> str:
    cut = name.find(" ")
    return name if cut < 0 else name[:cut]
