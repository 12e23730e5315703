"""Who the speaker of each attribution is: one name for each speaker of a document, and none rather than a guess.

Works from spans alone, whoever drew them. The names of a document are collected once (`_Names`); the attributions are
then walked in the order in which their sources stand, with a memory of who spoke last (`_Memory`), and each source is
resolved by what it is: a name, an acronym, an office, a pronoun, a noun phrase that points back, or nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from annotate.datamodel import Attribution, Region
from annotate.lexicon import word_set
from annotate.marking import wordlists as lists
from annotate.marking.antecedents import NEAR, PLURAL_SUBJECT, earlier_noun_phrase, stands_in_apposition
from annotate.marking.hindsight import fill_repeated, name_offices_of_headlines
from annotate.marking.introductions import SENTENCE_END, Introductions
from annotate.marking.name_forms import CALLED, MAX_TITLE
from annotate.marking.names import Names
from annotate.marking.phrases import Phrase, read_phrase
from annotate.marking.tokens import Tokens
from annotate.marking.turns import Anchored, Turn, has_clitic, only_person

_QUOTES_FROM: Final = ("dikutip", "dilansir", "mengutip", "melansir")
_AFTER_QUOTE: Final = re.compile(r"[\"”’?»]\s*\w+ (?:\w+ )?\Z")
_DESCRIBED: Final = word_set("described")
_SPEAK_FOR_ONE: Final = word_set("speak_for_one")
_DESCRIBES: Final = re.compile(
    r"[A-Za-z-]+ (?:\w+ ){0,2}(?:yang|asal|kelahiran|lulusan|jebolan|berusia|berumur|bergelar)\b"
)


def resolve_speakers(text: str, attributions: Sequence[Attribution], tokens: Tokens | None = None) -> list[str]:
    """The speaker of each attribution, in the order given; empty where nobody is named or the text does not tell.

    Time grows with the length of the text and the number of attributions, not with their product. Tokens of the text,
    where they are at hand, save time and change nothing.
    """
    if not attributions:
        return []
    sources = {(region.start, region.end) for a in attributions for region in a.sources}
    resolver = _Resolver(text, attributions, Names(text, sorted(sources), tokens=tokens))
    return resolver.run()


class _Resolver:
    """The walk over one document."""

    def __init__(self, text: str, attributions: Sequence[Attribution], names: Names) -> None:
        self.text = text
        self.attributions = attributions
        self.names = names
        self.turns: list[Turn] = []
        self.inner: dict[tuple[int, int], list[Turn]] = {}
        self.done: dict[tuple[int, int], str] = {}
        self.first: set[tuple[int, int]] = set()  # sources that are a first person: `saya`
        self.unheld: set[str] = set()  # offices in the headline that nobody was found for
        self.contents: dict[tuple[int, int], int] | None = None
        directs = sorted({(a.content.start, a.content.end) for a in attributions if a.content.label == "direct"})
        self.direct_starts = [start for start, _ in directs]
        self.directs = directs
        self.introductions = Introductions(text, names, directs)

    def run(self) -> list[str]:
        found = [""] * len(self.attributions)
        own_words = []
        for anchored in self._anchored():
            found[anchored.number] = self._speaker(anchored)
            if self.first and any((s.start, s.end) in self.first for s in anchored.attribution.sources):
                own_words.append(anchored)
        for anchored in own_words:  # whose words a first person stands in is known only now
            found[anchored.number] = self._outer_speaker(anchored, found)
        if self.unheld:
            name_offices_of_headlines(self.text, self.unheld, self.turns, found)
        fill_repeated(self.text, self.attributions, found)
        return found

    def _anchored(self) -> list[Anchored]:
        """The attributions in the order of the places that tell who speaks."""
        places: list[tuple[int, int]] = []
        for i, attribution in enumerate(self.attributions):
            marks = attribution.sources or attribution.cues or (attribution.content,)
            places.append((marks[0].start if len(marks) == 1 else min(mark.start for mark in marks), i))
        places.sort()
        listed: list[Anchored] = []
        for at, i in places:
            attribution = self.attributions[i]
            listed.append(Anchored(at, i, attribution, self._enclosing(at, attribution.content)))
        return listed

    def _enclosing(self, at: int, own: Region) -> tuple[int, int] | None:
        """The quotation that the position lies in, other than the attribution's own content."""
        i = bisect_right(self.direct_starts, at) - 1
        for k in range(i, max(i - 2, -1), -1):
            direct = self.directs[k]
            if direct[1] > at and direct != (own.start, own.end):
                return direct
        return None

    def _speaker(self, anchored: Anchored) -> str:
        sources = anchored.attribution.sources
        if len(sources) > 1:
            named = list(dict.fromkeys(filter(None, (self._of_source(region, anchored.quoted) for region in sources))))
            return " dan ".join(named)
        if sources:
            speaker = self._of_source(sources[0], anchored.quoted)
            cues = anchored.attribution.cues
            if cues and self.turns and cues[0].words(self.text).lower().startswith(_QUOTES_FROM):
                last, start = self.turns[-1], sources[0].start
                if last.at == start:  # whoever is quoted from does not speak
                    self.turns[-1] = Turn(start, last.speaker, "media", last.phrase)
            return speaker
        return self._without_source(anchored)

    def _of_source(self, region: Region, quoted: tuple[int, int] | None) -> str:
        start = region.start
        key = (start, region.end)
        phrase = self.names.phrase(start, region.end)
        known = self.done.get(key)
        if known is not None:
            if quoted is None and (not self.turns or self.turns[-1].at != start):
                self.turns.append(Turn(start, known, phrase.kind, phrase))
            return known
        speaker, kind = self._resolve(phrase, region, quoted)
        self.done[key] = speaker
        if phrase.kind == "pronoun" and lists.PRONOUNS.get(phrase.label.lower()) == "first":
            self.first.add(key)
        if speaker:
            self._remember(Turn(start, speaker, kind, phrase), quoted)
        return speaker

    def _remember(self, turn: Turn, quoted: tuple[int, int] | None) -> None:
        if quoted is None:
            self.turns.append(turn)
        else:
            self.inner.setdefault(quoted, []).append(turn)

    def _resolve(self, phrase: Phrase, region: Region, quoted: tuple[int, int] | None) -> tuple[str, str]:
        """The speaker's name, and the kind of source that it is."""
        words = region.words(self.text)
        if not phrase.named or " yang bernama " in words:
            called = CALLED.search(words)
            if called:
                return self._of_nickname(called[1], phrase, region), "person"
        if phrase.kind == "pronoun":
            return self._of_pronoun(phrase, region, quoted)
        if len(phrase.parts) > 1:
            return phrase.label, "several"
        nicknamed = lists.NICKNAMES.get(words.title() if words.islower() else words)
        if nicknamed and self.names.prints(nicknamed):
            return nicknamed, "person"
        if phrase.named:
            if " " not in phrase.label and (long := self.names.institutions.explained(phrase.label)):
                read = read_phrase(long)
                if read.kind == "person" and read.named and not phrase.anaphoric:
                    return self.names.person(read.label, ()), "person"  # `Danu Adi Mulyadi (DAM)`
                if phrase.kind == "person":
                    return long, "organisation"
            if phrase.kind == "person":
                return self.names.person(phrase.label, self._recent_names()), "person"
            if not phrase.anaphoric:
                return self.names.institutions.full(phrase.label), phrase.kind
        if stands_in_apposition(self.text, region.start):
            name = self.names.name_before(region.start)
            if name:
                return name, phrase.kind
        if phrase.kind in ("organisation", "media"):
            return self._of_institution_noun(phrase, region), phrase.kind
        if phrase.kind in ("person", "unnamed"):
            return self._of_role(phrase, region)
        return phrase.label, phrase.kind

    def _of_nickname(self, name: str, phrase: Phrase, region: Region) -> str:
        """`pria yang akrab disapa Gus Danu itu`: whom the text names so, or else who spoke last, from here on."""
        full = self.names.person(name, ())
        if full == name and phrase.anaphoric and "bernama" not in region.words(self.text):
            last = self._last_person(region.start, None)
            if last and last.kind == "person":
                self.names.goes_by(name, last.speaker)
                self.introductions.forget()
                return last.speaker
        return full

    def _recent_names(self) -> Iterator[str]:
        return (turn.speaker for turn in reversed(self.turns[-8:]))

    # pronouns

    def _of_pronoun(self, phrase: Phrase, region: Region, quoted: tuple[int, int] | None) -> tuple[str, str]:
        who = lists.PRONOUNS.get(phrase.label.lower(), "one")
        if who in ("open", "first", "first-several"):
            return phrase.label, "pronoun"
        if who == "one":
            turn = self._last_person(region.start, quoted, people=phrase.label.lower() != "pihaknya")
            return (turn.speaker, turn.kind) if turn else ("", "pronoun")
        if quoted is not None:
            inner = self.inner.get(quoted)
            return (inner[-1].speaker, "collective") if inner else (phrase.label, "pronoun")
        return self._last_group(region.start, pair=who == "two")

    def _last_person(self, at: int, quoted: tuple[int, int] | None, people: bool = False) -> Turn | None:
        """Who `dia`, `ia`, `beliau` or `-nya` at this place stands for; `people`: never an institution."""
        if quoted is not None:
            return next((t for t in reversed(self.inner.get(quoted, [])) if t.kind in ("person", "unnamed")), None)
        last = next((t for t in reversed(self.turns[-12:]) if t.kind in ("person", "unnamed")), None)
        recent = self.turns[-1] if self.turns else None
        introduced = self.introductions.last_before(at, max(recent.at if recent else 0, at - NEAR), recent)
        if introduced:
            turn = Turn(at, introduced, "person", None)
            self.turns.append(turn)
            return turn
        if not people and (last is None or at - last.at > 4 * NEAR):
            other = self.turns[-1] if self.turns else None
            return other if other and other.kind != "other" and at - other.at < NEAR else last
        if not people and last and last.kind == "unnamed" and self.turns[-1].kind == "organisation":
            return self.turns[-1]
        return last

    def _last_group(self, at: int, pair: bool) -> tuple[str, str]:
        """Who `mereka` or `keduanya` stands for."""
        kinds = ("several",) if pair else ("several", "collective")
        for turn in reversed(self.turns[-6:]):
            if turn.kind in kinds and at - turn.at < NEAR:
                return turn.speaker, turn.kind
        start = max(0, at - NEAR // 2)
        coordinated = self.names.pair_before(start, at)
        if coordinated:
            return coordinated, "several"
        if pair:
            return "", "pronoun"
        found = [
            m for m in PLURAL_SUBJECT.finditer(self.text, start, at) if not self.introductions.in_quotation(m.start())
        ]
        for turn in reversed(self.turns[-6:]):
            if turn.kind == "organisation" and at - turn.at < NEAR and (not found or found[-1].start() < turn.at):
                return turn.speaker, "organisation"
        return (read_phrase(found[-1][1]).label, "collective") if found else ("", "pronoun")

    # noun phrases

    def _of_role(self, phrase: Phrase, region: Region) -> tuple[str, str]:
        """An office or a person noun without a name: `Presiden`, `Menkeu`, `juru bicara itu`, `pria tersebut`."""
        described = phrase.head in _DESCRIBED and self.text.startswith(phrase.head, region.start)
        if described and _DESCRIBES.match(self.text, region.start, region.end):
            last = self._last_person(region.start, None)  # `pria yang menjabat sebagai direktur` is who spoke last
            if last and last.kind == "person":
                return last.speaker, last.kind
        official = phrase.kind == "person" or (phrase.head in lists.ROLE_KINDS and phrase.words[0][0].isupper())
        small = phrase.label == phrase.head and lists.ROLE_KINDS.get(phrase.head) == "office"  # ujar bupati
        if official or phrase.anaphoric or small:
            for turn in reversed(self.turns[-40:]):
                if turn.phrase and turn.phrase.named and self.names.offices.is_held(phrase, turn.phrase):
                    return turn.speaker, "person"
            name = self.names.offices.holder(phrase, region.start)
            if name:
                return name, "person"
        if phrase.anaphoric:
            for turn in reversed(self.turns[-12:]):
                if turn.phrase and not turn.phrase.named and turn.phrase.head == phrase.head != "":
                    return turn.speaker, turn.kind
            longer = earlier_noun_phrase(self.text, phrase, region.start)
            if longer:
                return longer, "unnamed"
            bare = phrase.head in lists.TOPICS and phrase.label.lower() == phrase.head
            last = None if bare else self._last_person(region.start, None)
            if last:
                return last.speaker, last.kind
        if official:
            if phrase.kind == "person" or any(word[0].isupper() for word in phrase.words[1:]):
                person = only_person(self.turns, self.text.find("\n"))
                if person and self.names.offices.post_of(person) == (None, None):
                    return person, "person"  # `kata Kombes Danu`, and then `ujar Kapolres`
            one = lists.ROLE_KINDS.get(phrase.head, "person") != "person" or phrase.head in _SPEAK_FOR_ONE
            if one and not self.turns and region.end < self.text.find("\n", 0, MAX_TITLE):
                self.unheld.add(phrase.label)
        return phrase.label, phrase.kind if phrase.head else "other"

    def _of_institution_noun(self, phrase: Phrase, region: Region) -> str:
        """`perusahaan itu`, `blok itu`, `kantor berita tersebut`: the institution of its kind spoken of last."""
        if not phrase.anaphoric:
            return phrase.label
        name, at = self.names.institutions.before(region.start) if phrase.kind == "organisation" else ("", -1)
        for turn in reversed(self.turns[-8:]):
            if turn.kind == phrase.kind and region.start - turn.at < 2 * NEAR:
                return turn.speaker if turn.at > at else name
        return name or phrase.label

    # no source

    def _without_source(self, anchored: Anchored) -> str:
        attribution = anchored.attribution
        if not attribution.cues:
            if attribution.content.label != "direct":
                return ""
            return self._goes_on(anchored)
        cue = attribution.cues[0].words(self.text).lower()
        if has_clitic(cue):
            turn = self._who_goes_on(attribution) or self._last_person(anchored.at, anchored.quoted)
            if turn and anchored.quoted is None:
                self.turns.append(Turn(anchored.at, turn.speaker, turn.kind, turn.phrase))
            return turn.speaker if turn else ""
        if cue.startswith(("me", "ber")) and anchored.quoted is None and self.turns:
            last = self.turns[-1]
            if last.at < anchored.at and not SENTENCE_END.search(self.text, last.at, anchored.at):
                return last.speaker
        return ""

    def _who_goes_on(self, attribution: Attribution) -> Turn | None:
        """An institution whose quoted words the sentence before gave: `"…," ungkap Polres.` `"…," tambahnya.`"""
        last = self.turns[-1] if self.turns else None
        if last is None or last.kind not in ("organisation", "collective") or attribution.content.label != "direct":
            return None
        between = self.text[last.at : min(attribution.content.start, last.at + 200)]
        near = last.at < attribution.content.start <= last.at + 200 and len(SENTENCE_END.findall(between)) < 2
        return last if near and _AFTER_QUOTE.search(self.text[max(0, last.at - 40) : last.at]) else None

    def _goes_on(self, anchored: Anchored) -> str:
        """The speaker of a quotation without a cue: whoever goes on speaking."""
        if not self.turns or anchored.quoted is not None:
            return ""
        turn = self._last_person(anchored.at, None)
        last = self.turns[-1]
        if turn is None or (turn.at < last.at and last.kind in ("collective", "organisation", "document", "media")):
            return last.speaker
        return turn.speaker

    def _outer_speaker(self, anchored: Anchored, found: list[str]) -> str:
        """Whose quotation `saya` stands in."""
        if anchored.quoted is None:
            return found[anchored.number]
        if self.contents is None:
            self.contents = {}
            for i, attribution in enumerate(self.attributions):
                self.contents.setdefault((attribution.content.start, attribution.content.end), i)
        place = self.contents.get(anchored.quoted, -1)
        return found[place] if place >= 0 else ""
