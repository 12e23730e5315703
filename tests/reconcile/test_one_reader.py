"""One reader only: the rows are exactly what was labelled."""

import json

import pytest

from annotate.datamodel import Attribution, Details, Document, Region
from annotate.errors import LabelError
from annotate.reconcile import MergeRules, Premarks, Reading, reconcile_document
from tests.reconcile.gold import GOLD, gold, reading

DOCUMENTS = gold()


def spans(records: list) -> list[tuple[int, int]]:
    return [(s.start, s.end) for s in records]


@pytest.mark.parametrize(("document", "labels"), DOCUMENTS, ids=[d.doc_id for d, _ in DOCUMENTS])
def test_rows_are_the_labels(document: Document, labels: tuple[Attribution, ...]) -> None:
    rows = reconcile_document(document, [reading("ani", labels)], commit_id="c1").records
    wanted = sorted(labels, key=lambda a: (a.content.start, -a.content.end))
    assert [(r.type, r.content.start, r.content.end) for r in rows] == [
        (a.content.label, a.content.start, a.content.end) for a in wanted
    ]
    for row, label in zip(rows, wanted, strict=True):
        assert row.content.text == label.content.words(document.text)
        assert spans(row.sources) == [(r.start, r.end) for r in label.sources]
        assert spans(row.cues) == [(r.start, r.end) for r in label.cues]
        assert row.speaker == label.speaker
        assert (row.status, row.annotators, row.readers) == ("single", ["ani"], ["ani"])
        assert (row.votes, row.dissent, row.agreement) == ([], [], None)
        assert row.regions[0].region_id == label.content.region_id
        assert row.text_sha256 == document.text_sha256
        assert row.commit_id == "c1"


def test_every_gold_attribution_has_its_row() -> None:
    total = sum(
        span["label"] in ("direct", "mixed", "indirect")
        for line in GOLD.read_text(encoding="utf-8").splitlines()
        for span in json.loads(line)["spans"]
    )
    rows = [
        r for d, labels in DOCUMENTS for r in reconcile_document(d, [reading("ani", labels)], commit_id="c").records
    ]
    assert len(rows) == total == 27
    assert len({r.attribution_id for r in rows}) == total


def test_nesting_of_the_seeds() -> None:
    rows = [
        r for d, labels in DOCUMENTS for r in reconcile_document(d, [reading("ani", labels)], commit_id="c").records
    ]
    by_id = {r.attribution_id: r for r in rows}
    nested = {(r.speaker, by_id[r.parent_id].speaker) for r in rows if r.parent_id}
    assert nested == {
        ("Alyaksandr Lukashenka", "Media Rusia"),
        ("beberapa orang di Rusia", "Alexander Lukashenko"),
        ("Alexander Lukashenko", "kantor berita Rusia"),
        ("Mike Pompeo", "juru bicara Departemen Luar Negeri AS"),
    }
    assert all(r.depth == (1 if r.parent_id else 0) for r in rows)


def test_an_empty_reading_says_none_here_and_a_skipped_one_nothing() -> None:
    document, labels = DOCUMENTS[0]
    assert reconcile_document(document, [reading("ani")], commit_id="c").records == []
    with_skip = [reading("ani", labels), reading("budi", skipped=True)]
    assert {r.status for r in reconcile_document(document, with_skip, commit_id="c").records} == {"single"}
    with_empty = [reading("ani", labels), reading("budi")]
    assert {r.status for r in reconcile_document(document, with_empty, commit_id="c").records} == {"unresolved"}


def test_of_several_by_one_person_the_latest_counts() -> None:
    document, labels = DOCUMENTS[0]
    first = Reading("ani", 1, labels, updated_at="2026-01-01T00:00:00Z")
    second = Reading("ani", 2, labels[:1], updated_at="2026-01-02T00:00:00Z")
    rows = reconcile_document(document, [second, first], commit_id="c").records
    assert [(r.status, r.regions[0].annotation_id) for r in rows] == [("single", 2)]
    skipped_later = Reading("ani", 3, skipped=True, updated_at="2026-01-03T00:00:00Z")
    assert len(reconcile_document(document, [second, first, skipped_later], commit_id="c").records) == 1


def test_a_reading_without_a_name_is_refused() -> None:
    document, labels = DOCUMENTS[0]
    with pytest.raises(LabelError, match="no annotator"):
        reconcile_document(document, [Reading("", 4, labels)], commit_id="c")


def test_details_come_from_describe() -> None:
    document, labels = DOCUMENTS[2]

    def describe(text: str, what: tuple[Attribution, ...]) -> list[Attribution]:
        assert text == document.text
        return [
            Attribution(a.content, a.sources, a.cues, a.speaker, Details(role=f"role {i}")) for i, a in enumerate(what)
        ]

    rows = reconcile_document(document, [reading("ani", labels)], commit_id="c", describe=describe).records
    assert [r.role for r in rows] == [f"role {i}" for i in range(len(labels))]


def test_pre_marks_and_what_was_changed_of_them() -> None:
    document = Document("d", '"Kami turun," kata Budi. Ani menilai harga naik. Konon ia pergi.')
    content = Region("direct", 0, 12, "quoted", 0.9, region_id="p1", origin="prediction")
    source, cue = Region("source", 18, 22), Region("cue", 13, 17)
    proposed = Premarks("m1", (Attribution(content, (source,), (cue,), "Budi"),))
    moved = Region("direct", 0, 11, region_id="p1", origin="prediction-changed")
    added = Region("indirect", 37, 47, region_id="x", origin="manual")
    labels = (Attribution(moved, (source,), (), "Budi S."), Attribution(added, speaker="Ani"))
    rows = reconcile_document(document, [reading("ani", labels)], commit_id="c", premarks=proposed).records
    assert [r.premark_change for r in rows] == [["moved", "relinked", "renamed"], ["added"]]
    assert [(r.premark_rule, r.premark_confidence, r.premark_version) for r in rows] == [
        ("quoted", 0.9, "m1"),
        (None, None, "m1"),
    ]
    untouched = reconcile_document(document, [reading("ani", proposed.attributions)], commit_id="c", premarks=proposed)
    assert untouched.records[0].premark_change == ["accepted"]
    without = reconcile_document(document, [reading("ani", proposed.attributions)], commit_id="c")
    assert (without.records[0].premark_rule, without.records[0].premark_change) == ("quoted", [])


@pytest.mark.parametrize("bad", [{"majority": 0.4}, {"majority": 1.0}, {"min_overlap": -0.1}])
def test_thresholds_out_of_range_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(Exception, match="threshold"):
        MergeRules(**bad)


def test_rules_name_themselves_and_what_was_changed() -> None:
    assert (MergeRules().label, MergeRules().changed()) == ("majority/1", "{}")
    assert json.loads(MergeRules(majority=0.6).changed()) == {"majority": 0.6}
