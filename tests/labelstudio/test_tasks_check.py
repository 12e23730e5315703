"""Everything that the server takes without a word and then breaks on is refused, with document, region and field."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.errors import TaskError
from annotate.labelstudio.tasks import to_task
from annotate.labelstudio.tasks_check import check_task, surely_good

from .cases import marked_documents, seeds

CASES = [json.loads(line) for line in Path(__file__).with_name("tasks_bad.jsonl").read_text().splitlines()]


def good_task():
    attribution = Attribution(Region("direct", 0, 5), (Region("source", 11, 15),), (Region("cue", 6, 10),), "Budi")
    return to_task(MarkedDocument(Document("berita-7", '"Ya," kata Budi.'), (attribution,), "m1"))


def put(task, path, value):
    """Set the field at a dotted path; `@0` stands for the id of the first region."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    first_id = task["predictions"][0]["result"][0]["id"] if "predictions" in task else None
    place = task
    for step in way:
        place = place[step]
    place[last] = first_id if value == "@0" else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_bad_task_is_refused_with_its_place(case):
    task = good_task()
    check_task(task)
    for path, value in case["change"].items():
        put(task, path, value)
    with pytest.raises(TaskError) as caught:
        check_task(task)
    message = str(caught.value)
    for words in case["says"]:
        assert words in message
    assert case["label"] == "no data" or "data.doc_id" in case["change"] or 'document "berita-7"' in message
    assert caught.value.remedy


BREAKS = {
    "none": lambda one: one,
    "beyond the text": lambda one: with_content(one, end=10_000),
    "before the text": lambda one: with_content(one, start=-1),
    "no length": lambda one: with_content(one, start=1, end=1),
    "offsets that are none": lambda one: with_content(one, start=True),
    "no such label": lambda one: with_content(one, label="quote"),
    "a source as content": lambda one: with_content(one, label="source"),
    "a content as source": lambda one: with_first(one, sources=(Region("direct", 0, 1),)),
    "too sure": lambda one: with_content(one, confidence=1.5),
    "not a number": lambda one: with_content(one, confidence=float("nan")),
    "a rule with NUL": lambda one: with_content(one, rule="a\0b"),
    "a lone surrogate as speaker": lambda one: with_first(one, speaker="\ud800"),
    "NUL in the title": lambda one: replace(one, document=replace(one.document, title="\0")),
    "no text": lambda one: replace(one, document=replace(one.document, text="")),
    "no id": lambda one: replace(one, document=replace(one.document, doc_id=" ")),
    "no marker": lambda one: replace(one, marker=""),
}


def with_first(marked, **changes):
    if not marked.attributions:
        return marked
    return replace(marked, attributions=(replace(marked.attributions[0], **changes), *marked.attributions[1:]))


def with_content(marked, **changes):
    if not marked.attributions:
        return marked
    return with_first(marked, content=replace(marked.attributions[0].content, **changes))


@given(marked_documents(), st.sampled_from(sorted(BREAKS)))
def test_what_is_surely_good_passes_every_check(marked, name):
    broken = BREAKS[name](marked)
    if surely_good(broken) is not None:
        check_task(to_task(broken))
    else:
        assert name != "none", "a document that is right was held for doubtful"


def test_the_seeds_are_surely_good():
    assert all(surely_good(marked) for marked in seeds())
