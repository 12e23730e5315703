"""What `Agreement` found, as plain records: for tables, JSON and plots."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from annotate.reconcile.bootstrap import Estimate


@dataclass(frozen=True, slots=True)
class Figure:
    """One coefficient. `who`: empty for all readers, two names for a pair, one for all pairs of one reader."""

    measure: str
    label: str
    who: tuple[str, ...]
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class PremarkFigure:
    """What became of pre-marks. `sight`: `seen` or `blind`; `by`: all, annotator, rule or confidence, and its `key`.

    `counts` has `premarks` (how many were proposed, once for each reader) and each kind of change; a pre-mark that was
    moved and renamed counts under both. `accepted` is the share left as proposed.
    """

    sight: str
    by: str
    key: str
    counts: Mapping[str, int]
    accepted: Estimate


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """All figures. `documents` is how many were labelled by two or more; `annotators` how many each has labelled."""

    documents: int
    annotators: Mapping[str, int]
    figures: list[Figure] = field(default_factory=list)
    premarks: list[PremarkFigure] = field(default_factory=list)

    def find(self, measure: str, label: str, *who: str) -> Estimate | None:
        """One figure, of all readers, of one, or of a pair (in either order); None where it was not worked out."""
        wanted = tuple(sorted(who))
        return next((f.estimate for f in self.figures if (f.measure, f.label, f.who) == (measure, label, wanted)), None)

    def to_dict(self) -> dict[str, Any]:
        """Everything, of JSON's types."""
        return {
            "documents": self.documents,
            "annotators": dict(self.annotators),
            "figures": [
                {"measure": f.measure, "label": f.label, "who": list(f.who), **asdict(f.estimate)} for f in self.figures
            ],
            "premarks": [
                {
                    "sight": p.sight,
                    "by": p.by,
                    "key": p.key,
                    "counts": dict(p.counts),
                    "accepted": asdict(p.accepted),
                }
                for p in self.premarks
            ],
        }
