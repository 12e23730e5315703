"""Subjects that stand apart from their verb: Pasar itu, Budi melanjutkan, dekat; Danu, pedagang Solo, disebut kaya."""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.clauses import clause_start, has_predicate
from annotate.marking.extents import phrase_after
from annotate.marking.found import Range
from annotate.marking.tokens import Tokens

_NOW: Final = word_set("now")
_MAY_BE_OFFICIAL: Final = word_set("may_be_official")
_BEFORE_NAMES: Final = Flag.COMP | Flag.CUE | Flag.CONNECTIVE | Flag.SUBORDINATOR
_NAMES: Final = Flag.NOUN | Flag.ROLE
_APART: Final = Flag.TIME | Flag.CONNECTIVE | Flag.SUBORDINATOR | Flag.ADVERB
_PREDICATE: Final = Flag.AUX | Flag.NEGATION | Flag.VERB | Flag.ADJECTIVE
_NO_PREDICATE: Final = Flag.PRONOUN | Flag.PREPOSITION | Flag.NOUN | Flag.CUE


def report_around(t: Tokens, c: int, k: int, lo: int, source: Range) -> int:
    """Where the report begins that goes on at `k`, after the verb at `c` and a comma; -1 where it begins there.

    Its subject or its time stands before the source: Rupiah, ia mengatakan, akan menguat; Kini, ia mengatakan, ...
    """
    flags, comma = t.flags, source[0] - 1
    if source[1] != c or comma - 1 < lo or not flags[comma] & Flag.COMMA:
        return -1
    head = clause_start(t, lo, comma)
    if t.low[head] in _NOW and (comma == head + 1 or t.low[head + 1 : comma] in (["ini"], ["itu"])):
        return head
    if flags[k] & _NO_PREDICATE or t.capital(k) or t.low[k] == "ada" or any(f & _APART for f in flags[head:comma]):
        return -1
    if flags[head] & Flag.PREPOSITION:
        return -1
    later = flags[k + 1] & (Flag.AUX | Flag.NEGATION)
    if phrase_after(t, head, source[0]) == comma:
        return head if flags[k] & _PREDICATE or later else -1
    subject = phrase_after(t, head, comma) > head and not has_predicate(t, head, comma)
    return head if subject and flags[k] & _PREDICATE else -1


def past_adverbs(t: Tokens, source: Range) -> Range:
    """A headline's subject without the adverbs, in capitals like it, that go with the verb: Lurah Ini | Terus Minta."""
    end = source[1]
    while end > source[0] + 1 and t.flags[end - 1] & (Flag.ADVERB | Flag.AUX):
        end -= 1
    return source[0], end


def apposed_up_to(t: Tokens, lo: int, end: int, comma: int) -> bool:
    """Whether a subject and what is said of it stand from `lo` to the comma: Gates, yang baru tiba, | diperkirakan ...

    `end` is where the noun phrase at `lo` ends.
    """
    if lo < end < comma and t.flags[end] & Flag.COMMA:
        relative = bool(t.flags[end + 1] & Flag.YANG)
        inner = (k for k in range(end + 1, comma) if t.low[k - 1] not in ("untuk", "yang"))
        return relative or not any(t.flags[k] & (Flag.COMMA | _PREDICATE) for k in inner)
    return lo < end == comma and any(t.flags[k] & Flag.COMMA for k in range(lo, end))


def whole_source(t: Tokens, lo: int, source: Range, c: int) -> Range:
    """The source of the verb at `c` with its list and kind, without adverbs: Sumber resmi; para ahli | cukup lama."""
    begin, end = listed_names(t, lo, source, c)
    begin = _joined_before(t, lo, begin)
    if end < c and t.low[end] == "resmi" and t.low[end - 1] in _MAY_BE_OFFICIAL:
        return begin, end + 1
    while end > begin + 1 and (t.low[end - 1] == "lama" or (t.low[end - 1] == "cukup" and t.low[end] == "lama")):
        end -= 1
    return begin, end


def _joined_before(t: Tokens, lo: int, begin: int) -> int:
    """Where a bare name begins that `dan` joins to an office after it: Wati dan | Camat Budi meminta ..."""
    if begin - 2 < lo or t.low[begin - 1] != "dan" or not t.flags[begin] & Flag.ROLE or not _is_name(t, begin - 2):
        return begin
    first = begin - 2
    while first > lo and _is_name(t, first - 1):
        first -= 1
    return first if first == lo or t.flags[first - 1] & _BEFORE_NAMES else begin


def listed_names(t: Tokens, lo: int, source: Range, c: int) -> Range:
    """The whole list of names that a name of it stands for: Solo, Klaten, dan Boyolali | meminta ..."""
    last = c - 1
    while last > source[0] and t.flags[last] & (Flag.AUX | Flag.ADVERB):
        last -= 1
    joint = last
    while joint > lo + 2 and _is_name(t, joint):
        joint -= 1
    if joint == last or t.low[joint] != "dan" or not t.flags[joint - 1] & Flag.COMMA:
        return source
    begin = joint - 1
    while begin > lo and (t.flags[begin] & Flag.COMMA or _is_name(t, begin)):
        begin -= 1
    begin += not _is_name(t, begin)
    led = begin > lo and bool(t.flags[begin - 1] & (Flag.PREPOSITION | Flag.COMMA))
    listed = begin < joint - 1 and begin <= source[0] and _is_name(t, begin)
    return (begin, last + 1) if listed and not led else source


def _is_name(t: Tokens, k: int) -> bool:
    return t.capital(k) and not t.flags[k] & ~_NAMES


def joined_names(t: Tokens, lo: int, a: int) -> int:
    """Where the names begin that `dan` joins to the one at `a`: Rini Wati dan | Budi diminta melapor."""
    if a - 2 < lo or t.low[a - 1] != "dan" or not (t.capital(a) and t.capital(a - 2)):
        return a
    begin = a - 2
    while begin > lo and t.capital(begin - 1) and not t.flags[begin - 1]:
        begin -= 1
    return a if begin > lo and t.flags[begin - 1] & Flag.PREPOSITION else begin  # Rini ke Solo dan | Budi diminta ...
