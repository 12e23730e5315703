"""A decision is an event and a version; nothing is overwritten, and of two reviewers the second is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotate.dataset import Dataset
from annotate.errors import DatasetError
from annotate.records import AttributionRecord
from annotate.workflow import review
from tests.review.conftest import Desk, decision, make, row_of


def test_a_verdict_is_in_the_next_version_and_the_old_version_stays(store: Dataset) -> None:
    row = row_of(store, "Budi")
    event = decision(row, verdict="misquoted", exists=True, note="lihat rekaman")
    version = review.decide(store, event, looked_at=review.seen(row, []), message="review")
    assert version is not None
    assert version.author == "siti"
    after = row_of(store, "Budi")
    assert (after.verdict, after.decision_id, after.attribution_id) == ("misquoted", "d1", row.attribution_id)
    before = next(one for one in store.attributions(1) if one.attribution_id == row.attribution_id)
    assert before == row
    assert [one.note for one in store.decisions()] == ["lihat rekaman"]


def test_a_corrected_speaker_and_span_keep_the_id_and_undo_brings_the_pre_mark_back(store: Dataset) -> None:
    row = row_of(store, "Dewi")
    text = next(store.documents(doc_ids=[row.doc_id])).text
    words = "Jembatan Kali Bening akan dibuka kembali pada hari Senin"
    span = {"start": text.index(words), "end": text.index(words) + len(words), "text": words}
    event = decision(row, verdict="wrong_speaker", exists=True, speaker="Camat Sleman", content=span)
    review.decide(store, event, looked_at=review.seen(row, []), message="review")
    after = next(one for one in store.attributions() if one.attribution_id == row.attribution_id)
    assert (after.speaker, after.content.text, after.status) == ("Camat Sleman", words, "adjudicated")
    review.undo(store, decision(row, decision_id="u1", kind="undo", undoes="d1"), message="undo")
    back = next(one for one in store.attributions() if one.attribution_id == row.attribution_id)
    assert back.model_copy(update={"commit_id": row.commit_id}) == row
    assert [one.kind for one in store.decisions()] == ["review", "undo"]


def test_an_undo_can_be_undone_in_turn(store: Dataset) -> None:
    row = row_of(store, "Budi")
    event = decision(row, verdict="right", exists=True)
    review.decide(store, event, looked_at=review.seen(row, []), message="review")
    undo = decision(row, decision_id="u1", kind="undo", undoes="d1", decided_at="2026-03-03T11:00:00Z")
    review.undo(store, undo, message="undo")
    again = decision(row, decision_id="u2", kind="undo", undoes="u1", decided_at="2026-03-03T12:00:00Z")
    review.undo(store, again, message="undo")
    assert row_of(store, "Budi").verdict == "right"


def test_the_second_of_two_reviewers_is_told_and_nothing_of_hers_is_recorded(store: Dataset) -> None:
    row = row_of(store, "Budi")
    looked_at = review.seen(row, store.decisions())
    review.decide(store, decision(row, verdict="right", exists=True), looked_at=looked_at, message="first")
    second = decision(row, decision_id="d2", decided_by="rina", verdict="misquoted")
    with pytest.raises(review.DecidedMeanwhile, match="siti decided"):
        review.decide(store, second, looked_at=looked_at, message="second")
    assert [one.decision_id for one in store.decisions()] == ["d1"]


def test_two_who_pass_the_check_at_once_do_not_both_stand(store: Dataset) -> None:
    row = row_of(store, "Budi")
    other = Dataset.open(store.root)
    appended = store.append_decisions

    def overtaken(records: Any, check: Any) -> Any:
        if other.head().version == 1 and not list(other.decisions()):  # type: ignore[union-attr]
            other.append_decisions([decision(row, decision_id="d0", decided_by="rina", verdict="misquoted")])
        return appended(records, check=check)

    store.append_decisions = overtaken  # type: ignore[method-assign]
    with pytest.raises(review.DecidedMeanwhile, match="rina decided"):
        review.decide(store, decision(row, verdict="right"), looked_at=review.seen(row, []), message="m")
    assert [one.decision_id for one in other.decisions()] == ["d0"]


def test_another_attribution_of_the_same_article_is_no_conflict(store: Dataset) -> None:
    first, second = row_of(store, "Budi"), row_of(store, "Dewi")
    looked_at = review.seen(second, [])
    event = decision(first, verdict="right", exists=True)
    review.decide(store, event, looked_at=review.seen(first, []), message="first")
    later = decision(second, decision_id="d2", verdict="cannot_tell")
    review.decide(store, later, looked_at=looked_at, message="second")
    assert {one.verdict for one in store.attributions(doc_ids=["pagi/1.txt"])} == {"right", "cannot_tell"}


def test_an_unknown_attribution_is_refused(store: Dataset) -> None:
    row = row_of(store, "Budi").model_copy(update={"attribution_id": "at-none"})
    with pytest.raises(DatasetError, match="no such attribution"):
        review.decide(store, decision(row, verdict="right"), looked_at="", message="m")


def test_the_form_records_who_when_and_the_grounds(desk: Desk, store: Dataset) -> None:
    row = row_of(store, "Budi")
    answer = desk.decide(
        row, "out_of_context", reason="satu-satunya saksi", note="kutipan lama", fact_check="CekFakta 1234",
        claim_rating="misleading",
    )  # fmt: skip
    assert answer.status_code == 200
    assert "Saved in version 2" in answer.text
    event = next(store.decisions())
    assert (event.decided_by, event.verdict, event.reason) == ("Siti", "out_of_context", "satu-satunya saksi")
    assert (event.fact_check, event.claim_rating, event.on_version) == ("CekFakta 1234", "misleading", 1)
    assert event.decided_at.endswith("Z")
    assert row_of(store, "Budi").claim_rating == "misleading"


def test_right_confirms_all_that_is_shown_and_rates_nothing(desk: Desk, store: Dataset) -> None:
    desk.decide(row_of(store, "Budi"), "right")
    after = row_of(store, "Budi")
    assert (after.status, after.verdict, after.claim_rating) == ("adjudicated", "right", None)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"verdict": ""}, "Choose a verdict"),
        ({"content": "kata yang tidak ada"}, "do not stand in the article"),
        ({"fact_check": "javascript:alert(1)"}, "GFD or CekFakta number"),
        ({"claim_rating": "ngawur"}, "That rating is not known"),
        ({"reviewer": " "}, "Give your name"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_what_was_written(
    desk: Desk, store: Dataset, fields: dict[str, str], told: str
) -> None:
    answer = desk.decide(row_of(store, "Budi"), fields.pop("verdict", "misquoted"), note="jangan hilang", **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert "jangan hilang" in answer.text
    assert not list(store.decisions())


def test_the_second_reviewer_sees_the_first_ones_decision_and_her_own_words(
    store: Dataset, desk_of: Callable[..., Desk]
) -> None:
    row = row_of(store, "Budi")
    siti, rina = desk_of(store.root), desk_of(store.root)
    seen, csrf = rina.seen(row.attribution_id), rina.csrf()
    siti.decide(row, "right")
    form = {"csrf": csrf, "seen": seen, "reviewer": "Rina", "verdict": "misquoted", "note": "beda di rekaman"}
    answer = rina.post(f"/attributions/{row.attribution_id}/decisions", data=form)
    assert answer.status_code == 409
    assert "Siti decided “Said so”" in answer.text
    assert "beda di rekaman" in answer.text
    assert len(list(store.decisions())) == 1
    assert rina.decide(row, "misquoted", reviewer="Rina").status_code == 200
    assert row_of(store, "Budi").verdict == "misquoted"


def test_taking_back_by_form_keeps_the_history(desk: Desk, store: Dataset) -> None:
    row = row_of(store, "Budi")
    desk.decide(row, "misquoted")
    event = next(store.decisions())
    answer = desk.post(f"/decisions/{event.decision_id}/undo", data={"csrf": desk.csrf(), "go": "/decisions"})
    assert "Taken back; version 3" in answer.text
    assert "taken back" in answer.text
    assert row_of(store, "Budi").verdict is None
    assert desk.get("/decisions.json").json()["total"] == 2


def labelled(tmp_path: Path) -> tuple[Dataset, AttributionRecord]:
    store = make(tmp_path / "dataset")
    return store, row_of(store, "Budi")


def test_a_decision_whose_commit_was_cut_off_is_made_up_for(tmp_path: Path) -> None:
    store, row = labelled(tmp_path)
    store.append_decisions([decision(row, verdict="right", exists=True)])  # and then the process died
    version = review.record(store, [row.doc_id], message="again", author="siti")
    assert version is not None
    assert row_of(store, "Budi").verdict == "right"
    assert review.record(store, [row.doc_id], message="once more", author="siti") is None


def test_a_corrected_type_and_cue_are_decided_and_shown(desk: Desk, store: Dataset) -> None:
    row = row_of(store, "Budi")
    answer = desk.decide(row, "misquoted", type="mixed", cue="bersabar", content=row.content.text)
    assert answer.status_code == 200
    after = next(one for one in store.attributions() if one.attribution_id == row.attribution_id)
    assert (after.type, [cue.text for cue in after.cues], after.status) == ("mixed", ["bersabar"], "adjudicated")
    assert after.content == row.content
    event = next(store.decisions())
    assert (event.type, event.content, event.speaker) == ("mixed", None, None)
    assert "bersabar" in desk.get("/decisions").text
    assert desk.decide(after, "right", type="sideways").status_code == 422
