"""Everything that the server takes without a word and then breaks on is refused, with document, region and field."""

import json
from pathlib import Path

import pytest

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.errors import TaskError
from annotate.labelstudio.tasks import to_task
from annotate.labelstudio.tasks_check import check_task

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
