"""How likely a mark is right, from the rule that made it and the look of what it marked.

A logistic model with one weight for each feature and part (content, source, cue), kept in
`annotate/lexicon/confidence.tsv`, whose head says what the weights were fitted on; `benchmarks/accuracy_confidence.py`
fits them. A feature that the table does not know weighs nothing. The least sure sixth of marks is one step: there the
weights tell little more than that a mark is doubtful, and the step says how often such marks were right. A content's
confidence is that of the whole attribution: that something like it was said, by that source, with that cue.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from math import exp
from typing import Final, NamedTuple

from annotate.lexicon import load_table

PARTS: Final = ("content", "source", "cue")
BELOW: Final = "doubtful below"  # the rows of the table that are no feature: where the step ends, and what it says
SAID: Final = "doubtful, right"
SLOPE: Final = 0.04  # marks on the step keep their order


class Weights(dict[str, float]):
    """Weights of one part by feature; nothing for an unknown one."""

    def __missing__(self, feature: str) -> float:
        return 0.0


class Model(NamedTuple):
    """The weights of one part, and the step of the doubtful marks."""

    weights: Weights
    below: float
    said: float

    def probability(self, held: Iterable[str]) -> float:
        """Of a mark with the features `held`: above 0 and below 1."""
        sure = 1.0 / (1.0 + exp(-sum(map(self.weights.__getitem__, held))))
        return sure if sure >= self.below else self.said + SLOPE * (sure / self.below - 0.5)


@cache
def models() -> tuple[Model, Model, Model]:
    """The models of content, source and cue."""
    rows = load_table("confidence")
    content, source, cue = (Weights({row["feature"]: float(row[part]) for row in rows}) for part in PARTS)
    return _model(content), _model(source), _model(cue)


def _model(weights: Weights) -> Model:
    return Model(weights, weights.pop(BELOW, 0.0), weights.pop(SAID, 0.5))


def confidence(held: list[str]) -> tuple[float, float, float]:
    """Probability, 0 to 1 in steps of a hundredth, that content (with its links), source and cue are right."""
    return _confidence(tuple(held))


@lru_cache(maxsize=1 << 13)
def _confidence(held: tuple[str, ...]) -> tuple[float, float, float]:
    content, source, cue = models()
    return (
        round(content.probability(held), 2),
        round(source.probability(held), 2),
        round(cue.probability(held), 2),
    )
