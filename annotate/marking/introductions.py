"""Persons whom the narration brings in: `Hal senada disampaikan Ratih Lestari.`, `Sastro (54) antre sejak pagi.`"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from annotate.lexicon import Flag, cue_entries, word_flags, word_set
from annotate.marking import wordlists as lists
from annotate.marking.names import Names
from annotate.marking.turns import Turn
from annotate.marking.wordlists import ROLE

SENTENCE_END: Final = re.compile(r"[.!?\n](?:(?<=\n)|[\"”’'»)]*\s+)")  # one class first: so the engine leaps
_PARENTHETIC: Final = re.compile(
    r",\s(?:(?!yang\b)\w+\s)?\Z"
)  # `Pasar itu, kata | dia, ramai`: what is told, not who tells
_PAGE: Final = ("Baca juga", "Baca Juga", "BACA JUGA", "Baca:", "Simak juga", "Lihat juga", "Tonton juga")

_PERSON: Final = r"((?:[a-z-]{3,14} ){0,3}[A-Z][\w'’.-]*(?:(?:,? | dan | of )\(?[A-Z][\w'’.-]*\)?){0,14})"
_SUBJECT: Final = re.compile(_PERSON + r"( \(\d\d(?: tahun)?\))?")
_OPENING: Final = re.compile(r"[A-Z]\w+")
_FRONTED: Final = re.compile(r"[A-Z]\w+[^,.\n]{0,80}, (?=\w)")
_APPOSED: Final = re.compile(r", [a-z]\w+ ")
_DESCRIBED: Final = re.compile(r"[A-Z]\w+[^,.\n]{0,80}, ([A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){1,4}),(?= [a-z])")
_SEGMENT: Final = re.compile(r"([A-Z(])[^,.\n]{0,60}, (?=\w)")
_AGED: Final = re.compile(r"([A-Z][\w'’-]*(?: [A-Z][\w'’.-]*){0,4}) \(\d\d(?: tahun)?\)")
_AGENT: Final = re.compile(rf"({'|'.join(sorted(word_set('names_person')))}) (?:juga )?(?:oleh )?" + _PERSON)
_LIKEWISE: Final = re.compile(
    r"([A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,5})(?: juga| pun| turut)? me[a-z]+ hal (?:yang )?(?:sama|senada|serupa)\b"
)
_DATELINE: Final = re.compile(  # `Kabar.com, Solo - `, `SOLO, KABAR – `, `Solo (ANTARA) - `, `Kabar.com, Solo `
    r"[\w.]+\.(?:com|co\.id|id|net),(?:(?: [A-Z]\w*){0,3} [-–—]{1,2} | [A-Z]\w* (?=[A-Z]))"
    r"|[A-Z]{3,}(?: [A-Z]{3,}){0,2}(?:, [\w.]+| \([^)\n]{1,20}\))? ?[-–—]{1,2} "
    r"|[A-Z]\w+(?: [A-Z]\w+)? \([A-Z][\w ]{2,15}\) [-–—]{1,2} "
)
_EQUATES: Final = ("adalah",)  # `Salah satunya adalah Pasar Senen`: whatever follows, person or thing
_PASSIVE: Final = re.compile(r" (?:(?:juga|sendiri|telah|akan|sudah|langsung|kini|kemudian|lalu) )*(di[a-z-]{4,})\b")
_HANDLED: Final = word_set("handled")
_ASKED: Final = word_set("asked")


class Introductions:
    """Whom the narration of one document brings in before a place; each sentence is read once, however often asked.

    `directs` are the bounds of the direct quotations, in text order; what stands in them is no narration.
    """

    def __init__(self, text: str, names: Names, directs: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._names = names
        self._directs = directs
        self._starts = [start for start, _ in directs]
        self._ends: list[int] = []  # of the sentences that were looked at
        self._looked_from = self._looked_to = -1
        self._named: dict[int, str] = {}  # by the end of the sentence

    def forget(self) -> None:
        """Reads all anew from now on, since a name came to stand for another."""
        self._named.clear()

    def last_before(self, at: int, start: int, last: Turn | None) -> str:
        """The person whom a sentence between `start` and `at` has as its subject, the last one, full name.

        Empty where there is none, and where whoever spoke last, the `last` turn, is spoken of since.
        """
        text = self._text
        if at - start < 20:
            return ""
        self._look(start, at)
        speaking = last.speaker.split() if last and last.kind == "person" else []
        k = bisect_right(self._ends, at) - 1  # the last sentence that ends before the pronoun's own
        end = at
        begin = self._ends[k] if k >= 0 and self._ends[k] > start else start
        if at - begin <= 15 or _PARENTHETIC.match(text, max(start, text.rfind(",", start, at)), at):
            end, k = begin, k - 1
        while end > start:
            begin = self._ends[k] if k >= 0 and self._ends[k] > start else start
            if begin == start and start and last:
                break  # the sentence in which somebody spoke
            name = self._named_in(begin, end, end < at)
            if name and not (last and is_only_told_of(name, self._names, start, begin)):
                return name
            if self._is_narration(begin) and any(text.find(word, begin, end) >= 0 for word in speaking):
                words = text[begin:end].replace(",", " ").split()
                if any(word in words for word in speaking):
                    return ""
            end, k = begin, k - 1
        return ""

    def _look(self, start: int, at: int) -> None:
        """Finds where sentences end from `start` to the first end past `at`, unless that is known."""
        if start < self._looked_from or self._looked_from < 0:
            self._ends.clear()
            self._looked_from = self._looked_to = start
            while self._looked_to and _may_end(self._text[self._looked_to - 1]):
                self._looked_to -= 1  # never in the middle of an end
        if at >= self._looked_to:
            for match in SENTENCE_END.finditer(self._text, self._looked_to):
                self._looked_to = match.end()
                self._ends.append(self._looked_to)
                if self._looked_to > at:
                    return
            self._looked_to = len(self._text)

    def _named_in(self, begin: int, end: int, whole: bool) -> str:
        """The person whom a sentence of the narration names, remembered where it is a whole one."""
        if not whole or end not in self._named:
            name = person_named_in(self._text, begin, end, self._names) if self._is_narration(begin) else ""
            if not whole:
                return name
            self._named[end] = name
        return self._named[end]

    def _is_narration(self, at: int) -> bool:
        """Whether neither a quotation nor a line of the page (Baca juga: ...) stands here."""
        return not (self.in_quotation(at) or self._text.startswith(_PAGE, at))

    def in_quotation(self, at: int) -> bool:
        """Whether the place lies in a direct quotation."""
        i = bisect_right(self._starts, at) - 1
        return i >= 0 and at < self._directs[i][1]


def _may_end(character: str) -> bool:
    """Whether the end of a sentence may hold this character."""
    return character.isspace() or character in ".!?\"”’'»)"


def person_named_in(text: str, begin: int, end: int, names: Names) -> str:
    """The person who is the agent or the subject of the sentence `text[begin:end]`, full name; or ``."""
    dateline = _DATELINE.match(text, begin, end)
    begin = dateline.end() if dateline else begin
    agent = _AGENT.search(text, begin, end)
    if agent:
        return names.person_in(agent[2], sure=agent[1] not in _EQUATES)
    likewise = _LIKEWISE.search(text, begin, end) if text.find(" hal ", begin, end) >= 0 else None
    if likewise:
        return names.person_in(likewise[1], sure=True)
    subject = _SUBJECT.match(text, begin, end)
    if subject and (_is_told_of(text, subject.end(), end) or _points_back(text, subject, end)):
        return ""
    if subject and word_flags()[subject[1].split(" ", 1)[0].lower()] & Flag.PREPOSITION:
        subject = None  # `Di Senen, harga naik`
    sure = bool(subject and (subject[2] or (" " in subject[1] and _APPOSED.match(text, subject.end(), end))))
    name = names.person_in(subject[1], sure=sure) if subject else ""
    opening = None if name else _OPENING.match(text, begin, end)
    described = _DESCRIBED.match(text, begin, end) if opening and lists.flags(opening[0]) & ROLE else None
    if described:
        name = names.person_in(described[1], sure=True)
    fronts = opening and not name and opening[0].lower() in lists.OPENINGS
    fronted = _FRONTED.match(text, begin, end) if fronts else None
    if fronted:
        for _ in range(3):  # `Ditemui di Solo, Jumat (4/9), Kepala Dinas Ratih …`
            subject = _SUBJECT.match(text, fronted.end(), end)
            if subject and _is_told_of(text, subject.end(), end):
                return ""
            name = names.person_in(subject[1], sure=bool(subject[2])) if subject else ""
            following = _SEGMENT.match(text, fronted.end(), end)
            if name or following is None:
                break
            fronted = following
    if not name and text.find(" (", begin, end) >= 0 and (aged := list(_AGED.finditer(text, begin, end))):
        name = names.person_in(aged[-1][1], sure=True)
    return name


def _points_back(text: str, subject: re.Match[str], end: int) -> bool:
    """Whether the name only says whose: `Anak Danu Wirasena itu` is somebody else."""
    return " " in subject[1] and text.startswith((" itu ", " ini ", " tersebut "), subject.end(), end)


def _is_told_of(text: str, at: int, end: int) -> bool:
    """Whether others say something of the subject that ends here: `Ratih Lestari disebut akan mundur`."""
    passive = _PASSIVE.match(text, at, end)
    verb = passive[1] if passive else ""
    return verb in _HANDLED or (verb in cue_entries() and verb not in _ASKED)


def is_only_told_of(name: str, names: Names, start: int, begin: int) -> bool:
    """Whether the text knew the person before `start` and never gives them a word: a suspect, a victim.

    Not so where they are named anew with their post, in the sentence that begins at `begin`.
    """
    text = names.text
    if names.speaks(name) or not any(len(word) > 3 and 0 <= text.find(word) < start for word in name.split()):
        return False
    at = text.find(name, begin)
    before = text[max(0, at - 20) : at].split()
    return not (at > begin and before and before[-1][0].isupper())
