"""Ids are minted once and carried on."""

from dataclasses import replace

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile import reconcile_document
from annotate.records import AttributionRecord
from tests.reconcile.gold import gold, reading

DOCUMENT = Document(
    "d", "Menurut Ani, harga beras akan naik pekan depan di seluruh Jawa, kata Budi dan Citra kemarin sore."
)


def rows(labels: tuple[Attribution, ...], previous: list[AttributionRecord] = [], document: Document = DOCUMENT):  # noqa: B006
    return reconcile_document(document, [reading("ani", labels)], commit_id="c", previous=previous).records


def content(start: int, end: int, region_id: str | None = None, label: str = "indirect") -> Attribution:
    return Attribution(Region(label, start, end, region_id=region_id, origin="manual"))  # type: ignore[arg-type]


def test_the_same_labels_mint_the_same_ids() -> None:
    for document, labels in gold():
        one = reconcile_document(document, [reading("ani", labels)], commit_id="c1").records
        two = reconcile_document(document, [reading("ani", labels[::-1])], commit_id="c2").records
        assert [r.attribution_id for r in one] == [r.attribution_id for r in two]
        assert all(r.attribution_id.startswith("at-") and len(r.attribution_id) == 19 for r in one)


def test_a_moved_edge_keeps_the_id() -> None:
    before = rows((content(13, 34),))
    after = rows((content(13, 46),), before)
    assert after[0].attribution_id == before[0].attribution_id
    assert rows((content(13, 46),))[0].attribution_id != before[0].attribution_id


def test_a_region_dragged_elsewhere_keeps_the_id() -> None:
    before = rows((content(0, 11, "r1"), content(13, 34, "r2")))
    after = rows((content(13, 34, "r2"), content(64, 82, "r1")), before)
    assert [r.attribution_id for r in after] == [before[1].attribution_id, before[0].attribution_id]


def test_a_split_keeps_the_id_on_the_larger_part_and_a_merge_on_the_nearer_one() -> None:
    whole = rows((content(13, 62),))
    parts = rows((content(13, 45), content(46, 62)), whole)
    assert parts[0].attribution_id == whole[0].attribution_id != parts[1].attribution_id
    again = rows((content(13, 62),), parts)
    assert again[0].attribution_id == whole[0].attribution_id


def test_nested_contents_and_two_with_one_span_keep_their_own_ids() -> None:
    cue, other = Region("cue", 0, 7), Region("cue", 64, 68)
    labels = (
        Attribution(Region("indirect", 13, 62), (), (cue,), "Ani"),
        Attribution(Region("indirect", 13, 62), (), (other,), "Budi"),
        content(19, 62),
    )
    before = rows(labels)
    assert len({r.attribution_id for r in before}) == 3
    moved = tuple(replace(a, content=replace(a.content, end=a.content.end - 3)) for a in labels)
    after = rows(moved[::-1], before)
    assert {r.speaker: r.attribution_id for r in after} == {r.speaker: r.attribution_id for r in before}


def test_a_new_attribution_in_the_place_that_another_left_gets_an_id_of_its_own() -> None:
    before = rows((content(13, 34, "r1"),))
    after = rows((content(13, 34, "r9"), content(13, 46, "r1")), before)
    by_region = {r.regions[0].region_id: r.attribution_id for r in after}
    assert by_region["r1"] == before[0].attribution_id != by_region["r9"]


def test_what_was_drawn_anew_in_the_same_place_is_the_same() -> None:
    before = rows((content(13, 34, "r1"),))
    after = rows((content(13, 34, "r9"), content(64, 82, "r1")), before)
    assert after[0].attribution_id == before[0].attribution_id != after[1].attribution_id


def test_on_a_changed_text_the_words_carry_the_id() -> None:
    before = rows((content(13, 34), content(64, 82)))
    changed = Document("d", "Kabar baru. " + DOCUMENT.text)
    after = rows((content(25, 46), content(76, 94)), before, changed)
    assert [r.attribution_id for r in after] == [r.attribution_id for r in before]
    assert {r.text_sha256 for r in after} == {changed.text_sha256}


def test_a_removed_attribution_that_comes_back_comes_back_as_itself() -> None:
    before = rows((content(13, 34), content(64, 82)))
    without = rows((content(13, 34),), before)
    again = rows((content(13, 34), content(64, 82)), without)
    assert [r.attribution_id for r in again] == [r.attribution_id for r in before]
