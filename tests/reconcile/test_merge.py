"""Several readers: cases as data, properties, and noisy annotators made from gold."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.datamodel import Attribution, Document, Region
from annotate.errors import LabelError
from annotate.reconcile import MergeRules, Reading, basis_of, reconcile_document
from annotate.reconcile.decisions import digest
from annotate.records import AttributionRecord
from tests.reconcile.gold import gold, reading
from tests.reconcile.noise import noisy
from tests.reconcile.scorer import Score, scored

CASES = json.loads((Path(__file__).parent / "merge_cases.json").read_text(encoding="utf-8"))


def place(text: str, words: str) -> tuple[int, int]:
    """Where some words stand; `words@2` is their second occurrence."""
    what, _, number = words.partition("@")
    start = -1
    for _ in range(int(number or 1)):
        start = text.index(what, start + 1)
    return start, start + len(what)


def attribution(text: str, given: dict[str, Any], name: str) -> Attribution:
    content = Region(
        given["type"], *place(text, given["content"]), region_id=f"{name}-1", origin=given.get("origin", "manual")
    )
    sources = tuple(Region("source", *place(text, words)) for words in given.get("source", []))
    cues = tuple(Region("cue", *place(text, words)) for words in given.get("cue", []))
    return Attribution(content, sources, cues, given.get("speaker", ""))


def readings_of(case: dict[str, Any]) -> list[Reading]:
    return [
        reading(
            name,
            tuple(attribution(case["text"], one, name) for one in labels),
            saw_premarks=name not in case.get("blind", []),
            ground_truth=name in case.get("truth", []),
            skipped=name in case.get("skipped", []),
        )
        for name, labels in case["readings"].items()
    ]


def seen(row: AttributionRecord, wanted: dict[str, Any]) -> dict[str, Any]:
    """Of a row what the case asks for."""
    lost: dict[str, list[list[str]]] = {}
    for vote in row.dissent:
        lost.setdefault(vote.field, []).append(vote.annotators)
    every = {
        **row.model_dump(include={"type", "speaker", "status", "annotators", "depth", "agreement"}),
        "content": row.content.text,
        "source": [s.text for s in row.sources],
        "cue": [s.text for s in row.cues],
        "lost": lost,
    }
    return {name: every[name] for name in wanted}


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    document = Document("d", case["text"])
    wanted = [
        {
            name: [w.partition("@")[0] for w in value] if name in ("source", "cue") else value
            for name, value in row.items()
        }
        for row in case["rows"]
    ]
    readings = readings_of(case)
    for order in (readings, readings[::-1]):
        done = reconcile_document(document, order, commit_id="c", rules=MergeRules(**case.get("rules", {})))
        assert [seen(row, want) for row, want in zip(done.records, wanted, strict=False)] == wanted
        assert len(done.records) == len(wanted)
        assert [[aside.annotator, aside.reason] for aside in done.set_aside] == case.get("aside", [])


def test_what_won_and_what_lost_say_who_held_it() -> None:
    case = next(case for case in CASES if case["label"] == "each field has its own majority")
    row = reconcile_document(Document("d", case["text"]), readings_of(case), commit_id="c").records[0]
    votes = {vote.field: (json.loads(vote.value), vote.annotators) for vote in row.votes}
    dissent = {vote.field: (json.loads(vote.value), vote.annotators) for vote in row.dissent}
    ani, budi = list(place(case["text"], "Ani")), list(place(case["text"], "Budi"))
    assert votes["type"] == ("mixed", ["budi", "citra"])
    assert dissent["type"] == ("indirect", ["ani"])
    assert votes["source"] == ([ani], ["ani", "citra"])
    assert dissent["source"] == ([budi], ["budi"])
    assert [(ref.annotator, ref.region_id) for ref in row.regions] == [
        ("ani", "ani-1"),
        ("budi", "budi-1"),
        ("citra", "citra-1"),
    ]


def test_what_was_set_aside_can_be_read_again() -> None:
    case = next(case for case in CASES if case["label"].startswith("one of three"))
    aside = reconcile_document(Document("d", case["text"]), readings_of(case), commit_id="c").set_aside[0]
    raw = json.loads(aside.raw)
    assert (raw["label"], raw["text"], raw["speaker"]) == ("indirect", "Harga naik", "Ani")
    assert case["text"][raw["start"] : raw["end"]] == raw["text"]
    assert aside.region_id == "ani-1"


def test_what_one_reader_drew_twice_is_one_attribution() -> None:
    case = next(case for case in CASES if case["label"] == "all hold the same")
    document, readings = Document("d", case["text"]), readings_of(case)
    twice = replace(readings[0], attributions=readings[0].attributions * 2)
    done = reconcile_document(document, [twice, readings[1]], commit_id="c")
    assert [row.status for row in done.records] == ["unanimous"]
    assert [(a.annotator, a.reason) for a in done.set_aside] == [("ani", "drawn twice by the same annotator")]


def test_a_span_outside_the_text_is_refused_by_name() -> None:
    labels = (Attribution(Region("direct", 3, 99)),)
    with pytest.raises(LabelError, match=r"annotation 7 of d: .* 3 to 99, the text has 20"):
        reconcile_document(Document("d", "x" * 20), [reading("ani", labels, 7)], commit_id="c")


TEXT = "kata " * 12


@st.composite
def documents(draw: st.DrawFn) -> list[Reading]:
    """Up to five readings of up to six attributions each, on a text of sixty characters: much overlaps."""

    def region(label: str, most: int) -> st.SearchStrategy[Region]:
        return st.builds(
            lambda start, length: Region(label, start, min(60, start + length)),  # type: ignore[arg-type]
            st.integers(0, 58),
            st.integers(1, most),
        )

    one = st.builds(
        lambda content, sources, cues, speaker: Attribution(content, tuple(sources), tuple(cues), speaker),
        st.sampled_from(["direct", "mixed", "indirect"]).flatmap(lambda label: region(label, 30)),
        st.lists(region("source", 8), max_size=2),
        st.lists(region("cue", 5), max_size=1),
        st.sampled_from(["", "Ani", "Ani Sari", "Budi"]),
    )
    names = draw(st.lists(st.sampled_from(["ani", "budi", "citra", "dewi", "eka"]), min_size=1, unique=True))
    return [
        Reading(
            name,
            number,
            tuple(draw(st.lists(one, max_size=6))),
            saw_premarks=draw(st.booleans()),
            skipped=draw(st.booleans()),
        )
        for number, name in enumerate(names, 1)
    ]


@given(documents(), st.randoms())
@settings(max_examples=60)
def test_nothing_hangs_on_order(readings: list[Reading], rng: random.Random) -> None:
    document = Document("d", TEXT)
    once = reconcile_document(document, readings, commit_id="c")
    mixed = [
        replace(r, attributions=tuple(rng.sample(r.attributions, len(r.attributions))))
        for r in rng.sample(readings, len(readings))
    ]
    again = reconcile_document(document, mixed, commit_id="c")
    assert _without_regions(again.records) == _without_regions(once.records)
    assert sorted(a.raw for a in again.set_aside) == sorted(a.raw for a in once.set_aside)


def _without_regions(rows: list[AttributionRecord]) -> list[dict[str, Any]]:
    return [row.model_dump(exclude={"regions"}) for row in rows]


@given(documents())
@settings(max_examples=60)
def test_rows_are_sound(readings: list[Reading]) -> None:
    document = Document("d", TEXT)
    done = reconcile_document(document, readings, commit_id="c")
    voters = [r for r in readings if not r.skipped]
    rows = done.records
    assert len({row.attribution_id for row in rows}) == len(rows)
    by_id = {row.attribution_id: row for row in rows}
    for row in rows:
        for span in (row.content, *row.sources, *row.cues):
            assert 0 <= span.start < span.end <= len(TEXT)
            assert span.text == TEXT[span.start : span.end]
        assert set(row.annotators) <= set(row.readers) == {r.annotator for r in voters}
        if row.parent_id:
            outer = by_id[row.parent_id]
            assert outer.content.start <= row.content.start
            assert row.content.end <= outer.content.end
            assert row.depth == outer.depth + 1
        assert (row.agreement is None) == (len(voters) == 1)
    # every content that somebody marked is in one row, or aside; once, where it was drawn twice
    held = sum(len(row.annotators) for row in rows) + len(done.set_aside)
    assert held == sum(len(r.attributions) for r in voters)
    assert {row.attribution_id: row.annotators for row in rows} == {i: list(by) for i, by in done.held.items()}


@given(documents())
@settings(max_examples=60)
def test_what_each_reader_held_can_be_read_off_the_row(readings: list[Reading]) -> None:
    done = reconcile_document(Document("d", TEXT), readings, commit_id="c")
    for row in done.records:
        held = done.held[row.attribution_id]
        assert basis_of(row) == sorted(digest(name, held[name]) for name in held)


@given(documents())
@settings(max_examples=40)
def test_readers_who_hold_the_same_are_unanimous(readings: list[Reading]) -> None:
    labels = next((r.attributions for r in readings), ())
    different = {(a.content.start, a.content.end): a for a in labels}  # of two with one span only the links tell
    same = [Reading(name, i, tuple(different.values())) for i, name in enumerate(("x", "y", "z"), 1)]
    rows = reconcile_document(Document("d", TEXT), same, commit_id="c").records
    assert [(r.status, r.agreement) for r in rows] == [("unanimous", 1.0)] * len(different)


@given(documents(), documents())
@settings(max_examples=40)
def test_ids_are_stable_and_never_doubled(first: list[Reading], second: list[Reading]) -> None:
    document = Document("d", TEXT)
    one = reconcile_document(document, first, commit_id="c").records
    two = reconcile_document(document, second, commit_id="c", previous=one).records
    assert len({r.attribution_id for r in two}) == len(two)
    again = reconcile_document(document, second, commit_id="c", previous=one[::-1]).records
    assert [r.attribution_id for r in again] == [r.attribution_id for r in two]
    same = reconcile_document(document, second, commit_id="c", previous=two).records
    assert [r.attribution_id for r in same] == [r.attribution_id for r in two]


def test_three_noisy_readers_merged_are_better_than_the_best_of_them() -> None:
    names = ("ani", "budi", "citra")
    better = 0
    total, best_total = 0.0, 0.0
    for seed in range(10):
        merged, single = Score(), {name: Score() for name in names}
        for document, labels in gold():
            readings = [noisy(name, document, labels, seed) for name in names]
            rows = reconcile_document(document, readings, commit_id="c").records
            wanted = [scored(a) for a in labels]
            merged.add(wanted, [scored(r) for r in rows])
            for one in readings:
                single[one.annotator].add(wanted, [scored(a) for a in one.attributions])
        best = max(s.f1() for s in single.values())
        best_typed = max(s.f1(s.typed) for s in single.values())
        better += merged.f1() > best and merged.f1(merged.typed) > best_typed
        total += merged.f1()
        best_total += best
    assert better >= 9
    assert total / 10 > best_total / 10 + 0.1
