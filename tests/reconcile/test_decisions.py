"""What people decided wins over votes, and is opened again only by labels that touch it."""

from dataclasses import replace
from typing import Any

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile import Reading, basis_of, reconcile_document
from annotate.reconcile.decisions import digest, standing
from annotate.records import AttributionRecord, DecisionRecord, SpanRecord

TEXT = "Harga naik tajam, kata Ani. Pajak turun, kata Budi. Hujan deras, kata Citra."
DOCUMENT = Document("d", TEXT)
EARLY, DECIDED, LATE = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"


def where(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def said(words: str, by: str, speaker: str | None = None, kind: str = "indirect") -> Attribution:
    return Attribution(
        Region(kind, *where(words), region_id=words),  # type: ignore[arg-type]
        (Region("source", *where(by)),),
        speaker=by if speaker is None else speaker,
    )


def span(words: str) -> SpanRecord:
    start, end = where(words)
    return SpanRecord(start=start, end=end, text=words)


def decision(row: AttributionRecord | None, **fields: Any) -> DecisionRecord:
    given = {
        "decision_id": "dc-1",
        "kind": "adjudication",
        "doc_id": "d",
        "attribution_id": row and row.attribution_id,
        "decided_by": "hakim",
        "decided_at": DECIDED,
    }
    return DecisionRecord(**{**given, **fields})


ANI = Reading("ani", 1, (said("Harga naik tajam", "Ani"), said("Pajak turun", "Budi")), updated_at=EARLY)
BUDI = Reading("budi", 2, (said("Harga naik", "Ani", "Budi"), said("Pajak turun", "Budi")), updated_at=EARLY)
ROWS = reconcile_document(DOCUMENT, [ANI, BUDI], commit_id="c").records


def decided(*events: DecisionRecord, readings: tuple[Reading, ...] = (ANI, BUDI)) -> list[AttributionRecord]:
    return reconcile_document(DOCUMENT, readings, commit_id="c", previous=ROWS, decisions=events).records


def test_the_two_do_not_agree_on_the_first() -> None:
    assert [r.status for r in ROWS] == ["unresolved", "unanimous"]


def test_a_decision_wins_and_what_lost_is_kept() -> None:
    row = decided(decision(ROWS[0], content=span("Harga naik tajam"), speaker="Ani"))[0]
    assert (row.status, row.speaker, row.content.text) == ("adjudicated", "Ani", "Harga naik tajam")
    assert (row.decision_id, row.attribution_id) == ("dc-1", ROWS[0].attribution_id)
    votes = {v.field: v.annotators for v in row.votes}
    dissent = {v.field: v.annotators for v in row.dissent}
    assert votes["speaker"] == ["ani", "hakim"]
    assert dissent["speaker"] == dissent["boundaries"] == ["budi"]


def test_what_the_only_reader_said_is_kept_beside_the_decision() -> None:
    row = decided(decision(ROWS[0], speaker="Citra"), readings=(ANI,))[0]
    assert (row.status, row.speaker) == ("adjudicated", "Citra")
    assert {v.field: (v.value, v.annotators) for v in row.dissent} == {"speaker": ('"Ani"', ["ani"])}


def test_what_no_reader_said_can_be_decided() -> None:
    row = decided(decision(ROWS[0], type="direct", content=span("Harga naik tajam"), sources=[], speaker="Ani Sari"))[0]
    assert (row.type, row.sources, row.speaker, row.status) == ("direct", [], "Ani Sari", "adjudicated")
    assert {v.field: v.annotators for v in row.votes}["type"] == ["hakim"]
    assert {v.field: v.annotators for v in row.dissent}["type"] == ["ani", "budi"]


def test_a_rejected_attribution_stays_away_even_without_its_earlier_row() -> None:
    event = decision(ROWS[1], exists=False, content=span("Pajak turun"))
    assert [r.attribution_id for r in decided(event)] == [ROWS[0].attribution_id]
    again = reconcile_document(DOCUMENT, [ANI, BUDI], commit_id="c", decisions=[event])
    assert [r.content.text for r in again.records] == [ROWS[0].content.text]
    moved_id = event.model_copy(update={"attribution_id": "at-carried"})
    once_more = reconcile_document(DOCUMENT, [ANI, BUDI], commit_id="c", decisions=[moved_id])
    assert [r.content.text for r in once_more.records] == [ROWS[0].content.text]
    assert once_more.orphans == []


def test_an_adjudicator_may_add_one() -> None:
    event = decision(
        None,
        attribution_id="at-new",
        type="indirect",
        content=span("Hujan deras"),
        sources=[span("Citra")],
        speaker="Citra",
    )
    row = decided(event)[2]
    assert (row.attribution_id, row.status, row.speaker, row.annotators) == ("at-new", "adjudicated", "Citra", [])
    assert row.readers == ["ani", "budi"]
    marked = replace(ANI, attributions=(*ANI.attributions, said("Hujan deras", "Citra")), updated_at=LATE)
    rows = decided(event, readings=(marked, BUDI))
    assert [(r.attribution_id, r.status) for r in rows][2] == ("at-new", "adjudicated")


def test_a_decision_that_finds_nothing_is_named() -> None:
    done = reconcile_document(
        DOCUMENT, [ANI], commit_id="c", decisions=[decision(None, attribution_id="at-x", speaker="y")]
    )
    assert done.orphans == ["dc-1"]
    gone = decision(None, attribution_id="at-x", exists=False)
    assert reconcile_document(DOCUMENT, [ANI], commit_id="c", decisions=[gone]).orphans == []


def test_later_labels_open_it_again_only_if_they_touch_it() -> None:
    held = [digest("ani", ANI.attributions[0]), digest("budi", BUDI.attributions[0])]
    event = decision(ROWS[0], content=span("Harga naik tajam"), speaker="Ani", basis=held)
    elsewhere = replace(BUDI, attributions=(BUDI.attributions[0], said("Pajak", "Budi")), updated_at=LATE)
    assert decided(event, readings=(ANI, elsewhere))[0].status == "adjudicated"
    follows = replace(BUDI, attributions=(ANI.attributions[0], BUDI.attributions[1]), updated_at=LATE)
    assert decided(event, readings=(ANI, follows))[0].status == "adjudicated"
    against = replace(BUDI, attributions=(said("Harga naik", "Ani", "Citra"), BUDI.attributions[1]), updated_at=LATE)
    row = decided(event, readings=(ANI, against))[0]
    assert (row.status, row.speaker, row.decision_id) == ("unresolved", "Ani", "dc-1")
    withdrawn = replace(BUDI, attributions=BUDI.attributions[1:], updated_at=LATE)
    assert decided(event, readings=(ANI, withdrawn))[0].status == "unresolved"
    newcomer = Reading("citra", 3, (), updated_at=LATE)
    assert decided(event, readings=(ANI, BUDI, newcomer))[0].status == "adjudicated"


def test_a_review_does_not_open_again_when_its_annotators_change_something_else() -> None:
    event = decision(ROWS[1], kind="review", verdict="wrong_speaker", speaker="Menteri Budi", basis=basis_of(ROWS[1]))
    row = decided(event)[1]
    assert (row.status, row.speaker) == ("adjudicated", "Menteri Budi")
    assert basis_of(row) == basis_of(ROWS[1])
    elsewhere = replace(ANI, attributions=ANI.attributions[1:], updated_at=LATE)
    assert decided(event, readings=(elsewhere, BUDI))[1].status == "adjudicated"
    against = replace(ANI, attributions=(said("Pajak turun", "Budi", "Citra"),), updated_at=LATE)
    assert decided(event, readings=(against, BUDI))[1].status == "unresolved"


def test_without_a_basis_the_time_of_the_label_tells() -> None:
    event = decision(ROWS[0], content=span("Harga naik tajam"), speaker="Ani")
    assert decided(event)[0].status == "adjudicated"
    assert decided(event, readings=(ANI, replace(BUDI, updated_at=LATE)))[0].status == "unresolved"


def test_a_label_on_what_was_rejected_opens_it_again() -> None:
    held = [digest("ani", ANI.attributions[1]), digest("budi", BUDI.attributions[1])]
    event = decision(ROWS[1], exists=False, content=span("Pajak turun"), basis=held)
    assert len(decided(event)) == 1
    newcomer = Reading("citra", 3, (said("Pajak turun", "Budi"), said("Harga naik tajam", "Ani")), updated_at=LATE)
    row = decided(event, readings=(ANI, BUDI, newcomer))[1]
    assert (row.attribution_id, row.status) == (ROWS[1].attribution_id, "unresolved")


def test_an_undone_decision_does_not_hold_and_an_undone_undo_does() -> None:
    event = decision(ROWS[0], speaker="Ani", content=span("Harga naik tajam"))
    undo = decision(None, decision_id="dc-2", kind="undo", undoes="dc-1", decided_at="2026-02-02T00:00:00Z")
    redo = decision(None, decision_id="dc-3", kind="undo", undoes="dc-2", decided_at="2026-02-03T00:00:00Z")
    assert decided(event, undo)[0].status == "unresolved"
    assert decided(redo, undo, event)[0].status == "adjudicated"
    assert standing([redo, undo, event]) == [event]


def test_of_two_decisions_the_later_holds_field_by_field() -> None:
    one = decision(ROWS[0], speaker="Ani", type="mixed")
    two = decision(ROWS[0], decision_id="dc-2", decided_at=LATE, speaker="Citra", decided_by="hakim dua")
    row = decided(two, one)[0]
    assert (row.speaker, row.type, row.decision_id) == ("Citra", "mixed", "dc-2")


def test_a_verdict_settles_nothing_of_the_label() -> None:
    rows = decided(decision(ROWS[0], kind="review", verdict="cannot_tell", claim_rating="keliru"))
    assert (rows[0].status, rows[0].verdict, rows[0].claim_rating) == ("unresolved", "cannot_tell", "keliru")
    corrected = decided(decision(ROWS[1], kind="review", verdict="wrong_speaker", speaker="Menteri Budi"))[1]
    assert (corrected.status, corrected.speaker, corrected.verdict) == ("adjudicated", "Menteri Budi", "wrong_speaker")


def test_a_review_of_what_is_unresolved_settles_it_only_where_it_settles_all_that_is_unclear() -> None:
    part = decision(ROWS[0], kind="review", verdict="right", exists=True, content=span("Harga naik tajam"))
    assert decided(part)[0].status == "unresolved"
    whole = decision(ROWS[0], kind="review", verdict="wrong_speaker", exists=True, speaker="Ani")
    assert decided(whole)[0].status == "adjudicated"
    alone = replace(BUDI, attributions=BUDI.attributions[1:])
    assert reconcile_document(DOCUMENT, [ANI, alone], commit_id="c").records[0].status == "unresolved"
    exists = decision(ROWS[0], kind="review", verdict="misquoted", exists=True)
    assert decided(exists, readings=(ANI, alone))[0].status == "adjudicated"


def test_a_decided_span_follows_its_words_on_a_changed_text() -> None:
    changed = Document("d", "Kabar. " + TEXT)
    labels = tuple(
        replace(
            a,
            content=replace(a.content, start=a.content.start + 7, end=a.content.end + 7),
            sources=tuple(replace(s, start=s.start + 7, end=s.end + 7) for s in a.sources),
        )
        for a in ANI.attributions
    )
    event = decision(ROWS[0], content=span("Harga naik tajam"), speaker="Ani", basis=[digest("ani", labels[0])])
    rows = reconcile_document(
        changed, [replace(ANI, attributions=labels)], commit_id="c", previous=decided(event), decisions=[event]
    ).records
    assert [(r.content.text, r.status) for r in rows] == [
        ("Harga naik tajam", "adjudicated"),
        ("Pajak turun", "single"),
    ]
