import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.labelstudio.labels import read_result
from annotate.labelstudio.tasks import to_task
from tests.labelstudio.cases import marked_documents, seeds, texts

TEXT = "“Ya,” kata Budi."
ROWS = {
    "content": {
        "id": "c",
        "from_name": "span",
        "type": "labels",
        "value": {"start": 0, "end": 5, "labels": ["direct"]},
    },
    "source": {
        "id": "s",
        "from_name": "span",
        "type": "labels",
        "value": {"start": 11, "end": 15, "labels": ["source"]},
    },
    "cue": {"id": "u", "from_name": "span", "type": "labels", "value": {"start": 6, "end": 10, "labels": ["cue"]}},
    "speaker": {"id": "c", "from_name": "speaker", "type": "textarea", "value": {"text": ["Budi Santoso"]}},
    "said": {"type": "relation", "from_id": "c", "to_id": "s", "direction": "right"},
    "cued": {"type": "relation", "from_id": "c", "to_id": "u", "direction": "right"},
}
CASES = [json.loads(line) for line in Path(__file__).with_name("labels_cases.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_every_label_is_read_or_set_aside_with_its_reason(case):
    rows = [ROWS[row] if isinstance(row, str) else row for row in case["rows"]]
    read = read_result(rows, TEXT)
    found = [
        [
            a.content.label,
            a.content.words(TEXT),
            [source.words(TEXT) for source in a.sources],
            [cue.words(TEXT) for cue in a.cues],
            a.speaker,
        ]
        for a in read.attributions
    ]
    assert found == case["attributions"]
    assert [region.words(TEXT) for region in read.unlinked] == case.get("unlinked", [])
    assert len(read.set_aside) == len(case.get("aside", []))
    for reason, aside in zip(case.get("aside", []), read.set_aside, strict=True):
        assert reason in aside.reason
        assert json.loads(aside.raw) in rows or aside.raw.startswith('{"from_name": "absence"')
    assert read.no_attribution == case.get("no_attribution", False)
    assert read.remark == case.get("remark", "")
    assert read.notes == ()


@pytest.mark.parametrize("result", [None, {}, "x", 7])
def test_a_result_that_is_no_list_is_set_aside_whole(result):
    read = read_result(result, TEXT)
    assert read.attributions == ()
    assert [json.loads(aside.raw) for aside in read.set_aside] == [result]


def plain(region):
    return (region.label, region.start, region.end)


def said(attributions):
    return sorted(
        (plain(a.content), sorted(map(plain, a.sources)), sorted(map(plain, a.cues)), a.speaker) for a in attributions
    )


@given(marked_documents())
def test_pre_marks_that_nobody_touched_come_back_as_they_went(marked):
    result = to_task(marked)["predictions"][0]["result"]
    read = read_result(result, marked.document.text)
    assert read.set_aside == ()
    wanted = [
        (plain(a.content), sorted(set(map(plain, a.sources))), sorted(set(map(plain, a.cues))), a.speaker.strip())
        for a in marked.attributions
    ]
    assert said(read.attributions) == sorted(wanted)


def test_rule_score_kind_id_and_origin_come_back_and_a_changed_region_has_no_kind():
    source = Region("source", 11, 15, "kutip", 0.9, "person")
    marked = MarkedDocument(Document("a", TEXT), (Attribution(Region("direct", 0, 5, "kutip", 0.8), (source,)),), "m")
    rows = to_task(marked)["predictions"][0]["result"]
    for row in rows:
        row["origin"] = "prediction"
    (untouched,) = read_result(rows, TEXT).attributions
    assert untouched.content == Region("direct", 0, 5, "kutip", 0.8, None, rows[0]["id"], "prediction")
    assert untouched.sources == (Region("source", 11, 15, "kutip", 0.9, "person", rows[1]["id"], "prediction"),)
    rows[1]["origin"] = "prediction-changed"
    (changed,) = read_result(rows, TEXT).attributions
    assert (changed.sources[0].kind, changed.sources[0].rule) == (None, "kutip")


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 30)
    | st.floats()
    | st.sampled_from(["c", "s", "span", "direct", "labels", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "type",
                    "from_name",
                    "value",
                    "start",
                    "end",
                    "labels",
                    "text",
                    "from_id",
                    "to_id",
                    "meta",
                    "score",
                    "origin",
                    "choices",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(st.lists(junk | st.sampled_from(list(ROWS.values())), max_size=6))
def test_no_result_whatever_makes_it_fail_and_no_span_leaves_the_text(result):
    read = read_result(result, TEXT)
    regions = [r for a in read.attributions for r in (a.content, *a.sources, *a.cues)] + list(read.unlinked)
    assert all(0 <= region.start < region.end <= len(TEXT) for region in regions)


@settings(max_examples=40)
@given(texts, texts, st.integers(0, 60), st.integers(0, 20))
def test_in_a_changed_text_a_span_is_found_on_its_own_words_or_set_aside(ours, insertion, at, cut):
    theirs = ours[:at] + insertion + ours[at + cut :]
    for span in ((s, e) for s in range(0, len(theirs), 3) for e in range(s + 1, min(len(theirs), s + 16), 4)):
        row = {
            "id": "r",
            "from_name": "span",
            "type": "labels",
            "value": {"start": span[0], "end": span[1], "labels": ["cue"]},
        }
        read = read_result([row], ours, task_text=theirs)
        assert len(read.unlinked) + len(read.set_aside) == 1
        for region in read.unlinked:
            assert region.words(ours) == theirs[span[0] : span[1]]
            assert read.notes or theirs == ours


def test_a_doubled_sentence_is_not_guessed_at():
    ours, theirs = "A kata Budi. B kata Ani.", "A kata Budi. A kata Budi. B kata Ani."
    row = {"id": "r", "from_name": "span", "type": "labels", "value": {"start": 15, "end": 19, "labels": ["cue"]}}
    read = read_result([row], ours, task_text=theirs)
    assert read.unlinked == ()
    assert "not certain" in read.set_aside[0].reason


def test_gold_of_the_seeds_survives_the_way_there_and_back():
    for marked in seeds():
        read = read_result(to_task(marked)["predictions"][0]["result"], marked.document.text)
        assert said(read.attributions) == said(marked.attributions)
        assert read.set_aside == ()
