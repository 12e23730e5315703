"""Where a report begins: past `bahwa`, the addressee and the circumstances of the telling."""

from typing import Final

from annotate.lexicon import Flag, cues_in, word_set
from annotate.lexicon.cues import FRAMES
from annotate.marking.clauses import has_predicate, is_clause
from annotate.marking.extents import phrase_after
from annotate.marking.tokens import Tokens

_THAT: Final = word_set("that")
_QUESTIONS: Final = word_set("questions")
_CLAUSE_OPENERS: Final = _THAT | _QUESTIONS
_SO_THAT: Final = word_set("so_that")
_AFTER_VERB: Final = word_set("after_verb")
_TOPICAL: Final = word_set("topical")
_SURELY: Final = word_set("surely")
_COPULAS: Final = word_set("copulas")
_TELLING: Final = (_TOPICAL | word_set("addressing")) - {"dalam"}
_ADDRESSING: Final = word_set("addressing")
_OCCASION: Final = word_set("occasion")
_OCCASIONS: Final = word_set("occasion_nouns")
_NOT_OCCASIONS: Final = word_set("not_occasions")
_ALSO: Final = word_set("also")
_NO_REPORT: Final = word_set("no_report")
_PLAIN: Final = word_set("plain_say")
_INNER: Final = word_set("inner")
_ON_THE_WHOLE: Final = word_set("on_the_whole")
_GOES_ON: Final = word_set("days") | {"di", "pada", "dalam", "melalui", "lewat"}  # day and place of the telling
MAX_CONDITION: Final = 30  # tokens
MAX_BEFORE_THAT: Final = 30  # tokens between a verb and the `bahwa` that belongs to it
_PREMISES: Final = word_set("premises")
_SAYS: Final = cues_in("say", "clause", "name")
_CONTROL: Final = cues_in("control")
_NO_ROOTS: Final = cues_in(*(set(FRAMES) - {"quote", "root"}))
_TOPICS: Final = word_set("complained_about")
_ABOVE_ALL: Final = word_set("above_all")
_FRONTS: Final = frozenset(("dengan", "melalui", "lewat", "pada", "dari", "di", "ke"))
_MEANS: Final = word_set("means_of_telling")
_OF_WHAT_IS_TOLD: Final = word_set("of_what_is_told")
_EXEMPLIFIES: Final = word_set("exemplifies")
_HOW_MANY: Final = word_set("how_many")
_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.NEGATION | Flag.ADJECTIVE
_LEADS_ON: Final = (
    Flag.YANG | Flag.TIME | Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.VERB | Flag.CONNECTIVE | Flag.COMP
)


def report_start(t: Tokens, c: int, b: int) -> tuple[int, str] | None:
    """First token of what the verb at `c` reports, and how it is led in: that, comma, colon, comp, quote, bare."""
    flags, low = t.flags, t.low
    k = c + 1
    while k < b and low[k] in _AFTER_VERB:
        k += 1
    if k + 2 < b and low[k] == "lebih" and low[k + 1] == "lanjut":
        k += 2  # menjelaskan lebih lanjut bahwa
    if k + 1 < b and low[k] == "akan" and low[k + 1] in ("adanya", "kemungkinan", "bahaya", "ancaman"):
        k += 1
    if k >= b:
        return None
    that = 0 if flags[k] & Flag.CUE and flags[k] & Flag.NOUN else _that_clause(t, k, b)
    if that:
        return that, "that"
    f = flags[k]
    if f & Flag.COMMA:
        past = k + 3 if flags[k + 1] & Flag.TIME and flags[k + 2] & Flag.COMMA else _past_aside(t, k + 1, b)
        surely = low[past] == "yang" and (low[past + 1] in _SURELY or _is_headless(t, past, b))  # ..., yang jelas
        if past >= b or (low[past] in _NO_REPORT and not surely):
            return None
        return past, "comma"
    if low[k] == ":" or (f & Flag.DASH and k + 1 < b and flags[k + 1] & Flag.QUOTE):
        return k + 1, "colon"
    if f & Flag.QUOTE:
        return k, "quote"
    if low[k] == "untuk" and low[c] in _PLAIN and _main_verb(t, k + 2, min(b, k + 14)):
        return k, "bare"  # mengatakan untuk memburu pelaku sudah dibentuk tim
    if low[k] == "untuk" and (_for_a_time(t, c, k, b) or _is_fronted(t, c, k, b)):
        return k, "adjunct"
    if low[k] in _PREMISES and _concludes(t, k + 1, b):
        return k, "that"  # bila hujan turun, maka tanggul jebol
    if low[k] in _SO_THAT:
        return k + 1, "comp"
    if low[k] == "dari" and flags[k + 1] & Flag.NUMBER and has_predicate(t, k + 2, b):
        return k, "bare"  # menyebut dari 38 desa, 37 di antaranya tercatat ...
    if low[k] == "ke" and low[k + 1] in ("depan", "depannya"):
        return k, "bare"
    if low[k] in _INNER and has_predicate(t, k + 1, b):
        return k, "bare"
    if f & (Flag.PREPOSITION | Flag.TIME) or low[k] in ("saat", "ketika", "usai", "seusai", "sambil", "seraya", "bila"):
        return _past_adjuncts(t, c, k, b)
    if f & (Flag.TERMINAL | Flag.CLOSE | Flag.COORDINATOR | Flag.OPEN | Flag.DASH | Flag.COLON):
        return None
    return k, "bare"


def _main_verb(t: Tokens, a: int, b: int) -> bool:
    """Whether an auxiliary or a passive stands in the stretch: untuk menjaga mutu | diperlukan data."""
    return any(t.flags[i] & Flag.AUX or (t.flags[i] & Flag.VERB and t.low[i].startswith("di")) for i in range(a, b))


def _concludes(t: Tokens, k: int, b: int) -> bool:
    """Whether a condition that goes on at `k` has its conclusion led in by `maka`."""
    return any(t.low[i] == "maka" for i in range(k, min(b, k + MAX_CONDITION)))


def _is_headless(t: Tokens, yang: int, b: int) -> bool:
    """Whether `yang` opens a clause of its own: yang terjadi adalah banjir."""
    return any(t.low[i] in _COPULAS for i in range(yang + 2, min(b, yang + 10)))


def _for_a_time(t: Tokens, c: int, k: int, b: int) -> bool:
    """Whether `untuk` tells for when something holds: menyatakan untuk tahun ini labanya naik."""
    return bool(t.low[c] in _SAYS and t.flags[k + 1] & Flag.TIME) and has_predicate(t, k + 2, b)


def _is_fronted(t: Tokens, c: int, k: int, b: int) -> bool:
    """Whether `untuk` tells for what something holds: mengatakan untuk pasar desa, harga tetap."""
    if t.low[c] not in _SAYS or t.low[c] in _CONTROL:
        return False
    comma = next((i for i in range(k + 2, min(b, k + 16)) if t.flags[i] & Flag.COMMA), b)
    if t.flags[k + 1] & (Flag.VERB | Flag.AUX | Flag.NEGATION):  # mengatakan untuk menjaga mutu, petani menunggu
        subject = phrase_after(t, comma + 1, b) if comma < b else b
        return comma + 1 < subject < b and bool(t.flags[subject] & _PREDICATE)
    return not has_predicate(t, k, comma) and is_clause(t, comma + 1, b)


def _that_clause(t: Tokens, k: int, b: int) -> int:
    """Token after the `bahwa` that belongs to the verb before `k`, or 0."""
    flags, low = t.flags, t.low
    loose = bool(flags[k] & (Flag.PREPOSITION | Flag.TIME | Flag.COMMA | Flag.SUBORDINATOR))
    begun = False  # a clause of its own may have begun after a comma: mengatakan di Solo, harga naik
    opened = bool(flags[k] & Flag.COMMA)  # mengatakan, harga naik
    for i in range(k, min(b, k + MAX_BEFORE_THAT)):
        if low[i] in _CLAUSE_OPENERS:
            return i + 1 if low[i] in _THAT else 0
        f = flags[i]
        if not f:
            continue
        if f & (Flag.QUOTE | Flag.COLON) or (f & Flag.TERMINAL and not t.glued(i + 1)):
            return 0
        if begun and f & (Flag.AUX | Flag.NEGATION | (Flag.YANG if opened else 0)) and not t.capital(i):
            return 0
        begun = (begun and not f & Flag.YANG) or (bool(f & Flag.COMMA) and not flags[i + 1] & _LEADS_ON)
        if (
            f & Flag.VERB
            and not t.capital(i)
            and not loose
            and not flags[i - 1] & Flag.YANG
            and not f & (Flag.NOUN | Flag.ADJECTIVE)
        ):
            return 0
        if f & Flag.CUE and not f & Flag.NOUN and low[i] in _NO_ROOTS and not t.capital(i):
            return 0
        if (
            f & Flag.COMMA
            and i + 1 < b
            and not flags[i + 1] & (Flag.TIME | Flag.PREPOSITION | Flag.CONNECTIVE | Flag.SUBORDINATOR)
            and low[i + 1] not in _THAT
            and not loose
        ):
            return 0
    return 0


def _past_aside(t: Tokens, k: int, b: int) -> int:
    """Past a formula set between commas after the verb: mengatakan, seperti dikutip Antara, ..."""
    if k < b and t.low[k] == "tanpa":  # mengatakan, tanpa menyebut nama, bahwa ...
        comma = next((i for i in range(k, min(k + 14, b)) if t.flags[i] & Flag.COMMA), -1)
        return comma + 2 if comma > 0 and t.low[comma + 1] in _THAT else k
    if k < b and t.low[k] in ("seperti", "sebagaimana", "dikutip", "dilansir"):
        comma = next((i for i in range(k, min(k + 14, b)) if t.flags[i] & Flag.COMMA), -1)
        return comma + 1 if comma > 0 else b
    return k


def _past_adjuncts(t: Tokens, c: int, k: int, b: int) -> tuple[int, str] | None:
    """Past addressee, time and place of the telling: kepada wartawan di Jakarta, Senin (1/2/2020), ..."""
    flags, low = t.flags, t.low
    now = low[k] == "saat" and flags[k] & Flag.TIME  # saat ini
    addressed = low[k] in _ADDRESSING and not now
    if low[k] == "secara":
        whole = low[k + 1] in _ON_THE_WHOLE and is_clause(t, k + 2, b)  # mengatakan secara umum harga stabil
        return (k, "adjunct") if whole else None
    past = _past_year(t, k, b) if low[k] == "pada" else 0
    if past and (flags[past] & Flag.PRONOUN or low[past] == "pihaknya"):
        return past, "bare"  # mengakui pada tahun 2002 | pihaknya menculik ...
    for i in range(k, min(b, k + 36)):
        f = flags[i]
        if f & Flag.COLON:
            return (i + 1, "colon") if low[i] == ":" else None
        if f & Flag.QUOTE:
            asked = next((j for j in range(i, min(b, i + 16)) if low[j] in _SO_THAT), 0)
            return (asked + 1, "comp") if asked and addressed and low[c] in _CONTROL else (i, "quote")
        if low[i] in _QUESTIONS and i > k + 1:
            return None if flags[i - 1] & Flag.PREPOSITION else (i, "that")
        if f & (Flag.AUX | Flag.NEGATION | Flag.CUE) and not t.capital(i) and not addressed:
            break
        if f & Flag.VERB and low[i - 1] in _ALSO and not t.capital(i) and not addressed:
            break  # mengatakan pada rapat itu Budi juga membawa surat, buku, ...
        if f & Flag.COMMA and i + 1 < b:
            g = flags[i + 1]
            if g & (Flag.TIME | Flag.PREPOSITION | Flag.OPEN) and low[i + 1] in _GOES_ON:
                continue
            if _told_besides(t, c, k, i, b):
                return k, "adjunct"
            if low[k] in _TOPICS and low[i + 1] in _ABOVE_ALL:
                return None  # mengeluh tentang jalan, khususnya di desa
            return _past_aside(t, i + 1, b), "comma"
        if i > k and (low[i] in ("agar", "supaya") or (low[i] == "untuk" and addressed and low[c] in _CONTROL)):
            return i + 1, "comp"
    if flags[k] & Flag.TIME and has_predicate(t, k + 1, b):
        return k, "bare"
    if past:
        return (past, "bare") if has_predicate(t, past, b) else None
    someone = t.capital(k + 1) or flags[k + 1] & (Flag.PRONOUN | Flag.ROLE)
    told_to = low[k] in ("kepada", "ke") or (low[k] == "pada" and not low[k + 1].endswith("nya"))
    if told_to or (low[k] == "dengan" and someone):
        end = phrase_after(t, k + 1, b)
        timed = low[k] == "pada" and (flags[end - 1] & Flag.DETERMINER or flags[end] & Flag.TIME)
        if timed and not flags[k + 1] & (Flag.ROLE | Flag.PRONOUN) and has_predicate(t, end, b):
            return k, "adjunct"  # menambahkan pada pemilu itu ada dua calon
        if end > k + 1 and end < b:
            if low[end] in _SO_THAT:
                return end + 1, "comp"
            if has_predicate(t, end, b):
                return end, "bare"
    return (k, "adjunct") if _opens_clause(t, c, k, b) else None


def _told_besides(t: Tokens, c: int, k: int, comma: int, b: int) -> bool:
    """Whether what is fronted at `k` is part of what is told: mengatakan saat hujan turun, jalan itu banjir."""
    flags, low = t.flags, t.low
    if low[comma + 1] in _EXEMPLIFIES and low[k] not in _TELLING and is_clause(t, k, comma):
        return True  # mengatakan dalam setahun panitia menanam pohon, termasuk di lereng bukit
    if low[c] in _SAYS and is_fronted(t, k, comma):
        return True
    if low[k] == "dalam":
        return low[k + 1] in _NOT_OCCASIONS or (low[k + 1] in _HOW_MANY and bool(flags[k + 2] & Flag.TIME))
    if low[k] not in ("saat", "ketika") or flags[k + 1] & (
        Flag.PRONOUN | Flag.VERB | Flag.AUX | Flag.ADVERB | Flag.TIME
    ):
        return False
    end = phrase_after(t, k + 1, comma)
    told = not any(word in _OCCASION or word in _OCCASIONS for word in low[k + 1 : comma])
    return told and end > k + 1 and has_predicate(t, end, comma) and is_clause(t, comma + 1, b)


def is_fronted(t: Tokens, k: int, comma: int) -> bool:
    """Whether the circumstance from `k` to a comma is told, and none of the telling: melalui pasar itu, petani ..."""
    flags, low = t.flags, t.low
    word, after = low[k], low[k + 1]
    if word not in _FRONTS or t.capital(k + 1) or flags[k + 1] & (Flag.ROLE | Flag.PRONOUN):
        return False  # di Solo, pada Senin, pada wartawan
    if word == "ke":
        return after in ("depan", "depannya")
    if word == "di" and after not in _OF_WHAT_IS_TOLD and not flags[comma - 1] & Flag.DETERMINER:
        return False
    if word == "pada" and flags[k + 1] & Flag.TIME and not after.startswith(("tahun", "tahap", "awal")):
        return False
    return not any(w in _OCCASION or w in _OCCASIONS or w in _MEANS for w in low[k + 1 : comma])


def _past_year(t: Tokens, k: int, b: int) -> int:
    """First token after `pada tahun 2002` at `k`, or 0."""
    j = k + 1
    while j < b and t.flags[j] & (Flag.TIME | Flag.NUMBER | Flag.OPEN | Flag.CLOSE | Flag.DETERMINER):
        j += 1
    timed = t.flags[k + 1] & Flag.TIME or t.flags[k + 2] & Flag.TIME  # pada tahun 2002, pada 20 November
    return j if k + 1 < j < b and timed else 0


def _opens_clause(t: Tokens, c: int, k: int, b: int) -> bool:
    """Whether the adjunct at `k` belongs to what is told: no comma parts them (mengatakan di Solo ada dua)."""
    if t.low[k] == "saat" and t.flags[k] & Flag.TIME:  # saat ini
        return b - k > 4
    if t.low[k] in ("melalui", "lewat"):  # menjelaskan melalui program itu warga ...
        stop = phrase_after(t, k + 1, b)
        told = bool(t.flags[stop - 1] & Flag.DETERMINER) and _MEANS.isdisjoint(t.low[k + 1 : stop])
        return told and stop < b and is_clause(t, stop, b)
    if t.flags[k] & Flag.SUBORDINATOR or t.low[k] in _TELLING or t.low[c] not in _SAYS:
        return False
    comma = next((i for i in range(k, min(b, k + 36)) if t.flags[i] & Flag.COMMA), b)
    return is_clause(t, k, comma)
