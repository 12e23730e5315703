"""Turns what was found in tokens into attributions of regions: offsets, kinds, confidence."""

from functools import lru_cache

from annotate.datamodel import Attribution, CueKind, Region
from annotate.lexicon import cue_entries
from annotate.marking.confidence import confidence
from annotate.marking.confidence_features import features
from annotate.marking.found import Found, Range
from annotate.marking.sources import source_kind
from annotate.marking.tokens import Tokens


def as_attributions(t: Tokens, found: list[Found]) -> list[Attribution]:
    """The attributions in the order given, without speakers; equal sources and equal cues are one region."""
    sources: dict[tuple[int, int], Region] = {}
    cues: dict[tuple[int, int], Region] = {}
    attributions = []
    reach = 0  # end of the furthest content so far: what begins before it is nested
    for one in found:
        rule = one.rule
        content, source, cue = confidence(features(t, one, nested=one.b <= reach))
        reach = max(reach, one.b)
        said_by: list[Region] = []
        for place in one.sources:
            region = sources.get(place)
            if region is None:
                region = sources[place] = _source(t, place, rule, source)
            said_by.append(region)
        cued_by: list[Region] = []
        for place in one.cues:
            region = cues.get(place)
            if region is None:
                region = cues[place] = _cue(t, place, rule, cue)
            cued_by.append(region)
        words = Region(one.label, t.start(one.a), t.end(one.b - 1), rule, content)
        attributions.append(Attribution(words, tuple(said_by), tuple(cued_by)))
    return attributions


def _source(t: Tokens, place: Range, rule: str, sure: float) -> Region:
    start, end = t.start(place[0]), t.end(place[1] - 1)
    return Region("source", start, end, rule, sure, source_kind(t.text[start:end]))


def _cue(t: Tokens, place: Range, rule: str, sure: float) -> Region:
    a, b = place
    return Region("cue", t.start(a), t.end(b - 1), rule, sure, _cue_kind(t.low[a], rule))


@lru_cache(maxsize=1 << 13)
def _cue_kind(word: str, rule: str) -> CueKind | None:
    """The kind of a cue in the frame that the rule is named after, else in its first frame."""
    entry = cue_entries().get(word)
    if entry is None:
        return None
    return entry.frames.get(rule.partition("-")[0]) or next(iter(entry.frames.values()))
