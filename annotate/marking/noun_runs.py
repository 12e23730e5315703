"""Runs of nouns and names, read backwards: what ends right before a verb, and what a relative clause belongs to."""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.extents import phrase_after, skip_forward
from annotate.marking.phrase_marks import PLACES
from annotate.marking.tokens import Tokens

MAX_RUN: Final = 14  # tokens
_HARD: Final = (
    Flag.COMMA | Flag.TERMINAL | Flag.NEWLINE | Flag.QUOTE | Flag.OPEN | Flag.CLOSE | Flag.COLON | Flag.DASH | Flag.YANG
)
_STOP: Final = (
    Flag.AUX | Flag.ADVERB | Flag.NEGATION | Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.COMP | Flag.VERB
)
_NO_NAME: Final = Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.COMP | Flag.CONNECTIVE | Flag.PRONOUN
_STOPS: Final = _HARD | _STOP | Flag.COORDINATOR | Flag.CUE
_NO_WORD: Final = _HARD | Flag.TIME
_NO_FIRST: Final = _NO_NAME | Flag.AUX | Flag.NEGATION
_INSTITUTIONS: Final = word_set("institutions")
_ABOUT: Final = word_set("about")
_DESCRIBED: Final = word_set("described")
_LOCATED: Final = word_set("located")
_PLACE_HEADS: Final = word_set("place_heads")
_NAMELESS: Final = word_set("nameless")
_SEVERAL: Final = word_set("several")


def antecedent_before(t: Tokens, lo: int, yang: int) -> tuple[int, int] | None:
    """The noun phrase that a relative clause at `yang` belongs to."""
    flags = t.flags
    j = yang - 1
    while j > lo and flags[j] & (Flag.COMMA | Flag.CLOSE):
        j -= 1
    bracket = _bracketed(t, lo, j + 1)
    if bracket > lo and (begin := whole_institution(t, lo, walk_back(t, lo, bracket - 1))) < bracket:
        return begin, j + 2  # Mahkamah Karang (MK) yang menyebut
    if t.low[j] == "lalu" and flags[j - 1] & Flag.TIME and t.low[j - 2] == "pada" and j - 3 > lo:
        j -= 3  # perkiraan pada April lalu yang menyebut
    for _ in range(3):
        begin = whole_institution(t, lo, walk_back(t, lo, j))
        led = begin > lo + 1 and flags[begin - 1] & Flag.PREPOSITION and t.low[begin - 1] not in _ABOUT
        if led and t.low[begin - 1] != "oleh":
            if j + 1 < yang and t.capital(j) and t.low[begin - 1] not in _LOCATED:  # dari wilayah Chad, yang menuduh
                return (begin + 1 if t.low[begin] in _PLACE_HEADS and t.capital(begin + 1) else begin, j + 1)
            j = begin - 2
            continue
        return (with_office(t, lo, begin, yang), j + 1) if begin <= j and not flags[begin] & Flag.NUMBER else None
    return None


def _bracketed(t: Tokens, lo: int, close: int) -> int:
    """Where the bracket opens that closes at `close` and holds an acronym alone; -1 where none does."""
    acronym = close - 2 > lo and t.flags[close] & Flag.CLOSE and t.flags[close - 2] & Flag.OPEN
    return close - 2 if acronym and t.words[close - 1].isupper() and t.words[close - 1].isalpha() else -1


def with_office(t: Tokens, lo: int, begin: int, yang: int) -> int:
    """Where the office begins that a comma parts from a name: dari Ketua Yayasan Karang, | Danu, yang menuturkan."""
    if begin - 2 < lo or not t.flags[begin - 1] & Flag.COMMA or not t.capital(begin):
        return begin
    for k in range(max(lo, begin - MAX_RUN), begin - 1):
        if t.flags[k] & Flag.ROLE and phrase_after(t, k, yang) > begin:
            return k
    return begin


def whole_institution(t: Tokens, lo: int, begin: int) -> int:
    """Where the name begins that `dan` parts: Kementerian Komunikasi dan | Informatika."""
    if begin - 2 <= lo or t.low[begin - 1] != "dan" or not (t.capital(begin) and t.capital(begin - 2)):
        return begin
    head = walk_back(t, lo, begin - 2)
    return head if any(word in _INSTITUTIONS for word in t.low[head : begin - 1]) else begin


def _describes(t: Tokens, k: int, j: int) -> bool:
    """Whether the word at `k` describes the noun before it: pengadilan lebih rendah, pria bermarga Wang itu."""
    if t.low[k] == "lebih":
        return k < j and k > 0 and bool(t.flags[k + 1] & Flag.ADJECTIVE)
    return t.low[k].startswith("ber") and t.low[k - 1] in _DESCRIBED and bool(t.flags[j] & Flag.DETERMINER)


def walk_back(t: Tokens, lo: int, j: int) -> int:
    """Start of the run of nouns and names that ends at `j`; `j + 1` where `j` is none."""
    flags = t.flags
    k = j
    while k >= lo and j - k < MAX_RUN:
        f = flags[k]
        if f & Flag.DETERMINER and k < j and t.low[k] in ("itu", "ini", "tersebut"):
            break  # Dalam surat itu | agen penjual menyatakan
        if t.low[k] == "depan" and k > 0 and t.low[k - 1] == "ke":
            break  # Ke depan | pemda meminta
        named = t.capital(k) and not f & _NO_WORD and (k > lo or not f & _NO_FIRST)
        stops = f & _STOPS and not named and not _describes(t, k, j)
        if (
            stops
            and not (t.low[k] == "asal" and t.capital(k + 1))
            and (not f & Flag.NOUN or f & (Flag.CLOSE | Flag.PREPOSITION) or t.low[k] == "terkait")
        ):
            break
        k -= 1
    return k + 1


def before_apposition(t: Tokens, lo: int, j: int) -> tuple[int, int] | None:
    """A name that an apposition follows whose determiner stands at `j`: Budi, warga Karang, Solo ini mengatakan."""
    if not (t.low[j] in ("itu", "ini") and t.capital(j - 1) and t.flags[j - 2] & Flag.COMMA and j - 2 > lo):
        return None
    end = phrase_after(t, lo, j)
    return (lo, end) if lo < end < j - 1 and t.capital(end - 1) and t.flags[end] & (Flag.YANG | Flag.COMMA) else None


def with_title(t: Tokens, lo: int, j: int) -> tuple[int, int] | None:
    """A noun with a title in quotation marks and a determiner at `j`: pelantun "Hujan" itu."""
    flags = t.flags
    if not (flags[j] & Flag.DETERMINER and flags[j - 1] & Flag.QUOTE):
        return None
    mark = next((k for k in range(j - 2, max(lo, j - 12), -1) if flags[k] & Flag.QUOTE), lo)
    head = walk_back(t, lo, mark - 1) if mark > lo else j
    return (head, j + 1) if head < mark else None


def _nameless(t: Tokens, begin: int, end: int) -> bool:
    """Whether a phrase that ends in a capital names no person: Ilmuwan, Wartawan BBC, para pejabat Iran."""
    head = begin + 1 if t.low[begin] in _SEVERAL or t.low[begin] == "seorang" else begin
    if t.low[head] not in _NAMELESS or head >= end:
        return False
    last = end - 1
    return last == head or t.words[last].isupper() or t.low[last] in PLACES


def with_place(t: Tokens, begin: int, end: int, c: int) -> int:
    """An unnamed source keeps its place: beberapa orang di Rusia."""
    if end < c and t.low[end] in ("di", "dari") and (not t.capital(end - 1) or _nameless(t, begin, end)):
        after = phrase_after(t, end + 1, c)
        if after > end + 1 and skip_forward(t, after, c) == c:
            return after
    return end
