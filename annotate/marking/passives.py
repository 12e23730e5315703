"""Passive cues, with an agent (Dikatakan Budi, ...) or without one (Harga dikabarkan naik), and adverbs."""

from typing import Final

from annotate.lexicon import CueEntry, Flag, word_set
from annotate.marking.asides import comma_after, placed, placed_at
from annotate.marking.clauses import clause_start, has_predicate, is_clause
from annotate.marking.documents import told_in
from annotate.marking.extents import phrase_after
from annotate.marking.found import (
    COPULAS,
    Sentence,
    add_clause,
    add_report,
    scope,
    source_after,
)
from annotate.marking.objects import only_placed
from annotate.marking.parted import apposed_up_to, joined_names
from annotate.marking.relatives import (
    OPENS_PREDICATE,
    agent_before,
    agent_end,
    begins_predicate,
    closing_agent,
    hearsay_relative,
    relative_end,
)
from annotate.marking.report_ends import before_told, report_end, with_date
from annotate.marking.subjects import skip_back, subject_before
from annotate.marking.tokens import Tokens
from annotate.marking.told_before import is_agent, is_demonstrative, told_before

_FORBIDDING: Final = word_set("forbidding")
_SO: Final = word_set("so")
_BEFORE_AGENT: Final = word_set("before_agent")
_LEADS: Final = Flag.CONNECTIVE | Flag.SUBORDINATOR | Flag.PREPOSITION | Flag.DETERMINER | Flag.COMMA
MAX_NEAR: Final = 4  # tokens between a passive and the agent that closes its clause, whatever they are
_SO_THEN: Final = word_set("so_then")
_SEVERAL: Final = word_set("several")
_SO_THAT: Final = word_set("so_that")
_QUESTIONS: Final = word_set("questions")
_WHEN: Final = word_set("when")
_ASKED: Final = word_set("asked")
_REASONS: Final = word_set("reasons")
_SINCE: Final = word_set("since")
_OF_FIGURES: Final = word_set("of_figures")
_BEFORE_SUBJECT: Final = (
    Flag.COMMA | Flag.SUBORDINATOR | Flag.QUOTE | Flag.CONNECTIVE | Flag.DETERMINER | Flag.COORDINATOR
)
_FIRST: Final = word_set("first")
_COMMENTING: Final = word_set("commenting")
_PRINTED: Final = word_set("printed")
_LOOSE: Final = Flag.COMMA | Flag.TERMINAL
_APPEALS: Final = word_set("appeals")
_LEADS_PREDICATE: Final = word_set("leads_predicate")


def mark_passive(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Dikatakan Budi, harga naik / Hal itu dikatakan Budi / yang dianggap blok itu curang."""
    t, flags = s.t, s.t.flags
    initial = c == s.a or (skip_back(t, s.a, c) < s.a)
    relative = c > s.a and flags[c - 1] & Flag.YANG
    if not initial and not entry.clitic and told_in(s, c):
        return True
    if c - 1 >= s.a and t.low[c - 1] in _SO and not initial and (c - 2 >= s.a or t.low[c - 1] != "demikian"):
        told_by = source_after(s, c, entry)
        return told_by is not None and placed_at(s, c - 1, told_by[1], [told_by], [(c, c + 1)])
    if not initial and not relative and is_demonstrative(s, c):
        return told_before(s, c, entry)
    led = flags[c + 1] & Flag.COMMA or t.low[c + 1] == "bahwa"
    if led and c + 3 < s.b and not entry.clitic and t.low[c] not in _PRINTED and _only_led_up(t, s.a, c):
        k = c + 3 if t.low[c + 2] == "bahwa" else c + 2
        return add_report(s, k, report_end(t, k, s.b, s.quotes), [], [(c, c + 1)], "passive-opening")
    if not (initial or relative) and flags[c - 1] & Flag.COMMA and entry.frames["passive"] != "opinion":
        return _agent_aside(s, c)
    if not (initial or relative) or (initial and c > s.a and flags[c - 1] & Flag.NEGATION):
        return False
    start = c + 1
    while start < s.b and t.low[start] in _BEFORE_AGENT:
        start += 1
    end = phrase_after(t, start, s.b)
    if flags[start] & (Flag.ADJECTIVE | Flag.ADVERB | Flag.VERB | Flag.AUX | Flag.NEGATION) and not t.capital(start):
        end = start  # yang dinilai penting
    elif initial and entry.frames["passive"] == "opinion" and start < s.b and not is_agent(t, start, end):
        end = start  # Dinilai harga terlalu tinggi, ...
    if relative and c - 2 >= s.a and t.low[c - 2] in ("seperti", "sebagaimana"):
        compared = t.low[end] in COPULAS  # calon seperti yang disinggung Presiden adalah ...
        return end > start and not compared and placed_at(s, c - 2, end, [(start, end)], [(c, c + 1)])
    if relative and t.low[c] in _PRINTED:
        return False  # berita yang dimuat Antara menyebut ...
    predicates = flags[c + 1] & (Flag.VERB | Flag.AUX | Flag.NEGATION)  # uang yang diakuinya dipakai
    if relative and entry.clitic and (t.low[c - 2] == "apa" or predicates):  # apa yang dianggapnya curang
        return add_report(s, c + 1, relative_end(s, c + 1), [], [(c, c + 1)], "passive-relative")
    if relative and t.low[start - 1] == "oleh":  # yang dipandang oleh pemerintah | sebagai sayap militer
        end = next((i for i in range(start + 1, end) if t.low[i] == "sebagai"), end)
    if relative:
        while end > start + 1 and t.low[start - 1] != "oleh" and begins_predicate(t, end - 1):
            end -= 1  # yang diklaim pembeli | mudah retak; yang dikatakan Iran | terbang di atasnya
        opinion = entry.frames["passive"] == "opinion"
        noun = flags[start] & Flag.NOUN or t.low[start] in _SEVERAL or flags[end - 1] & Flag.DETERMINER
        if opinion and not (noun or is_agent(t, start, end)):
            return False  # yang dinilai rawan tumbang
        opens = flags[min(end, s.b)] & OPENS_PREDICATE or t.low[end] == "sebagai"
        if end <= start or end >= s.b or not opens or t.low[end] in COPULAS or t.low[end] in _OF_FIGURES:
            return False  # angka yang dilaporkan bank itu | menunjukkan ...
        return add_report(s, end, relative_end(s, end), [(start, end)], [(c, c + 1)], "passive-relative")
    return _opening_passive(s, c, entry, start, start if entry.clitic else end)


def _opening_passive(s: Sentence, c: int, entry: CueEntry, start: int, end: int) -> bool:
    """Dikatakan Budi, harga naik / Dikatakan Budi bahwa harga naik / Dijelaskan pula bahwa harga naik."""
    t = s.t
    end += end == start and t.low[end] == "pula" and t.low[end + 1] == "bahwa"
    that = end < s.b and t.low[end] == "bahwa"  # Dikatakan Budi bahwa ...; Dijelaskan pula bahwa ...
    if that and (t.low[c] in _PRINTED or t.low[c] == "dipastikan"):
        return False
    comma = end if that else comma_after(s, end)
    if comma and comma + 2 < s.b and (end > start or entry.clitic or that):
        source = [] if entry.clitic or end == start or t.low[start] == "pula" else [(start, end)]
        stop = report_end(t, comma + 1, s.b, s.quotes)
        return add_report(s, comma + 1, stop, source, [(c, c + 1)], "passive-initial")
    return False


def _only_led_up(t: Tokens, a: int, c: int) -> bool:
    """Whether only connectives stand before the passive: Lebih lanjut dijelaskan, harga naik."""
    led = _LEADS & ~(Flag.SUBORDINATOR | Flag.PREPOSITION) | Flag.ADVERB
    if clause_start(t, a, c + 1) >= c:  # Kendati demikian, dijelaskan bahwa ...
        return t.low[c] not in _ASKED
    return t.low[c] not in _ASKED and all(f & led and not f & Flag.SUBORDINATOR for f in t.flags[a:c])


def _agent_aside(s: Sentence, c: int) -> bool:
    """Stok beras, diakui Budi, mulai menipis: the passive and its agent stand between commas, as `kata Budi` does."""
    t = s.t
    end = phrase_after(t, c + 1, s.b, strict=True)
    named = t.capital(c + 1) or t.flags[c + 1] & Flag.PRONOUN
    head = clause_start(t, scope(s, c), c)
    if not named or end <= c + 1 or not t.flags[end] & Flag.COMMA or end + 2 >= s.b:
        return False
    head += bool(t.flags[head] & Flag.CONNECTIVE and not t.flags[head + 1] & Flag.COMMA)  # Sementara | harga beras, ...
    if head >= c - 1 or has_predicate(t, head, c - 1) or not t.flags[end + 1] & (OPENS_PREDICATE | Flag.CONNECTIVE):
        return placed(s, c, end, [(c + 1, end)], [(c, c + 1)], "passive")
    return add_clause(s, head, report_end(t, end + 1, s.b, s.quotes), [(c + 1, end)], [(c, c + 1)], "passive-around")


def mark_hearsay(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Harga dikabarkan naik: the whole clause, with the cue inside it, and no source."""
    t, flags = s.t, s.t.flags
    if entry.clitic:  # desa yang disebutnya sudah aman
        return bool(flags[c - 1] & Flag.YANG) and c > s.a and hearsay_relative(s, c, entry)
    if entry.frames["hearsay"] == "question":
        return _asked(s, c)
    lo = scope(s, c)
    j = skip_back(t, lo, c)
    by = agent_before(t, lo, j)
    if by:
        k = c + 2 if t.low[c + 1] in _SO_THAT else c + 1
        return add_report(s, k, relative_end(s, k), [(by, j + 1)], [(c, c + 1)], "hearsay-relative-agent")
    if j >= lo and flags[j] & Flag.YANG:
        return hearsay_relative(s, c, entry)
    if j > s.a and t.low[j] in _REASONS and flags[c + 1] & OPENS_PREDICATE:  # sepi karena dinilai | membosankan
        opening = all(flags[k] & _LEADS for k in range(s.a, j))  # namun karena dinilai rawan, jalan ditutup
        end = relative_end(s, c + 1) if opening else report_end(t, c + 1, s.b, s.quotes)
        return add_report(s, c + 1, end, [], [(c, c + 1)], "hearsay-reason")
    after = c + 1
    if after < s.b and only_placed(t, c):
        return False
    if c == s.a and not s.inside:
        return _opening_hearsay(s, c)
    if s.inside and t.low[c] in _APPEALS and _FIRST.isdisjoint(t.low[lo:c]):
        return False  # "Warga diminta tenang" is the speaker's own demand
    if flags[after] & Flag.COMMA and entry.frames["hearsay"] == "statement" and all(f & _LEADS for f in flags[lo:c]):
        return add_report(s, after + 1, report_end(t, after + 1, s.b, s.quotes), [], [(c, c + 1)], "hearsay-opening")
    if j < lo or c == s.a or (t.low[c - 1] in _FORBIDDING and entry.frames["hearsay"] != "directive"):
        return False
    if _in_brackets(flags[max(lo, c - 5) : c]):
        return False
    start = _clause_of(s, lo, c)
    if start < 0:
        return False
    start = next((k + 1 for k in range(c - 2, start, -1) if t.low[k] == "maka"), start + (t.low[start] == "maka"))
    end = before_told(t, after, report_end(t, after, s.b, s.quotes), s.quotes)
    if end - after < 1 or (t.low[after] == "sebelumnya" and flags[after + 1] & _LOOSE):
        return False
    closing = closing_agent(t, after, end)
    acts = bool(closing and flags[closing[0] - 2] & OPENS_PREDICATE and not flags[closing[0] - 2] & Flag.NOUN)
    held = bool(closing and closing[1] == end and (acts or closing[0] - after < MAX_NEAR))
    if closing and held and entry.frames["hearsay"] != "hearsay" and start < c:
        return add_clause(s, start, closing[0] - 1, [closing], [(c, c + 1)], "hearsay-agent")
    told_by = t.low[after] == "oleh"
    after = after + 1 if told_by else after
    agent = agent_end(s, c, entry, start, end)
    if after < agent < end and (flags[agent] & OPENS_PREDICATE or t.low[agent] in ("sebagai", "untuk")):
        return add_clause(s, start, end, [(after, agent)], [(c, c + 1)], "hearsay-agent")
    if told_by:
        return False
    if entry.frames["hearsay"] == "directive" and any(one.a <= c < one.b for one in s.found):
        return False
    opens = flags[after] & (OPENS_PREDICATE | Flag.NUMBER) or t.low[after] in _LEADS_PREDICATE
    named = t.capital(after) or flags[after] & Flag.PREPOSITION
    rumoured = entry.frames["hearsay"] == "hearsay" and end - after >= 2 and not named
    titled = s.headline and t.capital(c) and t.capital(after) and end - after >= 2
    if not opens and not titled and not rumoured and not is_clause(t, after, end):
        return False
    return add_clause(s, start, with_date(t, end, s.b), [], [(c, c + 1)], "hearsay")


def _in_brackets(before: list[int]) -> bool:
    """Whether a bracket opens and does not close among the flags of the tokens before a word."""
    return any(f & Flag.OPEN for f in before) and not any(f & Flag.CLOSE for f in before)


def _asked(s: Sentence, c: int) -> bool:
    """Ditanya apakah ia akan mundur, Budi diam: the question, up to the clause that it leads up to."""
    t = s.t
    k = c + 1
    if t.low[k] not in _QUESTIONS:
        return False
    end = report_end(t, k, s.b, s.quotes)
    lead = next(
        (i for i in range(s.a, c) if not t.flags[i] & (Flag.CONNECTIVE | Flag.COMMA)), c
    )  # Lalu, | saat ditanya
    if lead == c or t.flags[lead] & Flag.SUBORDINATOR or t.low[lead] in ("saat", "ketika"):
        end = next((i for i in range(k, end) if t.flags[i] & Flag.COMMA), end)
    return end - k >= 2 and add_report(s, k, end, [], [(c, c + 1)], "hearsay-question")


def _opening_hearsay(s: Sentence, c: int) -> bool:
    """Diduga pelaku kabur: the whole clause; Disebutkan pula, pelaku kabur: what follows the comma."""
    t, flags = s.t, s.t.flags
    k = c + 1
    while k < s.b and flags[k] & (Flag.ADVERB | Flag.AUX):
        k += 1
    if t.low[c] == "diberitakan" and t.low[c + 1] == "sebelumnya":
        return False  # the paper's own report
    comma = k < s.b and bool(flags[k] & Flag.COMMA)
    k = k + 1 if comma else k
    if k < s.b and t.low[k] == "bahwa":
        comma, k = True, k + 1
    end = with_date(t, report_end(t, k, s.b, s.quotes), s.b)
    if end - k < 2 or not is_clause(t, k, end):
        return False
    return add_report(s, k if comma else c, end, [], [(c, c + 1)], "hearsay-opening")


def _clause_of(s: Sentence, lo: int, c: int) -> int:
    """First token of the clause around an agentless passive, or -1 where it has no words before the passive."""
    t, flags = s.t, s.t.flags
    if lo < c - 1 and t.low[lo] in _SO_THEN:
        lo += 1  # Jadi ini diduga ...
    if t.low[c - 1] in _WHEN:
        return -1 if t.low[c + 2] in _COMMENTING else c  # mangkir saat | diminta datang
    if flags[c - 1] & Flag.COORDINATOR or (c - lo > 1 and all(flags[k] & _LEADS for k in range(lo, c))):
        return lo if t.low[lo] == "hal" else c  # Hal itu diduga ...; Oleh karena itu diharapkan warga bersabar
    if flags[c - 1] & Flag.COMMA and t.low[c - 2] in _SO_THEN and c - 2 <= lo:
        return c  # Bahkan, diduga ada korban
    if flags[c - 1] & Flag.COMMA and lo == s.a:
        fronted = flags[lo] & Flag.PREPOSITION and t.low[lo] not in ("oleh", "selain") and c - lo > 3
        end = phrase_after(t, lo, c)
        if fronted or apposed_up_to(t, lo, end, c - 1) or (end == c - 1 and flags[c - 2] & Flag.DETERMINER):
            return lo
        return c if flags[lo] & (Flag.PREPOSITION | Flag.CONNECTIVE) else -1
    subject = subject_before(t, lo, c)
    if subject is not None:
        subject = (joined_names(t, lo, _past_and(t, *subject)), subject[1])
        if subject[0] > lo + 1 and t.low[subject[0] - 1] in _SINCE:
            subject = None  # realisasi belanja hingga Mei dinilai lambat
    if subject is not None and (subject[0] == lo or flags[subject[0] - 1] & _BEFORE_SUBJECT):
        return subject[0]
    comma = next((k for k in range(c - 1, lo, -1) if flags[k] & Flag.COMMA), lo - 1)
    start = clause_start(t, comma + 1, c)
    if start < c - 1 or (start == c - 1 and flags[start] & (Flag.PRONOUN | Flag.DETERMINER)):
        return start
    return subject[0] if subject is not None else -1


def _past_and(t: Tokens, a: int, b: int) -> int:
    """Past what a comma and `dan` part from the subject (... dan rumah, dan | biayanya); a list has two commas."""
    commas = [k for k in range(a, b) if t.flags[k] & Flag.COMMA]
    parted = len(commas) == 1 and bool(t.flags[commas[0] + 1] & Flag.COORDINATOR) and commas[0] + 2 < b
    return commas[0] + 2 if parted else a


def mark_adverb(s: Sentence, c: int, _entry: CueEntry) -> bool:
    """Konon, gua itu dihuni naga."""
    t = s.t
    apart = c == s.a or t.flags[c - 1] & (Flag.COMMA | Flag.YANG | Flag.SUBORDINATOR) or t.low[c] == "konon"
    start = -1 if apart else _before_adverb(s, c)
    if not apart and start < 0:
        return False
    k = c + 1 + bool(c + 1 < s.b and t.flags[c + 1] & Flag.COMMA)
    end = report_end(t, k, s.b, s.quotes)
    if end - k < 2:
        return False
    if c == s.a or t.flags[c - 1] & Flag.YANG:
        return add_report(s, k, end, [], [(c, c + 1)], "adverb")
    start = clause_start(t, scope(s, c), c) if start < 0 else start
    return add_clause(s, start, end, [], [(c, c + 1)], "adverb")


def _before_adverb(s: Sentence, c: int) -> int:
    """Where the clause begins between whose subject and predicate `kabarnya` stands (Rini kabarnya pulang), or -1."""
    f = s.t.flags
    if not f[c + 1] & OPENS_PREDICATE or f[c - 1] & (Flag.VERB | Flag.PREPOSITION) or s.t.capital(c + 1):
        return -1
    return _clause_of(s, scope(s, c), c)
