"""Reading: the attribution in its article, who reports whom, what each annotator held, where it was labelled."""

import json
from collections.abc import Callable

from annotate.dataset import Dataset, DocumentChange, Recipe
from annotate.records import AnnotationRecord, AttributionRecord, SetAsideRecord, SpanRecord, Vote
from annotate.review.overlay import Mark, around, marks_of, segments
from annotate.workflow.review import document_record
from tests.review.conftest import Desk, marked, row_of

TEXT = "Menurut Antara, Bupati Dewi berkata bahwa jembatan rusak parah, demikian laporan itu pada Senin."
OUTER = "Bupati Dewi berkata bahwa jembatan rusak parah"


def nested(store: Dataset) -> list[AttributionRecord]:
    one = marked(
        "n",
        TEXT,
        [("indirect", OUTER, "Antara", "Menurut"), ("indirect", "jembatan rusak parah", "Bupati Dewi", "berkata")],
        outlet="Kabar Pagi",
    )  # fmt: skip
    from tests.review.conftest import change

    made = change(one)
    outer, inner = made.attributions
    where = TEXT.index("jembatan rusak")
    inner = inner.model_copy(
        update={
            "status": "majority",
            "annotators": ["a@x.id", "b@x.id"],
            "readers": ["a@x.id", "b@x.id", "c@x.id"],
            "votes": [
                Vote(field="existence", value="true", annotators=["a@x.id", "b@x.id"]),
                Vote(field="boundaries", value=json.dumps([where, where + 20]), annotators=["a@x.id"]),
            ],
            "dissent": [
                Vote(field="existence", value="false", annotators=["c@x.id"]),
                Vote(field="boundaries", value=json.dumps([where, where + 14]), annotators=["b@x.id"]),
                Vote(field="speaker", value='"Antara"', annotators=["b@x.id"]),
            ],
            "agreement": 0.5,
            "premark_change": ["moved"],
        }
    )
    aside = SetAsideRecord(
        doc_id="n",
        commit_id="",
        annotation_id=3,
        annotator="d@x.id",
        reason="outvoted: 1 of 3 marked it",
        raw=json.dumps({"start": where, "end": where + 8, "text": "jembatan"}),
    )
    change_ = DocumentChange(document_record(one.document), [outer, inner], [aside])
    store.commit([change_], message="m", author="a", recipe=Recipe("majority/1"))
    return [outer, inner]


def test_the_chain_goes_from_the_outlet_to_the_speaker(desk: Desk, store: Dataset) -> None:
    outer, inner = nested(store)
    data = desk.get(f"/attributions/{inner.attribution_id}.json").json()
    assert data["chain"] == ["Kabar Pagi", "Antara", "Bupati Dewi"]
    page = desk.get(f"/attributions/{inner.attribution_id}").text
    assert f'href="/attributions/{outer.attribution_id}"' in page


def test_what_lost_stands_beside_what_won_in_words(desk: Desk, store: Dataset) -> None:
    _, inner = nested(store)
    held = desk.get(f"/attributions/{inner.attribution_id}.json").json()["held"]
    assert [(one["field"], one["value"], one["won"]) for one in held] == [
        ("existence", True, True),
        ("existence", False, False),
        ("boundaries", "jembatan rusak parah", True),
        ("boundaries", "jembatan rusak", False),
        ("speaker", "Antara", False),
    ]
    page = desk.get(f"/attributions/{inner.attribution_id}").text
    for words in (
        "c@x.id",
        "outvoted: 1 of 3 marked it",
        "The majority won",
        "bounds moved",
        "<code>hand</code>",
        "0.90",
    ):
        assert words in page


def test_task_links_go_to_label_studio(desk: Desk, store: Dataset) -> None:
    row = row_of(store, "Budi")
    labelled = AnnotationRecord(
        state_id="0" * 64,
        server="https://studio.example/",
        project_id=7,
        task_id=21,
        annotation_id=5,
        doc_id=row.doc_id,
        task_text_sha256=row.text_sha256,
        state="submitted",
        raw="{}",
        pulled_at="2026-03-01T00:00:00Z",
    )
    store.append_annotations([labelled])
    tasks = desk.get(f"/attributions/{row.attribution_id}.json").json()["tasks"]
    assert tasks == [{"task": 21, "project": 7, "url": "https://studio.example/projects/7/data?task=21"}]


def test_next_and_previous_go_through_the_view(desk: Desk) -> None:
    ids = [
        one["attribution"]["attribution_id"] for one in desk.get("/attributions.json?speaker=lestari").json()["results"]
    ]
    page = desk.get(f"/attributions/{ids[1]}?speaker=lestari").text
    assert "2 of 3" in page
    assert f'rel="prev" data-key="k" href="/attributions/{ids[0]}?speaker=lestari"' in page
    assert f'rel="next" data-key="j" href="/attributions/{ids[2]}?speaker=lestari"' in page


def test_exact_words_are_told_from_paraphrase(desk: Desk, store: Dataset) -> None:
    assert "exact words" in desk.get(f"/attributions/{row_of(store, 'Budi').attribution_id}").text
    assert "paraphrase" in desk.get(f"/attributions/{row_of(store, 'Dewi').attribution_id}").text


def test_a_whole_article_numbers_its_attributions(desk: Desk) -> None:
    page = desk.get("/article", params={"id": "pagi/1.txt"}).text
    assert 'id="t1"' in page
    assert 'id="a2"' in page
    assert len(desk.get("/article.json", params={"id": "pagi/1.txt"}).json()["attributions"]) == 2


def test_provenance_is_kept_with_the_article(desk: Desk, store: Dataset) -> None:
    form = {"id": "timur-2", "csrf": desk.csrf(), "retrieved_at": "2026-03-04", "reviewer": "Siti"}
    answer = desk.post("/article/provenance", data={**form, "archived_url": "https://web.archive.example/1"})
    assert "Archived copy" in answer.text
    document = next(store.documents(doc_ids=["timur-2"]))
    assert (document.retrieved_at, document.archived_url) == ("2026-03-04T00:00:00Z", "https://web.archive.example/1")
    assert len(list(store.attributions(doc_ids=["timur-2"]))) == 1
    bad = desk.post("/article/provenance", data={**form, "csrf": desk.csrf(), "archived_url": "javascript:alert(1)"})
    assert bad.status_code == 422


def test_segments_are_the_text_again_however_marks_cross() -> None:
    marks = [
        Mark(0, 10, "indirect"),
        Mark(5, 15, "direct"),
        Mark(5, 5, "cue"),
        Mark(90, 200, "source"),
        Mark(8, 9, "cue"),
    ]
    text = "x" * 100
    cut = segments(text, marks)
    assert "".join(one.text for one in cut) == text
    assert [one.kinds for one in cut[:4]] == [
        ["indirect"],
        ["indirect", "direct"],
        ["indirect", "direct", "cue"],
        ["indirect", "direct"],
    ]
    assert "".join(one.text for one in segments(text, marks, 3, 12)) == text[3:12]


def test_context_begins_and_ends_with_sentences() -> None:
    text = " ".join(f"Kalimat nomor {n} berdiri di sini." for n in range(100))
    at = text.index("Kalimat nomor 50")
    start, end = around(text, [SpanRecord(start=at, end=at + 13, text=text[at : at + 13])])
    assert text[start:].startswith("Kalimat")
    assert text[:end].endswith(".")
    assert 300 < end - start < 900


def test_marks_of_an_attribution(store: Dataset, desk_of: Callable[..., Desk]) -> None:
    assert [one.kind for one in marks_of(row_of(store, "Budi"))] == ["direct", "source", "cue"]
