"""Ties quotations and reports to the cues and sources of their sentence.

`mark_sentence` goes through one sentence: first the quotations, each with a cue after it, then the cues from left to
right, each in the frames that the lexicon gives it. What it yields are `Found` records, in tokens.
"""

from typing import Final

from annotate.lexicon import CueEntry, cue_entries
from annotate.marking.asides import mark_quote, mark_root, mark_source
from annotate.marking.cues import find_cues
from annotate.marking.found import Found, Sentence, past_dateline, past_rubric
from annotate.marking.headlines import dash_name, mark_bare, name_colon, title_after, video_title
from annotate.marking.nouns import mark_noun, mark_told
from annotate.marking.passives import mark_adverb, mark_hearsay, mark_passive
from annotate.marking.quoted import link_after, link_rest
from annotate.marking.quotes import Quote
from annotate.marking.tokens import Tokens
from annotate.marking.verbs import active

MAX_CUES: Final = 40  # of a sentence; more are no prose


def mark_sentence(
    t: Tokens, a: int, b: int, quotes: list[Quote], *, inside: bool = False, headline: bool = False
) -> list[Found]:
    """The attributions of one sentence; `inside`: of quoted words, `headline`: of a line that is one."""
    cues = find_cues(t, a, b)
    if len(cues) > MAX_CUES:
        del cues[MAX_CUES:]
    if quotes:
        cues = [i for i in cues if not any(q.a < i < q.b for q in quotes)]
    elif not cues and not headline:
        return []
    if not inside and len(quotes) == 1 and video_title(t, a, quotes[0]):
        return mark_sentence(t, quotes[0].a + 1, quotes[0].b - 1, [], headline=True)
    if not inside and (title := title_after(t, a, b)):
        return mark_sentence(t, title, b, [q for q in quotes if q.a >= title], headline=True)
    first = past_rubric(t, a, b)
    if not headline and first == a:
        first = past_dateline(t, a, b)
    s = Sentence(t, first, b, quotes, cues, inside=inside, headline=headline)
    if headline and not quotes and name_colon(s):
        name = s.found[0].sources[0][0]
        led = mark_sentence(t, s.a, name - 1, [], headline=True) if name > s.a + 3 else []
        return led + s.found  # Lurah Minta Pasar Ditutup, Camat: Tunggu Dulu
    if headline and not cues and dash_name(s):
        return s.found
    for quote in quotes:
        link_after(s, quote)
    for i in cues:
        if s.uses(i):
            continue
        entry, frames = _TRIED[t.low[i]]
        for frame in frames:
            if _mark(s, i, entry, frame):
                break
    for quote in quotes:
        if quote.a not in s.linked and quote.a not in s.covered:
            link_rest(s, quote)
    return s.found


# What is tried with a reporting word, in this order.
_ORDER: Final = (
    "source",
    "quote",
    "root",
    "bare",
    "clause",
    "say",
    "name",
    "control",
    "weak",
    "passive",
    "hearsay",
    "adverb",
    "noun",
    "told",
)
_TRIED: Final[dict[str, tuple[CueEntry, list[str]]]] = {
    word: (entry, [frame for frame in _ORDER if frame in entry.frames]) for word, entry in cue_entries().items()
}


def _mark(s: Sentence, c: int, entry: CueEntry, frame: str) -> bool:
    """Whether the reporting word at `c` makes an attribution in this frame, which is added to the sentence.

    A chain, not a table of functions: compiled code calls each of them directly.
    """
    if frame in ("clause", "say", "name", "control", "weak"):
        return active(s, c, entry, frame)
    if frame == "quote":
        return mark_quote(s, c, entry)
    if frame == "root":
        return mark_root(s, c, entry)
    if frame == "bare":
        return mark_bare(s, c, entry)
    if frame == "noun":
        return mark_noun(s, c, entry)
    if frame == "source":
        return mark_source(s, c, entry)
    if frame == "passive":
        return mark_passive(s, c, entry)
    if frame == "hearsay":
        return mark_hearsay(s, c, entry)
    if frame == "adverb":
        return mark_adverb(s, c, entry)
    return mark_told(s, c, entry)
