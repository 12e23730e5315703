"""Which names are one speaker, as people decided: merges and splits are events in the dataset like every decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotate.records import AttributionRecord, DecisionRecord, Fields


@dataclass(frozen=True)
class Names:
    """Names merged by hand: the one that stands for each, the register id, and the decision that said so."""

    preferred: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """The name that stands for the speaker."""
        return self.preferred.get(name, name)

    def merged(self, name: str) -> list[str]:
        """All names of the speaker, the preferred one first."""
        best = self.of(name)
        return [best, *sorted(one for one, other in self.preferred.items() if other == best and one != best)]


def read_names(decisions: Iterable[DecisionRecord]) -> Names:
    """The names as the standing decisions have them; of two decisions on a name the newer one holds.

    A decision on the register gives a speaker's names, the preferred one first; a name that stands alone was split off.
    """
    from annotate.reconcile.decisions import standing

    latest: dict[str, DecisionRecord] = {}
    for one in standing(decisions):
        if one.kind == "register" and one.merged_names:
            latest.update(dict.fromkeys(one.merged_names, one))
    preferred: dict[str, str] = {}
    ids: dict[str, str] = {}
    for name, decision in latest.items():
        members = [other for other in decision.merged_names or () if latest[other] is decision]
        if len(members) > 1:
            preferred[name] = members[0]
        if decision.register_id:
            ids[name] = decision.register_id
    return Names(preferred, ids, {name: one.decision_id for name, one in latest.items()})


def with_names(rows: Sequence[AttributionRecord | Fields], names: Names) -> list[AttributionRecord | Fields]:
    """The rows with the register ids that people decided for their speakers; others keep theirs."""
    return [_with_id(row, names.ids) for row in rows] if names.ids else list(rows)


def _with_id(row: AttributionRecord | Fields, ids: Mapping[str, str]) -> AttributionRecord | Fields:
    if isinstance(row, AttributionRecord):
        decided = ids.get(row.speaker or "", row.register_id)
        return row if row.register_id == decided else row.model_copy(update={"register_id": decided})
    return {**row, "register_id": ids.get(row["speaker"] or "", row["register_id"])}
