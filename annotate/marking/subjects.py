"""Where the subject of a reporting verb begins and ends: read back from it, past adverbs, adjuncts and appositions."""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.extents import heads_clause, phrase_after, skip_forward
from annotate.marking.noun_runs import before_apposition, walk_back, whole_institution, with_place, with_title
from annotate.marking.subheadings import opens_anew, past_subhead, past_subheading
from annotate.marking.tokens import Tokens, holds

MAX_WINDOW: Final = 90
_HARD: Final = (
    Flag.COMMA | Flag.TERMINAL | Flag.NEWLINE | Flag.QUOTE | Flag.OPEN | Flag.CLOSE | Flag.COLON | Flag.DASH | Flag.YANG
)
_KEEPS_ROLE: Final = Flag.ROLE | Flag.PREPOSITION | Flag.COORDINATOR | Flag.DETERMINER | Flag.COMMA | Flag.NOUN
_IN_HEADLINES: Final = Flag.NEGATION | Flag.AUX
_SKIP_BACK: Final = Flag.AUX | Flag.ADVERB | Flag.NEGATION
_BOUNDARY: Final = Flag.COMMA | Flag.QUOTE | Flag.COLON | Flag.SUBORDINATOR | Flag.COORDINATOR | Flag.COMP | Flag.DASH
_INSTITUTIONS: Final = word_set("institutions")
_SEVERAL: Final = word_set("several")
_LEADS_IN: Final = Flag.SUBORDINATOR | Flag.PREPOSITION
_OPENS: Final = _LEADS_IN | Flag.CONNECTIVE
_MAY_START: Final = _BOUNDARY | _OPENS | Flag.OPEN | Flag.CLOSE | Flag.ROLE
_PARTS: Final = Flag.COMMA | Flag.CLOSE | Flag.DASH | Flag.QUOTE
_CONNECTS: Final = Flag.CONNECTIVE | Flag.SUBORDINATOR | Flag.COORDINATOR
_LEADS: Final = _HARD | _LEADS_IN | Flag.TIME | Flag.NUMBER
_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.NEGATION
_MAY_PART: Final = Flag.COORDINATOR | Flag.AUX
_ENDS: Final = Flag.QUOTE | Flag.COLON | Flag.TERMINAL | Flag.COMP
_ACTS: Final = Flag.VERB | Flag.NEGATION
_NOMINAL: Final = Flag.NOUN | Flag.ADJECTIVE
_POSSESSORS: Final = word_set("possessors")
_ORDINALS: Final = word_set("ordinals")
_FRONTING: Final = word_set("fronting")
_CONTRASTS: Final = word_set("contrasts")
_OCCASIONS: Final = word_set("occasion_nouns")
_ROLE_LINKS: Final = word_set("role_links")
_CATENATIVE: Final = word_set("catenative")
_REFUSING: Final = word_set("refusing")
_SO: Final = word_set("so")
_THEN: Final = word_set("then")
_LINKS: Final = _CATENATIVE | _THEN | {"untuk"}
_TOPICAL: Final = word_set("topical")
_ASKED: Final = word_set("asked")
_CONNECTIVE_TAILS: Final = word_set("connective_tails")


def subject_before(t: Tokens, lo: int, c: int, *, anchored: bool = False) -> tuple[int, int] | None:
    """The noun phrase, within tokens `lo` to `c`, that is the subject of the verb at `c`; None where none stands there.

    `anchored`: the subject is known to begin at `lo`, as it does right after a quotation.
    """
    flags, low = t.flags, t.low
    lo = max(lo, c - MAX_WINDOW)
    j = skip_back(t, lo, c)
    if j < lo:
        return None
    if flags[j] & Flag.PRONOUN:
        whose = j > lo and low[j] in _POSSESSORS and bool(flags[j - 1] & Flag.ROLE) and not t.capital(j)
        return (walk_back(t, lo, j - 1) if whose else j, j + 1)  # Pengacara mereka
    if flags[j] & Flag.DASH:  # Presiden Ali -- yang lama berkuasa -- mengatakan
        dash = next((k for k in range(j - 3, max(lo, j - 40), -1) if flags[k] & Flag.DASH and not t.glued(k)), -1)
        end = phrase_after(t, lo, dash)
        if lo < end < dash and flags[end] & Flag.COMMA and flags[end + 1] & Flag.ROLE:
            return (lo, end)  # Budi, lurah di Karang, Solo -- desa itu luas -- mengatakan
        return subject_before(t, lo, dash) if dash > lo else None
    titled = with_title(t, lo, j)
    if titled is not None:
        return titled
    if low[j] == "untuk" and j > lo and flags[j - 1] & Flag.PRONOUN:
        return (j - 1, j)
    lo = past_subheading(t, lo, j)
    name = before_apposition(t, lo, j)
    if name is not None:
        return name
    starts = _starts(t, lo, j + 1)
    topic = next((k for k in range(lo, j) if flags[k] & Flag.COMMA), lo) if low[lo] in _FRONTING else lo
    for s in starts:
        begin = _skip_connective(t, s, j + 1)
        if begin > j or low[begin] in _FRONTING or begin < topic:
            continue
        begin += begin < j and _stressed(t, begin)  # yang paling penting | Budi meminta ...
        end = min(phrase_after(t, begin, c), j + 1)
        if end + 2 == c and flags[end] & Flag.VERB and flags[end + 1] & Flag.DETERMINER and low[end][:2] != "me":
            end = c  # korban tewas itu | menuduh
        begin = past_subhead(t, begin, end)
        apposed = end < c and bool(flags[end] & Flag.COMMA and flags[j] & Flag.COMMA)
        lead = _last_comma(t, s, begin)  # Kemudian, | terkait hal itu, Budi menilai
        if _fronted(t, max(lo, lead - 1), begin) and _has_comma(t, begin, c):
            topical = any(low[k] in _FRONTING for k in range(s, begin))  # Menanggapi hal itu, Budi, mengatakan
            if topical or not apposed:
                continue
        known_by = any(flags[k] & Flag.YANG for k in range(begin, end))
        if end > begin and _skippable(t, end, c, relative=known_by) and (anchored or _is_nearest(t, lo, s, end, c, j)):
            if (known_by or _described(t, begin, end, j)) and not _has_comma(t, end, c):
                return (begin, j + 1)  # the relative clause goes on up to the verb
            return (whole_institution(t, lo, begin), with_place(t, begin, end, c))
    if flags[j] & (Flag.COORDINATOR | Flag.COMMA):
        return _joined(t, lo, j, c, starts)
    begin = walk_back(t, lo, j)
    if lo < begin < j and flags[begin - 1] & Flag.PREPOSITION:  # Lewat media sosial | beberapa warga menyatakan
        begin = next((k for k in range(begin + 1, j) if low[k] in _SEVERAL), begin)
    begin += begin < j and _stressed(t, begin)
    if begin == j and flags[j] & Flag.ADJECTIVE and not flags[j] & Flag.NOUN and not t.capital(j):
        return None  # terlibat aktif | mengajak warga
    return (begin, j + 1) if begin <= j and not flags[begin] & (Flag.DETERMINER | Flag.TIME | Flag.NUMBER) else None


def _joined(t: Tokens, lo: int, j: int, c: int, starts: list[int]) -> tuple[int, int] | None:
    """The subject of an earlier verb that `dan` or a comma at `j` joins to the one at `c`: Budi pulang dan | meminta"""
    led: tuple[int, int] | None = None  # within what leads in the clause: Meskipun Budi membantah, dan mengatakan
    for s in starts:
        begin = _skip_connective(t, s, j + 1)
        end = phrase_after(t, begin, c) if begin <= j else begin
        if end > begin and _has_verb(t, end, j):
            if not (_has_comma(t, begin, j) and _fronted(t, _last_comma(t, lo, begin), begin)):
                return (begin, end)
            led = led or (begin, end)
    return led


def _described(t: Tokens, begin: int, end: int, j: int) -> bool:
    """Whether an unnamed member of an institution is known by a clause: politisi Partai Damai yang juga guru | itu."""
    nameless = t.flags[begin] & Flag.ROLE and t.low[begin + 1] in _INSTITUTIONS
    return bool(nameless and t.flags[end] & Flag.YANG and t.flags[j] & Flag.DETERMINER)


def _stressed(t: Tokens, k: int) -> bool:
    """Whether an adjective at `k` stands before a name: penting | Budi."""
    adjective = t.flags[k] & Flag.ADJECTIVE and not t.flags[k] & Flag.NOUN
    return bool(adjective and t.capital(k + 1) and not t.capital(k))


def _has_comma(t: Tokens, a: int, b: int) -> bool:
    return any(t.flags[k] & Flag.COMMA for k in range(a, b))


def _last_comma(t: Tokens, a: int, b: int) -> int:
    """Past the last comma between two tokens, or the first of them."""
    return next((k + 1 for k in range(b - 1, a - 1, -1) if t.flags[k] & Flag.COMMA), a)


def _fronted(t: Tokens, a: int, b: int) -> bool:
    """Whether one of the words leads in what stands before a subject: Di Solo, | Budi; Selama ini, | warga."""
    flags, low = t.flags, t.low
    return any((flags[m] & _LEADS_IN and low[m] not in _CONTRASTS) or low[m] in _FRONTING for m in range(a, b))


def _is_nearest(t: Tokens, lo: int, s: int, end: int, c: int, j: int) -> bool:
    """Whether no other subject stands between the phrase that ends at `end` and the verb at `c`."""
    flags, low = t.flags, t.low
    if flags[j] & Flag.COMMA:
        return s == lo or not flags[s - 1] & Flag.COORDINATOR
    if not _has_comma(t, end, j + 1):
        return True
    comma = next(k for k in range(j, end - 1, -1) if flags[k] & Flag.COMMA)
    if comma + 1 > j or phrase_after(t, comma + 1, c) <= j:
        return True
    fronted = holds(flags, s, end, _LEADS_IN)
    apposed = flags[comma + 1] & Flag.ROLE or low[comma + 1] in ("seorang", "salah", "sebuah", "yang")
    if t.capital(comma + 1) and not t.capital(end - 1):
        return False
    if s > lo and flags[lo] & Flag.SUBORDINATOR:
        return False  # Meskipun jalannya indah dengan sawah dan kebun, | polisi meminta
    return not fronted and bool(apposed) and (s == lo or not t.capital(comma + 1))


def skip_back(t: Tokens, lo: int, c: int) -> int:
    """The last token before the verb at `c` that is no auxiliary, adverb, negation or adverbial phrase."""
    flags, low = t.flags, t.low
    j = c - 1
    while j >= lo:
        f = flags[j]
        if f & _SKIP_BACK and not f & Flag.PRONOUN and not (t.capital(j) and j > lo):
            j -= 1
        elif f & _IN_HEADLINES and j > lo and t.capital(c):
            j -= 1  # Budi | Tak | Yakin Harga Turun
        elif j > lo and low[j - 1] in ("secara", "dengan") and not t.capital(j) and not f & _HARD:
            j -= 2
        elif low[j] not in _LINKS:
            break
        elif low[j] in _CATENATIVE or (low[j] in _THEN and flags[j - 1] & Flag.COMMA):
            j -= 1
        elif low[j] == "untuk" and j > lo and low[j - 1] in _REFUSING:
            j -= 2  # menolak untuk mengatakan
        else:
            break
    return j


def _starts(t: Tokens, lo: int, hi: int) -> list[int]:
    """Where a clause may begin in the window, leftmost first."""
    flags = t.flags
    starts = [lo]
    depth = 0
    for k in range(lo, hi):
        f = flags[k]
        if not f & _MAY_START:
            continue
        if f & Flag.OPEN:
            depth += 1
        elif f & Flag.CLOSE:
            depth = max(0, depth - 1)
        elif f & _BOUNDARY and not depth and not (t.low[k] == "asal" and t.capital(k + 1)):
            starts.append(k + 1)
        elif (
            k > lo
            and t.capital(k)
            and not t.capital(k - 1)
            and (f & _OPENS or (f & Flag.ROLE and not _keeps_role(t, k - 1)))
        ):
            starts.append(k)  # a subheading ran into the sentence
    return starts[-24:] if len(starts) > 24 else starts


def _keeps_role(t: Tokens, k: int) -> bool:
    """Whether a role after the word at `k` goes on with the same phrase."""
    f = t.flags[k]
    return (bool(f & _KEEPS_ROLE) and not f & Flag.ADVERB) or t.low[k] in _ROLE_LINKS


def _skip_connective(t: Tokens, s: int, hi: int) -> int:
    """Past the sentence connective at `s`: Namun, / Lebih lanjut / Selain itu,"""
    flags, low = t.flags, t.low
    k = s
    for _ in range(4):
        if k >= hi:
            break
        f = flags[k]
        if low[k] == "itulah" and k + 1 < hi and low[k + 1] in ("mengapa", "sebabnya", "kenapa"):
            k += 2
            continue
        if not f or (low[k] in _ORDINALS and not flags[k + 1] & Flag.COMMA):
            break  # Kedua pihak
        if f & _PARTS:
            k += 1
        elif (
            low[k] == "pada" and k + 1 < hi and low[k + 1] in ("akhirnya", "awalnya", "mulanya", "dasarnya", "intinya")
        ):
            k += 2
        elif (
            (f & _CONNECTS and not f & Flag.PRONOUN)
            or f & Flag.ADVERB
            or (f & Flag.TIME and low[k] in ("saat", "kini", "sekarang", "kemarin", "tadi"))
            or low[k] == "diketahui"
            or (low[k] in ("selama", "sejauh") and low[k + 1] == "ini")
        ):
            k += 1
            while k < hi and low[k] in _CONNECTIVE_TAILS:
                k += 1
        else:
            break
    return k


def _skippable(t: Tokens, a: int, c: int, *, relative: bool = False) -> bool:
    """Whether only adverbs, adjuncts, brackets, an apposition or a relative clause stand between subject and verb.

    `relative`: the subject ended within a relative clause.
    """
    flags, low = t.flags, t.low
    k = a
    led = False  # a preposition, a time or a mark was seen: what is capitalised is no other subject
    while k < c:
        f = flags[k]
        if f & _LEADS:
            led = True
        elif not led and k > a and t.capital(k):
            return False
        if f & Flag.ROLE and led and not relative and opens_anew(t, k):
            return False
        if f & Flag.OPEN:
            close = next((m for m in range(k + 1, min(k + 30, c)) if flags[m] & Flag.CLOSE), -1)
            if close < 0:
                return False
            k = close + 1
            continue
        if f & _MAY_PART and not relative and _parted(t, a, k, c):
            return False
        if relative and f & Flag.SUBORDINATOR and heads_clause(t, k, c):
            return False  # Usul mengenai pasar itu ditunda setelah | lurah mengatakan
        leads = f & _LEADS_IN
        if f & Flag.YANG or low[k] in _SO or (leads and _leads_aside(t, a, k, c)):
            relative = True
        elif f & Flag.COMMA:
            relative = False
        elif (f & _ENDS and not (relative or low[k] in ("untuk", "."))) or (
            f & Flag.COORDINATOR and low[k] not in _THEN and not f & Flag.ADVERB and skip_forward(t, k + 1, c) >= c
        ):
            return False
        elif f & _ACTS and not f & _NOMINAL and not relative and not t.capital(k):
            if (
                low[k] in _CATENATIVE
                or low[k] in _ASKED
                or f & (Flag.ADVERB | Flag.AUX)
                or (f & Flag.NEGATION and skip_forward(t, k, c) >= c)
            ):
                k += 1
                continue
            return False
        elif (
            f & Flag.SUBORDINATOR
            and not relative
            and not (flags[k + 1] & Flag.DETERMINER and flags[k + 2] & Flag.COMMA)
            and not (low[k] == "asal" and t.capital(k + 1) and flags[c - 1] & Flag.COMMA)  # Budi, petani asal Solo, ...
            and low[k] not in ("usai", "seusai", "saat", "ketika", "setelah", "sesudah", "seperti", "sebelum", "sambil")
        ):
            return False
        k += 1
    return True


def _leads_aside(t: Tokens, a: int, k: int, c: int) -> bool:
    """Whether the preposition at `k` leads in an occasion, a topic or an act: saat rapat, soal itu, dalam menjual."""
    acts = k == a and t.low[k] == "dalam" and t.flags[k + 1] & Flag.VERB and not t.flags[c - 1] & Flag.VERB
    return t.low[k] in _TOPICAL or t.low[k + 1] in _OCCASIONS or bool(acts)


def _parted(t: Tokens, a: int, k: int, c: int) -> bool:
    """Whether another clause begins at or after `k`: rumah, dan | biayanya; sudah jelas ketika | Budi mengatakan."""
    f = t.flags
    joined = f[k] & Flag.COORDINATOR and t.low[k] not in _THEN and k > a and f[k - 1] & Flag.COMMA
    if joined and not _has_comma(t, a, k - 1):
        return True
    return bool(
        f[k] & Flag.AUX and k + 1 < c and f[k + 1] & (Flag.ADJECTIVE | Flag.CUE) and f[k + 2] & Flag.SUBORDINATOR
    )


def _has_verb(t: Tokens, a: int, b: int) -> bool:
    return any(t.flags[k] & _PREDICATE and not t.capital(k) for k in range(a, b))
