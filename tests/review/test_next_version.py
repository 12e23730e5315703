"""What a reviewer decided is in the next version, in `diff`, `why` and the exports; later labels do not lose it."""

import hashlib
import json
from pathlib import Path

import pytest

from annotate.dataset import Dataset
from annotate.labelstudio.tasks import to_task
from annotate.records import AnnotationRecord, DecisionRecord
from annotate.workflow.commit import commit
from annotate.workflow.export import export
from annotate.workflow.review import DecidedMeanwhile, decide, seen, undo
from tests.review.conftest import ARTICLES, Desk, decision, row_of


def label(
    store: Dataset, annotator: str, number: int, *, speaker: str | None = None, other: str | None = None, day: int = 2
) -> None:
    """Somebody labels the first article as it was pre-marked, but for a speaker (`other`: of the other one there)."""
    task = to_task(ARTICLES[0])
    result = task["predictions"][0]["result"]
    for region in result:
        if speaker and region.get("type") == "textarea" and region["value"]["text"] == ["Budi Santoso"]:
            region["value"]["text"] = [speaker]
        if other and region.get("type") == "textarea" and region["value"]["text"] == ["Bupati Dewi Lestari"]:
            region["value"]["text"] = [other]
    raw = json.dumps({"result": result})
    record = AnnotationRecord(
        state_id=hashlib.sha256(f"{number}{raw}".encode()).hexdigest(),
        server="http://127.0.0.1:8080",
        project_id=1,
        task_id=1,
        annotation_id=number,
        doc_id=ARTICLES[0].document.doc_id,
        task_text_sha256=ARTICLES[0].document.text_sha256,
        state="submitted",
        annotator=annotator,
        updated_at=f"2026-03-{day:02d}T00:00:00Z",
        raw=raw,
        pulled_at=f"2026-03-{day:02d}T01:00:00Z",
    )
    store.append_annotations([record])


def test_the_decision_is_told_by_diff_why_and_exports(desk: Desk, store: Dataset, tmp_path: Path) -> None:
    row = row_of(store, "Budi")
    desk.decide(row, "wrong_speaker", speaker="Hartono", claim_rating="false", note="lihat rekaman")
    changes = "\n".join(store.diff(1, 2).text())
    assert "Hartono" in changes
    life = "\n".join(store.why(row.attribution_id).text())
    assert "Siti" in life
    assert "lihat rekaman" in life
    written = export(store.root, tmp_path / "out.csv")
    text = written.path.read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if row.attribution_id in one)
    assert all(words in line for words in ("Hartono", "wrong_speaker", "false", "adjudicated"))
    linked = export(store.root, tmp_path / "out.jsonld", format="schemaorg").path.read_text(encoding="utf-8")
    assert linked.count('"ClaimReview"') == 1


def test_a_verdict_alone_makes_no_claim_review(desk: Desk, store: Dataset, tmp_path: Path) -> None:
    desk.decide(row_of(store, "Budi"), "right")
    linked = export(store.root, tmp_path / "out.jsonld", format="schemaorg").path.read_text(encoding="utf-8")
    assert "ClaimReview" not in linked


def test_decisions_on_labelled_articles_stand_over_votes_and_later_labels(desk: Desk, store: Dataset) -> None:
    label(store, "a@x.id", 1)
    label(store, "b@x.id", 2)
    commit(store.root, message="labels", author="lead")
    row = row_of(store, "Budi")
    assert row.status == "unanimous"
    assert desk.decide(row, "wrong_speaker", speaker="Hartono").status_code == 200
    after = next(one for one in store.attributions() if one.attribution_id == row.attribution_id)
    assert (after.speaker, after.status, after.annotators) == ("Hartono", "adjudicated", ["a@x.id", "b@x.id"])
    assert any("Budi Santoso" in vote.value and vote.annotators == ["a@x.id", "b@x.id"] for vote in after.dissent)
    held = desk.get(f"/attributions/{row.attribution_id}.json").json()["held"]
    assert {"Budi Santoso", "Hartono"} <= {one["value"] for one in held}
    label(store, "c@x.id", 3)
    commit(store.root, message="one more", author="lead")
    later = next(one for one in store.attributions() if one.attribution_id == row.attribution_id)
    assert (later.speaker, later.verdict) == ("Hartono", "wrong_speaker")
    assert "c@x.id" in later.annotators


def test_a_later_label_opens_a_review_again_only_where_it_touches_it(desk: Desk, store: Dataset) -> None:
    for number, who in enumerate(("a@x.id", "b@x.id"), start=1):
        label(store, who, number)
    commit(store.root, message="labels", author="lead")
    row = row_of(store, "Budi")
    desk.decide(row, "wrong_speaker", speaker="Hartono")

    def later() -> str:
        return next(one.status for one in store.attributions() if one.attribution_id == row.attribution_id)

    label(store, "a@x.id", 1, other="Dewi Lestari", day=28)  # says the same of this one, after the decision
    commit(store.root, message="another attribution", author="lead")
    assert later() == "adjudicated"
    label(store, "b@x.id", 2, speaker="Suharto", day=28)
    commit(store.root, message="this attribution", author="lead")
    assert later() == "unresolved"


def test_labels_that_wait_are_not_lost_by_a_review(store: Dataset) -> None:
    row = row_of(store, "Budi")
    label(store, "a@x.id", 1)  # pulled, not committed yet
    event = decision(row, verdict="misquoted", exists=True)
    decide(store, event, looked_at=seen(row, []), message="review")
    after = next(one for one in store.attributions() if one.attribution_id == row.attribution_id)
    assert (after.annotators, after.verdict) == (["a@x.id"], "misquoted")


def test_commit_makes_up_for_a_review_that_was_cut_off(store: Dataset) -> None:
    row = row_of(store, "Budi")
    store.append_decisions([decision(row, verdict="right", exists=True)])
    commit(store.root, message="labels", author="lead")
    after = row_of(store, "Budi")
    assert (after.verdict, after.attribution_id) == ("right", row.attribution_id)
    assert len(list(store.attributions(doc_ids=[row.doc_id]))) == 2


def test_what_was_taken_back_cannot_be_taken_back_again(store: Dataset) -> None:
    row = row_of(store, "Budi")
    decide(store, decision(row, verdict="right", exists=True), looked_at=seen(row, []), message="m")
    first = DecisionRecord(
        decision_id="u1", kind="undo", undoes="d1", decided_by="a", decided_at="2026-04-01T00:00:00Z"
    )
    undo(store, first, message="undo")
    with pytest.raises(DecidedMeanwhile, match="already"):
        undo(store, first.model_copy(update={"decision_id": "u2"}), message="undo")
