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


class Tally:
    """The sums of one measure, block by block: what is kept does not grow with the number of documents."""

    def __init__(self) -> None:
        self.blocks: dict[int, Sums] = {}
        self.documents = 0
        self._last = -1

    def add(self, document: int, sums: Sums) -> None:
        """Adds to a document's sums; documents are numbered from 0 and come one after the other."""
        held = self.blocks.setdefault(document % BLOCKS, {})
        for name, value in sums.items():
            held[name] = held.get(name, 0) + value
        if document != self._last:
            self.documents += 1
            self._last = document

    def total(self) -> Sums:
        """The sums over all documents."""
        total: Sums = {}
        for sums in self.blocks.values():
            for name, value in sums.items():
                total[name] = total.get(name, 0) + value
        return total


class Bootstrap:
    """Draws the same resamples of documents for every measure; `seed` makes a report come out the same again."""

    def __init__(self, documents: int, resamples: int = 1000, seed: int = 0) -> None:
        blocks = min(documents, BLOCKS)
        rng = random.Random(seed)  # noqa: S311  # not a secret
        self._draws = []
        for _ in range(resamples if documents >= MIN_DOCUMENTS else 0):
            weights = [0] * blocks
            for block in rng.choices(range(blocks), k=blocks):
                weights[block] += 1
            self._draws.append(weights)

    def estimate(self, tally: Tally, formula: Formula, units: int) -> Estimate:
        """The figure over all documents with its interval. `units` is how many things were compared."""
        value = formula(tally.total())
        too_few = tally.documents < MIN_DOCUMENTS or units < MIN_UNITS
        low, high = (None, None) if too_few or value is None else self._interval(tally, formula)
        return Estimate(value, low, high, units, tally.documents, too_few)

    def _interval(self, tally: Tally, formula: Formula) -> tuple[float | None, float | None]:
        columns: dict[Hashable, dict[int, float]] = {}
        for block, sums in tally.blocks.items():
            for name, part in sums.items():
                columns.setdefault(name, {})[block] = part
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
