"""One annotation's labels as attributions again: pure, and without trust.

The words are cut from our own text, never read from the server. What cannot be placed or tied with certainty is set
aside with its raw JSON and a reason: never dropped, never guessed, and one bad label never costs the others.

Relations are read by the labels of their ends, whichever way they were drawn: a content with a source is said by it,
a content with a cue is cued by it.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from annotate.datamodel import (
    CONTENT_LABELS,
    CUE_KINDS,
    LABELS,
    SOURCE_KINDS,
    Attribution,
    Details,
    Label,
    Origin,
    Region,
)
from annotate.labelstudio.config import ABSENCE_CONTROL, NO_ATTRIBUTION, REMARK_CONTROL
from annotate.labelstudio.labels_anchors import Anchors, Placed
from annotate.labelstudio.tasks import SPAN_CONTROL, SPEAKER_CONTROL

_ORIGINS: Final = get_args(Origin)
_KINDS: Final[dict[Label, tuple[str, ...]]] = {"cue": CUE_KINDS, "source": SOURCE_KINDS}
_NO_DETAILS: Final = Details()


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
        self.length = len(text)
        self.regions: dict[str, Region] = {}
        self.refused: set[str] = set()
        self.speakers: dict[str, str] = {}
        self.links: dict[str, list[Region]] = {}  # content's region id -> sources and cues
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
            kind = row.get("type")
            if kind == "relation":
                self.read_relation(row)
            elif kind != "labels":
                self.read_other(row)
        return self.labels()

    def aside(self, row: object, reason: str) -> None:
        region_id = row.get("id") if isinstance(row, dict) else None
        raw = json.dumps(row, ensure_ascii=False, default=repr)
        self.set_aside.append(SetAside(region_id if isinstance(region_id, str) else None, reason, raw))

    def is_row(self, row: object) -> bool:
        if isinstance(row, dict):
            return True
        self.aside(row, "a label that is no object")
        return False

    def read_regions(self, rows: list[Mapping[str, Any]]) -> None:
        ids = [region_id for row in rows if isinstance(region_id := row.get("id"), str)]
        twice = {i for i, times in Counter(ids).items() if times > 1} if len({*ids}) < len(ids) else ()
        for row in rows:
            region_id = row.get("id")
            if not isinstance(region_id, str) or not region_id:
                self.aside(row, "a region without an id")
            elif region_id in twice:
                self.refused.add(region_id)
                self.aside(row, f'two regions have the id "{region_id}": which one a relation means cannot be told')
            else:
                self.read_region(row, region_id)

    def read_region(self, row: Mapping[str, Any], region_id: str) -> None:
        plain = plain_region(row, region_id, self.length) if self.anchors.same else None
        if plain is not None:
            self.regions[region_id] = plain
            return
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
        if not isinstance(value, dict):
            return None, "a region without a value"
        names = value.get("labels")
        if not isinstance(names, list) or len(names) != 1 or names[0] not in LABELS:
            return None, f"a region with the label {names!r}, which is not one of {', '.join(LABELS)}"
        return names[0], self.anchors.place(value.get("start"), value.get("end"))

    def read_other(self, row: Mapping[str, Any]) -> None:
        kind, control = row.get("type"), row.get("from_name")
        if kind == "textarea" and control == SPEAKER_CONTROL:
            self.read_speaker(row)
        elif kind == "textarea" and control == REMARK_CONTROL:
            self.remarks.extend(self.lines(row))
        elif kind == "choices" and control == ABSENCE_CONTROL:
            value = row.get("value")
            chosen = value.get("choices") if isinstance(value, dict) else None
            if chosen == [NO_ATTRIBUTION]:
                self.no_attribution = True
            else:
                self.aside(row, f"a choice of {chosen!r}, which is not ours")
        else:
            self.aside(row, f"a label of the type {kind!r} and the control {control!r}, which is not ours")

    def lines(self, row: Mapping[str, Any]) -> list[str]:
        """The texts of a text field, without white space around them; the empty ones are left out."""
        value = row.get("value")
        texts = value.get("text") if isinstance(value, dict) else None
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
        elif len(names) == 1 and region_id not in self.speakers:
            self.speakers[region_id] = names[0]
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
        one, other = row.get("from_id"), row.get("to_id")
        content = self.regions.get(one) if isinstance(one, str) else None
        target = self.regions.get(other) if isinstance(other, str) else None
        if content is None or target is None:
            self.aside(row, self.missing(one if content is None else other, "a relation"))
            return
        if content.label not in CONTENT_LABELS:
            one, other, content, target = other, one, target, content
        if content.label not in CONTENT_LABELS or target.label in CONTENT_LABELS:
            self.aside(row, f"a relation of a {content.label} with a {target.label}: one end must be a content")
            return
        linked = self.links.setdefault(str(one), [])
        if target not in linked:  # the same relation drawn twice, or both ways, says nothing more
            linked.append(target)

    def labels(self) -> ReadLabels:
        attributions = [
            self.attribution(region_id, region)
            for region_id, region in self.regions.items()
            if region.label in CONTENT_LABELS
        ]
        linked = {end.region_id for ends in self.links.values() for end in ends}
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
            attributions=in_text_order(attributions),
            unlinked=tuple(sorted(unlinked, key=place)),
            set_aside=tuple(self.set_aside),
            notes=tuple(self.notes),
            no_attribution=self.no_attribution and not attributions,
            remark="\n".join(self.remarks),
        )

    def attribution(self, region_id: str, content: Region) -> Attribution:
        return attribution_of(content, self.links.get(region_id, []), self.speakers.get(region_id, ""))


def attribution_of(content: Region, ends: list[Region], speaker: str) -> Attribution:
    """A content with the sources and cues that it is tied to, each in text order."""
    return Attribution(
        content,
        _in_order([end for end in ends if end.label == "source"]),
        _in_order([end for end in ends if end.label == "cue"]),
        speaker,
        _NO_DETAILS,
    )


def in_text_order(attributions: list[Attribution]) -> tuple[Attribution, ...]:
    """Attributions as their contents stand in the text, the longer of two first."""
    return tuple(sorted(attributions, key=lambda a: (a.content.start, -a.content.end)))


def place(region: Region) -> tuple[int, int, str]:
    """What regions are put in order by."""
    return (region.start, region.end, region.label)


def _in_order(regions: list[Region]) -> tuple[Region, ...]:
    if len(regions) > 1:
        regions.sort(key=place)
    return tuple(regions)


def plain_region(row: Mapping[str, Any], region_id: str, length: int) -> Region | None:
    """A region in a text of this length, on which it was drawn; None where anything about it is not plain."""
    value = row.get("value")
    if type(value) is not dict or row.get("from_name") != SPAN_CONTROL:
        return None
    names, start, end = value.get("labels"), value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
        return None
    if not isinstance(names, list) or len(names) != 1 or names[0] not in LABELS:
        return None
    return _region(row, names[0], start, end, region_id)


def _region(row: Mapping[str, Any], label: Label, start: int, end: int, region_id: str) -> Region:
    """A region as placed. What the marker said of it stays with it; its kind only while nobody changed the region."""
    meta, origin, score = row.get("meta"), row.get("origin"), row.get("score")
    rule = confidence = kind = None
    if origin != "manual":
        if type(meta) is dict:
            rule, kind = meta.get("rule"), meta.get("kind")
        if type(score) in (float, int) and 0 <= score <= 1:  # type: ignore[operator]
            confidence = float(score)  # type: ignore[arg-type]
    if kind is not None and (origin != "prediction" or kind not in _KINDS.get(label, ())):
        kind = None
    return Region(
        label,
        start,
        end,
        rule if isinstance(rule, str) else None,
        confidence,
        kind,
        region_id,
        origin if origin in _ORIGINS else None,
    )
