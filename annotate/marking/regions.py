"""Turns what was found in tokens into attributions of regions: offsets, kinds, confidence."""

from functools import lru_cache

from annotate.datamodel import Attribution, CueKind, Region
from annotate.lexicon import cue_entries
from annotate.marking.confidence import confidence
from annotate.marking.confidence_features import features
from annotate.marking.found import Found
from annotate.marking.sources import source_kind
from annotate.marking.tokens import Tokens


def as_attributions(t: Tokens, found: list[Found]) -> list[Attribution]:
    """The attributions in the order given, without speakers; equal sources and equal cues are one region."""
    sources: dict[tuple[int, int], Region] = {}
    cues: dict[tuple[int, int], Region] = {}
    attributions = []
    starts = t.starts
    reach = 0  # end of the furthest content so far: what begins before it is nested
    for one in found:
        rule = one.rule
        content, source, cue = confidence(features(t, one, nested=one.b <= reach))
        reach = max(reach, one.b)
        for place in one.sources:
            if place not in sources:
                sources[place] = _source(t, *place, rule, source)
        for place in one.cues:
            if place not in cues:
                a, b = place
                cues[place] = Region("cue", starts[a], t.end(b - 1), rule, cue, _cue_kind(t.low[a], rule))
        attributions.append(
            Attribution(
                Region(one.label, starts[one.a], t.end(one.b - 1), rule, content),
                tuple(map(sources.__getitem__, one.sources)),
                tuple(map(cues.__getitem__, one.cues)),
            )
        )
    return attributions


def _source(t: Tokens, a: int, b: int, rule: str, sure: float) -> Region:
    start, end = t.starts[a], t.end(b - 1)
    return Region("source", start, end, rule, sure, source_kind(t.text[start:end]))


@lru_cache(maxsize=1 << 13)
def _cue_kind(word: str, rule: str) -> CueKind | None:
    """The kind of a cue in the frame that the rule is named after, else in its first frame."""
    entry = cue_entries().get(word)
    if entry is None:
        return None
    return entry.frames.get(rule.partition("-")[0]) or next(iter(entry.frames.values()))
