"""To whom, when, where and on what occasion something was said, as the text prints it around the source and cue.

Addressee `wartawan`, time `Senin (3/8/2020)`, place `Kantor Wali Kota Solo`, occasion `dalam konferensi pers`, `saat
dihubungi`. Only the telling is read (`annotate.marking.frames`), never what was told. The words stand in
`annotate/lexicon/circumstances.tsv`.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from annotate.lexicon import cue_entries
from annotate.lexicon.tables import load_table
from annotate.marking import wordlists as lists
from annotate.marking.frames import Piece
from annotate.marking.media_names import is_edition, is_medium
from annotate.marking.wordlists import HEAD, PLACE

_TOKEN: Final = re.compile(r"[^\s,;:()\[\]\"“”„«»]+|[,;:()\[\]\"“”„«»]")
_WORD: Final = re.compile(r"\w")
_QUOTES: Final = frozenset('"“”„«»')
_SINGLE: Final = frozenset("'‘’")
_MARKS: Final = frozenset(",;:()[]")
_LONGEST: Final = 22  # words of an occasion or an addressee


class Circumstances(NamedTuple):
    """Words of the text as printed; None where the text does not tell."""

    addressee: str | None = None
    time: str | None = None
    place: str | None = None
    occasion: str | None = None


def find_circumstances(text: str, pieces: Iterable[Piece]) -> Circumstances:
    """Reads the stretches of the telling in their order; the first that tells something decides it."""
    addressee = time = place = occasion = None
    for piece in pieces:
        if not _WORD.search(text, piece.start, piece.end):
            continue
        scan = _Scan(text, piece)
        time = time or scan.time()
        addressee = addressee or scan.addressee()
        occasion = occasion or scan.occasion()
        place = place or scan.place()
    return Circumstances(addressee, time, place, occasion)


@cache
def _words(*classes: str) -> frozenset[str]:
    return frozenset(row["word"].lower() for row in load_table("circumstances") if row["class"] in classes)


@cache
def _stops() -> frozenset[str]:
    """Words at which a phrase of the telling ends."""
    return frozenset(w for w in _words("stop", "event_opener", "moment_opener", "addressee_opener") if " " not in w)


@cache
def _place_stops() -> frozenset[str]:
    """`rumah makan di Pasar Kliwon` stays whole; `Solo ditemui wartawan` ends before the meeting."""
    return (_stops() - {"di"}) | {word for word in _words("meeting") if word.startswith("di")}


@cache
def _occasion_stops() -> frozenset[str]:
    """Fewer of them: `saat dihubungi dari Solo` and `rapat dengan DPR tentang pajak` stay whole."""
    kept = {"dari", "dengan", "terkait", "tentang", "mengenai", "soal", "sebagai"}
    return (_stops() - kept - _words("event_opener")) | {"pada", "saat"}


@cache
def _time() -> re.Pattern[str]:
    """Senin (3/8/2020) malam · Sabtu, 24 Oktober 2020 · hari Kamis · 22 Februari · bulan September · kemarin."""

    def some(*classes: str) -> str:
        words = {row["word"] for row in load_table("circumstances") if row["class"] in classes}
        return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))

    day, month, part, moment = some("day"), some("month"), some("daypart"), some("moment")
    date = rf"(?:tanggal )?\d{{1,2}} (?:{month})(?: \d{{4}})?"
    figures = r"\(?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\)?"
    clock = r"(?:,? (?:sekitar )?pukul \d{1,2}[.:]\d{2}(?: (?:WIB|WITA|WIT|Wita|waktu setempat))?)?"
    return re.compile(
        rf"\b(?:hari )?(?:{day})\b(?: (?:{part})\b)?"
        rf"(?:,? ?{figures}|,? \(?{date}\)?| (?:{moment}|lalu|depan|ini|itu)\b)?"
        rf"(?: (?:{part})\b)?(?: waktu setempat)?{clock}"
        rf"|\b{date}(?: (?:{part})\b)?{clock}"
        rf"|\b(?:bulan |awal |akhir |pertengahan )*(?:{month})\b(?: (?:\d{{4}}|lalu|ini|silam)\b)*"
        rf"|\b(?:awal |akhir |pertengahan )?(?:{moment})\b(?: ?{figures})?{clock}"
        r"|\b(?:awal |akhir |pertengahan )?tahun \d{4}\b"
        r"|\bpukul \d{1,2}[.:]\d{2}(?: (?:WIB|WITA|WIT))?"
    )


class _Scan:
    """One stretch of the telling, cut into words."""

    def __init__(self, text: str, piece: Piece) -> None:
        self.text = text
        self.start, self.end, self.opens = piece
        times = [m.span() for m in _time().finditer(text, self.start, self.end)]
        self.times = times
        self.tokens: list[tuple[str, int, int]] = []
        k = 0
        for match in _TOKEN.finditer(text, self.start, self.end):
            a, b = match.span()
            while k < len(times) and times[k][1] <= a:
                k += 1
            word = match[0]
            if k < len(times) and times[k][0] <= a:
                word = "\0"  # a time ends every other phrase
            elif word[-1] in ".!?…" and b >= self.end - 1:
                word, b = word.rstrip(".!?…"), b - 1
            if word:
                self.tokens.append((word, a, b))
        self._skip_relative_clause()
        self._skip_apposition()
        self._skip_topic()

    def _skip_relative_clause(self) -> None:
        """Takes out `yang lahir di Solo`, which tells of the speaker; `yang ditemui di Solo` tells of the utterance."""
        for i, (word, _, _) in enumerate(self.tokens):
            if word == "yang" and self._low(i + 1) in _words("holding") and self._low(i + 2) == "di":
                del self.tokens[i : i + 2]  # `dalam sidang yang digelar di Solo`
                return
            if word == "yang" and self._low(i + 1) not in _words("meeting") and not self._known(i - 1, "event") > 1:
                j = next((j for j in range(i, len(self.tokens)) if self.tokens[j][0] == ","), len(self.tokens))
                del self.tokens[i:j]
                return

    def _skip_apposition(self) -> None:
        """Takes out `, seorang profesor di Padang,` and `(36), pekerja bangunan di Solo,` after the source's name."""
        i = next((k for k, token in enumerate(self.tokens) if token[0] not in _MARKS and not token[0].isdigit()), 0)
        if self.opens or not i or "," not in (token[0] for token in self.tokens[:i]):
            return
        word = self._low(i)
        opens = _words("place_opener", "event_opener", "moment_opener", "meeting", "addressee_opener")
        if self.tokens[i][0][0].islower() and word not in opens and word != "yang":
            ends = (",", "\0", "kepada", "saat", "ketika", "usai", "seusai", "setelah", "sebelum", "lewat", "melalui")
            j = next((j for j in range(i, len(self.tokens)) if self.tokens[j][0] in ends), len(self.tokens))
            del self.tokens[:j]

    def _skip_topic(self) -> None:
        """Takes out `tentang reaksinya terhadap sidang di Solo`, which tells what was spoken of."""
        for i in range(len(self.tokens)):
            if self._low(i) in _words("topic") and i and self._low(i - 1) not in _words("event"):
                j = next((j for j in range(i, len(self.tokens)) if self.tokens[j][0] == ","), len(self.tokens))
                begin, end = self.tokens[i][1], self.tokens[j - 1][2]
                self.times = [span for span in self.times if not begin <= span[0] < end]
                del self.tokens[i:j]
                return

    def _cut(self, i: int, j: int) -> str | None:
        """The words from token `i` to before token `j`, as printed."""
        while j > i and self.tokens[j - 1][0] in _MARKS | {"dan", "serta", "\0"}:
            if self.tokens[j - 1][0] == ")" and self._closed(j - 3) == j:
                break
            j -= 1
        return self.text[self.tokens[i][1] : self.tokens[j - 1][2]] if j > i else None

    def _low(self, i: int) -> str:
        return self.tokens[i][0].lower() if 0 <= i < len(self.tokens) else ""

    def time(self) -> str | None:
        """The first time in the stretch."""
        return self.text[slice(*self.times[0])].strip(" ,") if self.times else None

    def _phrase_end(self, i: int, stops: frozenset[str]) -> int:
        """Where a phrase that begins at token `i` ends: at a mark, a time, a word that opens another phrase."""
        j = i
        while j < len(self.tokens) and j - i < _LONGEST:
            word = self.tokens[j][0]
            closed = self._closed(j) if j > i else j
            if closed > j:
                j = closed
                continue
            if word in _QUOTES or word in _MARKS or word == "\0" or (j > i and word in stops):
                break
            j += 1
        return j

    def _closed(self, j: int) -> int:
        """Where a title in quotation marks or an acronym in brackets opens at token `j`: its end; else `j`."""
        word = self.tokens[j][0]
        last = range(j + 1, min(j + _LONGEST, len(self.tokens)))
        if word in _QUOTES:
            return next((k + 1 for k in last if self.tokens[k][0] in _QUOTES), j)
        if word[0] in _SINGLE and len(word) > 1:
            return next((k + 1 for k in (j, *last) if self.tokens[k][0][-1] in _SINGLE), j)
        short = word == "(" and [token[0] for token in self.tokens[j + 2 : j + 3]] == [")"]
        return j + 3 if short and self.tokens[j + 1][0][0].isupper() else j

    def addressee(self) -> str | None:
        """`kepada wartawan`, `di hadapan anggota parlemen`, `pada KompasTekno`."""
        for i in range(len(self.tokens)):
            word = self._low(i)
            if word == "kepada" and self._told_to(i):
                return self._cut(i + 1, self._phrase_end(i + 1, _stops()))
            two = f"{word} {self._low(i + 1)}"
            if two in ("di hadapan", "di depan") and (self._is_listener(i + 2) or self._is_name(i + 2)):
                return self._cut(i + 2, self._phrase_end(i + 2, _stops()))
            if word == "pada" and (self._is_listener(i + 1) or self._is_medium(i + 1)):
                return self._cut(i + 1, self._phrase_end(i + 1, _stops()))
        return None

    def _told_to(self, i: int) -> bool:
        """Whether `kepada` at token `i` goes with telling, not with another act: `memberikan vaksin kepada warga`."""
        acts = (w for w, _, _ in self.tokens[:i] if w.startswith(("mem", "men", "meng", "meny")) and len(w) > 6)
        return all(word in cue_entries() or word in ("mengucapkan", "menghadap") for word in acts)

    def _is_listener(self, i: int) -> bool:
        return self._low(i) in _words("listener") or f"{self._low(i)} {self._low(i + 1)}" in _words("listener")

    def _is_name(self, i: int) -> bool:
        return i < len(self.tokens) and self.tokens[i][0][0].isupper()

    def _is_medium(self, i: int) -> bool:
        if not self._is_name(i):
            return False
        two = " ".join(word for word, _, _ in self.tokens[i : i + 2])
        return is_medium(two) or is_medium(self.tokens[i][0]) or is_edition(self.tokens[i][0])

    def occasion(self) -> str | None:
        """`dalam konferensi pers`, `seusai rapat`, `saat dihubungi dari Solo`, `ditemui terpisah`."""
        for i in range(len(self.tokens)):
            word = self._low(i)
            if word.startswith("di") and self._may_open(i) and (size := self._known(i, "meeting")):
                return self._cut(i, self._occasion_end(i + size))
            opener = self._known(i, "event_opener", "moment_opener")
            if opener:
                size = self._opens_occasion(i + opener, self._known(i, "moment_opener") > 0)
                if size:
                    return self._cut(i, self._occasion_end(i + opener + size))
        return None

    def _known(self, i: int, *classes: str) -> int:
        """How many words from the i-th on are an entry of these classes, at most three; 0 where none is."""
        words = _words(*classes)
        for n in (3, 2, 1):
            if i + n <= len(self.tokens) and " ".join(self._low(m) for m in range(i, i + n)) in words:
                return n
        return 0

    def _may_open(self, i: int) -> bool:
        """Whether a bare participle stands where a circumstance begins: at the start, after a comma, after `yang`."""
        return i == 0 or self.tokens[i - 1][0] in (",", "yang", "\0", ")")

    def _opens_occasion(self, i: int, moment: bool) -> int:
        """How many words from the i-th on surely are an occasion: an event, or after `saat` what somebody did; or 0."""
        for k in range(i, i + 5):
            if size := self._known(k, "event"):
                return k - i + size
            if self._low(k) not in _words("filler"):
                break
        if not moment:
            return 0
        if size := self._known(i, "meeting"):
            return size
        word = self._low(i)
        verb = word.startswith(("me", "ber")) and len(word) > 5
        return int(verb or word in ("keduanya", "ia", "dia", "mereka") or word.endswith("nya"))

    def _occasion_end(self, i: int) -> int:
        """The end of an occasion; `rapat di kantor itu` stays whole, `rapat di Solo` ends before the place."""
        end = self._phrase_end(i - 1, _occasion_stops())
        while end < len(self.tokens) and self._low(end) == "di" and not self._place_at(end + 1):
            end = self._phrase_end(end + 1, _stops())
        return end

    def place(self) -> str | None:
        """`di Kantor Wali Kota Solo, Jawa Tengah`; a bare place name between a comma and a time."""
        if self.opens and self.tokens and not self._opens_with_circumstance():
            return None
        quoted = 0  # up to this token
        for i in range(len(self.tokens)):
            word = self._low(i)
            quoted = max(quoted, self._closed(i))
            if i < quoted:
                continue
            if word in _words("place_opener") and self._place_at(i + 1):
                if word == "dari" and (self._low(i - 1) in _words("meeting") or self._is_employer(i + 1)):
                    continue
                where = self._cut(i + 1, self._place_end(i + 1))
                return None if where == "tempat" else where  # `di tempat yang sama`
            if word == "," and self._is_name(i + 1) and lists.flags(self.tokens[i + 1][0]) & PLACE:
                end = self._phrase_end(i + 1, _stops())
                dated = "\0" in [word for word, _, _ in self.tokens[end : end + 2]]
                if dated and all(self._is_name(k) for k in range(i + 1, end)):
                    return self._cut(i + 1, self._place_end(i + 1))
        return None

    def _is_employer(self, i: int) -> bool:
        """Whether an institution begins at token `i` that is no place: `Ratih dari Dinas Sosial`."""
        return bool(lists.flags(self.tokens[i][0]) & HEAD) and self._low(i) not in _words("site")

    def _opens_with_circumstance(self) -> bool:
        word = self._low(0)
        return word in _words("place_opener", "event_opener", "moment_opener", "meeting") or word == "\0"

    def _place_at(self, i: int) -> bool:
        if i >= len(self.tokens):
            return False
        word = self._low(i)
        if word in ("sebuah", "salah", "satu", "sekitar"):
            return self._place_at(i + 1)
        two = f"{word} {self._low(i + 1)}"
        if word in _words("event") or self._is_medium(i):
            return False
        return self._is_name(i) or word in _words("site") or two in _words("site")

    def _place_end(self, i: int) -> int:
        """The end of a place with the larger places that follow it after commas."""
        stops = _place_stops()
        end = self._phrase_end(i, stops)
        while end + 1 < len(self.tokens) and self.tokens[end][0] == "," and self._is_name(end + 1):
            nearest = self._phrase_end(end + 1, stops)
            if nearest - end > 7:
                break
            end = nearest
        return end
