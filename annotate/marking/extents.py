"""Where a source's noun phrase begins and ends: role, affiliation and name as they stand together.

`phrase_after` reads on from a cue (kata | Menteri Sosial Risma); `subject_before` reads back from one (Menteri Sosial
Risma | mengatakan). Both stop at what a noun phrase cannot hold, and take in what belongs to it after a comma or in
brackets: `Kepala Dusun Nglahar, Kelurahan Sumbersari, Wahyu Wibowo`, `Organisasi Kesehatan Dunia (WHO)`.
"""

from typing import Final

from annotate.lexicon import Flag, load_table, word_set
from annotate.marking.tokens import Tokens

MAX_PHRASE: Final = 40
MAX_WINDOW: Final = 90
_HARD = int(
    Flag.COMMA | Flag.TERMINAL | Flag.NEWLINE | Flag.QUOTE | Flag.OPEN | Flag.CLOSE | Flag.COLON | Flag.DASH | Flag.YANG
)
_STOP = int(
    Flag.AUX | Flag.ADVERB | Flag.NEGATION | Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.COMP | Flag.VERB
)
_NO_NAME = int(Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.COMP | Flag.CONNECTIVE | Flag.PRONOUN)
_KEEPS_ROLE = int(
    Flag.ROLE | Flag.PREPOSITION | Flag.COORDINATOR | Flag.ADVERB | Flag.DETERMINER | Flag.COMMA | Flag.NOUN
)
_SKIP_BACK = int(Flag.AUX | Flag.ADVERB | Flag.NEGATION)
_BOUNDARY = int(
    Flag.COMMA | Flag.QUOTE | Flag.COLON | Flag.SUBORDINATOR | Flag.COORDINATOR | Flag.COMP | Flag.DASH
)
_ABBREVIATIONS: Final = word_set("abbreviations")
_DEGREES: Final = word_set("degrees")
_PLACE_HEADS: Final = word_set("place_heads")
_UNNAMED_HEADS: Final = word_set("unnamed_heads")
_INSTITUTIONS: Final = word_set("institutions")
_CATENATIVE: Final = word_set("catenative")
_TOPICAL: Final = word_set("topical")
_ASKED: Final = word_set("asked")
_NAME_PARTICLES: Final = word_set("name_particles")
_CONNECTIVE_TAILS: Final = word_set("connective_tails")


class _Words:
    """Small word sets that are read from the lexicon's tables once."""

    def __init__(self) -> None:
        names = [name for row in load_table("places") for name in row["words"].lower().split(",")]
        self.places = frozenset(word for name in names for word in name.split())


_cache: list[_Words] = []


def _sets() -> _Words:
    if not _cache:
        _cache.append(_Words())
    return _cache[0]


def phrase_after(t: Tokens, i: int, hi: int, *, strict: bool = False) -> int:
    """End of the noun phrase that begins at token `i`, or `i` where none begins.

    `strict`: a name after a comma counts only if another comma, a bracket or the sentence's end closes it (after
    `Menurut`, the words that follow a comma are more likely the report's).
    """
    flags, low = t.flags, t.low
    hi = min(hi, i + MAX_PHRASE)
    if i >= hi:
        return i
    first = flags[i]
    if first & Flag.PRONOUN and low[i] not in ("doi",):
        return i + 1
    if first & _HARD or (first & _STOP and not t.capital(i)) or (first & Flag.PREPOSITION and t.words[i] != "Antara"):
        return i
    if first & Flag.VERB and not first & (Flag.NOUN | Flag.ROLE) and _opens_sentence(t, i):
        after = skip_forward(t, i + 1, hi)
        if after < t.size and not (t.capital(i + 1) or _is_reporting(flags[after])):
            return i
    if first & Flag.ADJECTIVE and _opens_sentence(t, i) and i + 1 < hi and not t.capital(i + 1):
        return i
    if first & (Flag.TIME | Flag.SUBORDINATOR | Flag.COORDINATOR | Flag.COMP | Flag.AUX | Flag.NEGATION):
        return i
    end = k = i
    named = False  # a capitalised word was seen
    described = False  # a role or a common noun was seen: the phrase may go on after a comma
    while k < hi:
        f = flags[k]
        if f & _HARD:
            step = _past_mark(t, k, hi, i, named, described, strict)
            if step <= k:
                if step < 0:
                    end = -step
                break
            end = k = step
            if f & Flag.YANG and not flags[k] & Flag.ROLE:
                break
            continue
        capital = t.capital(k)
        if (f & Flag.COORDINATOR and not capital) or low[k] == "sekaligus":
            if not _coordinates(t, k, hi):
                break
            k += 1
            continue
        if f & Flag.PREPOSITION and not (capital and (k == i or t.words[k] == "Antara" or _in_name(t, k, hi))):
            if not _keeps_preposition(t, i, k, hi, described):
                break
            k += 1
            continue
        if (
            f & Flag.TIME
            and low[k] == "tahun"
            and flags[k - 1] & Flag.NUMBER
            and low[k - 2] in ("berusia", "berumur", "umur", "usia")
        ):
            end = k = k + 1
            continue
        if f & Flag.TIME and not (f & Flag.ROLE):
            break
        if f & (Flag.PRONOUN):
            if k > i and not t.capital(k - 1) and low[k] in ("kami", "kita", "saya", "mereka"):
                end = k = k + 1
                if k < hi and flags[k] & Flag.COMMA and _name_segment(t, k + 1, hi, strict) > k + 1:
                    described = True
                    continue
            break
        if f & Flag.DETERMINER and not capital:
            end = k = k + 1
            if low[k - 1] in ("lain", "lainnya"):
                continue
            if k < hi and t.capital(k) and not flags[k] & _STOP and described:
                continue
            if k < hi and flags[k] & (Flag.COMMA | Flag.OPEN):
                continue
            break
        if not capital and f & (_STOP | Flag.CUE):
            if f & Flag.ADJECTIVE and k > i and (not t.capital(k - 1) or k == i + 1):
                end = k = k + 1
                continue
            if f & Flag.NOUN and not f & (_STOP & ~int(Flag.VERB)):
                described = True
                end = k = k + 1
                continue
            break
        if capital and f & (Flag.CUE | Flag.AUX) and k > i and f & Flag.VERB:
            break  # a headline's verb
        if capital and f & (Flag.SUBORDINATOR | Flag.COMP | Flag.CONNECTIVE) and k > i and not _in_name(t, k, hi):
            break
        named = named or (capital and k > i and not f & Flag.ROLE and low[k] not in _sets().places)
        described = described or bool(f & Flag.ROLE) or low[k] in _INSTITUTIONS or (not capital and not f & Flag.NUMBER)
        end = k = k + 1
    while end > i + 1 and flags[end - 1] & _SKIP_BACK and not t.capital(end - 1):
        end -= 1
    return end


def _in_name(t: Tokens, k: int, hi: int) -> bool:
    """Whether a capitalised function word is part of a name: Menteri Dalam Negeri, DI Yogyakarta."""
    return k + 1 < hi and t.capital(k + 1) and t.capital(k - 1) and not t.flags[k + 1] & Flag.TIME


def _listed_end(t: Tokens, k: int, hi: int) -> int:
    """The coordinator of a list that begins with the comma at `k` (Politik, Hukum, dan Keamanan), or 0."""
    flags = t.flags
    since = 0
    for m in range(k + 1, min(hi, k + 22)):
        f = flags[m]
        if f & Flag.COORDINATOR and t.low[m] in ("dan", "serta", "&"):
            follows = flags[m + 1] if m + 1 < hi else Flag.COMMA
            return 0 if m == k + 1 or follows & (_HARD | Flag.PRONOUN | Flag.CUE) else m
        if f & Flag.COMMA:
            since = 0
            continue
        since += 1
        if since > 4 or f & (_HARD | (_STOP & ~int(Flag.VERB)) | Flag.CUE | Flag.PRONOUN | Flag.DETERMINER):
            return 0
        if f & Flag.VERB and not t.capital(m) and not f & Flag.NOUN:
            return 0
    return 0


def _past_mark(t: Tokens, k: int, hi: int, i: int, named: bool, described: bool, strict: bool) -> int:
    """Where the phrase goes on after a punctuation mark or `yang` at `k`; `k` itself where it ends; `-e`: ends at e."""
    flags = t.flags
    f = flags[k]
    if f & Flag.TERMINAL:
        return _past_full_stop(t, k, hi)
    if f & Flag.OPEN:
        close = next((m for m in range(k + 1, min(k + 14, t.size)) if flags[m] & Flag.CLOSE), -1)
        if close < 0:
            return k
        acronym = close - k == 2 and t.words[k + 1].isupper() and len(t.words[k + 1]) > 1 and t.words[k + 1].isalpha()
        after = close + 1
        if after < hi and t.capital(after) and not flags[after] & _NO_NAME and described:
            return after
        if after < hi and flags[after] & Flag.COMMA and described:
            name = _name_segment(t, after + 1, hi, strict)
            if name > after + 1:
                return name
        if acronym and (described or k - i >= 3):
            return close + 1
        if after < hi and flags[after] & Flag.DETERMINER and not t.capital(after):
            return after
        return k
    if f & Flag.COMMA:
        if (t.low[k + 1 : k + 2] and t.low[k + 1] in _DEGREES) or _degree(t, k + 1):
            m = k + 2
            while m < hi and ((flags[m] & Flag.TERMINAL and t.glued(m)) or t.low[m] in _DEGREES) and m + 1 < hi:
                if flags[m] & Flag.TERMINAL and not (t.glued(m + 1) or flags[m + 1] & Flag.COMMA):
                    break
                m += 1
            return m
        if not described:
            return k
        listed = _listed_end(t, k, hi)
        if listed and t.capital(listed + 1) == t.capital(k - 1) and not flags[listed + 1] & Flag.ROLE:
            if not named_last(t, i, k):
                return listed + 1
        name = _name_segment(t, k + 1, hi, strict)
        if name > k + 1:
            return name
        if k + 1 < hi and t.capital(k + 1) and (t.low[k + 1] in _PLACE_HEADS or t.low[k + 1] in _sets().places):
            comma = next((m for m in range(k + 2, min(k + 7, hi)) if flags[m] & _HARD), -1)
            if comma > 0 and flags[comma] & Flag.COMMA:
                name = _name_segment(t, comma + 1, hi, strict)
                if name > comma + 1:
                    return name
        if listed and not t.capital(k - 1) and not named_last(t, i, k):
            return listed + 1
        return k
    if f & Flag.YANG and k + 2 < hi and t.low[k + 1] in ("juga", "merupakan", "sekaligus") and flags[k + 2] & Flag.ROLE:
        return k + 2
    if f & Flag.YANG:
        if named or not described:
            return k
        return _relative_end(t, k, hi)
    if f & Flag.DASH and t.glued(k) and k + 1 < hi and t.glued(k + 1) and t.capital(k + 1):
        return k + 1
    if f & Flag.QUOTE and k + 2 < hi and described:
        # a nickname: Susilo "Bowo" Raharjo
        close = next((m for m in range(k + 1, min(k + 4, hi)) if flags[m] & Flag.QUOTE), -1)
        if close > 0 and close + 1 < hi and t.capital(close + 1) and t.capital(k + 1) and t.capital(k - 1):
            return close + 1
    return k


def named_last(t: Tokens, i: int, k: int) -> bool:
    """Whether the phrase `i` to `k` is a bare name of two words or more, with no role in it: a list of people follows."""
    return all(t.capital(m) and not t.flags[m] & Flag.ROLE for m in range(i, k))


def _degree(t: Tokens, k: int) -> bool:
    """Whether an academic degree stands at `k`: S.H., M.Si, Ph.D"""
    if k + 2 >= t.size or len(t.words[k]) > 2 or not t.capital(k):
        return False
    return t.low[k + 1] == "." and t.glued(k + 1) and t.glued(k + 2) and t.capital(k + 2) and len(t.words[k + 2]) <= 4


def _past_full_stop(t: Tokens, k: int, hi: int) -> int:
    """A full stop inside a name: an initial, a title, a web address."""
    before = t.words[k - 1]
    if t.low[k] != "." or k + 1 >= hi:
        return k
    if t.glued(k + 1):
        return k + 1 if not t.flags[k + 1] & _HARD else k
    short = (len(before) == 1 and before.isupper()) or before.lower() in _ABBREVIATIONS or before.lower() in (
        "dr",
        "drs",
        "ir",
        "prof",
        "h",
        "hj",
        "st",
        "jr",
        "kh",
    )
    return k + 1 if short and t.capital(k + 1) else k


def _relative_end(t: Tokens, k: int, hi: int) -> int:
    """End of the relative clause by which an unnamed source is known."""
    flags = t.flags
    m = k + 1
    while m < hi and not flags[m] & (Flag.COMMA | Flag.TERMINAL | Flag.NEWLINE | Flag.QUOTE | Flag.CLOSE | Flag.COLON):
        if flags[m] & Flag.PREPOSITION and t.low[m] == "kepada":
            break
        if flags[m] & (Flag.SUBORDINATOR) and m > k + 2:
            break
        m += 1
    return m if m > k + 1 else k


def _name_segment(t: Tokens, k: int, hi: int, strict: bool) -> int:
    """End of a personal name that stands between commas from `k` on; `k` where there is none."""
    flags = t.flags
    m = k
    places = _sets().places
    if m + 1 < hi and not t.capital(m) and flags[m] & Flag.ROLE and t.capital(m + 1):
        m += 1
    while m < hi and m - k < 8:
        f = flags[m]
        if t.capital(m):
            if (
                f & (Flag.TIME | Flag.SUBORDINATOR | Flag.PREPOSITION | Flag.CONNECTIVE | Flag.PRONOUN)
                and not f & Flag.ROLE
            ):
                break
            if f & Flag.VERB and f & Flag.CUE:
                break
            m += 1
        elif (t.low[m] in _NAME_PARTICLES or f & Flag.ROLE) and m > k and m + 1 < hi and t.capital(m + 1):
            m += 1
        elif (
            f & Flag.OPEN
            and m > k
            and m + 3 < hi
            and flags[m + 2] & Flag.CLOSE
            and t.capital(m + 1)
            and t.capital(m + 3)
        ):
            m += 3
        elif (
            f & Flag.TERMINAL
            and m > k
            and m + 1 < hi
            and (
                t.glued(m + 1)
                or len(t.words[m - 1]) == 1
                or t.low[m - 1] in ("dr", "prof", "ir", "h", "hj", "drs", "kh", "st")
            )
        ):
            m += 1
        else:
            break
    while m > k and flags[m - 1] & Flag.TERMINAL:
        m -= 1
    if m == k or (m - k == 1 and flags[k] & Flag.ROLE) or not t.capital(m - 1):
        return k
    if all(t.low[x] in places or t.low[x] in _PLACE_HEADS for x in range(k, m)):
        return k
    if m >= t.size or m >= hi:
        return m
    f = flags[m]
    closed = f & (Flag.COMMA | Flag.TERMINAL | Flag.OPEN | Flag.NEWLINE | Flag.CLOSE)
    if strict:
        return m if closed else k
    if closed or f & (
        Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.YANG | Flag.QUOTE | Flag.COLON | Flag.DASH
    ):
        return m
    if f & (Flag.CUE | Flag.AUX | Flag.ADVERB | Flag.VERB | Flag.NEGATION) and not t.capital(m):
        return m
    return k


def _coordinates(t: Tokens, k: int, hi: int) -> bool:
    """Whether `dan` joins two nouns of one phrase, and not two clauses."""
    if k + 1 >= hi or t.low[k] not in ("dan", "serta", "&", "atau", "maupun", "bersama", "sekaligus"):
        return False
    f = t.flags[k + 1]
    if f & _HARD:
        return False
    if t.capital(k + 1):
        return not f & (Flag.TIME | Flag.SUBORDINATOR)
    if f & (Flag.PRONOUN | Flag.PREPOSITION | Flag.CUE | Flag.SUBORDINATOR):
        return False
    return not f & _STOP or bool(f & Flag.NOUN)


def _keeps_preposition(t: Tokens, i: int, k: int, hi: int, described: bool) -> bool:
    """Whether a preposition at `k` goes on with the phrase: pengamat politik dari UI; sumber di kepolisian."""
    if k + 1 >= hi or k == i or t.flags[k + 1] & (_HARD | Flag.TIME | Flag.PRONOUN | Flag.DETERMINER):
        return False
    word = t.low[k]
    common = not t.capital(k - 1) or bool(t.flags[k - 1] & Flag.ROLE)
    if word in ("untuk", "bidang", "urusan") and described and t.capital(k + 1):
        return True
    if word == "dari" and common and described:
        return True
    if word in ("pada", "di", "dari") and described and t.low[k + 1] in _INSTITUTIONS:
        return True
    if word == "di" and described and t.low[k + 1] in _sets().places and k + 2 < hi and t.capital(k + 2):
        return not t.flags[k + 2] & (Flag.TIME | Flag.ROLE)
    if word in ("di", "pada", "dalam", "dengan", "kepada", "tentang") and (
        t.low[i] in _UNNAMED_HEADS and word in ("di", "dalam") and k <= i + 2 and k + 1 < hi and not t.capital(k + 1)
    ):
        return True
    if word in ("di", "pada", "dari") and described and t.capital(k + 1) and True:
        comma = next((m for m in range(k + 1, min(k + 9, hi)) if t.flags[m] & _HARD), -1)
        return comma > 0 and bool(t.flags[comma] & Flag.COMMA) and _name_segment(t, comma + 1, hi, False) > comma + 1
    return False


def _is_reporting(f: int) -> bool:
    return bool(f & (Flag.COMMA | Flag.OPEN)) or (bool(f & Flag.CUE) and not f & Flag.NOUN)


def _opens_sentence(t: Tokens, i: int) -> bool:
    return i == 0 or bool(t.flags[i - 1] & (Flag.TERMINAL | Flag.NEWLINE | Flag.DASH))


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
        return (j, j + 1)
    if low[j] == "untuk" and j > lo and flags[j - 1] & Flag.PRONOUN:
        return (j - 1, j)
    starts = _starts(t, lo, j + 1)
    for s in starts:
        begin = _skip_connective(t, s, j + 1)
        if begin > j:
            continue
        end = phrase_after(t, begin, c)
        begin = _past_subhead(t, begin, end)
        fronted = any(flags[m] & (Flag.SUBORDINATOR | Flag.PREPOSITION) for m in range(max(lo, s - 1), begin)) and not _has_comma(
            t, s, begin
        )
        apposed = end < c and flags[end] & Flag.COMMA and flags[j] & Flag.COMMA
        if fronted and not apposed and _has_comma(t, begin, c):
            continue
        if end > begin and _skippable(t, end, c) and (anchored or _is_nearest(t, lo, s, begin, end, c, j)):
            return (begin, _with_place(t, begin, end, c))
    if flags[j] & (Flag.COORDINATOR | Flag.COMMA):
        for s in starts:
            begin = _skip_connective(t, s, j + 1)
            end = phrase_after(t, begin, c) if begin <= j else begin
            if end > begin and _has_verb(t, end, j):
                return (begin, end)
        return None
    begin = _walk_back(t, lo, j)
    return (begin, j + 1) if begin <= j and not flags[begin] & (Flag.DETERMINER | Flag.TIME | Flag.NUMBER) else None


def _with_place(t: Tokens, begin: int, end: int, c: int) -> int:
    """An unnamed source keeps its place: beberapa orang di Rusia."""
    if end < c and t.low[end] in ("di", "dari") and not t.capital(end - 1):
        after = phrase_after(t, end + 1, c)
        if after > end + 1 and skip_forward(t, after, c) == c:
            return after
    return end


def antecedent_before(t: Tokens, lo: int, yang: int) -> tuple[int, int] | None:
    """The noun phrase that a relative clause at `yang` belongs to."""
    flags = t.flags
    j = yang - 1
    while j > lo and flags[j] & (Flag.COMMA | Flag.CLOSE):
        j -= 1
    for _ in range(3):
        begin = _walk_back(t, lo, j)
        if (
            begin > lo + 1
            and flags[begin - 1] & Flag.PREPOSITION
            and t.low[begin - 1] not in ("terhadap", "kepada", "dengan")
        ):
            j = begin - 2
            continue
        return (begin, j + 1) if begin <= j else None
    return None


def _has_comma(t: Tokens, a: int, b: int) -> bool:
    return any(t.flags[m] & Flag.COMMA for m in range(a, b))


def _past_subhead(t: Tokens, begin: int, end: int) -> int:
    """Past a subheading that ran into the sentence: (Mata rantai baru) Direktur Utama Smesco Leonard Theosabrata."""
    if not _opens_sentence(t, begin) or t.flags[begin] & (Flag.ROLE | Flag.NOUN | Flag.PRONOUN) or not t.capital(begin):
        return begin
    for k in range(begin + 2, end - 1):
        if t.flags[k] & Flag.ROLE and t.capital(k) and not t.capital(k - 1) and t.capital(k + 1):
            if not t.flags[k - 1] & (Flag.ROLE | Flag.COORDINATOR | Flag.ADVERB | Flag.PREPOSITION | Flag.NOUN):
                return k
    return begin


def _is_nearest(t: Tokens, lo: int, s: int, begin: int, end: int, c: int, j: int) -> bool:
    """Whether no other subject stands between the phrase that ends at `end` and the verb at `c`."""
    flags, low = t.flags, t.low
    if flags[j] & Flag.COMMA:
        return s == lo or not flags[s - 1] & Flag.COORDINATOR
    comma = next((k for k in range(j, end - 1, -1) if flags[k] & Flag.COMMA), -1)
    if comma < 0 or comma + 1 > j or phrase_after(t, comma + 1, c) <= j:
        return True
    fronted = any(flags[k] & (Flag.SUBORDINATOR | Flag.PREPOSITION) for k in range(s, begin))
    apposed = flags[comma + 1] & Flag.ROLE or low[comma + 1] in ("seorang", "salah", "sebuah", "yang")
    return not fronted and bool(apposed) and (s == lo or not t.capital(comma + 1))


def skip_back(t: Tokens, lo: int, c: int) -> int:
    """The last token before the verb at `c` that is no auxiliary, adverb, negation or adverbial phrase."""
    flags, low = t.flags, t.low
    j = c - 1
    while j >= lo:
        f = flags[j]
        if f & _SKIP_BACK and not f & Flag.PRONOUN and not (t.capital(j) and j > lo):
            j -= 1
        elif j > lo and low[j - 1] in ("secara", "dengan") and not t.capital(j) and not f & _HARD:
            j -= 2
        elif low[j] in _CATENATIVE:
            j -= 1
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
        if f & Flag.OPEN:
            depth += 1
        elif f & Flag.CLOSE:
            depth = max(0, depth - 1)
        elif f & _BOUNDARY and not depth and not (f & Flag.QUOTE and False):
            starts.append(k + 1)
        elif (
            f & (Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.CONNECTIVE)
            and k > lo
            and t.capital(k)
            and not t.capital(k - 1)
        ):
            starts.append(k)  # a subheading ran into the sentence
        elif f & Flag.ROLE and k > lo and t.capital(k) and not t.capital(k - 1) and not flags[k - 1] & _KEEPS_ROLE:
            starts.append(k)
    return starts[-24:] if len(starts) > 24 else starts


def _skip_connective(t: Tokens, s: int, hi: int) -> int:
    """Past the sentence connective at `s`: Namun, / Lebih lanjut / Selain itu,"""
    flags, low = t.flags, t.low
    k = s
    for _ in range(4):
        if k >= hi:
            break
        f = flags[k]
        if f & (Flag.COMMA | Flag.CLOSE | Flag.DASH) or (f & Flag.QUOTE):
            k += 1
        elif low[k] == "pada" and k + 1 < hi and low[k + 1] in ("akhirnya", "awalnya", "mulanya", "dasarnya", "intinya"):
            k += 2
        elif (
            (f & (Flag.CONNECTIVE | Flag.SUBORDINATOR | Flag.COORDINATOR) and not f & Flag.PRONOUN)
            or f & Flag.ADVERB
            or (f & Flag.TIME and low[k] in ("saat", "kini", "sekarang", "kemarin", "tadi"))
        ):
            k += 1
            while k < hi and low[k] in _CONNECTIVE_TAILS:
                k += 1
        else:
            break
    return k


def _skippable(t: Tokens, a: int, c: int) -> bool:
    """Whether only adverbs, adjuncts, brackets, an apposition or a relative clause stand between subject and verb."""
    flags, low = t.flags, t.low
    k = a
    relative = False
    while k < c:
        f = flags[k]
        if f & Flag.OPEN:
            close = next((m for m in range(k + 1, min(k + 30, c)) if flags[m] & Flag.CLOSE), -1)
            if close < 0:
                return False
            k = close + 1
            continue
        if f & Flag.YANG or (f & (Flag.PREPOSITION | Flag.SUBORDINATOR) and low[k] in _TOPICAL):
            relative = True
        elif f & Flag.COMMA:
            relative = False
        elif (
            f & (Flag.QUOTE | Flag.COLON | Flag.TERMINAL | Flag.COMP) and not (relative or low[k] in ("untuk", "."))
        ) or (f & Flag.COORDINATOR and skip_forward(t, k + 1, c) >= c):
            return False
        elif (
            f & (Flag.VERB | Flag.NEGATION)
            and not t.capital(k)
            and not relative
            and not f & (Flag.NOUN | Flag.ADJECTIVE)
        ):
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
            and low[k] not in ("usai", "seusai", "saat", "ketika", "setelah", "sesudah", "seperti", "sebelum", "sambil")
        ):
            return False
        k += 1
    return True


def skip_forward(t: Tokens, k: int, hi: int) -> int:
    """Past auxiliaries, adverbs and negations."""
    while k < hi and t.flags[k] & _SKIP_BACK:
        k += 1
    return k


def _has_verb(t: Tokens, a: int, b: int) -> bool:
    return any(t.flags[k] & (Flag.VERB | Flag.AUX | Flag.NEGATION) and not t.capital(k) for k in range(a, b))


def _walk_back(t: Tokens, lo: int, j: int) -> int:
    """Start of the run of nouns and names that ends at `j`; `j + 1` where `j` is none."""
    flags = t.flags
    k = j
    while k >= lo and j - k < 14:
        f = flags[k]
        if f & (_HARD | _STOP | Flag.COORDINATOR | Flag.CUE) and not (
            t.capital(k) and not f & (_HARD | Flag.TIME) and (k > lo or not f & (_NO_NAME | Flag.AUX | Flag.NEGATION))
        ):
            if not (f & Flag.NOUN and not f & Flag.CUE) and not (f & Flag.CLOSE):
                break
            if f & Flag.CLOSE:
                break
        k -= 1
    return k + 1
