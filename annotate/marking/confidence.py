"""How likely a mark is right, from the rule that made it and a few features of what it marked.

A logistic model with one weight for each feature and part (content, source, cue), kept in
`annotate/lexicon/confidence.tsv`; `benchmarks/accuracy_confidence.py` fits it on hand-marked articles. A feature that
the table does not know weighs nothing. A content's confidence is that of the whole attribution: that something like it
was said, by that source, with that cue.
"""

from functools import cache, lru_cache
from math import exp
from typing import Final

from annotate.lexicon import Flag, load_table
from annotate.marking.found import Found
from annotate.marking.tokens import Tokens

PARTS: Final = ("content", "source", "cue")
_LONG: Final = 45
_SHORT: Final = 4


@cache
def weights() -> dict[str, tuple[float, float, float]]:
    """Weights by feature: for content, source, cue."""
    return {
        row["feature"]: (float(row["content"]), float(row["source"]), float(row["cue"]))
        for row in load_table("confidence")
    }


def features(t: Tokens, one: Found, *, nested: bool) -> list[str]:
    """What the confidence of an attribution depends on."""
    rule = one.rule
    found = ["bias", rule, rule.partition("-")[0], one.label]
    size = one.b - one.a
    if size > _LONG:
        found.append("long")
    elif size < _SHORT:
        found.append("short")
    if nested:
        found.append("nested")
    quote = one.quote
    if quote is not None and not (quote.opened and quote.closed):
        found.append("mark lost")
    if one.cues:
        found.append("cue " + t.low[one.cues[0][0]])
    if one.sources:
        a, b = one.sources[0]
        if t.flags[a] & Flag.PRONOUN:
            found.append("pronoun")
        elif t.capital(b - 1):
            found.append("named")
        else:
            found.append("common noun")
        if b - a > 8:
            found.append("long source")
    else:
        found.append("no source")
    return found


def confidence(held: list[str]) -> tuple[float, float, float]:
    """Probability, 0 to 1 in steps of a hundredth, that content (with its links), source and cue are right."""
    return _sum_of(tuple(held))


@lru_cache(maxsize=1 << 13)
def _sum_of(held: tuple[str, ...]) -> tuple[float, float, float]:
    table = weights()
    content = source = cue = 0.0
    for name in held:
        weight = table.get(name)
        if weight is not None:
            content += weight[0]
            source += weight[1]
            cue += weight[2]
    return _squash(content), _squash(source), _squash(cue)


def _squash(score: float) -> float:
    return round(1.0 / (1.0 + exp(-score)), 2)
