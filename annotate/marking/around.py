"""Whether the words on either side of a cue and its source are one report, or lead up to it, or tell of the source."""

from typing import Final

from annotate.lexicon import Flag, cues_in, word_set
from annotate.marking.clauses import has_predicate, is_clause
from annotate.marking.extents import phrase_after
from annotate.marking.tokens import Tokens

_OPENS_COMPLEMENT: Final = word_set("complement_openers")
_ALSO: Final = word_set("also")
_COPULAS: Final = word_set("copulas")
_APPOSES: Final = word_set("apposes")
_OF_TELLING: Final = word_set("of_telling")
_SURELY: Final = word_set("surely")
_ABOUT_SOURCE: Final = word_set("about_source")
_ONE_OF: Final = frozenset(("seorang", "salah"))
MAX_APPOSITION: Final = 20  # tokens
MAX_CONNECTIVE: Final = 5  # tokens
_CONNECTIVES: Final = word_set("connective_phrases")
_UNTIL_NOW: Final = word_set("until_now")
_MERELY: Final = word_set("merely")
_THIRD: Final = word_set("third")
_AFTERWARDS: Final = word_set("afterwards")
FRONTED: Final = Flag.SUBORDINATOR | Flag.PREPOSITION | Flag.TIME | Flag.YANG | Flag.CONNECTIVE
_LEADS_UP: Final = FRONTED | Flag.VERB
_OPENS_REST: Final = (
    FRONTED | Flag.ADJECTIVE | Flag.ADVERB | Flag.NUMBER | Flag.COORDINATOR | Flag.PRONOUN | Flag.DETERMINER
)
_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.NEGATION
_QUOTED: Final = _PREDICATE | Flag.ADJECTIVE
_AFTER_KNOWN: Final = Flag.TERMINAL | Flag.PREPOSITION | Flag.TIME | Flag.COMMA | Flag.OPEN
_BODIES: Final = word_set("institutions") | word_set("told")
_TOLD_WITH: Final = cues_in("say", "clause", "weak", "source", "quote")
_NOUNS: Final = cues_in("noun")
_CLOSING: Final = cues_in("source", "quote")


def is_subject(t: Tokens, a: int, c: int) -> bool:
    """Whether the words before a cue are a subject alone, perhaps with a relative clause."""
    if not has_predicate(t, a, c) or phrase_after(t, a, c) >= c - bool(t.flags[c - 1] & Flag.COMMA):
        return True
    yang = next((k for k in range(a, c) if t.flags[k] & Flag.YANG), a)
    return bool(t.flags[c - 1] & Flag.DETERMINER) and not has_predicate(t, a, yang) and yang > a


def led_up_to(t: Tokens, a: int, b: int) -> bool:
    """Whether the words before a cue only lead up to a clause: Selaras dengan itu, menurutnya harga naik."""
    f = t.flags[a]
    return bool(f & (Flag.SUBORDINATOR | Flag.PREPOSITION | Flag.TIME)) or not has_predicate(t, a + 1, b)


def past_apposition(t: Tokens, end: int, k: int, b: int) -> int:
    """Past an apposition to the name that ends at `end`: Menurut Danu Adi, dosen di Solo, | harga naik; else `k`.

    No apposition is what the predicate follows after its commas: Menurut Danu Adi, petani Solo, juga di Karang, rugi.
    """
    flags = t.flags
    named = t.capital(end - 1) and t.capital(end - 2)  # a whole name, as where somebody is first told of
    if t.capital(k) or not (flags[k] & Flag.ROLE or t.low[k] in _ONE_OF) or not named:
        return k
    comma = next((m for m in range(k + 1, min(b, k + MAX_APPOSITION)) if flags[m] & Flag.COMMA), b)
    if comma + 2 >= b or has_predicate(t, k, comma) or not has_predicate(t, comma + 1, b):
        return k
    for m in range(comma, min(b - 1, comma + MAX_APPOSITION)):
        if flags[m] & Flag.COMMA and flags[m + 1] & _QUOTED:
            return k
        if flags[m] & _PREDICATE:
            break
    return comma + 1


def predicate_next(t: Tokens, k: int, b: int, *, verb: bool = False) -> bool:
    """Whether the predicate follows a source without a comma between: Pasar itu, kata Budi | akan dibuka lagi.

    `verb`: a bare verb is one, too, and tells nothing of the source (menurut Budi | dipicu hujan).
    """
    if k + 2 < b and t.low[k] in _ALSO:
        k += 1
    if verb and k + 2 < b and t.low[k] in _OPENS_COMPLEMENT:
        return True  # Hal itu menurut Budi | karena hujan; Pasar itu menurut Budi | berhasil menarik warga
    opens = Flag.AUX | Flag.NEGATION | (Flag.VERB if verb else 0)
    return k + 1 < b and bool(t.flags[k] & opens or t.low[k] in _COPULAS) and not t.capital(k)


def predicate_quoted(t: Tokens, head: int, end: int, quote: int) -> bool:
    """Whether a subject stands from `head` to `end`, and its predicate after the mark: Usul itu "keliru," ..."""
    opens = bool(t.flags[quote] & Flag.QUOTE and t.flags[quote + 1] & _QUOTED) and not t.capital(quote + 1)
    return opens and head < end and phrase_after(t, head, end) == end


def ends_in_known(t: Tokens, k: int, b: int) -> bool:
    """Whether a person or a body that was spoken of closes the sentence from `k` on: ..., tambah kementerian itu."""
    if not (t.flags[k] & Flag.ROLE or t.low[k] in _BODIES):
        return False
    end = phrase_after(t, k, b)
    return end > k + 1 and bool(t.flags[end - 1] & Flag.DETERMINER) and (end >= b or bool(t.flags[end] & _AFTER_KNOWN))


def goes_on(t: Tokens, k: int, b: int) -> bool:
    """Whether a clause follows a cue without a comma between."""
    mark = t.flags[k] & (Flag.PREPOSITION | Flag.TIME | Flag.TERMINAL | Flag.SUBORDINATOR | Flag.QUOTE | Flag.COLON)
    return not mark and b - k > 3 and has_predicate(t, k, b)


def only_tells(t: Tokens, head: int, c: int, end: int, comma: int, b: int) -> bool:
    """Whether no clause of the report that begins at `head` follows the comma after a source that ends at `end`.

    kata Budi, agen khusus di Solo / kata Budi, beberapa jam setelah hujan turun
    """
    if not has_predicate(t, head, c - 1):
        return False
    if comma > end and not has_predicate(t, comma + 1, b):
        return True
    if not _AFTERWARDS.isdisjoint(t.low[comma + 2 : comma + 4]) and not t.flags[head] & FRONTED:
        return True
    if t.flags[comma + 1] & _OPENS_REST or t.flags[head] & _LEADS_UP or not is_clause(t, head, c - 1):
        return False
    return not any(f & _PREDICATE and not f & Flag.NOUN for f in t.flags[comma + 1 : b])


def adds_more(t: Tokens, head: int, c: int, comma: int) -> bool:
    """Whether who speaks goes on with another verb after the comma: kata Budi, ia menambahkan ..."""
    more = comma and t.low[comma + 1] in _THIRD and t.flags[comma + 2] & Flag.CUE
    return bool(more) and has_predicate(t, head, c - 1)


def turns_away(t: Tokens, k: int, *, whole: bool) -> bool:
    """Whether what follows source and comma is about the source or what it did, and not part of the report.

    kata Budi, merujuk pada banjir / dengan menambahkan ...; and where what stands before the cue is a `whole` clause:
    kata Budi, yang tinggal di sana / tanpa merinci / sebuah lembaga
    """
    if t.flags[k] & Flag.COORDINATOR and t.flags[k + 1] & Flag.CUE:
        k += 1
    if t.low[k] in _TOLD_WITH and t.low[k] not in _NOUNS:
        return (whole or t.low[k] in _CLOSING) and not t.capital(k)
    if t.low[k] == "dengan" and t.flags[k + 1] & Flag.CUE:
        return True
    if whole and t.low[k] == "dari" and t.capital(k + 1):
        return True  # kata Budi, dari Dinas Pasar
    return whole and t.low[k] in _ABOUT_SOURCE


def continues(t: Tokens, k: int, b: int) -> bool:
    """Whether the report goes on after the source, and not an apposition or the circumstances."""
    if t.flags[k] & (Flag.TIME | Flag.OPEN) and t.capital(k):
        return False
    if t.low[k] in _APPOSES:
        return t.low[k] in ("yang", "dalam", "di", "pada") and has_predicate(t, k, b) and b - k > 6
    return True


def substantial(t: Tokens, a: int, b: int) -> bool:
    """Whether the words before the cue belong to the report, and are not only a connective or a topic."""
    if t.low[a] in ("saat", "kini", "sekarang") and t.low[a + 1] in ("ini", "itu", "sekarang"):
        return True
    if t.low[a] == "hal" and t.flags[a + 1] & Flag.DETERMINER:
        return True
    if t.low[a] in _OF_TELLING and not any(t.flags[i] & Flag.COMMA for i in range(a, b)):
        return False
    if b - a <= 4 and t.low[b - 1] in _SURELY and t.low[b - 2] == "yang":
        return False  # yang pasti, kata Budi, ...
    if b - a <= MAX_CONNECTIVE:
        end = b if t.flags[b] & Flag.COMMA else b + 1  # the comma may be lost
        words = "-".join(t.low[a:end])
        if words in _CONNECTIVES or words in _UNTIL_NOW:
            return words in _UNTIL_NOW
    if b - a <= 5 and t.low[a + 1] in _MERELY and t.flags[a] & Flag.NEGATION:
        return False  # tidak hanya itu, tak cukup sampai di situ
    flags = t.flags
    return not all(
        flags[i] & (Flag.CONNECTIVE | Flag.ADVERB | Flag.SUBORDINATOR | Flag.COMMA | Flag.COORDINATOR | Flag.DETERMINER)
        for i in range(a, b)
    )
