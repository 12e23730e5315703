"""The difference of two versions: what, by whom and why; complete, and harmless to show."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.dataset import Dataset, DocumentChange, Recipe, diff_page
from annotate.dataset.columns import line
from annotate.dataset.diff.events import _FIELDS, Event, Side, compare, held
from annotate.dataset.states import content_hash, document_hash
from annotate.records import AttributionRecord, Vote
from tests.dataset.made import RECIPE, annotation, attribution, change, decision, document, span

ONE = document(1)


def commit(dataset: Dataset, *changes: DocumentChange, author: str = "uji", recipe: Recipe = RECIPE) -> None:
    assert dataset.commit(list(changes), message="pesan", author=author, recipe=recipe) is not None


def between(before: AttributionRecord, after: AttributionRecord) -> list[Event]:
    return list(compare(Side(ONE, [before]), Side(ONE, [after])))


CASES: list[tuple[dict[str, Any], str, str | None, str | None]] = [
    ({"type": "mixed"}, "type", "indirect", "mixed"),
    ({"speaker": "Budi Santoso"}, "speaker", "Budi", "Budi Santoso"),
    ({"speaker": None}, "speaker", "Budi", None),
    ({"status": "unresolved"}, "status", "majority", "unresolved"),
    ({"sources": []}, "source", "Budi", None),
    ({"sources": [span(ONE, "Budi"), span(ONE, "Dewi")]}, "source", "Budi", "Budi | Dewi"),
    ({"cues": [span(ONE, "kata")]}, "cue", "menilai", "kata"),
    ({"verdict": "misquoted"}, "verdict", None, "verdict: misquoted"),
    ({"role": "ketua", "depth": 1}, "details", None, "role: ketua; depth: 1"),
]


@pytest.mark.parametrize(("fields", "kind", "before", "after"), CASES)
def test_a_field_that_changed_is_one_event(fields: dict, kind: str, before: str | None, after: str | None) -> None:
    (event,) = between(attribution(ONE, 1), attribution(ONE, 1, **fields))
    assert (event.kind, event.before, event.after) == (kind, before, after)
    assert event.attribution_id == f"{ONE.doc_id}/1"


def test_a_content_that_moved_says_by_how_much() -> None:
    (event,) = between(attribution(ONE, 1), attribution(ONE, 1, longer=1))
    assert (event.kind, event.moved, event.start_moved, event.end_moved) == ("content moved", 1, 0, 1)
    assert (event.before, event.after) == ("harga turun", "harga turun.")


def test_equal_words_elsewhere_are_another_source() -> None:
    text = ONE.text + " Budi"
    there = ONE.text.index("Budi")
    again = {"start": len(ONE.text) + 1, "end": len(text), "text": "Budi"}
    (event,) = between(attribution(ONE, 1), attribution(ONE, 1, sources=[again]))
    assert event.kind == "source"
    assert event.before == f"Budi ({there}-{there + 4})"


def test_added_removed_and_a_document_that_comes_and_goes() -> None:
    first, second = attribution(ONE, 0), attribution(ONE, 1)
    events = list(compare(Side(ONE, [first]), Side(ONE, [second])))
    assert [(e.kind, e.before, e.after) for e in events] == [
        ("removed", "Dewi: “Banjir surut,”", None),
        ("added", None, "Budi: harga turun"),
    ]
    assert [e.kind for e in compare(None, Side(ONE, [first]))] == ["document added", "added"]
    assert [e.kind for e in compare(Side(ONE, [first]), None)] == ["document removed", "removed"]


def test_in_a_revised_text_words_are_compared_and_not_offsets() -> None:
    new = document(1, edition=" (diperbarui)")
    events = list(compare(Side(ONE, [attribution(ONE, 1)]), Side(new, [attribution(new, 1)])))
    assert [e.kind for e in events] == ["text revised"]
    events = list(compare(Side(ONE, [attribution(ONE, 1)]), Side(new, [attribution(new, 1, longer=1)])))
    assert [e.kind for e in events] == ["text revised", "content changed"]
    events = list(compare(Side(ONE, []), Side(document(1, title="Lain"), [])))
    assert [(e.kind, e.before, e.after) for e in events] == [("document details", "title: Judul", "title: Lain")]


rows = st.fixed_dictionaries(
    {"part": st.integers(0, 2)},
    optional={
        "longer": st.integers(0, 2),
        "type": st.sampled_from(["direct", "mixed", "indirect"]),
        "speaker": st.sampled_from(["Dewi", None, ""]),
        "status": st.sampled_from(["single", "unresolved"]),
        "sources": st.sampled_from([[], [span(ONE, "Rara")], [span(ONE, "Dewi"), span(ONE, "Rara")]]),
        "cues": st.sampled_from([[], [span(ONE, "kata")]]),
        "time": st.sampled_from(["Senin", None]),
        "annotators": st.sampled_from([["a"], []]),
        "verdict": st.sampled_from(["right", None]),
        "premark_confidence": st.sampled_from([0.5, None]),
    },
)
sides = st.lists(rows, max_size=3, unique_by=lambda row: row["part"])


@given(sides, sides)
def test_there_are_events_if_and_only_if_the_content_differs(before: list[dict], after: list[dict]) -> None:
    both = [[attribution(ONE, **row) for row in sorted(side, key=lambda row: row["part"])] for side in (before, after)]
    hashes = [content_hash(document_hash(ONE), map(line, side), []) for side in both]
    events = list(compare(Side(ONE, both[0]), Side(ONE, both[1])))
    assert bool(events) == (hashes[0] != hashes[1])
    backwards = list(compare(Side(ONE, both[1]), Side(ONE, both[0])))
    turned = {"added": "removed", "removed": "added"}
    assert [(turned.get(e.kind, e.kind), e.after, e.before) for e in backwards] == [
        (e.kind, e.before, e.after) for e in events
    ]


def test_by_whom_and_why(dataset: Dataset) -> None:
    dataset.append_annotations([annotation(number, "a") for number in (1, 2, 3, 4)])
    commit(dataset, *(change(number, (1,)) for number in (1, 2, 3, 4)))
    dataset.append_annotations([annotation(1, "b"), annotation(1, "a", edition=2)])
    dataset.append_decisions([decision(2, reason="rekaman suara")])
    decided = attribution(document(2), 1, type="mixed", decision_id=decision(2).decision_id)
    commit(
        dataset,
        DocumentChange(document(1), [attribution(document(1), 1, type="mixed", annotators=["b@contoh.id"])]),
        DocumentChange(document(2), [decided]),
    )
    commit(dataset, change(3, (1,), longer=1), author="Sari", recipe=Recipe("majority/2"))
    commit(dataset, change(4, (1,), longer=1), author="Sari", recipe=Recipe("majority/2"))
    found = {event.doc_id[-1]: event for event in dataset.diff(1) if event.kind in ("type", "content moved")}
    cause = {number: event.cause for number, event in found.items()}
    assert [cause[n] and (cause[n].by, cause[n].why, cause[n].version) for n in "1234"] == [
        (("a@contoh.id", "b@contoh.id"), "labelled", 2),
        (("cek@contoh.id",), "review: rekaman suara", 2),
        (("Sari",), "rules majority/1 {} became majority/2 {}: pesan", 3),
        (("Sari",), "pesan", 4),
    ]
    dataset.restore(1, message="keliru", author="Sari")
    (event, *_) = dataset.diff(4)
    assert event.cause is not None
    assert (event.cause.by, event.cause.why) == (("Sari",), "version 1 was restored: keliru")
    assert list(dataset.diff(1, 5)) == []


def test_a_rejected_attribution_went_by_the_decision_and_not_by_a_label(dataset: Dataset) -> None:
    dataset.append_annotations([annotation(1, "a")])
    commit(dataset, change(1, (0, 1)))
    gone = attribution(document(1), 1).attribution_id
    dataset.append_annotations([annotation(1, "c")])
    dataset.append_decisions([decision(1, exists=False, note="klausa penulis", attribution_id=gone)])
    commit(dataset, change(1, (0,)))
    (event,) = dataset.diff(1)
    assert event.cause is not None
    assert (event.kind, event.cause.by, event.cause.why) == ("removed", ("cek@contoh.id",), "review: klausa penulis")


def test_a_diff_reads_only_what_differs_and_goes_both_ways(dataset: Dataset) -> None:
    commit(dataset, *(change(number) for number in range(600)))
    commit(dataset, change(7, longer=1), change(599, ()), change(600, (0,)))
    there = dataset.diff("1", 2)
    assert there.counts() == {"content moved": 3, "removed": 3, "document added": 1, "added": 1}
    assert dataset.diff(2, 1).counts() == {"content moved": 3, "added": 3, "document removed": 1, "removed": 1}
    rows = list(there.rows())
    assert rows[0]["event"] == "content moved"
    assert rows[0]["moved"] == 1
    assert rows[0]["version"] == 2
    text = "\n".join(there.text())
    assert "version 1 -> version 2" in text
    assert "  artikel-00007/1  Budi: “harga turun.”\n    content moved by 1 character (start +0, end +1): " in text
    assert "): “harga turun” -> “harga turun.”  [uji: " in text
    assert "  artikel-00600/0  added: “Dewi: “Banjir surut,””" in text


def test_only_labels_set_aside_differ(dataset: Dataset) -> None:
    first = change(1)
    commit(dataset, first)
    other = first.set_aside[0].model_copy(update={"raw": '{"x": 1}'})
    commit(dataset, DocumentChange(first.document, first.attributions, [other]))
    assert [event.kind for event in dataset.diff(1)] == ["set aside"]


HOSTILE = "<script>alert(1)</script> “<img src=x onerror=alert(1)>\u202e” \x1b[31m &amp; kata"


def test_hostile_text_is_shown_harmless(dataset: Dataset) -> None:
    of = document(1, title=HOSTILE, edition=HOSTILE)
    hurt = attribution(of, 1, speaker=HOSTILE)
    commit(dataset, DocumentChange(of, []), author=HOSTILE)
    commit(dataset, DocumentChange(of, [hurt]), author=HOSTILE)
    page = "".join(diff_page(dataset.diff(1)))
    assert "<script" not in page
    assert "<img" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
    text = "\n".join(dataset.diff(1).text())
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_page_marks_the_words(dataset: Dataset) -> None:
    commit(dataset, change(1, (1,)), change(2, (1,)))
    commit(dataset, change(1, (1,), longer=1), change(2, ()))
    page = "".join(diff_page(dataset.diff(1)))
    assert (
        '<span class="source">Budi</span> <span class="cue">menilai</span> <mark>harga turun</mark><ins>.</ins>' in page
    )
    assert '<span class="cue">menilai</span> <del>harga turun</del>.' in page
    back = "".join(diff_page(dataset.diff(2, 1)))
    assert "<mark>harga turun</mark><del>.</del>" in back


def test_a_line_break_in_the_words_is_a_blank_on_the_page(dataset: Dataset) -> None:
    across = ONE.text.index("\n\n")
    words = {"start": across - 2, "end": across + 4, "text": ONE.text[across - 2 : across + 4]}
    commit(dataset, DocumentChange(ONE, []))
    commit(dataset, DocumentChange(ONE, [attribution(ONE, 1, content=words, sources=[], cues=[], speaker="Ayu")]))
    page = "".join(diff_page(dataset.diff(1)))
    assert f"<ins>Ayu: {' '.join(words['text'].split())}</ins>" in page
    assert "u000a" not in page


def test_every_field_of_an_attribution_is_told_by_some_event() -> None:
    told = {name for _, names in _FIELDS for name in names}
    told |= {"type", "content", "sources", "cues", "speaker", "status"}
    assert set(AttributionRecord.model_fields) - told == {"attribution_id", "doc_id", "text_sha256", "commit_id"}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("boundaries", "[25, 41]", "boundaries 25-41: ani, budi"),
        ("source", "[[3, 9], [25, 41]]", "source 3-9 and 25-41: ani, budi"),
        ("cue", "[]", "cue none: ani, budi"),
        ("speaker", '"Made Sukarta"', 'speaker "Made Sukarta": ani, budi'),
        ("existence", "true", "existence true: ani, budi"),
    ],
)
def test_a_reading_is_told_in_words(field: Any, value: str, told: str) -> None:
    assert held(Vote(field=field, value=value, annotators=["ani", "budi"])) == told
