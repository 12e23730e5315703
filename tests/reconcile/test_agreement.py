"""Agreement of readers, and of people with pre-marks, on labels that are made here."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile import Agreement, Premarks, Reading
from annotate.reconcile.plots import plot_agreement
from annotate.reconcile.premark_study import confidence_bin
from tests.reconcile.gold import gold, reading
from tests.reconcile.noise import Faults, noisy

NONE = Faults(0, 0, 0, 0, 0, 0, 0, 0)


def study(readers: dict[str, Faults], seeds: int = 4) -> Agreement:
    made = Agreement()
    for seed in range(seeds):
        for document, labels in gold():
            made.add(
                replace(document, doc_id=f"{document.doc_id}/{seed}"),
                [noisy(name, document, labels, seed, faults) for name, faults in readers.items()],
            )
    return made


def test_who_holds_the_same_agrees_wholly() -> None:
    report = study({"ani": NONE, "budi": NONE, "citra": NONE}).report(resamples=50)
    assert report.documents == 12
    assert {f.estimate.value for f in report.figures} == {1.0}
    whole = report.find("attribution", "all")
    assert (whole.low, whole.high, whole.too_few) == (1.0, 1.0, False)


def test_each_kind_of_fault_lowers_its_own_measure() -> None:
    clean = NONE
    retyped = study({"ani": clean, "budi": replace(clean, retype=0.4)}).report(50)
    assert retyped.find("type", "all").value < 0.8
    assert retyped.find("links", "source").value == retyped.find("speaker", "all").value == 1.0
    assert retyped.find("exact", "content").value == 1.0 > retyped.find("exact", "direct").value
    relinked = study({"ani": clean, "budi": replace(clean, relink=0.5)}).report(50)
    assert relinked.find("links", "source").value < 0.9
    assert relinked.find("type", "all").value == relinked.find("links", "cue").value == 1.0
    assert relinked.find("attribution", "all").value < 0.9
    renamed = study({"ani": clean, "budi": replace(clean, rename=0.5)}).report(50)
    assert renamed.find("speaker", "all").value < 0.8
    assert renamed.find("attribution", "all").value == 1.0
    moved = study({"ani": clean, "budi": replace(clean, edge=0.8)}).report(50)
    assert moved.find("exact", "content").value < moved.find("half", "content").value
    assert moved.find("exact", "content").value < moved.find("unitising", "content").value < 1.0


def test_figures_are_for_all_for_each_pair_and_for_each_reader() -> None:
    report = study({"ani": NONE, "budi": NONE, "citra": Faults(edge=0.9, drop=0.4)}).report(50)
    assert report.find("half", "content", "ani", "budi").value == 1.0
    assert report.find("half", "content", "citra", "budi") == report.find("half", "content", "budi", "citra")
    assert report.find("half", "content", "citra").value < report.find("half", "content", "ani").value < 1.0
    assert report.find("speaker", "all", "citra").value < report.find("speaker", "all", "ani").value
    assert report.find("half", "content", "nobody") is None
    whole = study({"ani": NONE, "budi": NONE}, seeds=1).report(50, each=False)
    assert {f.who for f in whole.figures} == {()}
    measures = {(f.measure, f.label) for f in report.figures if not f.who}
    assert {
        (m, label) for m in ("exact", "half", "unitising") for label in ("content", "direct", "source", "cue")
    } <= measures
    assert {("type", "mixed"), ("speaker", "indirect"), ("links", "cue"), ("attribution", "direct")} <= measures


def test_a_report_comes_out_the_same_again_and_is_json() -> None:
    made = study({"ani": Faults(), "budi": Faults()})
    once = made.report(60, seed=5)
    assert json.dumps(once.to_dict()) == json.dumps(made.report(60, seed=5).to_dict())
    found = once.find("half", "content")
    assert found.low < found.value < found.high


def test_nothing_hangs_on_the_order_of_readers() -> None:
    one, other = Agreement(), Agreement()
    for document, labels in gold():
        readings = [noisy(name, document, labels, 3) for name in ("ani", "budi", "citra")]
        one.add(document, readings, Premarks("m", labels))
        other.add(document, readings[::-1], Premarks("m", labels))
    assert one.report().to_dict() == other.report().to_dict()


def test_one_reader_or_a_skipped_one_is_no_agreement() -> None:
    document, labels = gold()[0]
    made = Agreement()
    made.add(document, [reading("ani", labels), reading("budi", skipped=True)])
    report = made.report()
    assert (report.documents, report.figures, dict(report.annotators)) == (0, [], {"ani": 1})


def test_three_documents_are_too_few() -> None:
    report = study({"ani": NONE, "budi": NONE}, seeds=1).report()
    assert {f.estimate.too_few for f in report.figures} == {True}
    assert {f.estimate.low for f in report.figures} == {None}


TEXT = "Harga naik tajam, kata Ani. Pajak turun, kata Budi. Hujan deras, kata Citra. Listrik padam, kata Dewi."


def mark(words: str, rule: str, confidence: float, number: int) -> Attribution:
    start = TEXT.index(words)
    content = Region(
        "indirect", start, start + len(words), rule, confidence, region_id=f"p{number}", origin="prediction"
    )
    return Attribution(content, speaker="x")


MARKS = (
    mark("Harga naik tajam", "verb", 0.95, 1),
    mark("Pajak turun", "verb", 0.85, 2),
    mark("Hujan deras", "colon", 0.4, 3),
)


def test_people_against_pre_marks() -> None:
    accepted, moved, _ = MARKS
    added = replace(mark("Listrik padam", "", 0, 9), speaker="Dewi")
    added = replace(added, content=replace(added.content, origin="manual", rule=None, confidence=None))
    moved = replace(moved, content=replace(moved.content, end=moved.content.end - 2, origin="prediction-changed"))
    seen = Reading("ani", 1, (accepted, replace(moved, speaker="y"), added))
    blind = Reading("budi", 2, (replace(accepted, content=Region("direct", 0, 16)),), saw_premarks=False)
    made = Agreement()
    for i in range(10):
        made.add(Document(f"d{i}", TEXT), [seen, blind], Premarks("m", MARKS))
    figures = {(p.sight, p.by, p.key): p for p in made.report(100).premarks}
    whole = figures["seen", "all", "all"]
    assert {name for name, count in whole.counts.items() if not count} == {"relabelled", "relinked"}
    assert whole.counts["premarks"] == 30
    assert {whole.counts[name] for name in ("accepted", "moved", "renamed", "removed", "added")} == {10}
    assert round(whole.accepted.value, 3) == 0.333
    assert not whole.accepted.too_few
    assert figures["seen", "rule", "verb"].counts["accepted"] == 10
    assert figures["seen", "rule", "colon"].counts["removed"] == 10
    assert figures["seen", "confidence", "0.9-1.0"].accepted.value == 1.0
    assert figures["seen", "confidence", "0.0-0.5"].accepted.value == 0.0
    assert figures["seen", "annotator", "ani"].counts == whole.counts
    assert figures["blind", "all", "all"].counts["relabelled"] == 10
    assert figures["blind", "all", "all"].counts["removed"] == 20


@pytest.mark.parametrize(
    ("confidence", "wanted"),
    [(0.0, "0.0-0.5"), (0.5, "0.5-0.6"), (0.89, "0.8-0.9"), (1.0, "0.9-1.0"), (None, "unknown")],
)
def test_bins_of_confidence(confidence: float | None, wanted: str) -> None:
    assert confidence_bin(confidence) == wanted


def test_a_plot_is_a_picture(tmp_path: Path) -> None:
    made = Agreement()
    for i in range(6):
        made.add(
            Document(f"d{i}", TEXT), [Reading("ani", 1, MARKS), Reading("budi", 2, MARKS[:2])], Premarks("m", MARKS)
        )
    picture = tmp_path / "agreement.svg"
    plot_agreement(made.report(50), picture)
    assert "<svg" in picture.read_text(encoding="utf-8")
    assert picture.stat().st_size > 5_000
