"""The beginning of a text, in which its words are looked for again, to tell names from common nouns."""

import re
from typing import Final

BEGINNING: Final = 50_000  # code points; whole books would take for ever
_FEW: Final = 12  # words that are looked for one by one; for more the text's words are put in order first
_WORD: Final = re.compile(r"\w+")


class Beginning:
    """Finds words in the beginning of a text, in the same time for each, however many are asked for."""

    def __init__(self, text: str) -> None:
        self.text = text[:BEGINNING]
        self._asked = 0
        self._places: dict[str, list[int]] | None = None

    def has_small(self, word: str) -> bool:
        """Whether the word stands between two spaces in small letters: `Pengawasan` is then no name."""
        small, text = word.lower(), self.text
        return any(
            text[at - 1 : at] == " " == text[at + len(small) : at + len(small) + 1] for at in self._places_of(small)
        )

    def has_name(self, name: str) -> bool:
        """Whether the word, given with a capital letter, stands within a sentence, or before another such word."""
        text = self.text
        for at in self._places_of(name):
            before, end = text[max(0, at - 2) : at], at + len(name)
            if before[-1:] == " " and _is_small_or_comma(before[:-1]) and not _goes_on(text[end : end + 1]):
                return True
            if text[end : end + 1] == " " and "A" <= text[end + 1 : end + 2] <= "Z" and not _goes_on(before[-1:]):
                return True
        return False

    def twice_before(self, name: str, other: str) -> bool:
        """Whether the text says `name` twice before it says `other` at all: it is not short for that, then."""
        places = [at for at in self._places_of(name) if not _goes_on(self.text[at + len(name) : at + len(name) + 1])]
        later = self._places_of(other)
        return len(places) > 1 and (not later or places[1] < later[0])

    def _places_of(self, word: str) -> list[int]:
        """Where the word stands; places inside other words among them while few words were asked for."""
        self._asked += 1
        if self._asked > _FEW and word.isalnum():
            if self._places is None:
                self._places = {}
                for match in _WORD.finditer(self.text):
                    self._places.setdefault(match[0], []).append(match.start())
            return self._places.get(word, [])
        places = []
        at = self.text.find(word)
        while at >= 0:
            places.append(at)
            at = self.text.find(word, at + 1)
        return places


def _is_small_or_comma(character: str) -> bool:
    return "a" <= character <= "z" or character == ","


def _goes_on(character: str) -> bool:
    """Whether a word goes on with this character, or none."""
    return character.isalnum() or character == "_"
