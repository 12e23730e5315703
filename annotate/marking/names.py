"""The names of one document: full names, acronyms and their long forms, who holds which office."""

import re
from collections.abc import Sequence
from typing import Final

from annotate.marking import wordlists as lists
from annotate.marking.phrases import MAX_PHRASE, Phrase, read_phrase
from annotate.marking.sources import role_and_affiliation
from annotate.marking.wordlists import GIVEN, HEAD, NAME, PART, PLACE

MAX_CANDIDATES: Final = 60  # names that share a word; more of them tell nothing
_CAPITAL: Final = r"(?:(?:[A-Z]|Dr|Drs|Prof|Ir|St|Jr|Hj|KH)\.|[A-Z][\w'’ʼ‘-]*)"
_RUN: Final = re.compile(
    rf"{_CAPITAL}(?:[ /](?:{_CAPITAL}|\({_CAPITAL}\)|(?:bin|binti|van|von|der|de|da|al|el|dan|of|for)(?= [A-Z])))+"
)
_OPENING: Final = re.compile(rf"(?:(?<=[.!?] )|(?<=\n)|\A)(?:Namun, |Sementara itu, )?({_CAPITAL}(?: {_CAPITAL})*)")
_BRACKET: Final = re.compile(r"\(([A-Z][\w&./ -]{1,40})\)")
_APOSTROPHES: Final = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'"})


def name_key(name: str) -> tuple[str, ...]:
    """A name's words for comparison: case, full stops and kinds of apostrophe do not count."""
    if not name.isascii() or "`" in name:
        name = name.translate(_APOSTROPHES)
    return tuple(name.casefold().replace(".", " ").replace(",", " ").split())


_EMPTY_WORDS: Final = frozenset(("bidang", "dan", "ri", "itu", "ini", "tersebut", "seorang", "para"))


class Names:
    """What the names of a document tell. `sources` are the bounds of its source regions, in text order."""

    def __init__(self, text: str, sources: Sequence[tuple[int, int]]) -> None:
        self.text = text
        words = {bounds: text[bounds[0] : min(bounds[1], bounds[0] + MAX_PHRASE)] for bounds in sources}
        distinct = dict.fromkeys(words.values())
        single = {w: read_phrase(w) for w in distinct if " " not in w}
        self.short = frozenset(w for w, phrase in single.items() if phrase.kind == "person" and phrase.named)
        self._read = {w: single[w] if w in single else read_phrase(w, self.short) for w in distinct}
        self._phrases = {bounds: self._read[w] for bounds, w in words.items()}
        self._by_token: dict[str, dict[tuple[str, ...], str]] = {}
        self._speaking: set[tuple[str, ...]] = set()
        self._full: dict[tuple[str, ...], str | None] = {}
        self._holders: list[tuple[Phrase, str]] = []
        self._roles: dict[tuple[str, ...], frozenset[str]] = {}
        self._long: dict[str, str] | None = None
        self._spellings: dict[str, list[str]] | None = None
        wanted: set[str] = set()
        for w, phrase in self._read.items():
            if phrase.named and phrase.kind == "person":
                self._add(phrase, w, speaking=True)
                wanted.update(w for part in phrase.parts for w in (part.split(" ", 1)[0], part.rsplit(" ", 1)[-1]))
            elif phrase.kind in ("person", "unnamed") and phrase.words:
                full = lists.ROLE_FULL.get(phrase.head, "").split()
                wanted.update((phrase.words[0], *(w.capitalize() for w in full[:1])))
        self._runs: dict[str, None] = dict.fromkeys(_RUN.findall(text))
        for run in self._runs:
            if run not in self._read and not wanted.isdisjoint(run.split()):
                self._add(read_phrase(run, self.short), run, speaking=False)

    def phrase(self, start: int, end: int) -> Phrase:
        """The source phrase between two bounds, read."""
        return self._phrases[start, end]

    def _add(self, phrase: Phrase, words: str, speaking: bool) -> None:
        if phrase.kind != "person" or not phrase.named:
            return
        for part in phrase.parts:
            key = name_key(part)
            if speaking:
                self._speaking.add(key)
            for word in key:
                known = self._by_token.setdefault(word, {})
                if len(known) < MAX_CANDIDATES:
                    known.setdefault(key, part)
        if phrase.start:
            self._holders.append((phrase, words))

    # persons

    def person(self, name: str, recent: Sequence[str]) -> str:
        """The fullest form of a person's name; of two that it may stand for, the one who spoke last."""
        key = name_key(name)
        if key not in self._full:
            self._full[key] = self._fullest(key, name)
        full = self._full[key]
        if full is not None:
            return full
        options = self._longer(key)
        for speaker in recent:
            if name_key(speaker) in options:
                return speaker
        return name

    def _fullest(self, key: tuple[str, ...], name: str) -> str | None:
        """The only longest name, or None where there are several."""
        longer = self._longer(key)
        if not longer:
            nick = lists.NICKNAMES.get(name)
            if nick and nick in self.text:
                return self._fullest(name_key(nick), nick)
            return self._variant(key) or name
        best = max(longer, key=len)
        if all(set(other) <= set(best) for other in longer):
            return longer[best]
        spoken = {k: v for k, v in longer.items() if k in self._speaking}
        if spoken:
            best = max(spoken, key=len)
            if all(set(other) <= set(best) for other in spoken):
                return spoken[best]
        return None

    def _longer(self, key: tuple[str, ...]) -> dict[tuple[str, ...], str]:
        """Longer names that this one may be short for."""
        found = {}
        for other, printed in self._by_token.get(key[-1], {}).items():
            if len(other) > len(key) and set(key) <= set(other) and self._extends(key, other):
                found[other] = printed
        return found

    def _extends(self, key: tuple[str, ...], other: tuple[str, ...]) -> bool:
        if len(key) == 1:
            return True
        at = other.index(key[0])
        return all(word in lists.PREFIXES or len(word) == 1 for word in other[:at])

    def _variant(self, key: tuple[str, ...]) -> str | None:
        """Another spelling of the same name that is fuller: `Lukashenka`, `Alexander Lukashenko`."""
        last = key[-1]
        if len(last) < 6:
            return None
        if self._spellings is None:
            self._spellings = {}
            for run in [*self._runs, *self._read]:
                final = run.rsplit(" ", 1)[-1]
                self._spellings.setdefault(final[:4].casefold(), []).append(run)
        for run in self._spellings.get(last[:4], ())[:MAX_CANDIDATES]:
            phrase = self._read.get(run) or read_phrase(run, self.short)
            other = name_key(phrase.label) if phrase.kind == "person" and phrase.named else ()
            if len(other) < len(key) or (len(key) > 1 and other[0] != key[0]):
                continue
            if other[-1] != last and _alike(other[-1], last):
                return phrase.label
        return None

    def person_in(self, words: str, aged: bool) -> str:
        """The person whom these words of the narration name, full name; empty where it is none or not certain."""
        phrase = read_phrase(words.strip(" .,"), self.short)
        if phrase.kind != "person" or not phrase.named or len(phrase.parts) != 1:
            return ""
        key = name_key(phrase.label)
        known = any(set(key) <= set(other) for other in self._by_token.get(key[-1], ()))
        given = any(lists.flags(word) & GIVEN for word in phrase.label.split())
        if known or aged or (phrase.start and len(key) > 1) or (given and len(key) > 1):
            return self.person(phrase.label, ())
        return ""

    # offices

    def role_words(self, phrase: Phrase) -> frozenset[str]:
        """The words of an office, abbreviations written out: of `Menkeu` and of `Menteri Keuangan` the same."""
        if phrase.named:
            words = phrase.words[: phrase.start] if phrase.start else phrase.words[phrase.end :]
        else:
            words = phrase.words
        known = self._roles.get(words)
        if known is None:
            out: set[str] = set()
            written = lists.ROLE_FULL.get(phrase.head, "").split()
            out.update(written)
            for word in words[len(phrase.head.split()) if written else 0 :]:
                out.update(lists.ROLE_FULL.get(word.lower(), word.lower()).split())
            known = self._roles[words] = frozenset(w for w in out if w[0].isalnum() and w not in _EMPTY_WORDS)
        return known

    def holder(self, phrase: Phrase, at: int) -> str:
        """Who holds the office, as the text names them; of several, the one named last before `at`."""
        words = self.role_words(phrase)
        if not words:
            return ""
        options = [(held.label, run) for held, run in self._holders if words <= self.role_words(held)]
        if not options:
            return ""
        people = {self.person(label, ()) for label, _ in options[:MAX_CANDIDATES]}
        if len(people) == 1:
            return next(iter(people))
        start = max(0, at - 6000)
        nearest = max(options[:MAX_CANDIDATES], key=lambda option: self.text.rfind(option[1], start, at))
        if self.text.rfind(nearest[1], start, at) >= 0:
            return self.person(nearest[0], ())
        return ""

    def post_of(self, speaker: str) -> tuple[str | None, str | None]:
        """Role and affiliation that the text gives a speaker somewhere; None where it gives none."""
        for held, _ in self._holders:
            if held.label == speaker or self.person(held.label, ()) == speaker:
                role, affiliation = role_and_affiliation(held)
                if role:
                    return role, affiliation
        return None, None

    def name_before(self, at: int) -> str:
        """The name that a comma parts from an apposition at this place."""
        window = self.text[max(0, at - 120) : at].rstrip(" ,")
        runs = list(_RUN.finditer(window))
        if runs and runs[-1].end() == len(window):
            return self.institution(read_phrase(runs[-1][0], self.short).label)
        return ""

    def pair_before(self, start: int, at: int) -> str:
        """Two coordinated names in this stretch, the last such pair, as printed."""
        for match in reversed(
            list(
                re.finditer(
                    r"[A-Z][\w'’. -]{1,60} dan (?:[\w]+ ){0,3}[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,5}", self.text[start:at]
                )
            )
        ):
            phrase = read_phrase(match[0], self.short)
            if len(phrase.parts) == 2:
                return phrase.label
        return ""

    # institutions

    def institution(self, name: str) -> str:
        """The long form of an institution's name where the text has one."""
        if " " in name or len(name) > 15:
            return name
        return self.explained(name) or self._by_initials(name) or name

    def explained(self, acronym: str) -> str:
        """The long form of an acronym that the text explains in brackets, or ``."""
        if self._long is None:
            self._long = self._long_forms()
        return self._long.get(acronym, "")

    def _long_forms(self) -> dict[str, str]:
        """Acronyms that the text explains, `Komisi Yudisial (KY)` or `KY (Komisi Yudisial)`, with their long forms."""
        found: dict[str, str] = {}
        for match in _BRACKET.finditer(self.text):
            inside = match[1]
            before = self.text[max(0, match.start() - 140) : match.start()].rstrip()
            if " " in inside:
                short = before.rsplit(" ", 1)[-1]
                if short.isupper() and len(short) > 1 and _initials(inside) == short:
                    found.setdefault(short, inside)
            elif (long := _long_form(before, inside)) is not None:
                found.setdefault(inside, long)
        return found

    def _by_initials(self, acronym: str) -> str:
        if not (acronym.isupper() and 2 <= len(acronym) <= 6):
            return ""
        size = len(acronym)
        for run in self._runs:
            if acronym[0] not in run:
                continue
            words = run.split()
            for i, word in enumerate(words):
                if word[0] == acronym[0]:
                    part = _spelling(words, i, acronym)
                    if part and any(lists.flags(w) & (HEAD | PART | PLACE | NAME) for w in part[:size]):
                        return " ".join(part)
        return ""

    def institution_before(self, at: int) -> tuple[str, int]:
        """The institution that opened a sentence last before this place, its full name and where; or `("", -1)`."""
        start = max(0, at - 500)
        for match in reversed(list(_OPENING.finditer(self.text, start, at))):
            phrase = read_phrase(match[1], self.short)
            if phrase.kind == "organisation":
                return self.institution(phrase.label), match.start(1)
        return "", -1


def _alike(a: str, b: str) -> bool:
    """Whether two long words differ by one letter put in, left out or changed, or two changed at the end."""
    if abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) <= 1
    short, long = sorted((a, b), key=len)
    i = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short[i:] == long[i + 1 :]


def _spelling(words: Sequence[str], i: int, acronym: str) -> list[str]:
    """The words from the i-th on whose capitals spell the acronym, small words between them left uncounted; or []."""
    left = list(acronym)
    for k in range(i, len(words)):
        if words[k][0].isupper():
            if words[k][0] != left.pop(0):
                return []
            if not left:
                return list(words[i : k + 1])
    return []


def _initials(name: str) -> str:
    return "".join(w[0] for w in name.split() if w[0].isupper())


def _long_form(before: str, acronym: str) -> str | None:
    """The words before a bracketed acronym that it stands for."""
    words = before.split()[-12:]
    letters = [c for c in acronym if c.isalpha()]
    if acronym.isupper():
        taken: list[str] = []
        for word in reversed(words):
            if not word[0].isupper() and word not in ("dan", "of", "for", "and", "untuk", "the", "on", "in"):
                break
            taken.insert(0, word)
            initials = [w[0] for w in taken if w[0].isupper()]
            if initials == letters:
                return " ".join(taken)
            if len(initials) > len(letters):
                break
    for size in range(2, len(words) + 1):
        phrase = " ".join(words[-size:])
        if not words[-size][0].isupper():
            if words[-size] not in ("dan", "of", "for", "and", "untuk"):
                return None
            continue
        if phrase[0].lower() == acronym[0].lower() and _subsequence(acronym.lower(), phrase.lower()):
            return phrase
    return None


def _subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short if c.isalpha())
