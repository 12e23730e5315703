"""One annotation's labels as attributions again: pure, and without trust.

The words are cut from our own text, never read from the server. What cannot be placed or tied with certainty is set
aside with its raw JSON and a reason: never dropped, never guessed, and one bad label never costs the others.

Relations are read by the labels of their ends, whichever way they were drawn: a content with a source is said by it,
a content with a cue is cued by it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from annotate.datamodel import CONTENT_LABELS, CUE_KINDS, LABELS, SOURCE_KINDS, Attribution, Label, Origin, Region
from annotate.labelstudio.config import ABSENCE_CONTROL, NO_ATTRIBUTION, REMARK_CONTROL
from annotate.labelstudio.labels_anchors import Anchors, Placed
from annotate.labelstudio.tasks import SPAN_CONTROL, SPEAKER_CONTROL

_ORIGINS: Final = get_args(Origin)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A label that could not become part of an attribution: why, and its JSON as pulled."""

    region_id: str | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class ReadLabels:
    """What one annotation says.

    `unlinked` are the sources and cues that no content is tied to; `notes` tell of spans that were moved because the
    text on the server was another; `no_attribution` is the annotator's own statement that the article has none.
    """

    attributions: tuple[Attribution, ...] = ()
    unlinked: tuple[Region, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()
    no_attribution: bool = False
    remark: str = ""


def read_result(result: object, text: str, *, task_text: str | None = None) -> ReadLabels:
    """Read an annotation's `result` against our own text; `task_text` is the server's, where that is not the same.

    Never raises for what stands in `result`: whatever is malformed is set aside.
    """
    reader = _Reader(text, text if task_text is None else task_text)
    return reader.read(result)


class _Reader:
    """Reads one annotation: regions first, since everything else refers to them by id."""

    def __init__(self, text: str, task_text: str) -> None:
        self.anchors = Anchors(text, task_text)
        self.regions: dict[str, Region] = {}
        self.refused: set[str] = set()
        self.speakers: dict[str, str] = {}
        self.links: dict[str, list[str]] = {}
        self.set_aside: list[SetAside] = []
        self.notes: list[str] = []
        self.no_attribution = False
        self.remarks: list[str] = []

    def read(self, result: object) -> ReadLabels:
        if not isinstance(result, list):
            self.aside(result, "the annotation holds no list of labels")
            result = []
        rows = [row for row in result if self.is_row(row)]
        self.read_regions([row for row in rows if row.get("type") == "labels"])
        for row in rows:
            self.read_other(row)
        return self.labels()

    def aside(self, row: object, reason: str) -> None:
        region_id = row.get("id") if isinstance(row, Mapping) else None
        raw = json.dumps(row, ensure_ascii=False, default=repr)
        self.set_aside.append(SetAside(region_id if isinstance(region_id, str) else None, reason, raw))

    def is_row(self, row: object) -> bool:
        if isinstance(row, Mapping):
            return True
        self.aside(row, "a label that is no object")
        return False

    def read_regions(self, rows: list[Mapping[str, Any]]) -> None:
        times = Counter(row["id"] for row in rows if isinstance(row.get("id"), str))
        for row in rows:
            region_id = row.get("id")
            if not isinstance(region_id, str) or not region_id:
                self.aside(row, "a region without an id")
            elif times[region_id] > 1:
                self.refused.add(region_id)
                self.aside(row, f'two regions have the id "{region_id}": which one a relation means cannot be told')
            else:
                self.read_region(row, region_id)

    def read_region(self, row: Mapping[str, Any], region_id: str) -> None:
        label, placed = self.label_and_place(row)
        if isinstance(placed, str) or label is None:
            self.refused.add(region_id)
            self.aside(row, str(placed))
            return
        if placed.note:
            self.notes.append(f'region "{region_id}": {placed.note}')
        self.regions[region_id] = _region(row, label, placed.start, placed.end, region_id)

    def label_and_place(self, row: Mapping[str, Any]) -> tuple[Label | None, Placed | str]:
        """A region's label and its place in our text, or why it has none."""
        if row.get("from_name") != SPAN_CONTROL:
            return None, f"a region of the control {row.get('from_name')!r}, which is not ours"
        value = row.get("value")
        if not isinstance(value, Mapping):
            return None, "a region without a value"
        names = value.get("labels")
        if not isinstance(names, list) or len(names) != 1 or names[0] not in LABELS:
            return None, f"a region with the label {names!r}, which is not one of {', '.join(LABELS)}"
        return names[0], self.anchors.place(value.get("start"), value.get("end"))

    def read_other(self, row: Mapping[str, Any]) -> None:
        kind, control = row.get("type"), row.get("from_name")
        if kind == "relation":
            self.read_relation(row)
        elif kind == "textarea" and control == SPEAKER_CONTROL:
            self.read_speaker(row)
        elif kind == "textarea" and control == REMARK_CONTROL:
            self.remarks.extend(self.lines(row))
        elif kind == "choices" and control == ABSENCE_CONTROL:
            value = row.get("value")
            chosen = value.get("choices") if isinstance(value, Mapping) else None
            if chosen == [NO_ATTRIBUTION]:
                self.no_attribution = True
            else:
                self.aside(row, f"a choice of {chosen!r}, which is not ours")
        elif kind != "labels":
            self.aside(row, f"a label of the type {kind!r} and the control {control!r}, which is not ours")

    def lines(self, row: Mapping[str, Any]) -> list[str]:
        """The texts of a text field, without white space around them; the empty ones are left out."""
        value = row.get("value")
        texts = value.get("text") if isinstance(value, Mapping) else None
        if isinstance(texts, str):
            texts = [texts]
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self.aside(row, "a text field without text")
            return []
        return [stripped for text in texts if (stripped := text.strip())]

    def read_speaker(self, row: Mapping[str, Any]) -> None:
        region_id = row.get("id")
        region = self.regions.get(region_id) if isinstance(region_id, str) else None
        names = self.lines(row)
        if region is None or not isinstance(region_id, str):
            self.aside(row, self.missing(region_id, "the name of a speaker"))
        elif region.label not in CONTENT_LABELS:
            if names:
                self.aside(row, f"the name of a speaker at a {region.label}, not at a content")
        elif len({*names, *filter(None, [self.speakers.get(region_id)])}) > 1:
            self.aside(row, "more than one name of a speaker; the first one counts")
            self.speakers.setdefault(region_id, names[0])
        elif names:
            self.speakers[region_id] = names[0]

    def missing(self, region_id: object, what: str) -> str:
        if isinstance(region_id, str) and region_id in self.refused:
            return f'{what}, of the region "{region_id}" that was itself set aside'
        return f"{what}, of the region {region_id!r} that is not there"

    def read_relation(self, row: Mapping[str, Any]) -> None:
        ends = (row.get("from_id"), row.get("to_id"))
        for end in ends:
            if not isinstance(end, str) or end not in self.regions:
                self.aside(row, self.missing(end, "a relation"))
                return
        one, other = str(ends[0]), str(ends[1])
        if self.regions[one].label not in CONTENT_LABELS:
            one, other = other, one
        content, target = self.regions[one], self.regions[other]
        if content.label not in CONTENT_LABELS or target.label in CONTENT_LABELS:
            self.aside(row, f"a relation of a {content.label} with a {target.label}: one end must be a content")
            return
        linked = self.links.setdefault(one, [])
        if other not in linked:  # the same relation drawn twice, or both ways, says nothing more
            linked.append(other)

    def labels(self) -> ReadLabels:
        attributions = [
            self.attribution(region_id, region)
            for region_id, region in self.regions.items()
            if region.label in CONTENT_LABELS
        ]
        linked = {end for ends in self.links.values() for end in ends}
        unlinked = [
            region
            for region_id, region in self.regions.items()
            if region.label not in CONTENT_LABELS and region_id not in linked
        ]
        if self.no_attribution and attributions:
            self.aside(
                {"from_name": ABSENCE_CONTROL, "value": {"choices": [NO_ATTRIBUTION]}},
                "the annotation says that the article has no attribution, and labels some: the labels count",
            )
        return ReadLabels(
            attributions=tuple(sorted(attributions, key=lambda a: (a.content.start, -a.content.end))),
            unlinked=tuple(sorted(unlinked, key=_place)),
            set_aside=tuple(self.set_aside),
            notes=tuple(self.notes),
            no_attribution=self.no_attribution and not attributions,
            remark="\n".join(self.remarks),
        )

    def attribution(self, region_id: str, content: Region) -> Attribution:
        ends = [self.regions[end] for end in self.links.get(region_id, ())]
        return Attribution(
            content=content,
            sources=_in_order(end for end in ends if end.label == "source"),
            cues=_in_order(end for end in ends if end.label == "cue"),
            speaker=self.speakers.get(region_id, ""),
        )


def _place(region: Region) -> tuple[int, int, str]:
    return (region.start, region.end, region.label)


def _in_order(regions: Iterable[Region]) -> tuple[Region, ...]:
    return tuple(sorted(regions, key=_place))


def _region(row: Mapping[str, Any], label: Label, start: int, end: int, region_id: str) -> Region:
    """A region as placed. What the marker said of it stays with it; its kind only while nobody changed the region."""
    origin = row.get("origin") if row.get("origin") in _ORIGINS else None
    meta = row.get("meta")
    meta = meta if isinstance(meta, Mapping) and origin != "manual" else {}
    score, rule, kind = row.get("score"), meta.get("rule"), meta.get("kind")
    kinds: tuple[str, ...] = CUE_KINDS if label == "cue" else SOURCE_KINDS if label == "source" else ()
    is_score = isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1
    return Region(
        label=label,
        start=start,
        end=end,
        rule=rule if isinstance(rule, str) else None,
        confidence=float(score) if is_score and score is not None and origin != "manual" else None,
        kind=kind if kind in kinds and origin == "prediction" else None,
        region_id=region_id,
        origin=origin,
    )
