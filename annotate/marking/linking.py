"""Ties quotations and reports to the cues and sources of their sentence.

`mark_sentence` goes through one sentence: first the quotations, each with a cue after it, then the cues from left to
right, each in the frames that the lexicon gives it. What it yields are `Found` records, in tokens.
"""

import re
from collections.abc import Callable
from typing import Final

from annotate.datamodel import ContentLabel
from annotate.lexicon import CueEntry, Flag, cue_entries, word_set
from annotate.marking.contents import clause_start, has_predicate, is_clause, report_end, report_start
from annotate.marking.cues import find_cues, is_performative
from annotate.marking.extents import antecedent_before, phrase_after, skip_back, skip_forward, subject_before
from annotate.marking.quotations import Quote
from annotate.marking.tokens import Tokens

Range = tuple[int, int]
_ACTIVE: Final = ("clause", "say", "name", "control", "weak")
_ABSTRACT: Final = re.compile(
    r"(?:pe|per|ke)\w+an\Z|bantuan\Z|izin\Z|maaf\Z|waktu\Z|uang\Z|dana\Z|dukungan\Z|klarifikasi\Z|restu\Z|ganti\Z|doa\Z"
)
_ANIMATE: Final = word_set("animate")
_RUBRICS: Final = word_set("rubrics")
MAX_CUES: Final = 40  # of a sentence; more are no prose
_NAMES_AS: Final = word_set("names_as")
_FORBIDDING: Final = word_set("forbidding")
_NAMING: Final = word_set("naming")
_ENSURING: Final = word_set("ensuring")
_MODAL: Final = word_set("modal")
_OPENS_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.ADJECTIVE | Flag.NEGATION | Flag.ADVERB
_FIRST: Final = word_set("first")
_ADJUNCT = int(
    Flag.PREPOSITION | Flag.TIME | Flag.SUBORDINATOR | Flag.TERMINAL | Flag.CLOSE | Flag.COORDINATOR | Flag.QUOTE
)


class Found:
    """One attribution in tokens: content range and label, source and cue ranges, and the rule that made it."""

    __slots__ = ("a", "b", "cues", "label", "lead", "quote", "rule", "sources")

    def __init__(
        self,
        a: int,
        b: int,
        label: ContentLabel,
        sources: list[Range],
        cues: list[Range],
        rule: str,
        quote: Quote | None = None,
    ) -> None:
        self.a = a
        self.b = b
        self.label = label
        self.sources = sources
        self.cues = cues
        self.rule = rule
        self.quote = quote


class Sentence:
    """What is known of a sentence while it is worked through."""

    __slots__ = ("a", "b", "covered", "cues", "found", "headline", "inside", "linked", "quotes", "subject", "t", "used")

    def __init__(self, t: Tokens, a: int, b: int, quotes: list[Quote], *, inside: bool) -> None:
        self.t = t
        self.a = a
        self.b = b
        self.quotes = quotes
        self.inside = inside  # the sentence stands inside a quotation
        self.headline = False
        self.found: list[Found] = []
        self.linked: dict[int, Found] = {}  # quotations that have their attribution, by first token
        self.used: set[int] = set()
        self.covered: set[int] = set()  # quotations that are part of a mixed report
        self.subject: Range | None = None
        self.cues: list[tuple[int, CueEntry]] = []

    def add(self, found: Found) -> None:
        self.found.append(found)
        for a, b in found.cues:
            self.used.update(range(a, b))
        if found.sources:
            self.subject = found.sources[0]


def mark_sentence(
    t: Tokens, a: int, b: int, quotes: list[Quote], *, inside: bool = False, headline: bool = False
) -> list[Found]:
    """The attributions of one sentence; `inside`: of quoted words, `headline`: of a line that is one."""
    cues = _outside(find_cues(t, a, b)[:MAX_CUES], quotes)
    if not quotes and not cues and not headline:
        return []
    s = Sentence(t, a if headline else past_dateline(t, a, b), b, quotes, inside=inside)
    s.cues = cues
    s.headline = headline
    if headline and not quotes and _name_colon(s):
        return s.found
    for quote in quotes:
        _link_after(s, quote)
    for i, entry in s.cues:
        if i in s.used:
            continue
        for frame in _FRAMES:
            if frame in entry.frames and _FRAMES[frame](s, i, entry):
                break
    for quote in quotes:
        if quote.a not in s.linked and quote.a not in s.covered:
            _link_rest(s, quote)
    return s.found


def _name_colon(s: Sentence) -> bool:
    """A headline's name and colon: Wati: Harga Akan Turun."""
    t, flags = s.t, s.t.flags
    colon = next((k for k in range(s.a + 1, min(s.b, s.a + 8)) if t.low[k] == ":"), -1)
    if colon < 0 or s.b - colon < 4 or t.low[s.a] in _RUBRICS or any(not t.capital(k) for k in range(s.a, colon)):
        return False
    if phrase_after(t, s.a, colon) != colon or any(flags[k] & Flag.NUMBER for k in range(s.a, colon)):
        return False
    end = s.b
    while flags[end - 1] & (Flag.TERMINAL | Flag.COMMA):
        end -= 1
    s.add(Found(colon + 1, end, "indirect", [(s.a, colon)], [], "headline-name"))
    return True


def _bare(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Polisi Sebut Jalan Licin / yang ia sebut licin."""
    t, flags = s.t, s.t.flags
    if c > s.a + 1 and flags[c - 1] & Flag.PRONOUN and flags[c - 2] & Flag.YANG:
        k = c + 1
        end = _relative_end(s, k)
        if end > k and (flags[k] & _OPENS_PREDICATE or t.low[k] == "sebagai"):
            return _content(s, k, end, [(c - 1, c)], [(c, c + 1)], "bare-relative")
        return False
    if not s.headline or c == s.a or c + 2 >= s.b:
        return False
    source = subject_before(t, s.a, c)
    if source is None or skip_forward(t, source[1], c) != c:
        return False
    k = c + 1
    quoted = bool(flags[k] & (Flag.QUOTE | Flag.COMMA | Flag.COLON))
    end = report_end(t, k, s.b, s.quotes)
    if not quoted and not _headline_clause(t, k, end):
        return False
    return _content(s, k, end, [source], [(c, c + 1)], "bare-headline")


def _title_case(t: Tokens, k: int, end: int) -> bool:
    return sum(t.capital(i) for i in range(k, end)) * 3 >= (end - k) * 2


def _headline_clause(t: Tokens, k: int, end: int) -> bool:
    """Whether the words of a headline, whose capitals tell nothing, hold a predicate after their first one."""
    end = next((i for i in range(k + 1, end) if t.flags[i] & Flag.SUBORDINATOR), end)
    return end - k >= 2 and any(t.flags[i] & _OPENS_PREDICATE and not t.flags[i] & Flag.ROLE for i in range(k + 1, end))


def _outside(cues: list[tuple[int, CueEntry]], quotes: list[Quote]) -> list[tuple[int, CueEntry]]:
    if not quotes:
        return cues
    return [(i, e) for i, e in cues if not any(q.a < i < q.b for q in quotes)]


def past_dateline(t: Tokens, a: int, b: int) -> int:
    """First token after `JAKARTA, KOMPAS.com -`."""
    flags = t.flags
    for i in range(a, min(a + 12, b)):
        f = flags[i]
        if f & Flag.DASH and i > a and not (t.glued(i) and i + 1 < b and t.glued(i + 1)):
            return i + 1
        if not (
            t.capital(i)
            or f & (Flag.COMMA | Flag.OPEN | Flag.CLOSE | Flag.TERMINAL | Flag.NUMBER | Flag.TIME)
            or t.low[i] in ("com", "co", "id", "/")
        ):
            return a
        if f & Flag.CUE:
            return a
    return a


# ---------------------------------------------------------------------------------------------------- quotations


def _link_after(s: Sentence, q: Quote) -> None:
    """ "...," kata Budi / "...," Budi menjelaskan / "...," katanya / "...," menurut Budi / "...," demikian Budi."""
    t, flags, low = s.t, s.t.flags, s.t.low
    k = q.b
    while k < s.b and (flags[k] & (Flag.COMMA | Flag.DASH) or (flags[k] & Flag.TERMINAL and k == q.b)):
        k += 1
    if k >= s.b:
        return
    start = k
    while (
        k < s.b
        and low[k] in ("demikian", "begitu", "begitulah", "demikianlah", "itulah", "seperti", "sebagaimana", "lanjut")
        and k + 1 < s.b
        and flags[k + 1] & Flag.CUE
    ):
        k += 1
    entry = next((e for i, e in s.cues if i == k), None)
    if entry is not None:
        if (
            "quote" in entry.frames
            or "root" in entry.frames
            or ("passive" in entry.frames and "hearsay" not in entry.frames)
            or low[k] == "demikian"
        ):
            _direct(s, q, k, *_source_after(s, k, entry), "direct-cue-after")
            return
        if "source" in entry.frames:
            cue_end, source = _formula(s, k, entry)
            if source or entry.clitic:
                _direct(s, q, k, source, "direct-formula-after", cue_end)
                return
        if (
            ("say" in entry.frames or "clause" in entry.frames)
            and k + 1 < s.b
            and (t.capital(k + 1) or flags[k + 1] & Flag.PRONOUN)
            and not s.inside
        ):
            end = phrase_after(t, k + 1, s.b)
            if end > k + 1 and (end >= s.b or flags[end] & (_ADJUNCT | Flag.COMMA)):
                _direct(s, q, k, (k + 1, end), "direct-cue-after")
                return
    if start > q.b or _ends_open(t, q) or (start < s.b and not t.capital(start)):
        _link_subject_after(s, q, start)


def _ends_open(t: Tokens, q: Quote) -> bool:
    """Whether the quoted words end in a comma, a question or an exclamation mark: the sentence goes on."""
    last = q.b - 2 if q.closed else q.b - 1
    return t.low[last] in (",", "?", "!", "…", "-", "—")


def _link_subject_after(s: Sentence, q: Quote, k: int) -> None:
    """ "...," Budi, ketua RT, menjelaskan."""
    t, flags = s.t, s.t.flags
    for i, entry in s.cues:
        if i <= k or i > k + 36:
            continue
        if not any(frame in entry.frames for frame in _ACTIVE):
            continue
        source = subject_before(t, k, i, anchored=True)
        if source is None or source[0] != k:
            return
        after = i + 1
        if after < s.b and not flags[after] & (_ADJUNCT | Flag.COMMA | Flag.ADVERB) and has_predicate(t, after, s.b):
            return
        if after < s.b and t.low[after] in ("bahwa", "agar", "supaya"):
            return
        _direct(s, q, i, source, "direct-subject-after")
        return


def _direct(s: Sentence, q: Quote, cue: int, source: Range | None, rule: str, cue_end: int | None = None) -> None:
    sources, cues = [source] if source else [], [(cue, cue_end or cue + 1)]
    head = _led_in(s, q)
    if head >= 0:
        s.covered.add(q.a)
        s.add(Found(head, q.b, "mixed", sources, cues, "mixed" + rule.removeprefix("direct")))
        return
    found = Found(q.a, q.b, "direct", sources, cues, rule, q)
    s.linked[q.a] = found
    s.add(found)


def _led_in(s: Sentence, q: Quote) -> int:
    """Where a clause begins that ends in the quoted words (Ini adalah "akhir dari segalanya," kata Budi), or -1."""
    t, flags = s.t, s.t.flags
    first = q.a + 1 if q.opened else q.a
    if not q.opened or t.capital(first) or q.a - s.a < 2 or flags[q.a - 1] & (Flag.COMMA | Flag.COLON | Flag.CLOSE):
        return -1
    lo = max([s.a, *(one.b for one in s.found), *(p.b for p in s.quotes if p.b <= q.a)])
    if any(lo <= i < q.a for i, _ in s.cues):
        return -1
    head = clause_start(t, lo, q.a)
    return head if q.a - head >= 2 and has_predicate(t, head, q.a) else -1


def _source_after(s: Sentence, k: int, entry: CueEntry) -> tuple[Range | None]:
    """The source that follows a bare root or a passive."""
    if entry.clitic:
        return (None,)
    start = k + 1
    while start < s.b and s.t.low[start] in ("oleh", "lagi", "pula", "juga", "kembali"):
        start += 1
    end = phrase_after(s.t, start, s.b)
    return ((start, end) if end > start else None,)


def _link_rest(s: Sentence, q: Quote) -> None:
    """The second part of a broken quotation ("A," kata Budi, "B."), and a name before a colon (Budi: "A")."""
    t, flags = s.t, s.t.flags
    before = q.a - 1
    if before > s.a and t.low[before] in ("namun", "tetapi", "tapi"):
        before -= 1
    if s.found and before >= s.a and flags[before] & Flag.COMMA and s.found[-1].rule in ("quote-final", "root-final"):
        last = s.found[-1]
        found = Found(q.a, q.b, "direct", last.sources, last.cues, "direct-second-part", q)
        s.linked[q.a] = found
        s.add(found)
        return
    if before >= s.a and flags[before] & (Flag.COMMA | Flag.COLON | Flag.TERMINAL):
        previous = [
            found
            for found in s.found
            if found.quote is not None and found.label == "direct" and found.quote.b <= before
        ]
        if previous:
            last = previous[-1]
            found = Found(q.a, q.b, "direct", last.sources, last.cues, "direct-second-part", q)
            s.linked[q.a] = found
            s.add(found)
            return
    if before > s.a and flags[before] & Flag.COLON and not s.cues:
        end = phrase_after(t, s.a, before)
        if end == before and before - s.a <= 12:
            found = Found(q.a, q.b, "direct", [(s.a, end)], [], "direct-name-colon", q)
            s.linked[q.a] = found
            s.add(found)


# --------------------------------------------------------------------------------------------------- active verbs


def _content(s: Sentence, k: int, end: int, sources: list[Range], cues: list[Range], rule: str) -> bool:
    """Adds the report `k` to `end`, as direct, mixed or indirect after the quotation marks in it."""
    t, flags = s.t, s.t.flags
    while k < end and flags[k] & (Flag.COMMA | Flag.DASH | Flag.COLON | Flag.TERMINAL):
        k += 1
    if k >= end:
        return False
    if flags[k] & Flag.OPEN:  # [...]
        shut = next((m for m in range(k + 1, min(k + 6, end)) if not flags[m] & Flag.TERMINAL), k)
        k = shut + 1 if flags[shut] & Flag.CLOSE and shut + 1 < end else k
    k = next((q.a for q in s.quotes if q.a < k < q.b), k)
    held = [q for q in s.quotes if q.a >= k and q.a < end]
    if held and held[0].a == k:
        first = held[0]
        last = first.b - 2 if first.closed else first.b - 1
        whole = first.b >= end or t.flags[last] & Flag.TERMINAL or (flags[first.b] & (Flag.COMMA | Flag.COORDINATOR))
        if first.a in s.linked:
            return False
        if whole:
            previous = first
            for q in held:
                joined = q is first or (q.a <= previous.b + 2 and flags[q.a - 1] & (Flag.COORDINATOR | Flag.COMMA))
                if not joined or q.a in s.linked:
                    break
                found = Found(q.a, q.b, "direct", sources, cues, rule + "-quote", q)
                s.linked[q.a] = found
                s.add(found)
                previous = q
            return True
    label: ContentLabel = "mixed" if held else "indirect"
    for q in held:
        end = max(end, q.b)
        s.covered.add(q.a)
    s.add(Found(k, end, label, sources, cues, rule))
    return True


def _scope(s: Sentence, c: int, *, quotes: bool = True) -> int:
    """Where the clause of the cue at `c` can begin: inside the report that holds it, after a quotation, or the start."""
    lo = s.a
    for found in s.found:
        if found.a <= c < found.b and found.a > lo:
            lo = found.a
    for q in s.quotes if quotes else ():
        if q.b <= c and q.b > lo and q.a in s.linked:
            lo = q.b
    return lo


def _subject(s: Sentence, c: int) -> tuple[Range | None, int]:
    """The source of an active verb, and the start of its clause."""
    t, flags = s.t, s.t.flags
    lo = _scope(s, c)
    j = skip_back(t, lo, c)
    if j >= lo and flags[j] & Flag.YANG:
        return _antecedent(s, lo, j), lo
    if j >= lo and t.low[j] in ("sambil", "seraya", "sembari") and s.found:
        return (s.found[-1].sources[0] if s.found[-1].sources else None), lo
    if s.subject and j >= lo and flags[j] & Flag.QUOTE:
        return s.subject, lo
    if c > s.a and t.low[c - 1] == "dengan" and not s.found:
        begin = clause_start(t, s.a, c)
        stop = phrase_after(t, begin, c)
        return ((begin, stop) if stop > begin else None), lo
    if s.subject and (j < lo or flags[j] & (Flag.COORDINATOR | Flag.COMMA)) and s.found:
        nearer = subject_before(t, lo, c) if j >= lo else None
        if nearer is None or nearer[1] < j - 1 or flags[j] & Flag.COORDINATOR:
            return s.subject, lo
        return nearer, lo
    return subject_before(t, lo, c), lo


def _antecedent(s: Sentence, lo: int, yang: int) -> Range | None:
    """The noun phrase that a relative clause `yang mengatakan` belongs to."""
    t = s.t
    hi = yang
    while hi > lo and t.flags[hi - 1] & (Flag.COMMA | Flag.CLOSE):
        hi -= 1
    source = subject_before(t, lo, yang)
    if source and source[1] <= yang and (source[0] == lo or t.capital(source[0])):
        return source
    return antecedent_before(t, lo, yang)


def _active(s: Sentence, c: int, entry: CueEntry, frame: str) -> bool:
    t, _flags = s.t, s.t.flags
    if s.inside and is_performative(t, c, s.a) and t.low[c] not in ("bilang", "berkata", "mengatakan"):
        return False
    lead = report_start(t, c, s.b)
    source, lo = _subject(s, c)
    cue = [(c, c + 1)]
    if lead is None:
        return _report_before(s, c, source)
    if t.low[c] in _ENSURING and lead[1] in ("bare", "comp") and c > s.a and t.low[c - 1] in _MODAL:
        return False
    quoted = bool(s.t.flags[lead[0]] & Flag.QUOTE)
    if source and t.low[source[0]] in _FIRST and not quoted and (s.inside or s.found == []):
        return False
    if c > s.a and (t.low[c - 1] in ("untuk", "guna", "demi") or (frame == "weak" and t.low[c - 1] == "dengan")):
        if not quoted and not (source and source[1] == c - 1 and t.flags[source[0]] & Flag.PRONOUN):
            return False
    if frame == "weak" and any(word in ("membuat", "bikin", "membiarkan", "menjadikan") for word in t.low[max(lo, c - 6) : c]):
        return False
    if s.inside and source and t.low[source[0]] in ("anda", "kamu", "kalian") and not quoted:
        return False
    k, how = lead
    end = report_end(t, k, s.b, s.quotes)
    j = skip_back(t, lo, c)
    if j >= lo and t.flags[j] & Flag.YANG and how in ("bare", "comp"):
        end = min(end, _relative_end(s, k))
    if frame == "control":
        end = next((i for i in range(k, end) if t.low[i] in ("meski", "meskipun") and t.flags[i - 1] & Flag.COMMA), end + 1) - 1
    if entry.clitic and how == "bare" and t.low[k] != "sebagai" and not has_predicate(t, k, end):
        return False
    if not _reports(t, c, k, end, how, frame):
        return _report_before(s, c, source)
    rule = f"{frame}-{how}"
    if source is None and c == s.a and frame in ("say", "clause", "weak"):
        main = _main_clause(s, k, end)
        if main:
            end, source = main[0], (main[0] + 1, main[1])
            rule += "-participle"
    if source is None and c == s.a and how in ("bare", "comma") and not rule.endswith("participle"):
        return False
    if source is None:
        if how not in ("that", "quote", "colon") and frame in ("weak", "name", "control"):
            return False
        rule += "-no-source"
    return _content(s, k, end, [source] if source else [], cue, rule)


def _main_clause(s: Sentence, k: int, end: int) -> tuple[int, int] | None:
    """The comma after a fronted report, and the end of the subject that follows: Mengatakan bahwa ..., Budi pergi."""
    t, flags = s.t, s.t.flags
    for i in range(k + 2, end):
        if not flags[i] & Flag.COMMA and not (flags[i - 1] & Flag.COMMA and flags[i] & Flag.QUOTE):
            continue
        stop = phrase_after(t, i + 1, end)
        if stop > i + 1 and stop < s.b and flags[stop] & (Flag.VERB | Flag.AUX | Flag.ADVERB) and not t.capital(stop):
            return i, stop
    return None


def _reports(t: Tokens, c: int, k: int, end: int, how: str, frame: str) -> bool:
    """Whether what follows the verb is a report and not just an object."""
    if end <= k:
        return False
    if how == "comp" and frame in ("weak", "say", "clause") and t.low[k - 1] == "untuk":
        return t.low[c] in ("berjanji", "mengancam", "bersumpah", "berkomitmen", "mengusulkan", "menyarankan")
    if how in ("that", "colon", "quote", "comp"):
        return True
    if how == "comma":
        opinion = "statement" not in cue_entries()[t.low[c]].frames.values()
        if frame == "weak" and opinion and t.flags[k] & (Flag.SUBORDINATOR | Flag.CONNECTIVE):
            return False
        return end - k >= 2 and (has_predicate(t, k, end) or (frame != "weak" and end - k > 4))
    if t.flags[k] & Flag.YANG or (t.low[k] == "hal" and not is_clause(t, k, end)):
        return False
    if t.flags[k] & Flag.CUE and not t.flags[k] & Flag.NOUN and frame != "say":
        return False
    size = end - k
    if t.capital(k) and t.capital(end - 1) and size > 2 and _headline_clause(t, k, end) and _title_case(t, k, end):
        return True
    if frame == "control" and how == "bare" and _ABSTRACT.match(t.low[k]) and t.low[k] not in _ANIMATE:
        return False
    if t.flags[k] & Flag.CUE and t.flags[k] & Flag.NOUN:
        if "denial" in cue_entries()[t.low[c]].frames.values() and size > 2:
            return True
        if any(word == "bahwa" for word in t.low[k : k + 12]):
            return True
    if frame == "weak":
        opinion = "opinion" in cue_entries()[t.low[c]].frames.values()
        named = t.low[c] not in ("merasa", "melihat") or t.capital(k) or t.flags[k] & (Flag.PRONOUN | Flag.NOUN | Flag.ROLE) or phrase_after(t, k, end) > k + 1
        named = named or t.flags[k + 1] & (Flag.AUX | Flag.ADVERB | Flag.NEGATION)
        return opinion and size >= 3 and bool(named) and phrase_after(t, k, end) > k and is_clause(t, k, end)
    if cue_entries()[t.low[c]].clitic:
        return bool(t.flags[k] & (Flag.VERB | Flag.AUX | Flag.ADJECTIVE | Flag.NEGATION)) or t.low[k] == "sebagai"
    if frame == "clause" and size >= 2 and not t.flags[k] & (Flag.PREPOSITION | Flag.YANG):
        return True
    naming = frame == "name" or t.low[c] in _NAMES_AS
    return size >= 2 and is_clause(t, k, end, directive=frame in ("name", "control"), naming=naming)


def _report_before(s: Sentence, c: int, source: Range | None) -> bool:
    """Harga naik, The Guardian melaporkan."""
    t, flags = s.t, s.t.flags
    comma = next((k for k in range(c - 1, max(s.a, c - 12), -1) if flags[k] & Flag.COMMA), -1)
    if source is not None and comma > source[0] and not (source[1] == c and flags[source[0]] & (Flag.ROLE | Flag.NOUN)):
        if comma + 1 < c and phrase_after(t, comma + 1, c) == c:
            source = (comma + 1, c)
    entry = cue_entries()[t.low[c]]
    if not entry.frames.keys() & {"say", "clause", "quote"} or (source and t.low[source[0]] in _FIRST):
        return False
    if source is None or source[0] - 2 <= s.a or not flags[source[0] - 1] & Flag.COMMA:
        return False
    if c + 1 < s.b and not flags[c + 1] & (Flag.TERMINAL | Flag.PREPOSITION | Flag.TIME | Flag.COMMA):
        return False
    start = clause_start(t, s.a, source[0] - 1)
    if not has_predicate(t, start, source[0] - 1):
        return False
    return _around(s, start, source[0] - 1, [source], [(c, c + 1)], "report-before")


def _around(s: Sentence, start: int, end: int, sources: list[Range], cues: list[Range], rule: str) -> bool:
    """Adds a report that may hold other reports and quotations."""
    t = s.t
    while end > start and t.flags[end - 1] & (Flag.COMMA | Flag.TERMINAL | Flag.DASH | Flag.COLON):
        if any(q.b == end for q in s.quotes):
            break
        end -= 1
    while start < end and t.flags[start] & (Flag.COMMA | Flag.TERMINAL | Flag.DASH | Flag.COLON | Flag.CLOSE):
        start += 1
    if end <= start:
        return False
    start = next((q.a for q in s.quotes if q.a < start < q.b), start)
    held = [q for q in s.quotes if start <= q.a < end]
    s.covered.update(q.a for q in held)
    s.add(Found(start, end, "mixed" if held else "indirect", sources, cues, rule))
    return True


# ------------------------------------------------------------------------------------- cues that stand in or behind


def _quote(s: Sentence, c: int, entry: CueEntry, frame: str = "quote") -> bool:
    """Harga, kata Budi, naik / Harga naik, kata Budi / yang kata Budi naik / Kata Budi, harga naik."""
    _t, flags = s.t, s.t.flags
    before = c - 1
    initial = before < s.a
    if entry.clitic and not initial and s.t.low[before] in ("namun", "tetapi", "tapi", "dan", "bahwa", "meski", "meskipun", "walau"):
        return _content(s, c + 1, report_end(s.t, c + 1, s.b, s.quotes), [], [(c, c + 1)], frame + "-initial")
    if not initial and not flags[before] & (Flag.COMMA | Flag.YANG | Flag.DASH):
        if not (flags[before] & (Flag.SUBORDINATOR | Flag.CONNECTIVE) and frame == "source"):
            return False
    if entry.clitic:
        source, end = None, c + 1
    else:
        (source,) = _source_after(s, c, entry)
        if source is None:
            return False
        end = source[1]
    sources = [source] if source else []
    cue = [(c, c + 1)]
    return _placed(s, c, end, sources, cue, frame)


def _root(s: Sentence, c: int, entry: CueEntry) -> bool:
    """A root that is also another word: a cue between commas or at the end, with a source or a clitic."""
    if c - 1 < s.a or not s.t.flags[c - 1] & (Flag.COMMA | Flag.YANG):
        return False
    if not entry.clitic and not (c + 1 < s.b and (s.t.capital(c + 1) or s.t.flags[c + 1] & Flag.PRONOUN)):
        return False
    return _quote(s, c, entry, "root")


def _placed(s: Sentence, c: int, end: int, sources: list[Range], cue: list[Range], frame: str) -> bool:
    """A cue with its source from `c` to `end` at the start, in the middle, at the end, or after `yang`."""
    t, flags = s.t, s.t.flags
    before = c - 1
    lo = _scope(s, c, quotes=False)
    if before >= s.a and flags[before] & Flag.YANG:
        k = end + 1 if end < s.b and flags[end] & Flag.COMMA else end
        return k < s.b and _content(s, k, _relative_end(s, k), sources, cue, frame + "-relative")
    comma = _comma_after(s, end)
    start = clause_start(t, lo, c)
    head = max(start, lo)
    empty = c - 1 <= head or not _substantial(t, head, c - 1)
    if empty:
        k = comma + 1 if comma else _colon_quote(s, end)
        if frame == "source" and _second_cue(s, k, sources, cue):
            return True
        if k >= s.b or (not comma and not (frame == "source" or flags[k] & Flag.COLON or flags[k] & Flag.QUOTE)):
            return False
        if flags[k] & Flag.COLON:
            k += 1
        return _content(s, k, report_end(t, k, s.b, s.quotes), sources, cue, frame + "-initial")
    apposed = comma and comma + 1 < s.b and bool(flags[comma + 1] & Flag.ROLE) and not t.capital(comma + 1)
    if apposed and has_predicate(t, head, c - 1):
        comma = 0
    if comma and _quote_next(s, comma + 1):
        comma = 0
    if comma and comma + 1 < s.b and _continues(t, comma + 1, s.b):
        return _around(s, head, report_end(t, comma + 1, s.b, s.quotes), sources, cue, frame + "-around")
    return _around(s, head, c, sources, cue, frame + "-final")


def _quote_next(s: Sentence, k: int) -> bool:
    """Whether quoted words follow, perhaps after `namun`: they are a content of their own."""
    k = k + 1 if k < s.b and s.t.low[k] in ("namun", "tetapi", "tapi", "dan", "tetapi") else k
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
    following = next(((i, e) for i, e in s.cues if i >= k and not e.frames.keys().isdisjoint(_ACTIVE)), None)
    if following is None or following[0] > k + 24:
        return False
    i = following[0]
    if i > k and not t.flags[k] & Flag.PREPOSITION:
        return False
    if any(t.flags[m] & (Flag.VERB | Flag.AUX | Flag.PRONOUN) and not t.capital(m) for m in range(k, i)):
        return False
    lead = report_start(t, i, s.b)
    if lead is None or (i > k and subject_before(t, k + 1, i) is not None and not t.flags[i - 1] & Flag.COMMA):
        return False
    start = lead[0]
    return _content(s, start, report_end(t, start, s.b, s.quotes), sources, [*cue, (i, i + 1)], "source-and-verb")


def _comma_after(s: Sentence, end: int) -> int:
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


def _continues(t: Tokens, k: int, b: int) -> bool:
    """Whether the report goes on after the source, and not an apposition or the circumstances."""
    if t.flags[k] & (Flag.TIME | Flag.OPEN) and t.capital(k):
        return False
    if t.low[k] in (
        "seperti",
        "sebagaimana",
        "saat",
        "ketika",
        "usai",
        "sambil",
        "seraya",
        "seorang",
        "salah",
        "yang",
        "dalam",
        "di",
        "pada",
    ):
        return t.low[k] in ("yang", "dalam", "di", "pada") and has_predicate(t, k, b) and b - k > 6
    return True


def _substantial(t: Tokens, a: int, b: int) -> bool:
    """Whether the words before the cue belong to the report, and are not only a connective or a topic."""
    if t.low[a] in ("saat", "kini", "sekarang") and t.low[a + 1] in ("ini", "itu", "sekarang"):
        return True
    if t.low[a] in (
        "terkait",
        "soal",
        "mengenai",
        "menanggapi",
        "menyikapi",
        "tentang",
        "sementara",
        "meski",
        "selain",
    ):
        return False
    flags = t.flags
    return not all(
        flags[i] & (Flag.CONNECTIVE | Flag.ADVERB | Flag.SUBORDINATOR | Flag.COMMA | Flag.COORDINATOR | Flag.DETERMINER)
        for i in range(a, b)
    )


def _relative_end(s: Sentence, k: int) -> int:
    """End of the predicate of a relative clause."""
    end = report_end(s.t, k, s.b, s.quotes)
    for i in range(k, end):
        if s.t.flags[i] & Flag.COMMA and not any(q.a <= i < q.b for q in s.quotes):
            return i
    return end


def _formula(s: Sentence, k: int, entry: CueEntry) -> tuple[int, Range | None]:
    """End of `dikutip dari`, and the source that follows: dikutip dari laman Antara, dilansir oleh Reuters."""
    t, low = s.t, s.t.low
    cue_end = k + 1
    if low[k] in ("dikutip", "dilansir") and cue_end < s.b and low[cue_end] == "dari":
        cue_end += 1
    if entry.clitic:
        return cue_end, None
    start = cue_end
    if start < s.b and low[start] == "oleh":
        start += 1
    end = phrase_after(t, start, s.b, strict=True)
    return cue_end, (start, end) if end > start else None


_EVIDENCE: Final = word_set("evidence")


def _source(s: Sentence, c: int, entry: CueEntry) -> bool:
    t, low = s.t, s.t.low
    if low[c] == "berdasarkan" and not (c + 1 < s.b and low[c + 1] in _EVIDENCE):
        return False
    if s.inside and c + 1 < s.b and low[c + 1] in ("saya", "kami", "kita", "aku"):
        return False
    if low[c] == "mengutip" and c > s.a and subject_before(t, _scope(s, c), c) and not t.flags[c - 1] & Flag.COMMA:
        return False
    cue_end, source = _formula(s, c, entry)
    if source is None and not entry.clitic:
        return False
    if low[c] in ("mengutip", "melansir") and c > s.a + 1 and source and source[1] < s.b - 1 and low[c - 1] == ",":
        return False
    end = source[1] if source else cue_end
    start = c
    while (
        start > s.a
        and low[start - 1] in ("seperti", "sebagaimana", "yang")
        and not (low[start - 1] == "yang" and low[c] == "menurut")
    ):
        start -= 1
    if start < c and low[start] != "yang":
        return _placed_at(s, start, end, [source] if source else [], [(c, cue_end)])
    return _placed(s, c, end, [source] if source else [], [(c, cue_end)], "source")


def _placed_at(s: Sentence, start: int, end: int, sources: list[Range], cue: list[Range]) -> bool:
    """seperti dikutip Antara: what stands before it, or after it at the start."""
    lo = s.a
    head = clause_start(s.t, lo, start)
    if start - head >= 3:
        comma = _comma_after(s, end)
        return (
            _around(s, head, start, sources, cue, "formula-final")
            if not (comma and _continues(s.t, comma + 1, s.b) and has_predicate(s.t, comma + 1, s.b))
            else _around(s, head, report_end(s.t, comma + 1, s.b, s.quotes), sources, cue, "formula-around")
        )
    comma = _comma_after(s, end)
    if comma and comma + 1 < s.b:
        return _content(s, comma + 1, report_end(s.t, comma + 1, s.b, s.quotes), sources, cue, "formula-initial")
    return False


def _passive(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Dikatakan Budi, harga naik / Hal itu dikatakan Budi / yang dianggap blok itu curang."""
    t, flags = s.t, s.t.flags
    initial = c == s.a or (skip_back(t, s.a, c) < s.a)
    relative = c > s.a and flags[c - 1] & Flag.YANG
    if not initial and not relative and _demonstrative(s, c):
        return _report_is_before(s, c, entry)
    if not (initial or relative) or (initial and c > s.a and flags[c - 1] & Flag.NEGATION):
        return False
    start = c + 2 if c + 1 < s.b and t.low[c + 1] == "oleh" else c + 1
    end = phrase_after(t, start, s.b)
    if relative and c - 2 >= s.a and t.low[c - 2] in ("seperti", "sebagaimana"):
        return end > start and _placed_at(s, c - 2, end, [(start, end)], [(c, c + 1)])
    if relative:
        if end <= start or end >= s.b or not flags[end] & _OPENS_PREDICATE:
            return False
        return _content(s, end, _relative_end(s, end), [(start, end)], [(c, c + 1)], "passive-relative")
    if entry.clitic:
        end = start
    comma = _comma_after(s, end)
    if comma and comma + 2 < s.b and (end > start or entry.clitic):
        source = [] if entry.clitic else [(start, end)]
        return _content(s, comma + 1, report_end(t, comma + 1, s.b, s.quotes), source, [(c, c + 1)], "passive-initial")
    return False


def _demonstrative(s: Sentence, c: int) -> bool:
    """Whether `Hal itu`, `Hal tersebut`, `Demikian` is all that stands before the passive."""
    words = [
        w
        for w in s.t.low[s.a : c]
        if w not in ("juga", "pun", "telah", "sudah", "seperti", "ini", "itu", "tersebut", "senada", ",")
    ]
    return words in (["hal"], ["demikian"], ["pernyataan"], [], ["hal", "demikian"], ["begitu"])


def _report_is_before(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Hal itu disampaikan Budi: the report is the sentence before, which the pipeline fills in."""
    (source,) = _source_after(s, c, entry)
    if source is None or c + 1 >= s.b:
        return False
    s.add(Found(-1, -1, "indirect", [source], [(c, c + 1)], "report-is-sentence-before"))
    return True


def _hearsay(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Harga dikabarkan naik: the whole clause, with the cue inside it, and no source."""
    t, flags = s.t, s.t.flags
    if entry.clitic:
        return False
    lo = _scope(s, c)
    j = skip_back(t, lo, c)
    if j >= lo and flags[j] & Flag.YANG:
        k = c + 1
        end = _relative_end(s, k)
        if end - k >= 2 and (
            flags[k] & (Flag.VERB | Flag.AUX | Flag.ADJECTIVE | Flag.NEGATION) or t.low[k] == "sebagai"
        ):
            return _content(s, k, end, [], [(c, c + 1)], "hearsay-relative")
        return False
    after = c + 1
    if after < s.b and (
        t.low[after] == "oleh" or (t.low[c] in _NAMING and t.low[after] in ("dalam", "di", "pada", "dengan"))
    ):
        return False
    if j < lo or c == s.a or (t.low[c - 1] in _FORBIDDING and entry.frames["hearsay"] != "directive"):
        return False
    if any(flags[m] & Flag.OPEN for m in range(max(lo, c - 5), c)) and not any(
        flags[m] & Flag.CLOSE for m in range(max(lo, c - 5), c)
    ):
        return False  # in brackets
    start = _clause_of(s, lo, c)
    if start < 0:
        return False
    end = report_end(t, after, s.b, s.quotes)
    if end - after < 1:
        return False
    if entry.frames["hearsay"] == "directive" and any(one.a <= c < one.b for one in s.found):
        return False
    opens = flags[after] & (_OPENS_PREDICATE | Flag.NUMBER) or t.low[after] in ("sebagai", "bahwa", "agar", "untuk", "karena")
    if not opens and not is_clause(t, after, end):
        return False
    return _around(s, start, end, [], [(c, c + 1)], "hearsay")


def _clause_of(s: Sentence, lo: int, c: int) -> int:
    """First token of the clause around an agentless passive, or -1 where it has no words before the passive."""
    t, flags = s.t, s.t.flags
    subject = subject_before(t, lo, c)
    if subject is not None and (
        subject[0] == lo
        or flags[subject[0] - 1] & (Flag.COMMA | Flag.SUBORDINATOR | Flag.QUOTE | Flag.CONNECTIVE | Flag.DETERMINER)
    ):
        return subject[0]
    comma = next((k for k in range(c - 1, lo, -1) if flags[k] & Flag.COMMA), lo - 1)
    start = clause_start(t, comma + 1, c)
    if start < c - 1:
        return start
    return subject[0] if subject is not None else -1


def _adverb(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Konon, gua itu dihuni naga."""
    t = s.t
    if not (c == s.a or t.flags[c - 1] & (Flag.COMMA | Flag.YANG | Flag.SUBORDINATOR) or t.low[c] == "konon"):
        return False
    k = c + 1
    if k < s.b and t.flags[k] & Flag.COMMA:
        k += 1
    end = report_end(t, k, s.b, s.quotes)
    if end - k < 2:
        return False
    if c == s.a or t.flags[c - 1] & Flag.YANG:
        return _content(s, k, end, [], [(c, c + 1)], "adverb")
    return _around(s, clause_start(t, _scope(s, c), c), end, [], [(c, c + 1)], "adverb")


def _noun(s: Sentence, c: int, entry: CueEntry) -> bool:
    """pernyataan Budi bahwa harga naik / klaim "harga naik" / pertanyaan apakah harga naik."""
    t, flags, low = s.t, s.t.flags, s.t.low
    limit = min(s.b, c + 12)
    for i in range(c + 1, limit):
        f = flags[i]
        if low[i] in ("bahwa", "bahwasanya") or (low[i] == "apakah" and i == c + 1):
            owner = (c + 1, phrase_after(t, c + 1, i)) if i > c + 1 and not entry.clitic else (0, 0)
            source = [owner] if owner[1] > owner[0] else []
            k = i if low[i] == "apakah" else i + 1
            return _content(s, k, report_end(t, k, s.b, s.quotes), source, [(c, c + 1)], "noun-that")
        if (
            f & Flag.CUE
            or f & (Flag.COMMA | Flag.TERMINAL | Flag.QUOTE | Flag.COLON)
            or (f & (Flag.VERB | Flag.AUX) and not f & Flag.NOUN)
        ):
            return False
    return False


def _say(frame: str) -> Callable[[Sentence, int, CueEntry], bool]:
    return lambda s, c, entry: _active(s, c, entry, frame)


_FRAMES: Final[dict[str, Callable[[Sentence, int, CueEntry], bool]]] = {
    "source": _source,
    "quote": _quote,
    "root": _root,
    "bare": _bare,
    "clause": _say("clause"),
    "say": _say("say"),
    "name": _say("name"),
    "control": _say("control"),
    "weak": _say("weak"),
    "passive": _passive,
    "hearsay": _hearsay,
    "adverb": _adverb,
    "noun": _noun,
}
