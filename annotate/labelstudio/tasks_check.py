"""What must hold of a task before it goes to Label Studio.

The server validates next to nothing, and pays for it later: a relation to a missing region blanks the page, two regions
with one id become one span, a lone surrogate makes every export of the project fail. So every task is checked here
first, with our own text at hand.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Final

from annotate.datamodel import CONTENT_LABELS, LABELS, MarkedDocument
from annotate.errors import TaskError
from annotate.labelstudio.tasks import SPAN_CONTROL, SPEAKER_CONTROL, TEXT_OBJECT

Shape = tuple[str, bool, bool, bool]  # label or `speaker`, without score, without rule, without kind
_REMEDY: Final = "mark the article again with `atribusi mark`, or mend the task file at this place"
_DIRECTIONS: Final = ("right", "left", "bi")


def surely_good(marked: MarkedDocument) -> frozenset[Shape] | None:
    """The shapes of the rows of this document's task; None where only `check_task` can tell whether it is good.

    A task that `task_json` makes is right by construction if its document is: that takes a quarter of the time. Rows of
    one shape differ in offsets and words alone.
    """
    document = marked.document
    shapes: set[Shape] = set()
    words = [document.title, document.url, document.outlet, document.published_at, marked.marker, document.doc_id]
    size = len(document.text)
    for attribution in marked.attributions:
        ends = attribution.sources + attribution.cues
        if attribution.content.label not in CONTENT_LABELS or any(end.label in CONTENT_LABELS for end in ends):
            return None
        if attribution.speaker:
            shapes.add(("speaker", False, False, False))
            words.append(attribution.speaker)
        for region in (attribution.content, *ends):
            start, end, confidence = region.start, region.end, region.confidence
            whole = type(start) is int and type(end) is int and 0 <= start < end <= size
            sure = confidence is None or (type(confidence) is float and 0 <= confidence <= 1)
            if not (whole and sure and region.label in LABELS):
                return None
            words.append(region.rule)
            shapes.add((region.label, confidence is None, not region.rule, region.kind is None))
    if not (document.text and document.doc_id.strip() and marked.marker):
        return None
    written = "".join([document.text, *filter(None, words)])
    if "\0" in written:
        return None
    try:
        written.encode()
    except UnicodeEncodeError:
        return None
    return frozenset(shapes)


def check_task(task: Mapping[str, Any]) -> None:
    """Raise `TaskError` at the first thing that Label Studio would take and then break on, or that is not our task."""
    data = task.get("data")
    if not isinstance(data, Mapping):
        raise TaskError("the task has no `data`", place='field "data"', remedy=_REMEDY)
    doc_id = data.get("doc_id")
    if not isinstance(doc_id, str) or not doc_id.strip():
        raise TaskError("the task names no document", place='field "data.doc_id"', remedy=_REMEDY)
    check = _Check(doc_id)
    text = check.data(data)
    if task.get("annotations"):
        raise check.error(
            "annotations", "holds labels; only pre-marks are pushed, so that no label is taken for a person's"
        )
    predictions = task.get("predictions", [])
    if not isinstance(predictions, list):
        raise check.error("predictions", "is not a list")
    for prediction in predictions:
        check.prediction(prediction, text)


class _Check:
    """The checks of one task; knows the document, so that every error names it."""

    def __init__(self, doc_id: str) -> None:
        self.doc_id = doc_id

    def error(self, field: str, what: str, region: object = None) -> TaskError:
        where = f'document "{self.doc_id}"' + (f', region "{region}"' if region is not None else "")
        return TaskError(f"{field} {what}", place=f'{where}, field "{field}"', remedy=_REMEDY)

    def string(self, value: object, field: str, region: object = None) -> str:
        if not isinstance(value, str):
            raise self.error(field, "is not text", region)
        if "\x00" in value:
            raise self.error(field, f"holds NUL at offset {value.index(chr(0))}", region)
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise self.error(field, f"holds a lone surrogate at offset {error.start}", region) from None
        return value

    def data(self, data: Mapping[str, Any]) -> str:
        for field, value in data.items():
            if isinstance(value, str):
                self.string(value, f"data.{field}")
        text = self.string(data.get("text"), "data.text")
        if not text:
            raise self.error("data.text", "is empty")
        if data.get("text_sha256") != hashlib.sha256(text.encode()).hexdigest():
            raise self.error("data.text_sha256", "is not the SHA-256 of data.text")
        return text

    def prediction(self, prediction: object, text: str) -> None:
        if not isinstance(prediction, Mapping):
            raise self.error("predictions", "holds something that is no prediction")
        if not self.string(prediction.get("model_version"), "predictions.model_version"):
            raise self.error("predictions.model_version", "is empty")
        self.score(prediction.get("score"), "predictions.score")
        result = prediction.get("result")
        if not isinstance(result, list) or not all(isinstance(row, Mapping) for row in result):
            raise self.error("predictions.result", "is not a list of rows")
        labels: dict[str, tuple[str, int, int]] = {}
        for row in result:
            if row.get("type") == "labels":
                self.region(row, text, labels)
        for row in result:
            kind = row.get("type")
            if kind == "textarea":
                self.speaker(row, labels)
            elif kind == "relation":
                self.relation(row, labels)
            elif kind != "labels":
                raise self.error("type", f"is {kind!r}; known are labels, textarea, relation", row.get("id"))

    def region(self, row: Mapping[str, Any], text: str, labels: dict[str, tuple[str, int, int]]) -> None:
        region_id = self.string(row.get("id"), "id")
        if not region_id or region_id in labels:
            raise self.error("id", "is given to two regions" if region_id else "is empty", region_id)
        value = self.value(row, SPAN_CONTROL)
        start, end = self.bounds(value, region_id)
        if end > len(text):
            raise self.error("value.end", f"is {end}, beyond the text of {len(text)} characters", region_id)
        if "text" in value and value["text"] != text[start:end]:
            raise self.error("value.text", f"is not the text from {start} to {end}", region_id)
        names = value.get("labels")
        if not isinstance(names, list) or len(names) != 1 or names[0] not in LABELS:
            raise self.error("value.labels", f"is {names!r}; one of {', '.join(LABELS)} is needed", region_id)
        self.score(row.get("score"), "score", region_id)
        meta = row.get("meta", {})
        note = meta.get("text", []) if isinstance(meta, Mapping) else None
        if not isinstance(note, list):
            raise self.error("meta.text", "is not a list", region_id)
        for line in note:
            self.string(line, "meta.text", region_id)
        labels[region_id] = (names[0], start, end)

    def value(self, row: Mapping[str, Any], control: str) -> Mapping[str, Any]:
        region_id, value = row.get("id"), row.get("value")
        if row.get("from_name") != control:
            raise self.error("from_name", f"is {row.get('from_name')!r}, not {control!r}", region_id)
        if row.get("to_name") != TEXT_OBJECT:
            raise self.error("to_name", f"is {row.get('to_name')!r}, not {TEXT_OBJECT!r}", region_id)
        if not isinstance(value, Mapping):
            raise self.error("value", "is missing", region_id)
        return value

    def bounds(self, value: Mapping[str, Any], region_id: object) -> tuple[int, int]:
        start, end = value.get("start"), value.get("end")
        if type(start) is not int or start < 0:
            raise self.error("value.start", f"is {start!r}, not a whole number from 0", region_id)
        if type(end) is not int or end <= start:
            raise self.error("value.end", f"is {end!r}, not a whole number beyond the start {start}", region_id)
        return start, end

    def speaker(self, row: Mapping[str, Any], labels: Mapping[str, tuple[str, int, int]]) -> None:
        region_id = row.get("id")
        value = self.value(row, SPEAKER_CONTROL)
        owner = labels.get(region_id) if isinstance(region_id, str) else None
        if owner is None or owner[0] not in CONTENT_LABELS:
            raise self.error("id", "of a speaker is not the id of a content", region_id)
        if self.bounds(value, region_id) != owner[1:]:
            raise self.error("value.start", "of a speaker differs from its content's", region_id)
        names = value.get("text")
        if not isinstance(names, list) or not names:
            raise self.error("value.text", "of a speaker is not a list of names", region_id)
        for name in names:
            self.string(name, "value.text", region_id)

    def relation(self, row: Mapping[str, Any], labels: Mapping[str, tuple[str, int, int]]) -> None:
        contents = 0
        for field in ("from_id", "to_id"):
            region_id = row.get(field)
            if not isinstance(region_id, str) or region_id not in labels:
                raise self.error(field, "of a relation is no region of this prediction", region_id)
            contents += labels[region_id][0] in CONTENT_LABELS
        if contents != 1:
            raise self.error("to_id", "does not tie one content to one source or cue", row["to_id"])
        if row.get("direction") not in _DIRECTIONS:
            raise self.error("direction", f"is {row.get('direction')!r}, not one of {', '.join(_DIRECTIONS)}")
        if not isinstance(row.get("labels", []), list):
            raise self.error("labels", "of a relation is not a list")

    def score(self, score: object, field: str, region: object = None) -> None:
        if score is None:
            return
        if (
            isinstance(score, bool)
            or not isinstance(score, int | float)
            or not math.isfinite(score)
            or not 0 <= score <= 1
        ):
            raise self.error(field, f"is {score!r}, not a number from 0 to 1", region)
