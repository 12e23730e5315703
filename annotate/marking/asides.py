"""Cues at the start, in the middle, at the end, or after `yang`: kata Budi, menurut Budi, dikutip dari Antara."""

from typing import Final

from annotate.lexicon import CueEntry, Flag, cues_in, word_set
from annotate.marking.around import (
    FRONTED,
    adds_more,
    continues,
    ends_in_known,
    goes_on,
    is_subject,
    led_up_to,
    only_tells,
    past_apposition,
    predicate_next,
    predicate_quoted,
    substantial,
    turns_away,
)
from annotate.marking.clauses import clause_start, has_predicate
from annotate.marking.contents import is_fronted, report_start
from annotate.marking.extents import phrase_after
from annotate.marking.found import (
    COPULAS,
    Found,
    Range,
    Sentence,
    add_clause,
    add_report,
    formula,
    report_is_before,
    scope,
    second_verb,
    source_after,
)
from annotate.marking.headlines import title_case
from annotate.marking.relatives import relative_end
from annotate.marking.report_ends import report_end
from annotate.marking.subjects import subject_before

MAX_FRONTED: Final = 9  # tokens before a root that no comma parts from it
_ACTIVE: Final = cues_in("clause", "say", "name", "control", "weak")
_EVIDENCE: Final = word_set("evidence")
_YOU: Final = frozenset(("kamu", "anda", "kalian", "engkau"))
_POINTING: Final = frozenset(("hal", "ini", "itu"))
_TOLD: Final = word_set("told")
_REPORTS: Final = word_set("reports")
_ADDS: Final = word_set("adding_roots")
_REPORT_NOUNS: Final = word_set("report_nouns")
_REPORTING: Final = word_set("reporting")
_FORMULAS: Final = word_set("formulas")
_AS_TOLD: Final = frozenset((",", "seperti", "sebagaimana"))
_GOES_ON: Final = word_set("goes_on")
_BEARS_EVIDENCE: Final = word_set("bears_evidence")
_NORMS: Final = word_set("norms")
_STATED: Final = word_set("stated")
_APART: Final = Flag.COMMA | Flag.DASH | Flag.QUOTE | Flag.CONNECTIVE | Flag.SUBORDINATOR | Flag.YANG
_ADJOINS: Final = Flag.PREPOSITION | Flag.TIME | Flag.OPEN | Flag.SUBORDINATOR
_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.NEGATION


def mark_quote(s: Sentence, c: int, entry: CueEntry, frame: str = "quote") -> bool:
    """Harga, kata Budi, naik / Harga naik, kata Budi / yang kata Budi naik / Kata Budi, harga naik."""
    _t, flags = s.t, s.t.flags
    if c == s.a + 1 and s.t.low[s.a] == "demikian" and not (entry.clitic or s.quotes):
        return report_is_before(s, c, entry)  # Demikian kata Budi.
    at = c - 1 if c > s.a and s.t.low[c - 1] in ("masih", "demikian") else c  # ..., masih kata Budi
    before = at - 1
    initial = before < s.a
    if (
        entry.clitic
        and not initial
        and s.t.low[before] in ("namun", "tetapi", "tapi", "dan", "bahwa", "meski", "meskipun", "walau")
    ):
        return add_report(s, c + 1, report_end(s.t, c + 1, s.b, s.quotes), [], [(c, c + 1)], frame + "-initial")
    if s.headline and s.t.capital(c) and not initial and s.t.low[c + 1].endswith("nya"):
        return False  # Danu Girang Harga Turun, Ungkap Alasannya
    opens = Flag.COMMA | Flag.YANG | Flag.DASH
    if frame == "source":
        opens |= Flag.SUBORDINATOR | Flag.CONNECTIVE
    closed = not initial and flags[before] & Flag.QUOTE and flags[before - 1] & Flag.COMMA  # ... "takut," kata Budi
    if not initial and not flags[before] & opens and not ((closed and _reported(s, c)) or _comma_lost(s, c, entry)):
        return False
    source = source_after(s, c, entry)
    if source is None and not entry.clitic:
        return False
    end = c + 1 if source is None else source[1]
    return placed(s, at, end, [] if source is None else [source], [(c, c + 1)], frame)


def _reported(s: Sentence, c: int) -> bool:
    """Whether the quoted words that end before `c` are no attribution of their own."""
    return any(q.b == c and q.a not in s.linked for q in s.quotes)


def _comma_lost(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Whether only the comma before the root is missing: Oleh karena itu kata Budi, harga naik; Kini kata Budi, ..."""
    t = s.t
    led = t.flags[c - 1] & Flag.SUBORDINATOR and c == s.a + 1
    fronted = c - s.a <= MAX_FRONTED and t.flags[s.a] & (Flag.PREPOSITION | Flag.TIME) and c - 1 > s.a
    before = t.flags[c - 1] & (Flag.CONNECTIVE | Flag.DETERMINER) or t.low[c - 1].endswith("nya")
    if not (before or led or fronted) or entry.clitic or s.inside or s.headline or t.capital(c):
        return False
    if "quote" not in entry.frames and t.low[c] not in _GOES_ON:
        return False
    named = t.capital(c + 1) or t.flags[c + 1] & Flag.PRONOUN
    end = phrase_after(t, c + 1, s.b)
    if not named or not c + 1 < end < s.b:
        return False
    return bool(t.flags[end] & Flag.COMMA or (led and has_predicate(t, end, s.b)))


def mark_root(s: Sentence, c: int, entry: CueEntry) -> bool:
    """A root that is also another word: a cue between commas or at the end, with a source or a clitic."""
    if c == s.a and s.t.low[c] == "demikian" and not s.quotes:
        return _closing_sentence(s)
    if c - 1 < s.a or not (s.t.flags[c - 1] & (Flag.COMMA | Flag.YANG) or _comma_lost(s, c, entry)):
        return False
    if s.t.capital(c) and title_case(s.t, max(s.a, c - 8), c - 1):
        return False  # a headline's second verb: Menteri Temui Warga, Singgung Harga Beras
    named = c + 1 < s.b and (s.t.capital(c + 1) or s.t.flags[c + 1] & Flag.PRONOUN) and s.t.low[c + 1] not in _YOU
    told = (s.t.low[c] == "demikian" or s.t.low[c] in _REPORTS) and s.t.low[c + 1] in _TOLD  # lapor televisi negara
    told = told or (s.t.low[c] in _ADDS and ends_in_known(s.t, c + 1, s.b))
    if s.t.low[c] == "demikian":
        if s.t.low[c + 1] in _REPORT_NOUNS and (owner := phrase_after(s.t, c + 2, s.b)) > c + 2:
            return placed(s, c, owner, [(c + 2, owner)], [(c + 1, c + 2)], "root")  # demikian laporan Antara
        end = phrase_after(s.t, c + 1, s.b)
        verb = second_verb(s, end) if end > c + 1 else []
        if verb:  # ..., demikian Radio Bengawan melaporkan
            return placed(s, c, verb[0][1], [(c + 1, end)], verb, "root")
    if not (entry.clitic or named or told):
        return False
    return mark_quote(s, c, entry, "root")


def _closing_sentence(s: Sentence) -> bool:
    """Demikian laporan Antara. / Demikian Antara melaporkan.: the report is the sentence before."""
    t, k = s.t, s.a + 1
    noun = t.low[k] in _REPORT_NOUNS
    k = k + 1 if noun or t.flags[k] & Flag.COMMA else k
    end = phrase_after(t, k, s.b)
    cue = s.a + 1 if noun else end
    if end <= k or end >= s.b or not (noun or t.low[end] in _REPORTING):
        return False
    s.add(Found(-1, -1, "indirect", [(k, end)], [(cue, cue + 1)], "report-is-sentence-before"))
    return True


def placed(s: Sentence, c: int, end: int, sources: list[Range], cue: list[Range], frame: str) -> bool:
    """A cue with its source from `c` to `end` at the start, in the middle, at the end, or after `yang`."""
    t, flags = s.t, s.t.flags
    before = c - 1
    lo = scope(s, c, quotes=False)
    if before >= s.a and flags[before] & Flag.YANG:
        k = end + 1 if end < s.b and flags[end] & Flag.COMMA else end
        return k < s.b and add_report(s, k, relative_end(s, k), sources, cue, frame + "-relative")
    comma = comma_after(s, end)
    start = clause_start(t, lo, c)
    head = max(start, lo)
    empty = c - 1 <= head or not substantial(t, head, c - 1)
    if frame == "root" and flags[end - 1] & Flag.PRONOUN and predicate_next(t, end, s.b):
        return False  # Kalau begitu, jelas mereka harus pergi
    if frame == "root" and empty and flags[end] & Flag.NEGATION:
        return False  # Meski begitu, pesan Budi bukan untuk menakuti
    if empty and comma and t.low[comma + 1] in COPULAS and head < c - 1:  # Kedua, kata Budi, adalah modal
        return add_clause(s, head, report_end(t, comma + 1, s.b, s.quotes), sources, cue, frame + "-around")
    if empty:
        unsaid = not sources and (not flags[end] & _ADJOINS or is_fronted(t, end, comma))
        if comma > end and (unsaid or (flags[end - 1] & Flag.PRONOUN and has_predicate(t, end, comma))):
            comma = 0  # menurutnya banyak pedagang, khususnya yang baru, rugi; menurut dia kios ditutup, termasuk ...
        k = past_apposition(t, end, comma + 1, s.b) if comma == end else comma + 1 if comma else _colon_quote(s, end)
        if frame == "source" and comma and flags[k] & Flag.YANG:  # Menurut koran itu, yang mengutip dua pejabat, ...
            k = next((m + 1 for m in range(k, s.b - 2) if flags[m] & Flag.COMMA), k)
        if frame == "source" and _second_cue(s, k, sources, cue):
            return True
        open_end = frame == "source" or bool(flags[k] & (Flag.COLON | Flag.QUOTE))
        if k < s.b and not (comma or open_end) and flags[end - 1] & Flag.PRONOUN:
            open_end = has_predicate(t, k, s.b)  # Pasalnya, kata dia harga naik: the comma is missing
        if k < s.b and not (comma or open_end) and before == s.a and flags[before] & Flag.SUBORDINATOR:
            open_end = has_predicate(t, k, s.b)  # Sehingga kata Budi ada kerja sama
        if k >= s.b or not (comma or open_end):
            return False
        if flags[k] & Flag.COLON:
            k += 1
        return add_report(s, k, report_end(t, k, s.b, s.quotes), sources, cue, frame + "-initial")
    if frame == "source" and sources and flags[before] & Flag.SUBORDINATOR and has_predicate(t, end, s.b):
        return add_report(s, end, report_end(t, end, s.b, s.quotes), sources, cue, "source-initial")  # karena menurut
    led = frame == "source" and bool(flags[head] & Flag.PREPOSITION and flags[before] & Flag.COMMA)
    if (
        sources and predicate_next(t, end, s.b, verb=frame == "source") and (led or is_subject(t, head, c))
    ):  # Harga itu menurut Budi akan turun; Dengan adanya pasar, menurut Budi diharapkan ...
        return add_clause(s, head, report_end(t, end, s.b, s.quotes), sources, cue, frame + "-around")
    if not sources and not comma and led_up_to(t, head, c - 1) and goes_on(t, end, s.b):
        return add_clause(s, head, report_end(t, end, s.b, s.quotes), sources, cue, frame + "-around")
    if comma and _apposed(s, comma + 1, head) and has_predicate(t, head, c - 1):
        comma = 0
    if frame != "source" and adds_more(t, head, c, comma):
        comma = 0
    if comma and not s.inside and predicate_quoted(t, head, c - 1, comma + 1):  # Usul itu, kata Budi, "keliru"
        return add_clause(s, head, report_end(t, comma + 1, s.b, s.quotes), sources, cue, frame + "-around")
    if comma and (_quote_next(s, comma + 1) or turns_away(t, comma + 1, whole=has_predicate(t, head, c - 1))):
        comma = 0
    if comma and only_tells(t, head, c, end, comma, s.b):
        comma = 0  # Harga naik, kata Budi saat ditemui di Pasar Gede, Solo, Senin
    if comma and comma + 1 < s.b and continues(t, comma + 1, s.b):
        return add_clause(s, head, report_end(t, comma + 1, s.b, s.quotes), sources, cue, frame + "-around")
    again = second_verb(s, end) if frame != "source" else []
    return add_clause(s, head, c, sources, [*cue, *again], frame + "-final")


def _apposed(s: Sentence, k: int, head: int) -> bool:
    """Whether a role after the source's comma is an apposition, and no subject of what goes on: kata Budi, lurah."""
    t, flags = s.t, s.t.flags
    if k >= s.b or not flags[k] & Flag.ROLE:
        return False
    if not (t.capital(k) or flags[head] & FRONTED):
        return True
    after = phrase_after(t, k, s.b)
    while after < s.b and not flags[after] & (Flag.COMMA | Flag.TERMINAL | _PREDICATE):
        after += 1
    return after >= s.b or not flags[after] & _PREDICATE


def _quote_next(s: Sentence, k: int) -> bool:
    """Whether quoted words follow, perhaps after `namun`: they are a content of their own."""
    k = k + 1 if k < s.b and s.t.low[k] in ("namun", "tetapi", "tapi", "dan") else k
    return any(q.a == k for q in s.quotes)


def _colon_quote(s: Sentence, end: int) -> int:
    """The colon before quoted words, past the circumstances (Katanya dalam pidato itu: "..."), or `end`."""
    for i in range(end, min(s.b - 1, end + 16)):
        if s.t.flags[i] & Flag.COLON and s.t.flags[i + 1] & Flag.QUOTE:
            return i
    return end


def _second_cue(s: Sentence, k: int, sources: list[Range], cue: list[Range]) -> bool:
    """Menurut Budi, mengatakan harga naik: two cues of one report."""
    t = s.t
    k += t.low[k] in ("juga", "pun")
    i = next((i for i in s.cues if i >= k and (t.low[i] in _STATED or t.low[i] in _ACTIVE)), -1)
    if i < 0 or i > k + 24:
        return False
    if i > k and not t.flags[k] & Flag.PREPOSITION:
        return False
    if any(t.flags[m] & (Flag.VERB | Flag.AUX | Flag.PRONOUN) and not t.capital(m) for m in range(k, i)):
        return False
    lead = report_start(t, i, s.b)
    if lead is None or (i > k and subject_before(t, k + 1, i) is not None and not t.flags[i - 1] & Flag.COMMA):
        return False
    start = lead[0]
    return add_report(s, start, report_end(t, start, s.b, s.quotes), sources, [*cue, (i, i + 1)], "source-and-verb")


def comma_after(s: Sentence, end: int) -> int:
    """The comma that closes the source, past adjuncts of the telling: kata Budi di Jakarta, Senin (1/2), ..."""
    t, flags = s.t, s.t.flags
    i = end
    while i < min(s.b, end + 24):
        f = flags[i]
        if f & Flag.COMMA:
            if i + 1 < s.b and flags[i + 1] & (Flag.TIME | Flag.OPEN) and t.capital(i + 1):
                i += 1
                continue
            return i
        if f & (Flag.QUOTE | Flag.TERMINAL | Flag.COLON):
            return 0
        i += 1
    return 0


def _on_evidence(s: Sentence, c: int) -> bool:
    """Whether `berdasarkan` names what tells, as a clause of its own: Berdasarkan hasil survei, harga naik."""
    low = s.t.low
    evidence = low[c + 1] in _EVIDENCE or (low[c + 1] in _BEARS_EVIDENCE and low[c + 2] in _EVIDENCE)
    if c == s.a:
        return evidence or low[c + 1] == "perhitungan"
    return evidence and (s.t.capital(c) or bool(s.t.flags[c - 1] & (_APART | Flag.CUE)))


def mark_source(s: Sentence, c: int, entry: CueEntry) -> bool:
    t, low = s.t, s.t.low
    if low[c] == "berdasarkan" and not _on_evidence(s, c):
        return False
    if s.inside and c + 1 < s.b and low[c + 1] in ("saya", "kami", "kita", "aku"):
        return False
    if low[c] == "baginya" and (c > s.a or not (t.flags[c + 1] & Flag.COMMA or low[c + 1] in _POINTING)):
        return False  # itu penting baginya; baginya disediakan kamar
    if low[c] in _FORMULAS and c > s.a + 1 and t.flags[c - 1] & Flag.YANG and low[c - 2] not in _AS_TOLD:
        return False  # berita yang dilansir Antara: the news is spoken of, not told
    if low[c] in ("mengutip", "melansir") and c > s.a and t.flags[c - 1] & Flag.YANG:
        return False  # Menurut koran itu, yang mengutip dua pejabat, ...
    if low[c] == "mengutip" and c > s.a and subject_before(t, scope(s, c), c) and not t.flags[c - 1] & Flag.COMMA:
        return False
    if low[c] == "mengacu" and c > s.a and clause_start(t, s.a, c) < c:
        return False  # program itu mengacu aturan lama
    norm = low[c] == "menurut" and low[c + 1] in _NORMS and (not t.capital(c + 1) or t.words[c + 1].isupper())
    if norm and c > s.a and not t.flags[c - 1] & _APART:
        return False  # tidak dibenarkan menurut etika panitia
    cue_end, source = formula(s, c, entry)
    if source is None and not entry.clitic:
        return False
    if low[c] in ("mengutip", "melansir") and c > s.a + 1 and source and low[c - 1] == ",":
        told = any(one.sources and c - 8 < one.sources[0][1] < c for one in s.found)  # kata Budi, mengutip Antara
        if told or source[1] < s.b - 1:
            return False
    end = source[1] if source else cue_end
    start = c
    while (
        start > s.a
        and low[start - 1] in ("seperti", "sebagaimana", "demikian", "yang")
        and not (low[start - 1] == "yang" and low[c] == "menurut")
    ):
        start -= 1
    if start < c and low[start] != "yang":
        return placed_at(s, start, end, [source] if source else [], [(c, cue_end)])
    return placed(s, c, end, [source] if source else [], [(c, cue_end)], "source")


def placed_at(s: Sentence, start: int, end: int, sources: list[Range], cue: list[Range]) -> bool:
    """seperti dikutip Antara: what stands before it, or after it at the start."""
    lo = s.a
    head = clause_start(s.t, lo, start)
    comma = comma_after(s, end)
    if start - head >= 3:
        parted = comma and has_predicate(s.t, comma + 1, s.b) and not has_predicate(s.t, head, start)
        around = parted or (
            comma
            and not turns_away(s.t, comma + 1, whole=True)
            and continues(s.t, comma + 1, s.b)
            and has_predicate(s.t, comma + 1, s.b)
        )
        if not around:
            return add_clause(s, head, start, sources, cue, "formula-final")
        # Warga, seperti dilansir Antara, meminta ...: the whole sentence is the agency's
        stop = s.b if parted else report_end(s.t, comma + 1, s.b, s.quotes)
        return add_clause(s, head, stop, sources, cue, "formula-around")
    if comma and comma + 1 < s.b:
        return add_report(s, comma + 1, report_end(s.t, comma + 1, s.b, s.quotes), sources, cue, "formula-initial")
    return False
