"""The names of one document: full names, acronyms and their long forms, who holds which office."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from annotate.lexicon import word_flags
from annotate.marking import wordlists as lists
from annotate.marking.beginnings import BEGINNING, Beginning
from annotate.marking.institutions import Institutions
from annotate.marking.name_forms import MAX_CANDIDATES, aliases, is_common, is_headline, name_key
from annotate.marking.name_runs import RUN, NameRuns, body_of
from annotate.marking.offices import Offices
from annotate.marking.phrases import MAX_PHRASE, Phrase, read_phrase
from annotate.marking.spellings import Spellings
from annotate.marking.tokens import Tokens
from annotate.marking.wordlists import GIVEN, OPENER, TITLE

_PAIR: Final = re.compile(r"\w{3,}-[A-Z]")  # `Eri Cahyadi-Armuji`, two candidates


class Names:
    """What the names of a document tell. `sources` are the bounds of its source regions, in text order."""

    def __init__(
        self,
        text: str,
        sources: Sequence[tuple[int, int]],
        roles_of_all: bool = False,
        tokens: Tokens | None = None,
    ) -> None:
        """Reads the sources, and of the narration what completes their names; `roles_of_all`: their roles as well.

        Tokens of the text, where they are at hand, save time and change nothing.
        """
        self.text = text
        self._beginning = Beginning(text)
        self._body: str | None = None  # without headlines in capitals
        words = {bounds: text[bounds[0] : min(bounds[1], bounds[0] + MAX_PHRASE)] for bounds in sources}
        distinct = dict.fromkeys(words.values())
        single = {w: read_phrase(self._as_name(w)) for w in distinct if " " not in w}
        self._demote_common_nouns(words, single)
        narration = NameRuns(text, tokens)
        self._runs = narration.runs
        self.short = frozenset(w for w, phrase in single.items() if phrase.kind == "person" and phrase.named)
        self._read = {w: single[w] if w in single else read_phrase(w, self.short) for w in distinct}
        self._promote_names(single)
        self._phrases = {bounds: self._read[w] for bounds, w in words.items()}
        self._by_token: dict[str, dict[tuple[str, ...], str]] = {}
        self._speaking: set[tuple[str, ...]] = set()
        self._printed: dict[str, bool] = {}
        self._full: dict[tuple[str, ...], str | None] = {}
        self.offices = Offices(text, self.person)
        self._order: dict[tuple[str, ...], int] = {}
        self._aliases = self._names_of(aliases(text, narration.offers, narration.calls))
        self.institutions = Institutions(text, self._runs, self.short)
        self._spellings = Spellings(self._by_token, self._speaking, (self._runs, self._read), self._read_run)
        for w, phrase in self._read.items():
            if phrase.kind == "person" and phrase.named and self._is_name(phrase, w):
                self._add(phrase, w, speaking=True)
        self._add_told_of(roles_of_all)

    def _is_name(self, phrase: Phrase, words: str) -> bool:
        """Whether a source's person is one; a headline's words are no name unless the text goes on with them."""
        if " " not in words or not is_headline(phrase.label, short=True):
            return True
        if self._body is None:
            self._body = body_of(self.text)[:BEGINNING]
        return words in self._body

    def _add_told_of(self, roles_of_all: bool) -> None:
        """Takes up who is named in the narration by a word of a source."""
        single_words, pairs = self._wanted(roles_of_all)
        for run in self._runs:
            if run not in self._read and _is_wanted(run.split(), single_words, pairs):
                phrase = read_phrase(run, self.short)
                if phrase.kind == "person" and phrase.named:
                    for part in phrase.parts:
                        if is_headline(part) or is_common(part):
                            break
                    else:
                        self._add(phrase, run, speaking=False)

    def _as_name(self, word: str) -> str:
        """A single word as it is read: a name written small (`kata jokowi`) as the text writes it elsewhere."""
        if not word.islower() or word_flags()[word] or not word.isalpha():
            return word
        name = word.title()
        return name if self._beginning.has_name(name) else word

    def _wanted(self, roles_of_all: bool) -> tuple[set[str], dict[str, str]]:
        """What makes a run of capitalised words worth reading: single words, and first words with their last."""
        words: set[str] = set()
        pairs: dict[str, str] = {}
        for phrase in self._read.values():
            if phrase.named and phrase.kind == "person":
                for part in phrase.parts:
                    split = part.split()
                    if len(split) == 1 and (roles_of_all or not self._longer(name_key(part))):
                        words.add(part)
                    elif len(split) == 2 or roles_of_all:
                        pairs[split[0]] = split[-1]
            elif phrase.kind in ("person", "unnamed") and phrase.words:
                full = lists.ROLE_FULL.get(phrase.head, "").split()
                words.update((phrase.words[0], *(w.capitalize() for w in full[:1])))
        return words, pairs

    def _demote_common_nouns(self, words: Mapping[tuple[int, int], str], single: dict[str, Phrase]) -> None:
        """`Pengawasan …` at the start of a sentence is no name when the text writes it small elsewhere."""
        people = {w for w, phrase in single.items() if phrase.kind == "person" and phrase.named}
        for (start, _), w in words.items():
            if w in people and not _opens_sentence(self.text, start):
                people.remove(w)
        for w in people:
            if self._beginning.has_small(w):
                single[w] = read_phrase(w.lower())._replace(label=w)

    def _promote_names(self, single: Mapping[str, Phrase]) -> None:
        """`Dana` is a person where the text has a `Kepala Dinas, Dana Budiman`."""
        things = {w for w, p in single.items() if p.kind in ("organisation", "media") and w.istitle()}
        found = self._persons_among(things) if things else set()
        if found:
            self.short |= found
            for w in self._read:
                if w in found:
                    self._read[w] = Phrase("person", w, True, "", False, (w,), (w,), 0, 1)
                elif " " in w and not found.isdisjoint(w.split()):
                    self._read[w] = read_phrase(w, self.short)

    def _persons_among(self, things: set[str]) -> set[str]:
        """Of words that may be things those that are names here."""
        found: set[str] = set()
        for phrase in self._read.values():
            if phrase.kind == "person" and phrase.named:
                found |= things.intersection(w for part in phrase.parts for w in part.split())
                before = phrase.words[max(0, phrase.start - 2) : phrase.start]
                if len(before) == 2 and before[0] in (",", ")") and before[1] in things:
                    found.add(before[1])  # `Kepala Dinas, Media Wahyu`
        for w in things - found:
            for run in self._runs:
                if w in run.split():
                    phrase = read_phrase(run)
                    if phrase.kind == "person" and phrase.start and any(w in part.split() for part in phrase.parts):
                        found.add(w)
        return found

    def phrase(self, start: int, end: int) -> Phrase:
        """The source phrase between two bounds, read."""
        return self._phrases[start, end]

    def prints(self, words: str) -> bool:
        """Whether the text holds these words; each are looked for once."""
        known = self._printed.get(words)
        if known is None:
            known = self._printed[words] = words in self.text
        return known

    def _add(self, phrase: Phrase, words: str, speaking: bool) -> None:
        """Takes up a person's name; `speaking`: a source's."""
        if not speaking and "-" in phrase.label and _PAIR.search(phrase.label):
            return
        for part in phrase.parts:
            key = name_key(part)
            self._order.setdefault(key, len(self._order))
            if speaking:
                self._speaking.add(key)
            for word in key:
                known = self._by_token.setdefault(word, {})
                if len(known) < MAX_CANDIDATES:
                    known.setdefault(key, part)
        if phrase.start:
            self.offices.add(phrase, words)

    # persons

    def _names_of(self, called: Mapping[str, str]) -> dict[str, str]:
        """Of what stands beside a name, the other names of persons, titles left out: `Joni` of Hendra Setiadi."""
        found = {}
        for other, words in called.items():
            short, long = read_phrase(other), read_phrase(words, self.short)
            firm = long.start > 1 and lists.flags(long.words[long.start - 2]) & OPENER  # `PT Karya Abadi (Karyamart)`
            if short.kind == long.kind == "person" and short.named and long.named and len(long.parts) == 1 and not firm:
                found[short.label] = found[other] = long.label
        return found

    def speaks(self, name: str) -> bool:
        """Whether a source of the text names this person, by any part of the name."""
        key = set(name_key(name))
        return any(key.issuperset(known) for known in self._speaking)

    def goes_by(self, short: str, name: str) -> None:
        """From now on the short name stands for the other."""
        for words in (short, read_phrase(short).label):
            self._aliases[words] = name
            self._full.pop(name_key(words), None)

    def person(self, name: str, recent: Iterable[str]) -> str:
        """The fullest form of a person's name; of two that it may stand for, the one who spoke last."""
        nickname = lists.NICKNAMES.get(name)
        if nickname and self.prints(nickname):
            name = nickname
        name = self._aliases.get(name, name)
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
            return self._otherwise_spelt(key, name)
        if len(key) == 1 and any(other[0] == key[0] for other in longer):
            longer = {other: printed for other, printed in longer.items() if other[0] == key[0]}
        best = max(longer, key=len)
        if all(set(other) <= set(best) for other in longer):
            return longer[best]
        spoken = {k: v for k, v in longer.items() if k in self._speaking}
        if spoken:
            best = max(spoken, key=len)
            if all(set(other) <= set(best) for other in spoken):
                return spoken[best]
        return None

    def _otherwise_spelt(self, key: tuple[str, ...], name: str) -> str:
        """A nickname's full name, a cut-off name's whole one, or of two spellings the fuller or the first."""
        if len(key) == 1 and len(key[0]) > 3:
            whole = self._spellings.speakers_like(key[0])
            if len(whole) == 1:
                word = next((w for w in whole[0].split() if w.lower().startswith(key[0]) and w.lower() != key[0]), "")
                return name if word and self._beginning.twice_before(name, word) else whole[0]
            if not whole and len(key[0]) > 4 and (told := self._spellings.told_of_like(key[0])):
                return told
        other = self._spellings.variant(key)
        if other is None:
            return name
        other_key = name_key(other)
        later = self._order.get(other_key, 0) > self._order.get(key, 0)
        return name if len(other_key) == len(key) and later else other

    def _read_run(self, run: str) -> Phrase:
        return self._read.get(run) or read_phrase(run, self.short)

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

    def person_in(self, words: str, sure: bool) -> str:
        """The person whom these words of the narration name, full name; empty where it is none or not certain."""
        phrase = read_phrase(words.strip(" .,"), self.short)
        if phrase.kind != "person" or not phrase.named or len(phrase.parts) != 1:
            return ""
        key = name_key(phrase.label)
        if len(key) == 1 and (phrase.label.isupper() or phrase.label.endswith("nya")):
            return ""  # `HJE (25)`, initials that hide a name; `Tujuannya`
        known = any(set(key) <= set(other) for other in self._by_token.get(key[-1], ()))
        if not known and is_common(phrase.label):
            return ""  # `Rancangan Belanja Daerah`
        given = any(lists.flags(word) & GIVEN for word in phrase.label.split())
        ranked = bool(phrase.start and lists.flags(phrase.words[phrase.start - 1]) & TITLE)  # `Kapolsek Rawa AKP Danu`
        if known or sure or (phrase.start and (ranked or len(key) > 1)) or (given and len(key) > 1):
            return self.person(phrase.label, ())
        return ""

    def name_before(self, at: int) -> str:
        """The name that a comma parts from an apposition at this place."""
        window = self.text[max(0, at - 120) : at].rstrip(" ,")
        runs = list(RUN.finditer(window))
        if runs and runs[-1].end() == len(window):
            return self.institutions.full(read_phrase(runs[-1][0], self.short).label)
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


def _opens_sentence(text: str, at: int) -> bool:
    """Whether a sentence, a line or a quotation begins here."""
    if at == 0:
        return True
    before = text[at - 1]
    if before != " " or at == 1:
        return before in '\n"”“'
    mark = text[at - 2]
    return mark in ".!?" or (at > 2 and mark in "\"”’'" and text[at - 3] in ".!?")


def _is_wanted(run: list[str], words: set[str], pairs: dict[str, str]) -> bool:
    """Whether one of the words stands in the run, or both of a pair."""
    for word in run:  # noqa: SIM110 - `any` takes twice as long
        if word in words or (word in pairs and pairs[word] in run):
            return True
    return False
