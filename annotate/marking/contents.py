"""Where a report begins and ends: past `bahwa`, addressee and circumstances; up to where the telling goes on."""

from typing import Final

from annotate.lexicon import Flag, cue_entries, word_set
from annotate.marking.clauses import has_predicate, is_clause
from annotate.marking.extents import phrase_after, skip_forward
from annotate.marking.quotes import Quote
from annotate.marking.tokens import Tokens

_THAT: Final = word_set("that")
_TURNS: Final = word_set("turns")
_THIRD: Final = word_set("third")
_QUESTIONS: Final = word_set("questions")
_SO_THAT: Final = word_set("so_that")
_AFTER_VERB: Final = word_set("after_verb")
_WITH: Final = word_set("with")
_WHEN: Final = word_set("when")
_OCCASION: Final = word_set("occasion")
_TOPICAL: Final = word_set("topical")
_SURELY: Final = word_set("surely")
_ADDRESSING: Final = word_set("addressing")
_NO_REPORT: Final = word_set("no_report")
_PLAIN: Final = word_set("plain_say")
_INNER: Final = word_set("inner")
_DAYS: Final = word_set("days")
_ACTIVE: Final = frozenset(("clause", "say", "name", "control"))
_SAYS: Final = frozenset(("say", "clause", "name"))
_ROOTS: Final = frozenset(("quote", "root"))
_PAUSE: Final = int(Flag.COORDINATOR | Flag.COMMA)
_MAY_TURN: Final = _WITH | _TURNS | _WHEN | {"ketika", "saat", ";"}  # besides a pause, where the telling may go on


def report_start(t: Tokens, c: int, b: int) -> tuple[int, str] | None:
    """First token of what the verb at `c` reports, and how it is led in: that, comma, colon, comp, quote, bare."""
    flags, low = t.flags, t.low
    k = c + 1
    while k < b and low[k] in _AFTER_VERB:
        k += 1
    if k + 1 < b and low[k] == "akan" and low[k + 1] in ("adanya", "kemungkinan", "bahaya", "ancaman"):
        k += 1
    if k >= b:
        return None
    that = 0 if flags[k] & Flag.CUE and flags[k] & Flag.NOUN else _that_clause(t, k, b)
    if that:
        return that, "that"
    f = flags[k]
    if f & Flag.COMMA:
        past = _past_aside(t, k + 1, b)
        surely = low[past] == "yang" and low[past + 1] in _SURELY  # mengatakan, yang jelas ...
        if past >= b or (low[past] in _NO_REPORT and not surely):
            return None
        return past, "comma"
    if low[k] == ":" or (f & Flag.DASH and k + 1 < b and flags[k + 1] & Flag.QUOTE):
        return k + 1, "colon"
    if f & Flag.QUOTE:
        return k, "quote"
    if low[k] == "untuk" and low[c] in _PLAIN and any(f & Flag.AUX for f in flags[k + 2 : min(b, k + 14)]):
        return k, "bare"  # mengatakan untuk memburu pelaku sudah dibentuk tim
    if low[k] in _SO_THAT:
        return k + 1, "comp"
    if low[k] in _INNER and has_predicate(t, k + 1, b):
        return k, "bare"
    if f & (Flag.PREPOSITION | Flag.TIME) or low[k] in ("saat", "ketika", "usai", "seusai", "sambil", "seraya", "bila"):
        return _past_adjuncts(t, c, k, b)
    if f & (Flag.TERMINAL | Flag.CLOSE | Flag.COORDINATOR | Flag.OPEN | Flag.DASH | Flag.COLON):
        return None
    return k, "bare"


def _that_clause(t: Tokens, k: int, b: int) -> int:
    """Token after the `bahwa` that belongs to the verb before `k`, or 0."""
    flags, low = t.flags, t.low
    loose = bool(flags[k] & (Flag.PREPOSITION | Flag.TIME | Flag.COMMA | Flag.SUBORDINATOR))
    for i in range(k, min(b, k + 30)):
        if low[i] in _THAT:
            return i + 1
        if low[i] in _QUESTIONS:
            return 0
        f = flags[i]
        if not f:
            continue
        if f & (Flag.QUOTE | Flag.COLON) or (f & Flag.TERMINAL and not t.glued(i + 1)):
            return 0
        if f & Flag.VERB and not t.capital(i) and not loose and not f & (Flag.NOUN | Flag.ADJECTIVE):
            return 0
        if (
            f & Flag.CUE
            and not f & Flag.NOUN
            and not t.capital(i)
            and not cue_entries()[low[i]].frames.keys() <= _ROOTS
        ):
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
    if k < b and t.low[k] in ("seperti", "sebagaimana", "dikutip", "dilansir"):
        comma = next((i for i in range(k, min(k + 14, b)) if t.flags[i] & Flag.COMMA), -1)
        return comma + 1 if comma > 0 else b
    return k


def _past_adjuncts(t: Tokens, c: int, k: int, b: int) -> tuple[int, str] | None:
    """Past addressee, time and place of the telling: kepada wartawan di Jakarta, Senin (1/2/2020), ..."""
    flags, low = t.flags, t.low
    addressed = low[k] in _ADDRESSING
    frames = cue_entries()[low[c]].frames
    if low[k] == "secara":
        return None
    for i in range(k, min(b, k + 36)):
        f = flags[i]
        if f & Flag.COLON:
            return (i + 1, "colon") if low[i] == ":" else None
        if f & Flag.QUOTE:
            return i, "quote"
        if low[i] in _QUESTIONS and i > k + 1:
            return None if flags[i - 1] & Flag.PREPOSITION else (i, "that")
        if f & (Flag.AUX | Flag.NEGATION | Flag.CUE) and not t.capital(i) and not addressed:
            break
        if f & Flag.COMMA and i + 1 < b:
            g = flags[i + 1]
            if g & (Flag.TIME | Flag.PREPOSITION | Flag.OPEN) and low[i + 1] in _DAYS | {
                "di",
                "pada",
                "dalam",
                "melalui",
                "lewat",
            }:
                continue
            return _past_aside(t, i + 1, b), "comma"
        if i > k and (low[i] in ("agar", "supaya") or (low[i] == "untuk" and addressed and "control" in frames)):
            return i + 1, "comp"
    if flags[k] & Flag.TIME and has_predicate(t, k + 1, b):
        return k, "bare"
    if low[k] == "pada" and k + 1 < b and flags[k + 1] & Flag.TIME:
        j = k + 1
        while j < b and flags[j] & (Flag.TIME | Flag.NUMBER | Flag.OPEN | Flag.CLOSE | Flag.DETERMINER):
            j += 1
        return (j, "bare") if j < b and has_predicate(t, j, b) else None
    if low[k] in ("kepada", "pada", "ke", "dengan"):
        end = phrase_after(t, k + 1, b)
        if end > k + 1 and end < b:
            if low[end] in _SO_THAT:
                return end + 1, "comp"
            if has_predicate(t, end, b):
                return end, "bare"
    return (k, "adjunct") if _opens_clause(t, c, k, b) else None


def _opens_clause(t: Tokens, c: int, k: int, b: int) -> bool:
    """Whether the adjunct at `k` belongs to what is told: no comma parts it from a clause (mengatakan di Solo ada dua)."""
    if t.low[k] == "saat" and t.flags[k] & Flag.TIME:  # saat ini
        return b - k > 4
    if (
        t.flags[k] & Flag.SUBORDINATOR
        or t.low[k] in _ADDRESSING | _TOPICAL
        or not cue_entries()[t.low[c]].frames.keys() & _SAYS
    ):
        return False
    comma = next((i for i in range(k, min(b, k + 36)) if t.flags[i] & Flag.COMMA), b)
    return is_clause(t, k, comma)


def report_end(t: Tokens, k: int, b: int, quotes: list[Quote]) -> int:
    """End (exclusive) of the report that begins at `k`: the sentence's end, or where the telling goes on before it."""
    flags, low = t.flags, t.low
    entries = cue_entries()
    skip = {quote.a: quote.b for quote in quotes if quote.a >= k}
    i = k
    end = b
    while i < b:
        if i in skip:
            i = skip[i]
            j = skip_forward(t, i, b)
            if j < b and flags[j] & Flag.CUE and flags[i - 2] & Flag.COMMA and entries[low[j]].frames.keys() & _ACTIVE:
                end = i
                break
            continue
        f = flags[i]  # 0 for a name or a plain noun: most tokens
        if f and (f & _PAUSE or low[i] in _MAY_TURN) and _tells_on(t, k, b, i, skip):
            end = i
            break
        i += 1
    return _trim_end(t, k, end, skip)


def _tells_on(t: Tokens, k: int, b: int, i: int, skip: dict[int, int]) -> bool:
    """Whether the telling goes on at token `i` of the report that begins at `k`; `skip` holds the quotations' ends."""
    f, word = t.flags[i], t.low[i]
    if word == ";":
        return True
    if i <= k:
        return False
    if word in _WITH or (f & (Flag.COORDINATOR | Flag.COMMA) and _joins_telling(t, k, b, i)):
        return True
    if f & Flag.COMMA and t.low[i + 1] in _TURNS and _quoted_before(skip, i):
        return True
    if word in _TURNS and t.flags[i - 1] & Flag.QUOTE:
        return True
    if i <= k + 2:
        return False
    if word in ("ketika", "saat") and any(i - 3 < last <= i for last in skip.values()):
        return True
    return word in _WHEN and any(after in _OCCASION for after in t.low[i + 1 : min(i + 4, b)])


def _joins_telling(t: Tokens, k: int, b: int, i: int) -> bool:
    """Whether a comma or `dan` at `i` joins another reporting verb, or a formula, to the report that begins at `k`."""
    flags, low = t.flags, t.low
    entries = cue_entries()
    comma = bool(flags[i] & Flag.COMMA)
    j = i + 1
    if comma and j < b and flags[j] & Flag.COORDINATOR:
        j += 1
        if j < b and low[j] in _THIRD:
            j += 1
    if comma and i + 2 < b and low[i + 1] == "dengan" and flags[i + 2] & Flag.CUE:
        return True
    if comma and low[i + 1 : i + 3] == ["di", "mana"]:
        return True
    j = skip_forward(t, j, b)
    if j < b and flags[j] & Flag.CUE:
        frames = entries[low[j]].frames.keys()
        third = low[j - 1] in _THIRD
        goes_on = (frames & _ACTIVE or (third and "weak" in frames)) and not flags[j] & Flag.NOUN
        if goes_on and (third or not _still_reported(t, k, i, j)):
            return True
        if comma and frames & {"quote", "source"} and _closes(t, j, b):
            return True
    if not comma:
        return False
    if j + 1 < b and low[j] in ("seperti", "sebagaimana", "yang") and flags[j + 1] & Flag.CUE:
        return low[j] != "yang" or bool(entries[low[j + 1]].frames.keys() & {"source", "quote"})
    return j < b and low[j] == "sementara" and _reports_later(t, j, b)


def _still_reported(t: Tokens, k: int, i: int, j: int) -> bool:
    """Whether the reporting verb at `j`, after a comma or `dan` at `i`, is part of what is told from `k` on."""
    if t.flags[i] & Flag.COMMA:  # selama diperiksa, mengaku ...
        return bool(t.flags[k] & (Flag.PREPOSITION | Flag.SUBORDINATOR)) and not is_clause(t, k, i)
    return t.low[j] in ("memastikan", "menjamin") and "untuk" in t.low[k:i]  # untuk memantau dan memastikan ...


def _quoted_before(skip: dict[int, int], i: int) -> bool:
    """Whether quoted words ended before `i`: what turns away after them is the teller's."""
    return any(a < i and b <= i for a, b in skip.items())


def _reports_later(t: Tokens, j: int, b: int) -> bool:
    """Whether the clause that begins at `j` has a reporting verb of its own."""
    entries = cue_entries()
    for i in range(j + 1, min(j + 14, b)):
        if t.flags[i] & Flag.COMMA:
            return False
        if t.flags[i] & Flag.CUE and entries[t.low[i]].frames.keys() & _ACTIVE:
            return True
    return False


def _closes(t: Tokens, j: int, b: int) -> bool:
    """Whether the cue at `j` ends the sentence: no clause follows its source."""
    end = phrase_after(t, j + 1, b)
    while end < b and not t.flags[end] & Flag.COMMA:
        end += 1
    return end >= b or not has_predicate(t, end, b)


def _trim_end(t: Tokens, k: int, end: int, skip: dict[int, int]) -> int:
    """Cuts the closing punctuation, and the day and date of the telling."""
    flags = t.flags
    closed = set(skip.values())
    while (
        end > k
        and end not in closed
        and flags[end - 1] & (Flag.COMMA | Flag.TERMINAL | Flag.COLON | Flag.DASH | Flag.NEWLINE)
    ):
        end -= 1
    if end > k + 3 and flags[end - 1] & Flag.CLOSE:
        opening = next((i for i in range(end - 2, max(k, end - 10), -1) if flags[i] & Flag.OPEN), -1)
        if opening > k and flags[opening + 1] & Flag.NUMBER:
            i = opening - 1
            while i > k and flags[i] & Flag.TIME:
                i -= 1
            if i < opening - 1 and flags[i] & Flag.COMMA:
                return _trim_end(t, k, i, skip)
    while end > k and (flags[end - 1] & (Flag.COORDINATOR | Flag.COMP)) and t.low[end - 1] != "lalu":
        end -= 1
    return end
