"""People against pre-marks: what was accepted and what was changed, by rule and by confidence, seen and unseen."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, get_args

from annotate.reconcile.bootstrap import Bootstrap, Tally
from annotate.reconcile.coefficients import Sums
from annotate.reconcile.premarks import Comparison, compare
from annotate.reconcile.readings import Premarks, Reading
from annotate.reconcile.report import PremarkFigure
from annotate.records import PremarkChange

CHANGES: Final = get_args(PremarkChange)
BINS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
DIMENSIONS: Final = ("all", "annotator", "rule", "confidence")

Key = tuple[str, str, str]  # sight, by, key


class PremarkStudy:
    """Adds up what readers made of pre-marks, document by document."""

    def __init__(self) -> None:
        self._tallies: dict[Key, Tally] = {}
        self._documents = 0

    def add(self, readings: Sequence[Reading], premarks: Premarks) -> None:
        """One document. Who labelled without sight of the pre-marks is compared with them too, apart."""
        number = self._documents
        self._documents += 1
        for reading in readings:
            sight = "seen" if reading.saw_premarks else "blind"
            for comparison in compare(premarks.attributions, reading.attributions):
                sums: Sums = {"premarks": comparison.premark is not None, **dict.fromkeys(comparison.changes, 1)}
                for by, key in _keys(comparison, reading.annotator):
                    self._tallies.setdefault((sight, by, key), Tally()).add(number, sums)

    def report(self, resamples: int = 1000, seed: int = 0) -> list[PremarkFigure]:
        """The counts, and the share accepted with its 95 % interval over documents."""
        draw = Bootstrap(self._documents, resamples, seed)
        figures = []
        for (sight, by, key), tally in sorted(self._tallies.items(), key=lambda item: _place(item[0])):
            total = tally.total()
            counts = {name: round(total.get(name, 0)) for name in ("premarks", *CHANGES)}
            accepted = draw.estimate(tally, share_accepted, counts["premarks"])
            figures.append(PremarkFigure(sight, by, key, counts, accepted))
        return figures


def share_accepted(sums: Mapping[Hashable, float]) -> float | None:
    """Of the pre-marks proposed, the share left as they were; None where none was proposed."""
    return sums.get("accepted", 0) / sums["premarks"] if sums.get("premarks") else None


def confidence_bin(confidence: float | None) -> str:
    """`0.8-0.9` and so on; the last bin holds 1.0 too."""
    if confidence is None:
        return "unknown"
    low, high = next((pair for pair in pairwise(BINS) if confidence < pair[1]), BINS[-2:])
    return f"{low:.1f}-{high:.1f}"


def _keys(comparison: Comparison, annotator: str) -> Iterator[tuple[str, str]]:
    yield "all", "all"
    yield "annotator", annotator
    if comparison.premark is not None:  # what people added has no rule
        yield "rule", comparison.premark.content.rule or "unknown"
        yield "confidence", confidence_bin(comparison.premark.content.confidence)


def _place(key: Key) -> tuple[bool, int, str]:
    sight, by, name = key
    return sight != "seen", DIMENSIONS.index(by), name
