"""Pulled annotations and decisions: every state is kept, once; the newest counts."""

from collections.abc import Sequence

import pytest

from annotate.datamodel import Document
from annotate.dataset import Basis, Dataset, DocumentChange
from annotate.dataset.work import PulledUntil
from annotate.errors import DatasetChanged
from annotate.records import DecisionRecord
from tests.dataset.made import RECIPE, annotation, change, decision, document


def test_a_state_is_kept_once_however_often_it_is_pulled(dataset: Dataset) -> None:
    pulled = [annotation(1), annotation(1, "b"), annotation(2)]
    first = dataset.append_annotations(pulled, batch_size=2)
    assert (first.added, first.known) == (3, 0)
    assert first.documents == {document(1).doc_id, document(2).doc_id}
    again = dataset.append_annotations([a.model_copy(update={"pulled_at": "2026-10-30T00:00:00Z"}) for a in pulled])
    assert (again.added, again.known, again.documents) == (0, 3, frozenset())
    assert list(dataset.annotations()) == pulled


def test_the_newest_state_counts_and_the_old_ones_stay(dataset: Dataset) -> None:
    first, second = annotation(1), annotation(1, edition=2)
    gone = annotation(1, edition=3, state="deleted")
    for record in (first, second):
        dataset.append_annotations([record])
    assert list(dataset.annotations()) == [second]
    dataset.append_annotations([gone])
    assert list(dataset.annotations()) == [gone]
    assert list(dataset.annotations(latest=False)) == [first, second, gone]


def test_a_state_that_comes_back_is_news_and_an_old_pull_repeated_is_not(dataset: Dataset) -> None:
    first, second = annotation(1), annotation(1, edition=2)
    dataset.append_annotations([first, second])
    assert dataset.append_annotations([first]).added == 0
    back = first.model_copy(update={"pulled_at": "2026-10-25T00:00:00Z"})
    assert dataset.append_annotations([back]).added == 1
    assert list(dataset.annotations()) == [back]
    assert dataset.append_annotations([first, second, back]).added == 0


def test_annotations_of_chosen_documents_and_of_many(dataset: Dataset) -> None:
    pulled = [annotation(number, annotator) for annotator in "ba" for number in range(1, 1300)]
    dataset.append_annotations(pulled)
    assert [a.annotation_id for a in dataset.annotations(doc_ids={document(2).doc_id})] == [20, 21]
    read = [a.annotation_id for a in dataset.annotations()]
    assert read == sorted(a.annotation_id for a in pulled)


def test_decisions_are_kept_once(dataset: Dataset) -> None:
    result = dataset.append_decisions([decision(2), decision(1), decision(1)])
    assert (result.added, result.known) == (2, 1)
    assert dataset.append_decisions([decision(1), decision(1, "d2")]).added == 1
    assert [d.decision_id[-2:] for d in dataset.decisions(doc_ids={document(1).doc_id})] == ["d1", "d2"]


def test_what_is_stale_follows_from_labels_and_decisions(dataset: Dataset) -> None:
    seen: list[set[str]] = []

    def reconcile(basis: Basis) -> list[DocumentChange]:
        seen.append({doc_id[-1] for doc_id in basis.stale_documents()})
        return [change(int(doc_id[-5:])) for doc_id in sorted(basis.stale_documents())]

    def commit() -> None:
        dataset.commit(reconcile, message="m", author="uji", recipe=RECIPE)

    dataset.append_annotations([annotation(1), annotation(2)])
    commit()
    commit()
    dataset.append_annotations([annotation(2, edition=2), annotation(3)])
    commit()
    dataset.append_decisions([decision(1)])
    commit()
    assert seen == [{"1", "2"}, set(), {"2", "3"}, {"1"}]
    assert dataset.version().version == 2  # the decision, and the new state of 2, led to the same rows


def test_a_document_that_no_commit_took_up_stays_stale(dataset: Dataset) -> None:
    dataset.append_annotations([annotation(1), annotation(2)])
    dataset.commit([change(1)], message="m", author="uji", recipe=RECIPE)
    left: list[set[str]] = []
    dataset.commit(lambda basis: left.append(basis.stale_documents()) or [], message="", author="", recipe=RECIPE)
    assert left == [{document(2).doc_id}]


def test_a_restored_state_is_not_undone_by_the_next_commit(dataset: Dataset) -> None:
    dataset.append_annotations([annotation(1)])
    dataset.commit([change(1, (0,))], message="m", author="uji", recipe=RECIPE)
    dataset.append_annotations([annotation(1, edition=2), annotation(2)])
    dataset.commit([change(1), change(2)], message="m", author="uji", recipe=RECIPE)
    dataset.restore(1, message="kembali", author="uji")
    stale: list[set[str]] = []
    dataset.commit(lambda basis: stale.append(basis.stale_documents()) or [], message="", author="", recipe=RECIPE)
    assert stale == [set()]
    dataset.append_annotations([annotation(2, edition=2)])
    dataset.commit(lambda basis: stale.append(basis.stale_documents()) or [], message="", author="", recipe=RECIPE)
    assert stale[1] == {document(2).doc_id}


def test_readings_bring_together_what_a_document_is_made_from(dataset: Dataset) -> None:
    dataset.append_annotations([annotation(1), annotation(1, "b"), annotation(3)])
    dataset.append_decisions([decision(1)])
    dataset.commit([change(1), change(2)], message="m", author="uji", recipe=RECIPE)
    seen = {}

    def look(basis: Basis) -> list[DocumentChange]:
        dataset.append_annotations([annotation(1, "c")])  # a pull that goes on meanwhile is not seen
        for inputs in basis.readings():
            seen[inputs.doc_id[-1]] = (
                inputs.document and inputs.document.doc_id[-1],
                [a.annotation_id for a in inputs.annotations],
                len(inputs.previous),
                len(inputs.decisions),
            )
        return []

    dataset.commit(look, message="m", author="uji", recipe=RECIPE)
    assert seen == {"1": ("1", [10, 11], 3, 1), "2": ("2", [], 3, 0), "3": (None, [30], 0, 0)}


def test_a_decision_is_appended_only_to_those_that_were_looked_at(dataset: Dataset) -> None:
    other = Dataset.open(dataset.root)
    asked: list[int] = []

    def check(there: Sequence[DecisionRecord]) -> None:
        asked.append(len(there))
        if len(asked) == 1:
            other.append_decisions([decision(1, "rival")])
        if there:
            raise DatasetChanged("somebody decided meanwhile")

    with pytest.raises(DatasetChanged):
        dataset.append_decisions([decision(1)], check=check)
    assert asked == [0, 1]
    assert [d.decision_id[-5:] for d in dataset.decisions()] == ["rival"]


def test_what_an_article_does_not_tell_is_kept(dataset: Dataset) -> None:
    known = document(1).model_copy(update={"archived_url": "https://arsip.contoh/1"})
    dataset.commit([DocumentChange(known)], message="m", author="uji", recipe=RECIPE)
    article = Document(known.doc_id, known.text, title="Judul baru", outlet=known.outlet)
    assert dataset.commit([DocumentChange(article)], message="m", author="uji", recipe=RECIPE) is not None
    (kept,) = dataset.documents()
    assert (kept.title, kept.archived_url) == ("Judul baru", "https://arsip.contoh/1")
    assert dataset.commit([DocumentChange(article)], message="m", author="uji", recipe=RECIPE) is None


def test_readings_hold_each_document_together_however_they_are_cut(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotate.dataset.changes._DOCUMENTS_AT_A_TIME", 7)
    monkeypatch.setattr("annotate.dataset.changes._DOCUMENTS_TO_RECORDS", 3)
    monkeypatch.setattr("annotate.dataset.annotations._ROWS_AT_A_TIME", 4)
    labelled = [annotation(n, a, task_id=100 - n) for n in range(30) if n % 4 for a in "abc"[: n % 3 + 1]]
    dataset.append_annotations(labelled, batch_size=9)
    parts = {n: range(n % 4) for n in range(25) if n % 5}
    dataset.commit([change(n, parts[n]) for n in parts], message="m", author="uji", recipe=RECIPE)
    found = {}

    def look(basis: Basis) -> list[DocumentChange]:
        for inputs in basis.readings():
            number = int(inputs.doc_id[-5:])
            assert number not in found
            assert (inputs.document is not None) == (number in parts)
            assert {row.doc_id for row in inputs.previous} <= {inputs.doc_id}
            found[number] = [a.annotation_id for a in inputs.annotations], len(inputs.previous)
        return []

    dataset.commit(look, message="m", author="uji", recipe=RECIPE)
    ids = {n: [a.annotation_id for a in labelled if a.task_id == 100 - n] for n in range(30)}
    assert found == {n: (ids[n], len(parts.get(n, ()))) for n in range(30) if n in parts or ids[n]}


def test_until_when_a_project_was_pulled_is_kept_beside_the_rows(dataset: Dataset) -> None:
    assert dataset.pulled_until("studio", 1) == PulledUntil(None, None)
    dataset.note_pulled("studio", 1, "2026-11-22T10:00:00.000000Z", full=True)
    dataset.note_pulled("studio", 1, "2026-11-22T11:00:00.250000Z", full=False)
    dataset.note_pulled("studio", 2, "2026-11-22T09:00:00.000000Z", full=False)
    again = Dataset.open(dataset.root)
    known = PulledUntil("2026-11-22T11:00:00.250000Z", "2026-11-22T10:00:00.000000Z")
    assert again.pulled_until("studio", 1) == known
    assert again.pulled_until("studio", 2) == PulledUntil("2026-11-22T09:00:00.000000Z", None)
    again.append_annotations([annotation(1)])
    assert Dataset.open(dataset.root).pulled_until("studio", 1) == known
    # A clock that was set back is believed: the newest note counts, not the greatest.
    dataset.note_pulled("studio", 1, "2026-11-22T08:00:00.000000Z", full=True)
    assert again.pulled_until("studio", 1).changes == "2026-11-22T08:00:00.000000Z"
