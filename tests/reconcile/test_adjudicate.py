"""The queue of what is unresolved, and an adjudicator's reading taken back as decisions."""

from dataclasses import replace

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile import Reading, Reconciled, decisions_from_reading, disputed, queue, reconcile_document
from annotate.records import DecisionRecord
from tests.reconcile.gold import gold
from tests.reconcile.noise import noisy

TEXT = "Harga naik tajam, kata Ani. Pajak turun, kata Budi. Hujan deras, kata Citra. Listrik padam, kata Dewi."
DOCUMENT = Document("d", TEXT)
AT = "2026-02-01T00:00:00Z"


def said(words: str, by: str, kind: str = "indirect") -> Attribution:
    start, source = TEXT.index(words), TEXT.index(by)
    return Attribution(
        Region(kind, start, start + len(words), region_id=f"r{start}"),  # type: ignore[arg-type]
        (Region("source", source, source + len(by)),),
        speaker=by,
    )


ANI = Reading("ani", 1, (said("Harga naik tajam", "Ani"), said("Pajak turun", "Budi"), said("Hujan deras", "Citra")))
BUDI = Reading("budi", 2, (said("Harga naik tajam", "Budi"), said("Pajak turun", "Budi")))
READINGS = (ANI, BUDI)


def state(
    decisions: list[DecisionRecord], before: Reconciled | None, readings: tuple[Reading, ...] = READINGS
) -> Reconciled:
    return reconcile_document(
        DOCUMENT, readings, commit_id="c", previous=before.records if before else (), decisions=decisions
    )


DONE = state([], None)


def test_the_unresolved_most_disputed_first_with_each_reading() -> None:
    found = disputed(DOCUMENT, READINGS, DONE)
    assert [(d.record.content.text, d.fields) for d in found.disputes] == [
        ("Hujan deras", ("existence",)),
        ("Harga naik tajam", ("source", "speaker")),
    ]
    assert [set(d.held) for d in found.disputes] == [{"ani"}, {"ani", "budi"}]
    assert found.disputes[0].score == 1.0 > found.disputes[1].score > 0
    assert found.readings == {"ani": ANI.attributions, "budi": BUDI.attributions}
    assert [a.content.region_id for a in found.merged] == [r.attribution_id for r in DONE.records]


def test_nothing_disputed_is_nothing_to_decide() -> None:
    done = state([], None, (ANI,))
    assert disputed(DOCUMENT, (ANI,), done) is None


def test_the_queue_brings_the_most_disputed_document_first() -> None:
    documents = []
    for seed in range(4):
        for document, labels in gold():
            named = replace(document, doc_id=f"{document.doc_id}/{seed}")
            readings = [noisy(name, named, labels, seed) for name in ("ani", "budi")]
            found = disputed(named, readings, reconcile_document(named, readings, commit_id="c"))
            documents += [found] if found else []
    order = queue(documents)
    assert [one.score for one in order] == sorted((one.score for one in documents), reverse=True)
    assert queue(documents[::-1]) == order


def test_an_adjudicators_reading_settles_what_is_unresolved_and_nothing_else() -> None:
    judge = Reading("hakim", 9, (said("Harga naik tajam", "Ani"), said("Pajak turun", "Budi")))
    made = decisions_from_reading(DOCUMENT, judge, DONE, decided_at=AT, on_version=3, note="dibaca ulang")
    by_words = {DONE.records[0].attribution_id: "price", DONE.records[2].attribution_id: "rain"}
    assert {(by_words[d.attribution_id], d.exists) for d in made} == {("price", True), ("rain", False)}
    assert {(d.kind, d.decided_by, d.on_version, d.note, d.annotation_id) for d in made} == {
        ("adjudication", "hakim", 3, "dibaca ulang", 9)
    }
    after = state(made, DONE)
    assert [(r.content.text, r.speaker, r.status) for r in after.records] == [
        ("Harga naik tajam", "Ani", "adjudicated"),
        ("Pajak turun", "Budi", "unanimous"),
    ]
    assert after.orphans == []
    assert decisions_from_reading(DOCUMENT, judge, after, decided_at=AT) == []


def test_taken_back_twice_it_decides_once() -> None:
    judge = Reading("hakim", 9, (said("Harga naik tajam", "Ani"),))
    once, twice = (decisions_from_reading(DOCUMENT, judge, DONE, decided_at=AT) for _ in range(2))
    assert once == twice
    assert len({d.decision_id for d in once}) == len(once) == 3


def test_who_did_not_begin_from_the_merged_result_rejects_only_what_is_unresolved() -> None:
    judge = Reading("hakim", 9, (said("Harga naik tajam", "Ani"),))
    made = decisions_from_reading(DOCUMENT, judge, DONE, decided_at=AT, whole=False)
    assert [(d.content.text, d.exists) for d in made] == [("Harga naik tajam", True), ("Hujan deras", False)]


def test_settled_rows_may_be_corrected_and_new_ones_added() -> None:
    found = disputed(DOCUMENT, READINGS, DONE)
    tax = next(a for a in found.merged if a.speaker == "Budi" and a.content.start == TEXT.index("Pajak"))
    moved = replace(tax, content=replace(tax.content, end=tax.content.end - 2), speaker="Budi Sari")
    judge = Reading("hakim", 9, (said("Harga naik tajam", "Ani"), moved, said("Listrik padam", "Dewi", "direct")))
    made = decisions_from_reading(DOCUMENT, judge, DONE, decided_at=AT)
    after = state(made, DONE)
    assert [(r.type, r.content.text, r.speaker, r.status) for r in after.records] == [
        ("indirect", "Harga naik tajam", "Ani", "adjudicated"),
        ("indirect", "Pajak tur", "Budi Sari", "adjudicated"),
        ("direct", "Listrik padam", "Dewi", "adjudicated"),
    ]
    assert [r.attribution_id for r in after.records[:2]] == [r.attribution_id for r in DONE.records[:2]]


def test_later_labels_open_only_what_they_touch() -> None:
    judge = Reading("hakim", 9, (said("Harga naik tajam", "Ani"), said("Pajak turun", "Budi")))
    made = decisions_from_reading(DOCUMENT, judge, DONE, decided_at=AT)
    after = state(made, DONE)
    late = Reading(
        "citra", 3, (said("Harga naik tajam", "Citra"), said("Pajak turun", "Budi")), updated_at="2026-03-01T00:00:00Z"
    )
    opened = state(made, after, (*READINGS, late))
    assert [(r.content.text, r.speaker, r.status) for r in opened.records] == [
        ("Harga naik tajam", "Ani", "unresolved"),
        ("Pajak turun", "Budi", "unanimous"),
    ]
    again = decisions_from_reading(DOCUMENT, judge, opened, decided_at="2026-04-01T00:00:00Z")
    assert [d.content.text for d in again] == ["Harga naik tajam"]
    assert [r.status for r in state(made + again, opened, (*READINGS, late)).records] == ["adjudicated", "unanimous"]
