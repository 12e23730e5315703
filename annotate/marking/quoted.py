"""Ties a quotation to the cue and the source that follow it, or to those of the part before it."""

from typing import Final

from annotate.lexicon import CueEntry, Flag, cue_entries, cues_in, word_set
from annotate.lexicon.cues import FRAMES
from annotate.marking.around import predicate_quoted
from annotate.marking.clauses import clause_start, has_predicate
from annotate.marking.extents import phrase_after
from annotate.marking.found import Found, Range, Sentence, formula, second_verb, source_after
from annotate.marking.misprints import nearest_root
from annotate.marking.quotes import Quote
from annotate.marking.subjects import subject_before
from annotate.marking.tokens import Tokens

_REPORT_NOUNS: Final = word_set("report_nouns")
_ONLY_NOUNS: Final = cues_in("noun") - cues_in(*(set(FRAMES) - {"noun"}))  # demikian pernyataan Budi
_ONLY_WEAK: Final = cues_in("weak") - cues_in(*(set(FRAMES) - {"weak"}))
_ACTIVE: Final = cues_in("clause", "say", "name", "control", "weak")
_REPORTING: Final = cues_in("clause", "say", "name", "control")
_PAUSE: Final = Flag.COMMA | Flag.DASH
_LED: Final = Flag.COMMA | Flag.COLON | Flag.TERMINAL
_ADJUNCT: Final = (
    Flag.PREPOSITION | Flag.TIME | Flag.SUBORDINATOR | Flag.TERMINAL | Flag.CLOSE | Flag.COORDINATOR | Flag.QUOTE
)


_AFTER_OWNER: Final = _ADJUNCT | Flag.COMMA
_ENDS_BARE: Final = Flag.TERMINAL | Flag.COMMA | Flag.TIME
_OPENS_QUOTE: Final = Flag.COMMA | Flag.COLON | Flag.TERMINAL | Flag.CUE


def link_after(s: Sentence, q: Quote) -> None:
    """ "...," kata Budi / "...," Budi menjelaskan / "...," katanya / "...," menurut Budi / "...," demikian Budi."""
    t, flags, low = s.t, s.t.flags, s.t.low
    k = q.b
    if k < s.b and flags[k] & Flag.DETERMINER and q.a > s.a and not flags[q.a - 1] & _OPENS_QUOTE:
        return  # pelantun "Hujan" itu: a title in a noun phrase
    while k < s.b and (flags[k] & _PAUSE or (flags[k] & Flag.TERMINAL and k == q.b)):
        k += 1
    if k >= s.b:
        return
    start = k
    while (
        k < s.b
        and low[k] in ("demikian", "begitu", "begitulah", "demikianlah", "itulah", "seperti", "sebagaimana", "lanjut")
        and k + 1 < s.b
        and flags[k + 1] & Flag.CUE
        and not (low[k] == "demikian" and low[k + 1] in _ONLY_NOUNS)
    ):
        k += 1
    if low[k] == "demikian" and low[k + 1] in _REPORT_NOUNS and (owner := phrase_after(t, k + 2, s.b)) > k + 2:
        _direct(s, q, k + 1, (k + 2, owner), "direct-cue-after")  # "...," demikian pernyataan Budi
        return
    named = low[k] in _REPORT_NOUNS and _ends_open(t, q) and k == start and t.capital(k + 1)
    if named and (owner := phrase_after(t, k + 1, s.b)) > k + 1 and (owner >= s.b or flags[owner] & _AFTER_OWNER):
        _direct(s, q, k, (k + 1, owner), "direct-cue-after")  # "...," pernyataan Budi
        return
    entry = cue_entries()[low[k]] if k in s.cues else None
    if entry is None and (start > q.b or _ends_open(t, q)) and k == start:
        entry = _meant_cue(t, k, s.b)
    if entry is not None and ("quote" in entry.frames or "source" in entry.frames) and _reported_already(s, q):
        return  # Wati mengaku ia "kecewa," kata Budi: the verb before it reports the words, Budi the whole
    if entry is not None:
        if (
            "quote" in entry.frames
            or "root" in entry.frames
            or ("passive" in entry.frames and "hearsay" not in entry.frames)
            or low[k] == "demikian"
        ):
            _direct(s, q, k, source_after(s, k, entry), "direct-cue-after")
            return
        if "source" in entry.frames:
            cue_end, source = formula(s, k, entry)
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
    if q.a not in s.linked and q.closed and _ends_open(t, q) and t.capital(start):
        _link_bare(s, q, start)


def _link_bare(s: Sentence, q: Quote, k: int) -> None:
    """ "...," Kepala Dinas Ratih Lestari. The cue was left out."""
    t, flags = s.t, s.t.flags
    end = phrase_after(t, k, s.b)
    named = end - k >= 3 and t.capital(end - 1) and not flags[end - 1] & Flag.ROLE
    if not flags[k] & Flag.ROLE:  # "...," Ratih Lestari.
        ends = end >= s.b or (end + 1 >= s.b and flags[end] & Flag.TERMINAL)
        named = bool(ends) and k < end <= k + 4 and not any(flags[k:end]) and q.a == s.a
    if named and q.a not in s.covered and all(i < k for i in s.cues) and (end >= s.b or flags[end] & _ENDS_BARE):
        found = Found(q.a, q.b, "direct", [(k, end)], [], "direct-source-after", q)
        s.linked[q.a] = found
        s.add(found)


def _meant_cue(t: Tokens, k: int, b: int) -> CueEntry | None:
    """The root that a misprint at `k` was meant for, with a name or the sentence's end after it."""
    entry = None if t.capital(k) or t.flags[k] else nearest_root(t.low[k])
    if entry is None or entry.clitic:
        return entry
    return entry if k + 1 < b and (t.capital(k + 1) or t.flags[k + 1] & Flag.PRONOUN) else None


def _reported_already(s: Sentence, q: Quote) -> bool:
    """Whether quoted words end a clause that a reporting verb before them leads in."""
    t, flags = s.t, s.t.flags
    first = q.a + 1 if q.opened else q.a
    if not q.opened or t.capital(first) or q.a - s.a < 3:
        return False
    if flags[q.a - 1] & _LED:
        return False
    lo = max([s.a, *(p.b for p in s.quotes if p.b <= q.a)])
    verb = next((i for i in s.cues if lo < i < q.a and t.low[i] in _REPORTING and not t.capital(i)), 0)
    return verb > 0 and not any(flags[i] & (Flag.COLON | Flag.TERMINAL) for i in range(verb, q.a))


def _ends_open(t: Tokens, q: Quote) -> bool:
    """Whether the quoted words end in a comma, a question or an exclamation mark: the sentence goes on."""
    last = q.b - 2 if q.closed else q.b - 1
    return t.low[last] in (",", "?", "!", "…", "-", "—")


def _link_subject_after(s: Sentence, q: Quote, k: int) -> None:
    """ "...," Budi, ketua RT, menjelaskan."""
    t, flags = s.t, s.t.flags
    for i in s.cues:
        if i <= k or i > k + 36:
            continue
        if t.low[i] not in _ACTIVE:
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
    if source is None or source[0] >= cue:
        cues += second_verb(s, source[1] if source else cues[0][1])
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
    if not q.opened or t.capital(first) or q.a == s.a or flags[q.a - 1] & (Flag.COMMA | Flag.COLON | Flag.CLOSE):
        return -1
    lo = max([s.a, *(one.b for one in s.found), *(p.b for p in s.quotes if p.b <= q.a)])
    if any(lo <= i < q.a and not (t.low[i] in _ONLY_WEAK or flags[i] & Flag.NOUN) for i in s.cues):
        return -1
    head = clause_start(t, lo, q.a)
    told = q.a - head >= 2 and has_predicate(t, head, q.a)
    return head if told or predicate_quoted(t, head, q.a, q.a) else -1


def link_rest(s: Sentence, q: Quote) -> None:
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
    if before >= s.a and flags[before] & _LED:
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
