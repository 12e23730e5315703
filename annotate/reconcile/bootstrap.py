"""Intervals by resampling documents (percentile bootstrap), or a clear "too few"."""

import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final

from annotate.reconcile.coefficients import Sums

MIN_DOCUMENTS: Final = 5
MIN_UNITS: Final = 20
BLOCKS: Final = 100  # more documents than that are resampled in blocks of several

Formula = Callable[[Mapping[Hashable, float]], float | None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval. `value` None: undefined. `too_few`: no interval, and little to go by."""

    value: float | None
    low: float | None
    high: float | None
    units: int
    documents: int
    too_few: bool


class Bootstrap:
    """Draws the same resamples of documents for every measure; `seed` makes a report come out the same again."""

    def __init__(self, documents: int, resamples: int = 1000, seed: int = 0) -> None:
        self.documents = documents
        self._blocks = min(documents, BLOCKS)
        rng = random.Random(seed)  # noqa: S311  # not a secret
        self._draws = []
        for _ in range(resamples if documents >= MIN_DOCUMENTS else 0):
            weights = [0] * self._blocks
            for block in rng.choices(range(self._blocks), k=self._blocks):
                weights[block] += 1
            self._draws.append(weights)

    def estimate(self, sums: Mapping[int, Sums], formula: Formula, units: int) -> Estimate:
        """`sums` is document's number -> what it adds. `units` is how many things were compared."""
        columns: dict[Hashable, dict[int, float]] = {}
        for number, parts in sums.items():
            block = number % self._blocks
            for name, part in parts.items():
                column = columns.setdefault(name, {})
                column[block] = column.get(block, 0) + part
        value = formula({name: sum(column.values()) for name, column in columns.items()})
        too_few = len(sums) < MIN_DOCUMENTS or units < MIN_UNITS
        low, high = (None, None) if too_few or value is None else self._interval(columns, formula)
        return Estimate(value, low, high, units, len(sums), too_few)

    def _interval(
        self, columns: Mapping[Hashable, Mapping[int, float]], formula: Formula
    ) -> tuple[float | None, float | None]:
        sparse = [(name, tuple(column), tuple(column.values())) for name, column in columns.items()]
        found = []
        for weights in self._draws:
            drawn = weights.__getitem__
            value = formula({name: sum(map(mul, map(drawn, blocks), parts)) for name, blocks, parts in sparse})
            if value is not None:
                found.append(value)
        if len(found) < len(self._draws) / 2:
            return None, None
        found.sort()
        return _percentile(found, 0.025), _percentile(found, 0.975)


def _percentile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
