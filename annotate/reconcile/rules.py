"""The rule set that merges several readings into one: its name, its version, its thresholds."""

import json
from dataclasses import dataclass, fields
from typing import Final

from annotate.errors import AtribusiError


@dataclass(frozen=True, slots=True)
class MergeRules:
    """Rule set `majority`, version 1. Every threshold is an option; what is not the default is recorded in the version.

    `majority`       a reading wins when more than this share of those who may vote hold it (0.5 to below 1)
    `min_overlap`    least intersection over union of two contents that may mean the same attribution
    `min_evidence`   least sum of overlap and link evidence for two contents to be taken as the same (`align.evidence`)
    `min_link`       least intersection over union of two sources, or two cues, that may mean the same words
    `same_content`   two readers alone, who drew different edges: from this overlap on the edge rule settles it, below
                     it the row is unresolved
    """

    majority: float = 0.5
    min_overlap: float = 0.1
    min_evidence: float = 0.5
    min_link: float = 0.1
    same_content: float = 0.5

    def __post_init__(self) -> None:
        if not 0.5 <= self.majority < 1:
            raise AtribusiError(
                f"the majority threshold is {self.majority}", remedy="give a share of at least 0.5 and below 1"
            )
        for name in ("min_overlap", "min_evidence", "min_link", "same_content"):
            if not 0 <= getattr(self, name) <= 1:
                raise AtribusiError(f"the threshold {name} is {getattr(self, name)}", remedy="give a share from 0 to 1")

    @property
    def label(self) -> str:
        """Name and version, as a version of the dataset records it."""
        return "majority/1"

    def changed(self) -> str:
        """JSON of the thresholds that are not the default, `{}` where all are."""
        return json.dumps(
            {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}, sort_keys=True
        )


DEFAULT_RULES: Final = MergeRules()
