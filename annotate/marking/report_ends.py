"""Where a report ends: at the sentence's end, or before it where the telling goes on or somebody else reports."""

from typing import Final

from annotate.lexicon import Flag, cues_in, word_set
from annotate.marking.clauses import has_predicate, is_clause
from annotate.marking.extents import MAX_PHRASE, phrase_after, skip_forward
from annotate.marking.quotes import Quote
from annotate.marking.tokens import Tokens, first_from

_THAT: Final = word_set("that")
_TURNS: Final = word_set("turns")
_THIRD: Final = word_set("third")
_WITH: Final = word_set("with")
_WHEN: Final = word_set("when")
_OCCASION: Final = word_set("occasion")
_COMMENTS: Final = word_set("comments")
_TEASERS: Final = word_set("teasers")
_WITHOUT: Final = word_set("without")
_ADDS: Final = word_set("adds")
_REFUSING: Final = word_set("refusing")
_ONE: Final = word_set("one")
_STATEMENTS: Final = word_set("statements")
_UTTERING: Final = word_set("uttering")
_GIVES: Final = word_set("gives_details")
_REPORTS: Final = word_set("reports")
_TOLD: Final = word_set("told")
MAX_SOURCE: Final = 8  # tokens between menurut and what it leads in
_ACTIVE: Final = cues_in("clause", "say", "name", "control")
_WEAK: Final = cues_in("weak")
_QUOTING: Final = cues_in("quote")
_CLOSING: Final = cues_in("quote", "source")
_PREPOSITION: Final = Flag.PREPOSITION
_CLOSING_MARKS: Final = Flag.COMMA | Flag.TERMINAL | Flag.COLON | Flag.DASH | Flag.NEWLINE | Flag.OPEN
_JOINS: Final = Flag.COORDINATOR | Flag.COMP
_LEADS_UP: Final = Flag.SUBORDINATOR | Flag.PREPOSITION | Flag.TIME | Flag.CONNECTIVE
_LEADS: Final = _JOINS | Flag.SUBORDINATOR | Flag.CONNECTIVE
_OF_TIME: Final = Flag.TIME | Flag.NUMBER | Flag.DETERMINER
_PAUSE: Final = Flag.COORDINATOR | Flag.COMMA
_MAY_TURN: Final = _WITH | _TURNS | _WHEN | {"ketika", "saat", ";"}  # besides a pause, where the telling may go on


def report_end(t: Tokens, k: int, b: int, quotes: list[Quote]) -> int:
    """End (exclusive) of the report that begins at `k`: the sentence's end, or where the telling goes on before it."""
    held = [quote for quote in quotes if quote.a >= k]
    i = k
    for quote in held:
        if quote.a >= b:
            break
        if quote.a < i:
            continue
        end = _turn(t, k, b, i, quote.a, held)
        if end < quote.a:
            return _trim_end(t, k, end, held)
        i = quote.b
        if _told_by(t, i, b) or (i < b and t.flags[i] & _PREPOSITION and _closes_telling(t, i)):
            return _trim_end(t, k, i, held)
    return _trim_end(t, k, _turn(t, k, b, i, b, held) if i < b else b, held)


def _turn(t: Tokens, k: int, b: int, first: int, stop: int, held: list[Quote]) -> int:
    """Where from `first` on the telling goes on after the report that begins at `k`, or `stop`."""
    flags, low = t.flags, t.low
    for i in range(first, stop):
        f = flags[i]
        if not f:  # a name or a plain noun: most tokens
            continue
        if (f & _PAUSE or low[i] in _MAY_TURN) and _tells_on(t, k, b, i, held):
            return i
        if f & Flag.DASH and i > k + 1 and _dashed_off(t, i, b):
            return i
        if f & _PREPOSITION and i > k + 2 and _closes_telling(t, i):
            return i
    return stop


def _told_by(t: Tokens, i: int, b: int) -> bool:
    """Whether the quoted words that end at `i` have a reporting verb of their own after them."""
    flags = t.flags
    j = skip_forward(t, i, b)
    if j + 2 < b and flags[j] & Flag.COORDINATOR and t.low[j + 1] in _THIRD:
        j = skip_forward(t, j + 2, b)  # "...," dan ia mendesak
    if j >= b or not flags[j] & Flag.CUE or not flags[i - 2] & Flag.COMMA:
        return False
    return t.low[j] in _ACTIVE or (t.low[j] in _CLOSING and _closes(t, j, b))


def _goes_on_telling(t: Tokens, i: int, b: int) -> bool:
    """Whether the same speaker reports once more: kendati | ia menyatakan ..."""
    c = skip_forward(t, i + 1, b) if t.low[i] in _THIRD else b
    return c < b and t.low[c] in _ACTIVE


def _closes_telling(t: Tokens, i: int) -> bool:
    """Whether a preposition leads in what the teller adds: dengan menyebut ..., dalam sebuah pernyataan."""
    low = t.low
    if low[i] == "dengan":
        return low[i + 1] in _ADDS  # menuduh lurah mencuri | dengan menyebut ...
    return low[i] == "dalam" and low[i + 1] in _ONE and low[i + 2] in _STATEMENTS


def _tells_on(t: Tokens, k: int, b: int, i: int, held: list[Quote]) -> bool:
    """Whether the telling goes on at token `i` of the report that begins at `k` and holds these quotations."""
    f, word = t.flags[i], t.low[i]
    if word == ";":
        return True
    if i <= k:
        return False
    if word in _WITH or (f & _PAUSE and _joins_telling(t, k, b, i)):
        return True
    if f & Flag.COMMA and t.low[i + 1] in _TURNS and _quoted_before(held, i):
        return True
    if word in _TURNS and t.flags[i - 1] & Flag.QUOTE:
        return True
    if word in _TURNS and (
        _goes_on_telling(t, i + 1, b)
        or _another_reports(t, i + 1, b)
        or (word == "sementara" and _reports_later(t, i, b))
    ):
        return True
    if i <= k + 2:
        return False
    if word in ("ketika", "saat") and any(i - 3 < quote.b <= i for quote in held):
        return True
    return word in _WHEN and any(after in _OCCASION for after in t.low[i + 1 : min(i + 4, b)])


def _joins_telling(t: Tokens, k: int, b: int, i: int) -> bool:
    """Whether a comma or `dan` at `i` joins another reporting verb, or a formula, to the report that begins at `k`."""
    flags, low = t.flags, t.low
    comma = bool(flags[i] & Flag.COMMA)
    j = i + 1
    if comma and j < b and flags[j] & Flag.COORDINATOR:
        j += 1
        if j < b and low[j] in _THIRD:
            j += 1
    if comma and (_comments(t, i + 1, b) or (low[i + 1] in _TEASERS and t.capital(i + 1))):
        return True
    if comma and j + 1 < b and low[j] in _THIRD and flags[j + 1] & Flag.CUE and has_predicate(t, k, i):
        return not flags[k] & _LEADS_UP and low[j + 1] in _ACTIVE  # ..., ia mengatakan
    j = _past_time(t, skip_forward(t, j, b), b)
    if j < b and flags[j] & Flag.CUE:
        third = low[j - 1] in _THIRD
        goes_on = (low[j] in _ACTIVE or (third and low[j] in _WEAK)) and not flags[j] & Flag.NOUN
        if goes_on and (third or not _still_reported(t, k, i, j)):
            return True
        closing = comma and (low[j] in _CLOSING or _agency_reports(t, j))
        told = low[j] in _QUOTING and not flags[i - 1] & _LEADS and has_predicate(t, k, i)  # ..., kata Budi saat hujan
        if closing and (told or _closes(t, j, b)):
            return True
    if not comma:
        return low[k - 1] in _THAT and has_predicate(t, k, i) and _another_reports(t, j, b, that=True)
    if j + 1 < b and low[j] in ("seperti", "sebagaimana", "yang") and flags[j + 1] & Flag.CUE:
        return low[j] != "yang" or low[j + 1] in _CLOSING
    if low[i + 1] in _TURNS and low[i + 2] in _THIRD and low[skip_forward(t, i + 3, b)] in _REFUSING:
        return True  # ..., tetapi ia menolak usul itu
    silent = low[i + 2] in _REFUSING or (flags[i + 2] & Flag.NEGATION and low[i + 3] in _GIVES)
    if low[i + 1] in _TURNS and silent and not _UTTERING.isdisjoint(low[i + 3 : i + 6]):
        return True  # ..., tetapi menolak untuk berkomentar; ..., namun tidak memberikan rincian
    if low[i + 1] in _TURNS and _another_reports(t, i + 2, b):
        return True
    if _another_reports(t, i + 1, b, that=True):
        return True
    return j < b and low[j] == "sementara" and _reports_later(t, j, b)


def _agency_reports(t: Tokens, j: int) -> bool:
    """Whether a root and a medium close the sentence: ..., lapor Radio Bengawan; ..., lapor kantor berita."""
    return t.low[j] in _REPORTS and (t.capital(j + 1) or t.low[j + 1] in _TOLD)


def _comments(t: Tokens, k: int, b: int) -> bool:
    """Whether what follows a comma is the teller's: dengan menambahkan, di mana, klaim yang, demikian."""
    low, flags = t.low, t.flags
    if k + 1 >= b:
        return False
    word, after = low[k], k + 1
    if word == "dengan":
        return bool(flags[after] & Flag.CUE)
    if word in ("di", "dimana"):
        return word == "dimana" or low[after] == "mana"
    if word == "tanpa":
        return low[after] in _WITHOUT or bool(flags[after] & Flag.CUE)
    if word == "demikian":
        return low[after] not in ("pula", "juga", "halnya")
    if word in ("sebuah", "suatu"):
        word, after = low[after], after + 1
    return word in _COMMENTS and low[after] == "yang"


def _dashed_off(t: Tokens, dash: int, b: int) -> bool:
    """Whether what follows a dash is the teller's, or another report: ... - yang mengejutkan, ... - mereka bilang"""
    k = dash + 1
    while k < b and t.flags[k] & Flag.DASH:
        k += 1
    if k == dash + 1 and t.glued(dash) and t.words[dash] != "—":
        return False  # antar-desa
    if k < b and t.flags[k] & Flag.YANG:
        closing = next((i for i in range(k + 1, min(b, k + MAX_PHRASE)) if t.flags[i] & Flag.DASH), b)
        while closing < b and t.flags[closing] & Flag.DASH:
            closing += 1
        return not any(f & Flag.VERB for f in t.flags[closing : closing + 2])  # usul itu - yang ditunggu - ditolak
    if _comments(t, k, b):
        return True
    c = skip_forward(t, k + 1, b) if t.flags[k] & Flag.PRONOUN else b
    return c < b and t.low[c] in _ACTIVE


def _past_time(t: Tokens, j: int, b: int) -> int:
    """Past the time of the telling before a reporting verb (dan pekan lalu | mengatakan); else `j` itself."""
    i = j + 1 if t.low[j] == "pada" else j
    while i < b and (t.flags[i] & _OF_TIME or t.low[i] == "lalu"):
        i += 1
    return i if i < b and i > j and t.flags[i] & Flag.CUE else j


def _another_reports(t: Tokens, j: int, b: int, *, that: bool = False) -> bool:
    """Whether somebody else reports from `j` on: tapi polisi membantah; with `that`, by a verb with `bahwa`."""
    cue = first_from(t.cues, j + 1)
    if t.flags[j] & Flag.PRONOUN or cue == len(t.cues) or t.cues[cue] >= min(b, j + MAX_PHRASE):
        return False
    end = phrase_after(t, j, b)
    if end <= j:
        return False
    c = skip_forward(t, end, b)
    if c >= b or not t.flags[c] & Flag.CUE or t.flags[c] & Flag.NOUN or t.capital(c):
        return False
    return t.low[c] in _ACTIVE and (not that or t.low[c + 1] in _THAT)


def _still_reported(t: Tokens, k: int, i: int, j: int) -> bool:
    """Whether the reporting verb at `j`, after a comma or `dan` at `i`, is part of what is told from `k` on."""
    if t.flags[i] & Flag.COMMA and not has_predicate(t, k, i):
        return True  # Melansir Antara, lurah itu, Budi, | mengatakan ...
    if t.flags[i] & Flag.COMMA:  # selama diperiksa, mengaku ...
        return bool(t.flags[k] & (Flag.PREPOSITION | Flag.SUBORDINATOR)) and not is_clause(t, k, i)
    if "menurut" in t.low[max(0, k - MAX_SOURCE) : k]:
        return True  # Menurut Budi, warga harus bersabar serta mengingatkan tetangganya
    if t.flags[i - 1] & Flag.VERB and not t.capital(i - 1):
        return True  # harus memeriksa dan mengonfirmasi laporan itu
    return t.low[j] in ("memastikan", "menjamin") and "untuk" in t.low[k:i]  # untuk memantau dan memastikan ...


def _quoted_before(held: list[Quote], i: int) -> bool:
    """Whether quoted words ended before `i`: what turns away after them is the teller's."""
    return any(quote.a < i and quote.b <= i for quote in held)


def _reports_later(t: Tokens, j: int, b: int) -> bool:
    """Whether the clause that begins at `j` has a reporting verb of its own."""
    for i in range(j + 1, min(j + 14, b)):
        if t.flags[i] & Flag.COMMA:
            return False
        if t.flags[i] & Flag.CUE and t.low[i] in _ACTIVE:
            return True
    return False


def _closes(t: Tokens, j: int, b: int) -> bool:
    """Whether the cue at `j` ends the sentence: no clause follows its source."""
    end = phrase_after(t, j + 1, b)
    while end < b and not t.flags[end] & Flag.COMMA:
        end += 1
    return end >= b or not has_predicate(t, end, b)


def _trim_end(t: Tokens, k: int, end: int, held: list[Quote]) -> int:
    """Cuts the closing punctuation, and the day and date of the telling."""
    flags = t.flags
    while end > k and flags[end - 1] & _CLOSING_MARKS and not any(quote.b == end for quote in held):
        end -= 1
    if end > k and flags[end - 1] & Flag.CLOSE and not any(f & Flag.OPEN for f in flags[k:end]):
        return _trim_end(t, k, end - 1, held)  # (Lurah meminta warga pulang.)
    if end > k + 3 and flags[end - 1] & Flag.CLOSE:
        opening = next((i for i in range(end - 2, max(k, end - 10), -1) if flags[i] & Flag.OPEN), -1)
        if opening > k and flags[opening + 1] & Flag.NUMBER:
            i = opening - 1
            while i > k and flags[i] & Flag.TIME:
                i -= 1
            if i < opening - 1 and flags[i] & Flag.COMMA:
                return _trim_end(t, k, i, held)
    while end > k and flags[end - 1] & _JOINS and t.low[end - 1] != "lalu":
        end -= 1
    return end


def with_date(t: Tokens, end: int, b: int) -> int:
    """The end with the date that `report_end` leaves to the telling: dikabarkan hanyut di Solo | , Kamis (17/7)."""
    flags = t.flags
    i = end + 1
    while i < b and flags[i] & Flag.TIME:
        i += 1
    if i == end + 1 or not flags[end] & Flag.COMMA or not (flags[i] & Flag.OPEN and flags[i + 1] & Flag.NUMBER):
        return end
    close = next((m for m in range(i + 2, min(b, i + 10)) if flags[m] & Flag.CLOSE), -1)
    return close + 1 if close > 0 else end


def before_told(t: Tokens, k: int, end: int, quotes: list[Quote]) -> int:
    """The end, or where a quotation begins that has its own cue: Warga diduga hanyut | "Kami cari," ujar Budi."""
    for quote in quotes:
        if k < quote.a < end and t.flags[quote.b] & Flag.CUE and t.flags[quote.b - 2] & Flag.COMMA:
            return quote.a
    return end
