"""Where a source's noun phrase ends: role, affiliation and name as they stand together.

`phrase_after` reads on from a cue (kata | Menteri Sosial Risma) and stops at what a noun phrase cannot hold; it takes
in what belongs to it after a comma or in brackets: `Kepala Dusun Nglahar, Kelurahan Sumbersari, Wahyu Wibowo`.
"""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.name_bounds import is_acronym
from annotate.marking.phrase_marks import PLACES, in_name, name_segment, past_mark
from annotate.marking.tokens import Tokens

MAX_PHRASE: Final = 40
_HARD: Final = (
    Flag.COMMA | Flag.TERMINAL | Flag.NEWLINE | Flag.QUOTE | Flag.OPEN | Flag.CLOSE | Flag.COLON | Flag.DASH | Flag.YANG
)
_STOP: Final = (
    Flag.AUX | Flag.ADVERB | Flag.NEGATION | Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.COMP | Flag.VERB
)
_SKIP_BACK: Final = Flag.AUX | Flag.ADVERB | Flag.NEGATION
_TRAILS: Final = _SKIP_BACK | Flag.YANG
_MAY_FOLLOW: Final = _SKIP_BACK | Flag.TIME
_BEGINS_NONE: Final = Flag.TIME | Flag.SUBORDINATOR | Flag.COORDINATOR | Flag.COMP | Flag.AUX | Flag.NEGATION
_STOPS: Final = 0
_PASSES: Final = 1
_TAKES: Final = 2
_DESCRIBES: Final = 3
_LAST: Final = 4
_WORD: Final = 5
_NAMES_TOO: Final = word_set("names_too")
_AGE: Final = word_set("age")
_UNNAMED_HEADS: Final = word_set("unnamed_heads")
_HOW_MANY: Final = word_set("how_many")
_AFTER_NAMES: Final = word_set("after_names")
_INSTITUTIONS: Final = word_set("institutions")
_OCCASIONS: Final = word_set("occasion_nouns")


def _begins(t: Tokens, i: int, hi: int) -> bool:
    """Whether a noun phrase can begin at `i`; at the start of a sentence a capital letter proves nothing."""
    flags = t.flags
    first = flags[i]
    if first & _HARD or (first & _STOP and not t.capital(i)) or (first & Flag.PREPOSITION and t.words[i] != "Antara"):
        return False
    if first & Flag.NUMBER and flags[i + 1] & Flag.TIME:
        return False
    if first & Flag.VERB and not first & (Flag.NOUN | Flag.ROLE) and opens_sentence(t, i):
        after = skip_forward(t, i + 1, hi)
        if after < t.size and not (t.capital(i + 1) or _is_reporting(flags[after])):
            return False
    if first & Flag.ADJECTIVE and opens_sentence(t, i) and i + 1 < hi and not t.capital(i + 1):
        return t.low[i] == "salah" and t.low[i + 1] in ("seorang", "satu")
    return not first & _BEGINS_NONE


def _in_name(t: Tokens, i: int, k: int) -> bool:
    """Whether a role's word at `k` of the phrase from `i` on is a name: `Ratih Putri`."""
    return t.low[k] in _NAMES_TOO and k > i and t.capital(k) and t.capital(k - 1)


def phrase_after(t: Tokens, i: int, hi: int, *, strict: bool = False) -> int:
    """End of the noun phrase that begins at token `i`, or `i` where none begins.

    `strict`: a name after a comma counts only if another comma, a bracket or the sentence's end closes it (after
    `Menurut`, the words that follow a comma are more likely the report's).
    """
    flags, low = t.flags, t.low
    if i >= hi:
        return i
    hi = min(hi, i + MAX_PHRASE)
    if flags[i] & Flag.PRONOUN and low[i] != "doi":
        return i + 1
    if flags[i] and not _begins(t, i, hi):
        return i
    end = k = i
    named = described = False  # a capitalised word; a role or a common noun, so that the phrase may go on after a comma
    while k < hi:
        f = flags[k]
        if not f:  # a name or a plain noun: most words
            word = low[k]
            if not t.capital(k):
                described = True
            else:
                named = named or (k > i and word not in PLACES)
                described = described or word in _INSTITUTIONS
            end = k = k + 1
            continue
        if f & _HARD:
            step = past_mark(t, k, hi, i, named, described, strict)
            if step <= k:
                if step < 0:
                    end = -step
                break
            end = k = step
            if f & Flag.YANG and not flags[k] & Flag.ROLE and low[k - 1] != "bernama":
                end = _named_after_clause(t, k, hi)
                break
            continue
        capital = t.capital(k)
        way = _way(t, i, k, hi, described, strict)
        if way == _STOPS:
            break
        k += 1
        if way == _PASSES:
            continue
        end = k
        if way == _LAST:
            break
        if way == _WORD:
            f, word = flags[k - 1], low[k - 1]
            named = named or (capital and k - 1 > i and not f & Flag.ROLE and word not in PLACES)
            described = described or (bool(f & Flag.ROLE) and not _in_name(t, i, k - 1)) or word in _INSTITUTIONS
            described = described or (not capital and not f & Flag.NUMBER)
        elif way == _DESCRIBES:
            described = True
    while end > i + 1 and not t.capital(end - 1) and (flags[end - 1] & _TRAILS or _counts_time(t, end - 1)):
        end -= 1
    return end


def heads_clause(t: Tokens, k: int, c: int) -> bool:
    """Whether the subject of the verb at `c` stands right after the subordinator at `k`: setelah | Budi mengatakan."""
    first, word = t.flags[k + 1], t.low[k + 1]
    if word in _OCCASIONS or not (t.capital(k + 1) or first & (Flag.ROLE | Flag.PRONOUN) or word in _INSTITUTIONS):
        return False
    end = phrase_after(t, k + 1, c)
    while end < c and end > k + 1 and t.flags[end] & _MAY_FOLLOW:
        end += 1
    return end == c


def _counts_time(t: Tokens, k: int) -> bool:
    """Whether the word at `k` belongs to a time that follows: Kanada | empat tahun lalu."""
    return t.low[k] in _HOW_MANY and bool(t.flags[k + 1] & Flag.TIME)


def _named_after_clause(t: Tokens, k: int, hi: int) -> int:
    """End of a name with an age after a relative clause (warga yang berjualan di sana, Ratih | (42)); else `k`."""
    if not t.flags[k] & Flag.COMMA:
        return k
    name = name_segment(t, k + 1, hi, strict=True)
    aged = name < t.size - 1 and t.flags[name] & Flag.OPEN and t.flags[name + 1] & Flag.NUMBER
    return name if name > k + 1 and aged else k


def _way(t: Tokens, i: int, k: int, hi: int, described: bool, strict: bool) -> int:
    """How the phrase that begins at `i` goes on with the flagged word at `k`: `_STOPS` before it, `_LAST` with it, …"""
    flags, low = t.flags, t.low
    f = flags[k]
    capital = t.capital(k)
    if (f & Flag.COORDINATOR and not capital) or low[k] == "sekaligus":
        return _PASSES if _coordinates(t, k, hi) else _STOPS
    named_so = capital and (k == i or t.words[k] == "Antara" or in_name(t, k, hi))
    together = capital and low[k] == "bersama" and k > i and t.capital(k - 1)  # PT Tumbuh Bersama
    if f & Flag.PREPOSITION and not named_so and not together:
        return _PASSES if _keeps_preposition(t, i, k, hi, described) else _STOPS
    if f & Flag.TIME and low[k] == "tahun" and flags[k - 1] & Flag.NUMBER and low[k - 2] in _AGE:
        return _TAKES
    if f & Flag.TIME and not f & Flag.ROLE and not _named_after_time(t, k, i):
        return _STOPS
    if f & Flag.PRONOUN and not (capital and k > i and t.capital(k - 1)):
        if k == i or t.capital(k - 1) or low[k] not in ("kami", "kita", "saya", "mereka"):
            return _STOPS
        follows = k + 1 < hi and flags[k + 1] & Flag.COMMA and name_segment(t, k + 2, hi, strict) > k + 2
        return _DESCRIBES if follows else _LAST
    if f & Flag.DETERMINER and not capital:
        after = flags[k + 1] if k + 1 < hi else 0
        named_after = k + 1 < hi and t.capital(k + 1) and not after & _STOP and described
        return _TAKES if low[k] in ("lain", "lainnya") or named_after or after & (Flag.COMMA | Flag.OPEN) else _LAST
    if f & Flag.CONNECTIVE and low[k] in _AFTER_NAMES and k > i:
        return _STOPS  # Budi misalnya, Budi kala itu
    if not capital and f & (_STOP | Flag.CUE):
        if low[k] == "asal" and k > i and k + 1 < hi and t.capital(k + 1):
            return _TAKES  # wisatawan asal Solo
        if f & Flag.ADJECTIVE and k > i and (not t.capital(k - 1) or k == i + 1):
            return _TAKES
        return _DESCRIBES if f & Flag.NOUN and not f & (_STOP & ~Flag.VERB) else _STOPS
    if capital and f & (Flag.CUE | Flag.AUX) and k > i and f & Flag.VERB:
        return _STOPS  # a headline's verb
    joins = capital and k > i and f & (Flag.SUBORDINATOR | Flag.COMP | Flag.CONNECTIVE)
    acting = flags[k - 1] & Flag.ROLE and flags[k + 1] & Flag.OPEN  # Pejabat Sementara (Pjs) Bupati
    return _STOPS if joins and not in_name(t, k, hi) and not acting else _WORD


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
    if word == "dalam" and t.low[k + 1] == "negeri" and described:
        return True  # menteri dalam negeri
    if word == "dari" and common and described:
        return True
    if word in ("pada", "di", "dari") and described and t.low[k + 1] in _INSTITUTIONS:
        return True
    if word == "dari" and t.capital(k - 1) and _is_body(t, k + 1):
        return True  # Budi dari Universitas Karang
    if word == "di" and described and t.low[k + 1] in PLACES and k + 2 < hi and t.capital(k + 2):
        return not t.flags[k + 2] & (Flag.TIME | Flag.ROLE)
    if word in ("di", "pada", "dalam", "dengan", "kepada", "tentang") and (
        t.low[i] in _UNNAMED_HEADS and word in ("di", "dalam") and k <= i + 2 and k + 1 < hi and not t.capital(k + 1)
    ):
        return True
    if word in ("di", "pada", "dari") and common and described and _points(t, k + 1, hi):
        return True  # penjaga loket di Stasiun Karang itu
    if word in ("di", "pada", "dari") and described and t.capital(k + 1):
        comma = next((m for m in range(k + 1, min(k + 9, hi)) if t.flags[m] & _HARD), -1)
        return comma > 0 and bool(t.flags[comma] & Flag.COMMA) and name_segment(t, comma + 1, hi, False) > comma + 1
    return False


def _is_body(t: Tokens, k: int) -> bool:
    """Whether the word at `k` is or opens an institution: universitas, kelompok, HRW; no place that is an acronym."""
    return t.low[k] in _INSTITUTIONS or (is_acronym(t.words[k]) and t.low[k] not in PLACES)


def _points(t: Tokens, k: int, hi: int) -> bool:
    """Whether a few nouns from `k` on end in the `itu` of the whole phrase."""
    i = k
    while i < min(hi, k + 5) and not t.flags[i] & ~(Flag.NOUN | Flag.ROLE):
        i += 1
    return k < i < hi and t.low[i] in ("itu", "tersebut") and bool(t.flags[i + 1] & _HARD or i + 1 >= hi)


def _named_after_time(t: Tokens, k: int, i: int) -> bool:
    """Whether a word of time is part of a name: Agung Hari Wibowo, Panitia Hari Anak."""
    return (
        t.low[k] in ("hari", "tahun") and k > i and t.capital(k) and t.capital(k + 1) and not t.flags[k + 1] & Flag.TIME
    )


def _is_reporting(f: int) -> bool:
    return bool(f & (Flag.COMMA | Flag.OPEN)) or (bool(f & Flag.CUE) and not f & Flag.NOUN)


def opens_sentence(t: Tokens, i: int) -> bool:
    return i == 0 or bool(t.flags[i - 1] & (Flag.TERMINAL | Flag.NEWLINE | Flag.DASH))


def skip_forward(t: Tokens, k: int, hi: int) -> int:
    """Past auxiliaries, adverbs and negations."""
    while k < hi and t.flags[k] & _SKIP_BACK:
        k += 1
    return k
