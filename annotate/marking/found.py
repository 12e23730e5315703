"""What is found in a sentence, in tokens, and how a report is added to it.

A report that holds quotation marks is mixed, one that is quoted from end to end direct, any other indirect.
"""

from typing import Final

from annotate.datamodel import ContentLabel
from annotate.lexicon import CueEntry, Flag, cues_in, word_set
from annotate.marking.clauses import has_predicate
from annotate.marking.extents import phrase_after
from annotate.marking.phrase_marks import PLACES
from annotate.marking.quotes import Quote
from annotate.marking.tokens import Tokens, first_from

Range = tuple[int, int]
_BULLETS: Final = frozenset("•●▪■◦·*–—-»>#|")
_DOMAINS: Final = frozenset(("com", "co", "id", "/"))
_WATCH: Final = word_set("watch")
COPULAS: Final = word_set("copulas")
_NEWS: Final = word_set("news")
_INSTITUTIONS: Final = word_set("institutions")
_PLACE_HEADS: Final = word_set("place_heads")
_PLAIN: Final = Flag.NOUN | Flag.CUE
_IN_DATELINE: Final = Flag.COMMA | Flag.OPEN | Flag.CLOSE | Flag.TERMINAL | Flag.NUMBER | Flag.TIME
_LOOSE: Final = Flag.COMMA | Flag.TERMINAL | Flag.DASH | Flag.COLON  # marks that no report begins or ends with
_MATTERS: Final = word_set("matters")
_FORMULAS: Final = word_set("formulas")
_SAYS: Final = cues_in("say", "clause")
MAX_DATELINE: Final = 12  # tokens
_SMALL_NAMES: Final = word_set("small_names")
_AFTER_ROOT: Final = word_set("after_root")
_AFTER_SECOND: Final = Flag.COMMA | Flag.TERMINAL | Flag.PREPOSITION | Flag.TIME


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

    __slots__ = ("a", "b", "covered", "cues", "found", "headline", "inside", "linked", "quotes", "subject", "t")

    def __init__(
        self,
        t: Tokens,
        a: int,
        b: int,
        quotes: list[Quote],
        cues: list[int],
        *,
        inside: bool,
        headline: bool,
    ) -> None:
        self.t = t
        self.a = a
        self.b = b
        self.quotes = quotes
        self.cues = cues
        self.inside = inside  # the sentence stands inside a quotation
        self.headline = headline
        self.found: list[Found] = []
        self.linked: dict[int, Found] = {}  # quotations that have their attribution, by first token
        self.covered: set[int] = set()  # quotations that are part of a mixed report
        self.subject: Range | None = None

    def add(self, found: Found) -> None:
        self.found.append(found)
        if found.sources and not found.rule.startswith("hearsay"):  # the agent of a passive is no subject
            self.subject = found.sources[0]

    def uses(self, i: int) -> bool:
        """Whether the word is a cue of what was found."""
        return any(a <= i < b for found in self.found for a, b in found.cues)


def past_rubric(t: Tokens, a: int, b: int) -> int:
    """First token after `Baca juga:` or a line of the page that ran into the sentence."""
    if t.low[a] == "scroll" and t.low[a + 4] == "content":  # SCROLL TO CONTINUE WITH CONTENT
        return a + 5 if a + 5 < b else a
    if (t.low[a] in _WATCH or t.low[a] == "baca") and a + 5 < b:
        ends = (":",) if t.low[a] == "baca" or ":" in t.low[a + 1 : a + 4] else ("video",)
        return next((k + 1 for k in range(a + 1, a + 4) if t.low[k] in ends), a)
    return a


def past_dateline(t: Tokens, a: int, b: int) -> int:
    """First token after `JAKARTA, KOMPAS.com -`, or after `Kabar.com, Jakarta` that has no dash."""
    past = _past_dash(t, a, b)
    if past > a or a + 6 >= b or t.low[a + 1] != "." or not t.flags[a + 3] & Flag.COMMA or t.low[a + 2] not in _DOMAINS:
        return past
    k = a + 4
    while t.capital(k) and t.low[k] in PLACES:
        k += 1
    return k if a + 4 < k < b and t.capital(k) else a


def _past_dash(t: Tokens, a: int, b: int) -> int:
    last = min(a + (MAX_DATELINE if t.low[a] != "laporan" else 2 * MAX_DATELINE), b)  # Laporan Wartawan Budi SOLO -
    dash = first_from(t.dashes, a + 1)
    if dash == len(t.dashes) or t.dashes[dash] >= last:
        return a
    flags = t.flags
    if a + 2 < b and t.words[a] in _BULLETS:
        a += 1
    for i in range(a, last):
        f = flags[i]
        if f & Flag.DASH and i > a and not (t.glued(i) and i + 1 < b and t.glued(i + 1)):
            aside = (flags[i + 1] | (flags[i + 2] if flags[i + 1] & Flag.DASH else 0)) & Flag.YANG
            return a if aside else i + 1  # Budi -- yang ... -- mengatakan
        if not (t.capital(i) or f & _IN_DATELINE or t.low[i] in _DOMAINS):
            return a
        if f & Flag.CUE and t.low[i] != "laporan":
            return a
    return a


def add_report(s: Sentence, k: int, end: int, sources: list[Range], cues: list[Range], rule: str) -> bool:
    """Adds the report `k` to `end`, as direct, mixed or indirect after the quotation marks in it."""
    t, flags = s.t, s.t.flags
    while k < end and flags[k] & _LOOSE:
        k += 1
    if k >= end:
        return False
    if flags[k] & Flag.OPEN:  # [...]
        shut = next((m for m in range(k + 1, min(k + 6, end)) if not flags[m] & Flag.TERMINAL), k)
        k = shut + 1 if flags[shut] & Flag.CLOSE and shut + 1 < end else k
    held = []
    if s.quotes:
        k = next((q.a for q in s.quotes if q.a < k < q.b), k)
        end = _before_linked(s, k, end)
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


def _before_linked(s: Sentence, k: int, end: int) -> int:
    """Where a report ends that runs into quoted words with a cue of their own (harga naik "Kami rugi," kata Budi)."""
    linked = next((q.a for q in s.quotes if k < q.a < end and q.a in s.linked and s.t.capital(q.a + 1)), end)
    while linked < end and linked > k and s.t.flags[linked - 1] & (Flag.COMMA | Flag.TERMINAL):
        linked -= 1
    return linked


def scope(s: Sentence, c: int, *, quotes: bool = True) -> int:
    """Where the clause of the cue at `c` can begin: in the report that holds it, after a quotation, or the start."""
    lo = s.a
    for found in s.found:
        if found.a <= c < found.b and found.a > lo:
            lo = found.a
    for q in s.quotes if quotes else ():
        if q.b <= c and q.b > lo and q.a in s.linked:
            lo = q.b
    return lo


def add_clause(s: Sentence, start: int, end: int, sources: list[Range], cues: list[Range], rule: str) -> bool:
    """Adds a report that may hold other reports and quotations."""
    t = s.t
    while end > start and t.flags[end - 1] & _LOOSE:
        if any(q.b == end for q in s.quotes):
            break
        end -= 1
    while start < end and t.flags[start] & (_LOOSE | Flag.CLOSE):
        start += 1
    if end <= start:
        return False
    start = next((q.a for q in s.quotes if q.a < start < q.b), start)
    held = [q for q in s.quotes if start <= q.a < end]
    s.covered.update(q.a for q in held)
    s.add(Found(start, end, "mixed" if held else "indirect", sources, cues, rule))
    return True


def source_after(s: Sentence, k: int, entry: CueEntry) -> Range | None:
    """The source that follows a bare root or a passive."""
    if entry.clitic:
        return None
    start = k + 1
    while start < s.b and s.t.low[start] in _AFTER_ROOT:
        start += 1
    end = phrase_after(s.t, start, s.b)
    return (start, end) if end > start else None


def report_is_before(s: Sentence, c: int, entry: CueEntry) -> bool:
    """Hal itu disampaikan Budi: the report is the sentence before, which the pipeline fills in."""
    source = source_after(s, c, entry)
    if source is None or c + 1 >= s.b:
        return False
    s.add(Found(-1, -1, "indirect", [source], [(c, c + 1)], "report-is-sentence-before"))
    return True


def formula(s: Sentence, k: int, entry: CueEntry) -> tuple[int, Range | None]:
    """End of `dikutip dari`, and the source that follows: dikutip dari laman Antara, dilansir oleh Reuters."""
    t, low = s.t, s.t.low
    cue_end = k + 1
    if low[k] in _FORMULAS and low[k] != "berdasarkan" and cue_end < s.b and low[cue_end] == "dari":
        cue_end += 1
    if entry.clitic:
        return cue_end, None
    start = cue_end
    if start < s.b and low[start] == "oleh":
        start += 1
    small = any(low[start].startswith(name) for name in _SMALL_NAMES)
    end = start + 1 if small else phrase_after(t, start, s.b, strict=True)
    if low[k] == "menurut" and end < s.b and not t.flags[end] & Flag.COMMA:
        end = _comma_lost(t, start, end, s.b)
    return cue_end, (start, end) if end > start else None


def second_verb(s: Sentence, k: int) -> list[Range]:
    """A verb that says the same once more: kata Budi menambahkan."""
    t = s.t
    if k >= s.b or not t.flags[k] & Flag.CUE or not t.low[k].startswith("me"):
        return []
    ends = k + 1 >= s.b or (t.flags[k + 1] & _AFTER_SECOND and t.low[k + 1] != "untuk")  # katanya menolak untuk ...
    return [(k, k + 1)] if ends and t.low[k] in _SAYS else []


def _comma_lost(t: Tokens, start: int, end: int, b: int) -> int:
    """Where a source ends whose comma is missing: Menurut Budi | harga turun; menurut warga | kabar itu bohong."""
    for k in range(start + 1, end):
        plain = not t.capital(k) and not t.flags[k] & ~_PLAIN and t.low[k] not in _PLACE_HEADS
        named = plain and t.capital(k - 1) and all(t.capital(m) or t.flags[m] & Flag.ROLE for m in range(start, k))
        if (named or t.low[k] in _NEWS or t.low[k] in _MATTERS) and not any(
            word in _INSTITUTIONS for word in t.low[start:k]
        ):
            return k if has_predicate(t, k, b) else end
    return end
