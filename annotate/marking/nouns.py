"""Nouns that signal a report: pernyataan Budi bahwa harga naik, klaim "harga naik", kabar Budi mundur."""

from typing import Final

from annotate.lexicon import CueEntry, Flag, word_set
from annotate.marking.clauses import has_predicate, is_clause
from annotate.marking.extents import phrase_after
from annotate.marking.found import Sentence, add_report, scope
from annotate.marking.report_ends import report_end
from annotate.marking.subjects import subject_before
from annotate.marking.tokens import Tokens

MAX_FRONTED: Final = 2  # tokens before a noun that opens the sentence
MAX_LED: Final = 4  # tokens of what leads in the noun: menanggapi munculnya
_FRONTING: Final = word_set("fronting") - {"berdasarkan", "mengutip", "melansir"}
_GIVES_OUT: Final = word_set("gives_out")
_GIVES_WORD: Final = _GIVES_OUT - word_set("gets")
_LEADS_TELLING: Final = word_set("one") | {"dalam", "melalui", "lewat"}
_GIVING: Final = word_set("giving")
_TOLD_THAT: Final = word_set("that") | {"agar", "supaya", "untuk"}
_FIRST: Final = word_set("first")
_FROM: Final = word_set("from")
_DENIED: Final = word_set("denied")
_COPULAS: Final = word_set("copulas")
_FALSE: Final = word_set("untrue")
_SUPPOSING: Final = frozenset(("kalau", "jika"))
_PARTS: Final = Flag.COMMA | Flag.YANG | Flag.QUOTE | Flag.TERMINAL | Flag.COMP | Flag.CUE
MAX_NEWS: Final = 24  # tokens of what is rumoured
_OF_NOUNS: Final = word_set("of_nouns")
_VERIFIED: Final = word_set("verified")
_BEFORE_NEWS: Final = Flag.VERB | Flag.PREPOSITION | Flag.CONNECTIVE
_NEWS: Final = word_set("news")
_NEWSROOMS: Final = word_set("newsrooms")
_SPREAD: Final = word_set("begins_rumour") | {"adanya"}
_NO_NEWS: Final = Flag.YANG | Flag.DETERMINER | Flag.PREPOSITION | Flag.COMP | Flag.ADJECTIVE | Flag.COMMA
_SORTS: Final = word_set("sorts_of_report")
_BEGINS_RUMOUR: Final = word_set("begins_rumour")
_OPENS_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.ADJECTIVE | Flag.NEGATION | Flag.ADVERB


def mark_noun(s: Sentence, c: int, entry: CueEntry) -> bool:
    """pernyataan Budi bahwa harga naik / klaim "harga naik" / pertanyaan apakah harga naik."""
    t, flags, low = s.t, s.t.flags, s.t.low
    if c > s.a and low[c - 1] in _NEWSROOMS:
        return False  # kepada surat kabar Bengawan bahwa
    if _noun_before_quote(s, c):
        return True
    if s.inside and any(word in _FIRST for word in low[max(s.a, c - 4) : c]):
        return False  # "Kami punya keyakinan bahwa ..."
    if low[c] in _NEWS and (_news_of(s, c) or _news_judged(s, c)):
        return True
    supposed = low[c + 1] in _SUPPOSING and (low[c] in _NEWS or entry.frames["noun"] == "accusation")
    limit = min(s.b, c + 12)
    for i in range(c + 1, limit):
        f = flags[i]
        asked = low[i] in ("agar", "supaya") and entry.frames["noun"] == "directive"  # seruan warga agar ...
        if low[i] == "bahwa" and flags[i - 1] & Flag.COORDINATOR and i > c + 1:
            return False  # memasang komentar kotor dan bahwa ...
        if asked or low[i] in ("bahwa", "bahwasanya") or (i == c + 1 and (supposed or low[i] == "apakah")):
            first = c + 2 if low[c + 1] in _FROM else c + 1  # tuduhan oleh para pejabat bahwa
            while low[first] in _SORTS:  # tuduhan lama bahwa; kabar burung bahwa
                first += 1
            owner = (first, phrase_after(t, first, i)) if i > first and not entry.clitic else (0, 0)
            while owner[1] > owner[0] and flags[owner[1] - 1] & Flag.NUMBER:
                owner = (owner[0], owner[1] - 1)  # seruan desa itu | 23 Mei lalu agar
            source = [owner] if owner[1] > owner[0] else []
            giver = subject_before(t, scope(s, c - 1), c - 1) if not source and low[c - 1] in _GIVES_WORD else None
            source = [giver] if giver else source  # Budi memberikan klarifikasi bahwa
            k = i if low[i] == "apakah" else i + 1
            if low[c - 1] in _LEADS_TELLING and any(one.a == k and one.cues and one.cues[0][1] <= c for one in s.found):
                return False  # mengatakan dalam sebuah pernyataan bahwa
            end = report_end(t, k, s.b, s.quotes)
            if asked and c - s.a <= MAX_FRONTED:  # Terkait permintaan warga agar jalan ditutup, lurah menolak
                end = next((m for m in range(k + 1, end) if flags[m] & Flag.COMMA), end)
            elif low[s.a] in _FRONTING and c - s.a <= MAX_LED:  # Terkait rumor bahwa pasar ditutup, lurah membantah
                end = next((m for m in range(k + 2, end) if flags[m] & Flag.COMMA and has_predicate(t, k, m)), end)
            if c == s.a:
                end = next((m for m in range(k + 2, end) if _judged(t, k, m)), end)  # Klaim bahwa ... | dibantah
            if supposed:
                end = next((m for m in range(k + 2, end) if _is_false(t, m)), end)  # Kabar kalau ... | itu hoaks
            return add_report(s, k, end, source, [(c, c + 1)], "noun-that")
        if (
            f & Flag.CUE
            or f & (Flag.COMMA | Flag.TERMINAL | Flag.QUOTE | Flag.COLON)
            or (f & (Flag.VERB | Flag.AUX) and not f & Flag.NOUN)
        ):
            return False
    return False


def _judged(t: Tokens, a: int, k: int) -> bool:
    """Whether the predicate of the noun whose clause begins at `a` begins at `k`: dibantah, tidak terbukti, menguat."""
    if t.low[k] in _OF_NOUNS:
        return has_predicate(t, a, k)
    if t.flags[k - 1] & Flag.YANG:
        return False
    if t.low[k] in _DENIED:
        return True
    return bool(t.flags[k] & Flag.NEGATION) and any(word in _VERIFIED for word in t.low[k + 1 : k + 4])


def mark_told(s: Sentence, c: int, _entry: CueEntry) -> bool:
    """Warga diberi tahu bahwa pasar ditutup / Ia diberitahu lurah agar pulang: what was told, and who told it."""
    t, low = s.t, s.t.low
    end = c + 2 if low[c] in _GIVING else c + 1
    if low[c] in _GIVING and low[c + 1] != "tahu":
        return False  # diberi bantuan
    if low[c] == "memberi":
        return _lets_know(s, c)
    first = end + 1 if low[end] == "oleh" else end
    stop = phrase_after(t, first, s.b)
    k = max(first, stop)
    if k >= s.b or low[k] not in _TOLD_THAT:
        return False
    source = [(first, stop)] if stop > first else []
    return add_report(s, k + 1, report_end(t, k + 1, s.b, s.quotes), source, [(c, end)], "told")


def _lets_know(s: Sentence, c: int) -> bool:
    """Lurah memberi tahu warga bahwa pasar ditutup."""
    t = s.t
    k = max(c + 2, phrase_after(t, c + 2, s.b))
    source = subject_before(t, scope(s, c), c)
    if k + 1 >= s.b or t.low[k] not in _TOLD_THAT or source is None:
        return False
    return add_report(s, k + 1, report_end(t, k + 1, s.b, s.quotes), [source], [(c, c + 2)], "told")


def _news_of(s: Sentence, c: int) -> bool:
    """soal kabar Budi mengundurkan diri: a name and its predicate after a noun of hearsay that is no subject itself."""
    t, flags = s.t, s.t.flags
    if c == s.a + 1 and t.low[s.a] in _BEGINS_RUMOUR and flags[c + 1] & Flag.COMMA:  # Beredar kabar, harga naik
        return add_report(s, c + 2, report_end(t, c + 2, s.b, s.quotes), [], [(c, c + 1)], "noun-bare")
    spread = c > s.a and t.low[c - 1] in _SPREAD and not flags[c + 1] & _NO_NEWS
    if spread and is_clause(t, c + 1, s.b):  # beredar kabar pasar itu ditutup
        return add_report(s, c + 1, report_end(t, c + 1, s.b, s.quotes), [], [(c, c + 1)], "noun-bare")
    if c == s.a or not flags[c - 1] & _BEFORE_NEWS or not t.capital(c + 1):
        return False
    end = phrase_after(t, c + 1, s.b)
    if end <= c + 1 or not flags[end] & _OPENS_PREDICATE or t.capital(end):
        return False
    return add_report(s, c + 1, report_end(t, c + 1, s.b, s.quotes), [], [(c, c + 1)], "noun-bare")


def _news_judged(s: Sentence, c: int) -> bool:
    """Kabar pasar ditutup | adalah hoaks; Kabar ditutupnya pasar | beredar: a proposition, and what is said of it."""
    t, flags, low = s.t, s.t.flags, s.t.low
    k = c + 1
    nominal = k + (low[k] == "akan")
    if low[nominal].endswith("nya") and flags[nominal] & Flag.VERB and not t.capital(nominal):
        end = phrase_after(t, nominal + 1, s.b)
        return end > nominal + 1 and add_report(s, k, end, [], [(c, c + 1)], "noun-bare")
    if flags[k] & _NO_NEWS:
        return False
    for i in range(k + 2, min(s.b, k + MAX_NEWS)):
        if flags[i] & _PARTS:
            return False
        if low[i] in _COPULAS or low[i] in _OF_NOUNS or _is_false(t, i):
            told = any(f & (Flag.VERB | Flag.AUX | Flag.NEGATION) and not f & Flag.NOUN for f in flags[k:i])
            return told and is_clause(t, k, i) and add_report(s, k, i, [], [(c, c + 1)], "noun-bare")
    return False


def _is_false(t: Tokens, k: int) -> bool:
    """Whether it is said from `k` on that what stands before it is not true: itu bohong, tersebut hoaks."""
    return bool(t.flags[k] & Flag.DETERMINER) and t.low[k + 1] in _FALSE


def _noun_before_quote(s: Sentence, c: int) -> bool:
    """Budi melontarkan pertanyaan kepada Wati, "Siapa kamu?": the verb's subject asks."""
    t, flags = s.t, s.t.flags
    quote = next((q for q in s.quotes if q.a > c), None)
    if quote is None or quote.a in s.linked or quote.a > c + 10:
        return False
    if any(
        flags[i] & (Flag.VERB | Flag.AUX | Flag.TERMINAL) and not flags[i] & Flag.NOUN for i in range(c + 1, quote.a)
    ):
        return False
    verb = c - 1
    while verb > s.a and flags[verb] & (Flag.ADVERB | Flag.DETERMINER):
        verb -= 1
    if t.low[verb] not in _GIVES_OUT:
        return False
    source = subject_before(t, scope(s, verb), verb)
    return add_report(s, quote.a, quote.b, [source] if source else [], [(c, c + 1)], "noun-quote")
