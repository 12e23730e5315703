"""Reports that stand in what is written or recorded: Dalam surat itu disebutkan harga naik."""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.clauses import clause_start, is_clause
from annotate.marking.extents import phrase_after, skip_forward
from annotate.marking.found import Sentence, add_report, scope
from annotate.marking.report_ends import report_end

_CONTRASTS: Final = word_set("contrasts")
_BEARERS: Final = word_set("bearers")
_PARTS: Final = Flag.COMMA | Flag.YANG | Flag.AUX | Flag.NEGATION | Flag.CUE | Flag.PRONOUN | Flag.TIME
_ALSO: Final = word_set("also")
_IN: Final = word_set("in")


def told_in(s: Sentence, c: int) -> bool:
    """Adds what the passive at `c` says to stand in a document that opens the clause; that document is the source."""
    t = s.t
    begin = clause_start(t, scope(s, c), c)
    if t.low[begin] in _CONTRASTS:  # Adapun | dalam surat itu; Sedangkan, | dalam surat itu
        begin += 2 if t.flags[begin + 1] & Flag.COMMA else 1
    if t.low[begin] not in _IN or t.low[begin + 1] not in _BEARERS:
        return False
    end = max(phrase_after(t, begin + 1, c), begin + 2)  # rilis is also a verb
    if end < c and not any(f & _PARTS or (f & Flag.VERB and not f & Flag.NOUN) for f in t.flags[end:c]):
        end = c - 1 if t.low[c - 1] in _ALSO else c  # Dalam Pasal 2 ayat (3) aturan itu (juga) disebutkan
    parted = end + 1 if t.flags[end] & Flag.COMMA else end
    if end < c and t.flags[end] & Flag.YANG and not any(f & Flag.COMMA for f in t.flags[end:c]):
        parted = c  # Dalam laporan PBB yang terbit kemarin disebutkan
    if skip_forward(t, parted, c) != c or t.flags[c - 1] & Flag.YANG:
        return False  # Dalam pesan yang disampaikan lewat radio, ...
    led = t.flags[c + 1] & (Flag.COMMA | Flag.COLON) or t.low[c + 1] == "bahwa"
    k = c + 2 if led else c + 1
    stop = report_end(t, k, s.b, s.quotes)
    if stop - k < 2 or not (led or t.flags[k] & Flag.QUOTE or is_clause(t, k, stop)):
        return False
    return add_report(s, k, stop, [(begin + 1, end)], [(c, c + 1)], "passive-document")
