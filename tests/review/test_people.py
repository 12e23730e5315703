"""Speakers: all that is ascribed to one, under all names; merging and splitting are decisions that are kept."""

from typing import Any

from annotate.dataset import Dataset
from annotate.records import DecisionRecord
from annotate.workflow.names import read_names
from annotate.workflow.review import record, seen_names
from tests.review.conftest import Desk

DEWI, SHORT = "Bupati Dewi Lestari", "D. Lestari"


def names(desk: Desk, name: str, **fields: Any) -> Any:
    page = desk.get("/speaker", params={"name": name}).text
    seen = page.split('name="seen" value="', 1)[1].split('"', 1)[0]
    shown = [part.split('"', 1)[0] for part in page.split('name="shown" value="')[1:]]
    form = {"csrf": desk.csrf(), "seen": seen, "shown": shown, "name": name, "reviewer": "Siti"}
    return desk.post("/speaker/names", data={**form, **fields})


def register_ids(store: Dataset) -> dict[str, str | None]:
    return {row.speaker or "": row.register_id for row in store.attributions()}


def test_a_page_for_each_speaker(desk: Desk) -> None:
    everybody = {one["name"]: one["attributions"] for one in desk.get("/speakers.json").json()["speakers"]}
    assert everybody == {DEWI: 2, SHORT: 1, "Budi Santoso": 1}
    data = desk.get("/speaker.json", params={"name": DEWI}).json()
    assert (data["total"], data["types"]) == (2, {"indirect": 2})
    assert [one["value"] for one in data["outlets"]] == ["Kabar Pagi", "Harian Timur"]
    assert desk.get("/speakers.json?q=budi").json()["total"] == 1


def test_merging_shows_all_under_one_name_and_writes_the_register(desk: Desk, store: Dataset) -> None:
    assert register_ids(store)[DEWI] is None
    assert names(desk, DEWI, same=[SHORT], note="orang yang sama").status_code == 200
    ids = register_ids(store)
    assert ids[DEWI] == ids[SHORT] is not None
    assert ids["Budi Santoso"] is None
    data = desk.get("/speaker.json", params={"name": SHORT}).json()
    assert (data["name"], data["total"], data["names"]) == (DEWI, 3, {DEWI: 2, SHORT: 1})
    assert desk.get("/attributions.json", params={"speaker": DEWI}).json()["total"] == 3
    event = next(store.decisions())
    assert (event.kind, event.merged_names, event.note) == ("register", [DEWI, SHORT], "orang yang sama")
    assert store.head().author == "Siti"  # type: ignore[union-attr]


def test_splitting_off_and_taking_back(desk: Desk, store: Dataset) -> None:
    names(desk, DEWI, same=[SHORT])
    assert names(desk, DEWI, apart=SHORT).status_code == 200
    ids = register_ids(store)
    assert ids[SHORT] is None
    assert ids[DEWI] is not None
    assert desk.get("/speaker.json", params={"name": DEWI}).json()["total"] == 2
    for event in reversed(list(store.decisions())):
        desk.post(f"/decisions/{event.decision_id}/undo", data={"csrf": desk.csrf()})
    assert set(register_ids(store).values()) == {None}
    assert desk.get("/decisions.json").json()["total"] == 4


def test_a_merge_outlives_later_versions_of_the_article(desk: Desk, store: Dataset) -> None:
    names(desk, DEWI, same=[SHORT])
    before = register_ids(store)[SHORT]
    row = next(row for row in store.attributions() if row.speaker == SHORT)
    desk.decide(row, "out_of_context")
    assert register_ids(store)[SHORT] == before
    assert record(store, [row.doc_id], message="again", author="x") is None


def test_who_decided_on_a_name_meanwhile_is_not_overwritten(desk: Desk, store: Dataset) -> None:
    page = desk.get("/speaker", params={"name": DEWI}).text
    seen = page.split('name="seen" value="', 1)[1].split('"', 1)[0]
    shown = [part.split('"', 1)[0] for part in page.split('name="shown" value="')[1:]]
    names(desk, SHORT, same=[DEWI])
    form = {"csrf": desk.csrf(), "seen": seen, "shown": shown, "name": DEWI, "same": [SHORT], "reviewer": "Rina"}
    answer = desk.post("/speaker/names", data=form)
    assert answer.status_code == 409
    assert "somebody else decided on these names first" in answer.text
    assert len(list(store.decisions())) == 1


def test_a_name_that_nobody_has_is_refused(desk: Desk, store: Dataset) -> None:
    assert "Nothing is ascribed to Tak Ada" in names(desk, DEWI, other="Tak Ada").text
    assert names(desk, DEWI).status_code == 422
    assert not list(store.decisions())


def event(number: int, **fields: Any) -> DecisionRecord:
    given = {"decision_id": f"r{number}", "kind": "register", "decided_by": "a"}
    return DecisionRecord(**{**given, "decided_at": f"2026-01-01T00:00:{number:02d}Z", **fields})


def test_the_newest_decision_on_a_name_holds() -> None:
    events = [
        event(1, merged_names=["A", "B", "C"], register_id="Q1"),
        event(2, merged_names=["C", "D"], register_id="Q2"),
        event(3, merged_names=["B"]),
    ]
    read = read_names(events)
    assert read.merged("C") == ["C", "D"]
    assert (read.merged("A"), read.merged("B")) == (["A"], ["B"])
    assert read.ids == {"A": "Q1", "C": "Q2", "D": "Q2"}
    undone = read_names([*events, event(4, kind="undo", undoes="r2")])
    assert undone.merged("A") == ["A", "C"]
    assert seen_names(["A"], events) == seen_names(["A"], [*events, event(5, merged_names=["X", "Y"])])
    assert seen_names(["C"], events) != seen_names(["C"], events[:1])
