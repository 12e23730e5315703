"""Reading several annotations together gives what reading each with care gives, or leaves it to that."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.labelstudio.labels import read_result
from annotate.labelstudio.labels_shared import SharedLabels
from annotate.labelstudio.tasks import to_task
from tests.labelstudio.cases import seeds
from tests.labelstudio.test_labels import CASES, ROWS, TEXT

PREDICTION = {"id": 7, "model_version": "m", "result": [ROWS["content"], ROWS["cue"]]}


def annotation(rows, **more):
    return json.dumps({"id": 1, "result": rows, "was_cancelled": False, **more}, ensure_ascii=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_whatever_is_read_is_read_as_with_care(case):
    rows = [ROWS[row] if isinstance(row, str) else row for row in case["rows"]]
    reader = SharedLabels(TEXT)
    for more in ({}, {"prediction": PREDICTION}, {"prediction": {}, "task": 1}):
        assert reader.read(annotation(rows, **more)) in (None, read_result(rows, TEXT))
        assert reader.read(annotation(rows, **more)) in (None, read_result(rows, TEXT))


def test_what_several_annotators_left_alone_is_one_object():
    for marked in seeds():
        reader = SharedLabels(marked.document.text)
        prediction = to_task(marked)["predictions"][0]
        first, second = prediction["result"], json.loads(json.dumps(prediction["result"]))
        moved = next(row for row in second if row["type"] == "labels" and row["value"]["labels"] == ["cue"])
        moved["value"]["end"] -= 1
        one = reader.read(annotation(first, prediction=prediction, task=1))
        other = reader.read(annotation(second, prediction=prediction, task=1))
        assert one == read_result(first, marked.document.text)
        assert other == read_result(second, marked.document.text)
        assert reader.frozen == prediction
        shared = sum(a is b for a, b in zip(one.attributions, other.attributions, strict=True))
        assert 0 < shared < len(one.attributions)


LABELLED = {"direct": "indirect", "indirect": "mixed", "mixed": "source", "source": "cue", "cue": "direct"}
CHANGES = st.tuples(st.integers(0, 59), st.sampled_from(["end", "onto", "label", "remove", "last"]))


@given(st.lists(st.lists(CHANGES, max_size=3), min_size=1, max_size=3), st.integers(0, 2), st.integers(0, 9))
@settings(max_examples=150)
def test_one_after_another_they_are_read_as_with_care(annotators, which, order):
    marked = seeds()[which]
    text = marked.document.text
    reader = SharedLabels(text)
    given = to_task(marked)["predictions"][0]["result"]
    random.Random(order).shuffle(given)  # so that the order of the rows is not that of the text
    written = json.dumps(given)
    assert reader.read(annotation(json.loads(written))) == read_result(json.loads(written), text)
    for changes in annotators:
        rows = json.loads(written)
        regions = [row for row in rows if row["type"] == "labels"]
        for at, change in changes:
            region = regions[at % len(regions)]
            value = region["value"]
            if change == "remove":
                rows.remove(rows[at % len(rows)])
            elif change == "last":
                rows.append(rows.pop(at % len(rows)))
            elif change == "end":
                value["end"] = min(value["end"] + 1, len(text))
            elif change == "label":
                value["labels"] = [LABELLED[value["labels"][0]]]
            else:  # onto where another one of its kind stands
                other = next((one for one in reversed(regions) if one["value"]["labels"] == value["labels"]), region)
                value.update(start=other["value"]["start"], end=other["value"]["end"])
        assert reader.read(annotation(rows)) in (None, read_result(rows, text))


FRAGMENTS = [
    '"',
    "}, {",
    "}],",
    '}], "',
    '"result": [',
    '"prediction": {',
    "{",
    "}",
    "]",
    "\\",
    "Budi",
    "}]}",
    ",",
    " ",
]
NAMES = st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join)


@given(NAMES, NAMES, st.booleans(), st.booleans())
@settings(max_examples=60)
def test_no_name_breaks_the_cuts(name, version, first, tight):
    rows = [ROWS["content"], ROWS["source"], {**ROWS["speaker"], "value": {"text": [name]}}, ROWS["said"]]
    prediction = {"model_version": version, "result": [ROWS["content"], ROWS["cue"]]}
    fields = {"prediction": prediction, "result": rows} if first else {"result": rows, "prediction": prediction}
    separators = (",", ":") if tight else None
    raw = json.dumps({"id": 1, **fields, "task": 1}, ensure_ascii=False, separators=separators)
    reader = SharedLabels(TEXT)
    for _ in range(2):
        read = reader.read(raw)
        assert read in (None, read_result(rows, TEXT))
        if read is not None:
            assert reader.frozen == prediction


def test_what_is_no_annotation_is_left_to_care():
    for raw in (
        "",
        "{}",
        "[]",
        '{"result": [{}], "id": 1',
        '{"result": [{"id": 1}], "id": 1}',
        '{"result": [7], "i": 1}',
    ):
        assert SharedLabels(TEXT).read(raw) is None
