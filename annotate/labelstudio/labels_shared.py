"""The annotations of one document read together: what several people left as it was is read once.

Whoever lets a pre-mark stand has the same rows as the next annotator, letter for letter. The JSON is therefore cut
into its rows before it is parsed. A cut may fall at a wrong place (inside a string, say), but that shows: rows that are
as many JSON objects, in a frame that is one with them taken out, are the list that stands there. Nothing is read in
this way that is not plain; `labels.read_result` reads the others, with care.
"""

import json
import re
import secrets
from contextlib import suppress
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from annotate.datamodel import CONTENT_LABELS, Attribution, Region
from annotate.labelstudio.labels import ReadLabels, attribution_of, in_text_order, place, plain_region
from annotate.labelstudio.tasks import SPEAKER_CONTROL

_ROWS: Final = '"result": ['
_ROWS_END: Final = '}], "'
_FROZEN: Final = '"prediction": {'
_TAKEN: Final = secrets.token_hex(16)  # stands in the frame for what was taken out; no annotation can know it
_HOLE: Final = f'"{_TAKEN}"'
_BOUNDARY: Final = re.compile(r"\}\s*,\s*\{")
_decode = json.JSONDecoder().raw_decode


class _Relation(NamedTuple):
    one: str
    other: str


class _Name(NamedTuple):
    region_id: str
    name: str


_Row = Region | _Relation | _Name | None  # None: not plain


class SharedLabels:
    """Reads one annotation after another of a document whose text they were drawn on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._length = len(text)
        self._rows: dict[str, _Row] = {}
        self._attributions: dict[tuple[object, ...], Attribution] = {}
        self._last: tuple[list[_Row], ReadLabels] | None = None  # what was read last, where all of it was plain
        self._frozen = ""  # JSON of `_prediction`
        self._prediction: Any = None
        self.frozen: Any = None  # the prediction that came frozen with what was read last, where there was one

    def read(self, raw: str) -> ReadLabels | None:
        """The labels of an annotation, given as the JSON of it; None where anything in it is not plain."""
        self.frozen = None
        written = self._cut(raw)
        if written is None:
            return None
        rows = list(map(self._rows.get, written))
        new = [row for row, known in zip(written, rows, strict=True) if known is None]
        if new:
            if not self._learn(new):
                return None
            rows = list(map(self._rows.get, written))
        labels = self._as_last(rows) or self._each(rows)
        if labels is not None:
            self._last = rows, labels
        return labels

    def read_parsed(self, result: object) -> ReadLabels | None:
        """The same of a parsed list of labels."""
        if type(result) is not list or not all(type(row) is dict for row in result):
            return None
        return self._each([self._row(row) for row in result])

    def _as_last(self, rows: list[_Row]) -> ReadLabels | None:
        """What the rows say where they are those of the last annotation but for regions that were changed; else None.

        Which row belongs to which hangs on the regions' ids, and on whether they are contents: on nothing else.
        """
        if self._last is None or len(rows) != len(self._last[0]):
            return None
        changed: dict[int, Region] = {}
        for old, new in zip(self._last[0], rows, strict=True):
            if old is not new:
                if type(old) is not Region or type(new) is not Region or old.region_id != new.region_id:
                    return None
                if old.label != new.label and not (old.label in CONTENT_LABELS and new.label in CONTENT_LABELS):
                    return None
                changed[id(old)] = new
        last = self._last[1]
        if not changed:
            return last
        made = []
        for what in last.attributions:
            parts = (what.content, *what.sources, *what.cues)
            if not changed.keys().isdisjoint(map(id, parts)):
                content, *ends = (changed.get(id(part), part) for part in parts)
                what = self._attribution(content, ends, what.speaker)
            made.append(what)
        unlinked = [changed.get(id(region), region) for region in last.unlinked]
        places = {(what.content.start, what.content.end) for what in made}.union(map(place, unlinked))
        if len(places) < len(made) + len(unlinked):
            return None  # of two in one place, the order of the rows is that of the labels
        return ReadLabels(in_text_order(made), tuple(sorted(unlinked, key=place)))

    def _each(self, rows: list[_Row]) -> ReadLabels | None:
        """What the rows say, one by one."""
        regions: dict[str, Region] = {}
        others: list[_Relation | _Name] = []
        for row in rows:
            if type(row) is Region:
                if row.region_id is None or row.region_id in regions:
                    return None
                regions[row.region_id] = row
            elif row is None:
                return None
            else:
                others.append(row)  # type: ignore[arg-type]  # a `type(…) is` narrows no union
        return self._labels(regions, others)

    def _cut(self, raw: str) -> list[str] | None:
        """The rows of the result, without their braces; None where they cannot be cut out with certainty."""
        start = raw.find(_ROWS) + len(_ROWS)
        end = raw.find(_ROWS_END, start)
        if end < 0 or raw[start] != "{":
            return None
        frame = f"{raw[: start - 1]}{_HOLE}{raw[end + 2 :]}"
        try:
            frame, frozen = self._without_frozen(frame)
            parsed = from_json(frame)
        except ValueError:
            return None
        if type(parsed) is not dict or parsed.get("result") != _TAKEN or (frozen and parsed["prediction"] != _TAKEN):
            return None
        return raw[start + 1 : end].split("}, {")

    def _without_frozen(self, frame: str) -> tuple[str, bool]:
        """The frame without the frozen pre-marks, which are the longest part of it and seldom differ."""
        start = frame.find(_FROZEN) + len(_FROZEN) - 1
        if start < len(_FROZEN):
            return frame, False
        if not self._frozen or not frame.startswith(self._frozen, start):
            self._frozen, self._prediction = _object_at(frame, start)
        self.frozen = self._prediction
        return f"{frame[:start]}{_HOLE}{frame[start + len(self._frozen) :]}", True

    def _learn(self, new: list[str]) -> bool:
        """Parse rows that were not met before, all at once; False where the cuts between them are not certain."""
        if _BOUNDARY.search("\0".join(new)):
            return False
        try:
            rows = from_json("[{" + "},{".join(new) + "}]", cache_strings="all")
        except ValueError:
            return False
        if len(rows) != len(new):
            return False
        self._rows.update(zip(new, map(self._row, rows), strict=True))
        return True

    def _row(self, row: dict[str, Any]) -> _Row:
        kind = row.get("type")
        if kind == "labels":
            region_id = row.get("id")
            return plain_region(row, region_id, self._length) if type(region_id) is str and region_id else None
        if kind == "relation":
            one, other = row.get("from_id"), row.get("to_id")
            return _Relation(one, other) if type(one) is type(other) is str else None
        value, region_id = row.get("value"), row.get("id")
        if kind != "textarea" or row.get("from_name") != SPEAKER_CONTROL or type(value) is not dict:
            return None
        names = value.get("text")
        if not isinstance(names, list) or len(names) != 1 or type(names[0]) is not str or type(region_id) is not str:
            return None
        name = names[0].strip()
        return _Name(region_id, name) if name else None

    def _labels(self, regions: dict[str, Region], others: list[_Relation | _Name]) -> ReadLabels | None:
        speakers: dict[str, str] = {}
        links: dict[str, dict[str, Region]] = {}  # by the id of the content, and of the other end
        linked: set[str] = set()
        for row in others:
            one, other = row
            content = regions.get(one)
            if content is None:
                return None
            if type(row) is _Name:
                if one in speakers or content.label not in CONTENT_LABELS:
                    return None
                speakers[one] = other
                continue
            target = regions.get(other)
            if target is None:
                return None
            if content.label not in CONTENT_LABELS:
                one, other, content, target = other, one, target, content
            if content.label not in CONTENT_LABELS or target.label in CONTENT_LABELS:
                return None
            if one in links:
                links[one][other] = target
            else:
                links[one] = {other: target}
            linked.add(other)
        made = []
        unlinked = []
        for region_id, region in regions.items():
            if region.label in CONTENT_LABELS:
                ends = [*links.get(region_id, {}).values()]
                made.append(self._attribution(region, ends, speakers.get(region_id, "")))
            elif region_id not in linked:
                unlinked.append(region)
        return ReadLabels(in_text_order(made), tuple(sorted(unlinked, key=place)))

    def _attribution(self, content: Region, ends: list[Region], speaker: str) -> Attribution:
        # By identity, which is cheap: the regions live as long as this reader does.
        key = (speaker, id(content), *map(id, ends))
        known = self._attributions.get(key)
        if known is None:
            known = self._attributions[key] = attribution_of(content, ends, speaker)
        return known


def _object_at(text: str, start: int) -> tuple[str, Any]:
    """The JSON object that begins here, as it is written and as it is."""
    end = text.find("}]}", start) + len("}]}")  # where a prediction most likely ends: what parses is the whole of it
    with suppress(ValueError):
        return text[start:end], from_json(text[start:end], cache_strings="all")
    found, end = _decode(text, start)
    return text[start:end], found
