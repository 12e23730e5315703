"""Who holds which office in one document: `Menkeu` stands for the one whom the text names as Menteri Keuangan."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from annotate.lexicon import word_set
from annotate.marking import wordlists as lists
from annotate.marking.beginnings import BEGINNING
from annotate.marking.name_forms import CAPITAL, MAX_CANDIDATES, is_common, name_key, places_of
from annotate.marking.phrases import Phrase, read_phrase
from annotate.marking.sources import around_name, role_and_affiliation

_EMPTY_WORDS: Final = word_set("office_fillers")
_SEVERAL_OFFICES: Final = word_set("several_offices")
_BELOW: Final = word_set("below_an_office")
_NAMED_AFTER_COMMA: Final = re.compile(rf"(?: \(?{CAPITAL}\)?| dan){{0,9}}, {CAPITAL}(?: {CAPITAL}){{0,5}}")
_REACH: Final = 6000  # code points before an office in which its holder is looked for


class Offices:
    """Offices and their holders. `person` gives the fullest form of a name, as `Names.person`."""

    def __init__(self, text: str, person: Callable[[str, Iterable[str]], str]) -> None:
        self._text = text
        self._person = person
        self._holders: list[tuple[Phrase, str]] = []
        self._posts: dict[str, list[Phrase]] | None = None
        self._held: dict[str, list[tuple[Phrase, str]]] | None = None
        self._words: dict[tuple[str, ...], frozenset[str]] = {}
        self._apposed: dict[str, list[tuple[Phrase, str]]] = {}

    def add(self, phrase: Phrase, words: str) -> None:
        """Takes up a phrase that names an office and who holds it, with its words as printed."""
        self._holders.append((phrase, words))

    def words_of(self, phrase: Phrase) -> frozenset[str]:
        """The words of an office, abbreviations written out: of `Menkeu` and of `Menteri Keuangan` the same."""
        if phrase.named:
            words = phrase.words[: phrase.start] if phrase.start else phrase.words[phrase.end :]
        else:
            words = phrase.words
        known = self._words.get(words)
        if known is None:
            out: set[str] = set()
            written = lists.ROLE_FULL.get(phrase.head, "").split()
            out.update(written)
            for word in words[len(phrase.head.split()) if written else 0 :]:
                out.update(lists.ROLE_FULL.get(word.lower(), word.lower()).split())
            known = self._words[words] = frozenset(w for w in out if w[0].isalnum() and w not in _EMPTY_WORDS)
        return known

    def is_held(self, office: Phrase, by: Phrase) -> bool:
        """Whether the office, all its words, is the one that the other phrase gives a person."""
        return self.words_of(office) <= self.words_of(by) and _same_head(office, by)

    def holder(self, phrase: Phrase, at: int) -> str:
        """Who holds the office, as the text names them; of several, the one named last before `at`."""
        words = self.words_of(phrase)
        if not words:
            return ""
        if self._held is None:
            self._held = {}
            for holder in self._holders:
                for word in self.words_of(holder[0]):
                    sharing = self._held.setdefault(word, [])
                    if len(sharing) < MAX_CANDIDATES:
                        sharing.append(holder)
        fewest = min((self._held.get(word, []) for word in words), key=len)
        options = self._options(phrase, fewest) or self._options(phrase, self._named_after_comma(phrase))
        if not options:
            return ""
        people = {self._person(label, ()) for label, _ in options}
        if len(people) == 1:
            return next(iter(people))
        start = max(0, at - _REACH)
        nearest = max(options, key=lambda option: self._text.rfind(option[1], start, at))
        if self._text.rfind(nearest[1], start, at) >= 0:
            return self._person(nearest[0], ())
        return ""

    def _options(self, phrase: Phrase, holders: Iterable[tuple[Phrase, str]]) -> list[tuple[str, str]]:
        """Names of those who hold the office, with the words that say so."""
        return [
            (held.label, words) for held, words in holders if self.is_held(phrase, held) and not is_common(held.label)
        ]

    def _named_after_comma(self, phrase: Phrase) -> list[tuple[Phrase, str]]:
        """The narration's `Kapolres Bantul, AKBP Danu Wirasena`, for `Kapolres`."""
        first = phrase.words[0]
        if not first[0].isupper():
            return []
        known = self._apposed.get(first)
        if known is None:
            known = self._apposed[first] = []
            for at in places_of(self._text, first)[:MAX_CANDIDATES]:
                match = _NAMED_AFTER_COMMA.match(self._text, at + len(first))
                if match:
                    words = self._text[at : match.end()]
                    read = read_phrase(words)
                    after = read.start - 1  # the comma; or the name lies before it: `Kapolres Puji Danu, Warga Senang`
                    if read.kind == "person" and len(read.parts) == 1 and after > 0 and "," in read.words[: after + 1]:
                        known.append((read, words))
        return known

    def post_of(self, speaker: str) -> tuple[str | None, str | None]:
        """Role and affiliation that the text gives a speaker somewhere; None where it gives none."""
        if self._posts is None:
            self._posts = {}
            for held, _ in self._holders:
                sharing = self._posts.setdefault(name_key(held.label)[-1], [])
                if len(sharing) < MAX_CANDIDATES:
                    sharing.append(held)
        key = name_key(speaker)
        for held in self._posts.get(key[-1], ()) if key else ():
            if held.label == speaker or self._person(held.label, ()) == speaker:
                role, affiliation = role_and_affiliation(held)
                if role:
                    return role, affiliation
        at = self._text.find(speaker, 0, BEGINNING) if len(key) > 1 else -1
        return around_name(self._text, at, at + len(speaker)) if at >= 0 else (None, None)


def _same_head(office: Phrase, by: Phrase) -> bool:
    """Whether two phrases open with one office: `Ketua` is not `Wakil Ketua`, `Kapolres` no `Kasat Reskrim Polres`."""
    if not _SEVERAL_OFFICES.isdisjoint(by.words):
        return True
    heads = []
    for head in (office.head, by.head):
        if not head or lists.ROLE_KINDS.get(head) == "acting":
            return True
        heads.append(lists.ROLE_FULL.get(head, head))
    if heads[0].startswith(heads[1]) or heads[1].startswith(heads[0]):
        return True
    first = office.head.split(" ", 1)[0]
    return any(
        word.lower() == first and i and by.words[i - 1].lower() not in _BELOW  # `Kepala Ekonom`, `Ketua Majelis Hakim`
        for i, word in enumerate(by.words)
    )
