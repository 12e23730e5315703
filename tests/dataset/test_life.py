"""Why a row is what it is: its whole life, from the pre-mark to the last decision."""

import json

import pytest

from annotate.dataset import Dataset, DocumentChange
from annotate.errors import DatasetError
from annotate.records import AttributionRecord, RegionRef, Vote
from tests.dataset.made import RECIPE, annotation, attribution, change, decision, document

ONE = document(1)
IDENTITY = f"{ONE.doc_id}/1"


def commit(dataset: Dataset, *rows: AttributionRecord) -> None:
    assert dataset.commit([DocumentChange(ONE, rows)], message="pesan", author="uji", recipe=RECIPE)


def test_the_life_of_a_row(dataset: Dataset) -> None:
    premark = {
        "premark_rule": "verb-before-clause",
        "premark_confidence": 0.75,
        "premark_version": "rules-1",
        "premark_change": ["moved"],
    }
    drawn = [RegionRef(annotation_id=11, region_id="r7", annotator="b@contoh.id")]
    lost = [Vote(field="type", value='"direct"', annotators=["c@contoh.id"])]
    commit(dataset, attribution(ONE, 0))
    dataset.append_annotations([annotation(1, "a"), annotation(1, "b", parent_prediction=3)])
    row = attribution(ONE, 1, regions=drawn, dissent=lost, **premark)
    commit(dataset, attribution(ONE, 0), row)
    assert dataset.commit([change(2)], message="lain", author="uji", recipe=RECIPE)
    dataset.append_decisions([decision(1, attribution_id=IDENTITY, reason="rekaman suara")])
    commit(dataset, attribution(ONE, 0), row.model_copy(update={"verdict": "right", "decision_id": f"{ONE.doc_id}/d1"}))
    undo = {"kind": "undo", "verdict": None, "reason": "salah pilih", "undoes": f"{ONE.doc_id}/d1"}
    dataset.append_decisions([decision(1, "d2", **undo)])
    commit(dataset, attribution(ONE, 0))

    life = dataset.why(IDENTITY)
    assert not life.present
    assert life.versions == [2, 3, 4]
    assert [stage.version.version for stage in life.stages] == [2, 4, 5]
    assert [[event.kind for event in stage.events] for stage in life.stages] == [
        ["added"],
        ["verdict", "support"],
        ["removed"],
    ]
    assert life.row.verdict == "right"
    assert [a.annotation_id for a in life.annotations] == [11]
    assert [d.decision_id[-2:] for d in life.decisions] == ["d1", "d2"]
    text = "\n".join(life.text())
    for told in (
        "no longer in the dataset",
        "rule verb-before-clause, confidence 0.75, by rules-1; people: moved",
        "b@contoh.id: annotation 11 of task 1 (submitted, 2026-10-22T01:00:00Z, from pre-marks), regions r7",
        'dissent   type "direct": c@contoh.id',
        "cek@contoh.id, review: right; rekaman suara",
        "undo of artikel-00001/d1: salah pilih",
        "removed: “Budi: harga turun”  [cek@contoh.id: undo: salah pilih; version 5]",
        "[a@contoh.id, b@contoh.id: labelled; version 2]",
    ):
        assert told in text, text
    values = json.loads(json.dumps(life.as_dict()))
    assert values["versions"] == [2, 3, 4]
    assert "raw" not in values["annotations"][0]


def test_a_row_keeps_its_life_through_a_restore(dataset: Dataset) -> None:
    commit(dataset, attribution(ONE, 1))
    commit(dataset)
    dataset.restore(1, message="keliru", author="uji")
    life = dataset.why(IDENTITY)
    assert life.present
    assert life.versions == [1, 3]
    assert "version 1 was restored: keliru" in "\n".join(life.text())


def test_a_row_that_no_version_had(dataset: Dataset) -> None:
    commit(dataset, attribution(ONE, 1))
    with pytest.raises(DatasetError, match="no attribution 'x'"):
        dataset.why("x")
