"""Versions: what is committed can be read again, at any time, and equal content makes no version."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, QueryBuilder

from annotate.dataset import Dataset, DocumentChange
from annotate.dataset.schemas import ROWS_OF_A_VERSION
from annotate.errors import DatasetError, VersionNotFound
from annotate.records import SpanRecord
from tests.dataset.made import RECIPE, attribution, change, document


def commit(dataset: Dataset, *changes: DocumentChange, message: str = "m"):
    return dataset.commit(list(changes), message=message, author="uji", recipe=RECIPE)


def rows(dataset: Dataset, ref: object = None) -> list:
    return [row.model_copy(update={"commit_id": "-"}) for row in dataset.attributions(ref)]


def test_what_is_committed_is_read_back_equal(dataset: Dataset) -> None:
    given = [change(2), change(1, (1, 0))]
    version = commit(dataset, *given, message="pertama")
    assert version is not None
    assert (version.version, version.parent, version.message, version.author) == (1, None, "pertama", "uji")
    assert (version.documents, version.attributions, version.set_aside) == (2, 5, 2)
    assert rows(dataset) == [*sorted(given[1].attributions, key=lambda row: row.content.start), *given[0].attributions]
    assert [d.model_copy(update={"commit_id": "-"}) for d in dataset.documents()] == [document(1), document(2)]
    assert [s.model_copy(update={"commit_id": "-"}) for s in dataset.set_aside()] == [
        *given[1].set_aside,
        *given[0].set_aside,
    ]
    assert {row.commit_id for row in dataset.attributions()} == {version.commit_id}


def test_a_commit_changes_the_named_documents_and_no_others(dataset: Dataset) -> None:
    first = commit(dataset, change(1), change(2), change(3))
    second = commit(dataset, change(2, (0,), longer=1))
    assert first is not None
    assert second is not None
    assert second.parent == 1
    assert (second.documents, second.attributions) == (3, 7)
    assert [row.attribution_id[-7:] for row in dataset.attributions()] == [
        *("00001/0", "00001/1", "00001/2", "00002/0", "00003/0", "00003/1", "00003/2")
    ]
    assert len(rows(dataset, 1)) == 9
    untouched = {row.commit_id for row in dataset.attributions() if row.doc_id != document(2).doc_id}
    assert untouched == {first.commit_id}


def test_equal_content_makes_no_version(dataset: Dataset) -> None:
    first = commit(dataset, change(1), change(2))
    assert commit(dataset, change(2), change(1)) is None
    assert commit(dataset) is None
    assert dataset.log() == [first]


def test_the_content_hash_does_not_depend_on_how_it_came_about(tmp_path: Path) -> None:
    at_once, by_steps = Dataset.create(tmp_path / "a"), Dataset.create(tmp_path / "b")
    commit(at_once, change(1), change(2))
    commit(by_steps, change(2, (1,)))
    commit(by_steps, change(1, (2, 0, 1)))
    commit(by_steps, change(2, (2, 1, 0)))
    assert at_once.version().content_sha256 == by_steps.version().content_sha256
    assert by_steps.version(1).content_sha256 != by_steps.version(2).content_sha256


def test_a_document_without_attributions_counts(dataset: Dataset) -> None:
    commit(dataset, change(1))
    version = commit(dataset, DocumentChange(document(1)))
    assert version is not None
    assert (version.documents, version.attributions) == (1, 0)
    assert rows(dataset) == []
    assert len(rows(dataset, 1)) == 3
    assert [d.doc_id for d in dataset.documents()] == [document(1).doc_id]


def test_a_changed_text_is_a_new_revision_and_the_old_one_stays(dataset: Dataset) -> None:
    commit(dataset, change(1))
    commit(dataset, change(1, edition=" (diperbarui)"))
    assert [d.text_sha256 for d in dataset.documents(1)] == [document(1).text_sha256]
    assert [d.text_sha256 for d in dataset.documents(2)] == [document(1, edition=" (diperbarui)").text_sha256]
    assert [row.content.start for row in dataset.attributions(2)] != [
        row.content.start for row in dataset.attributions(1)
    ]


def test_an_unchanged_document_is_not_stored_again(dataset: Dataset) -> None:
    first = commit(dataset, change(1))
    commit(dataset, change(1, (0,)))
    assert first is not None
    assert [d.commit_id for d in dataset.documents()] == [first.commit_id]


def test_other_rules_are_a_version_though_no_row_differs(dataset: Dataset) -> None:
    commit(dataset, change(1))
    other = replace(RECIPE, merge_options='{"majority": 0.66}')
    version = dataset.commit([change(1)], message="m", author="uji", recipe=other)
    assert version is not None
    assert (version.version, version.merge_options) == (2, other.merge_options)
    assert version.content_sha256 == dataset.version(1).content_sha256
    assert dataset.commit([change(1)], message="m", author="uji", recipe=other) is None
    assert list(dataset.diff(1).text())[1:] == ['rules majority/1 {} -> majority/1 {"majority": 0.66}']
    assert all("never pulled" in problem.message for problem in dataset.verify())


def test_versions_by_number_tag_and_date(dataset: Dataset) -> None:
    with pytest.raises(VersionNotFound, match="no version yet"):
        dataset.version()
    for longer in range(3):
        commit(dataset, change(1, longer=longer))
    dataset.tag("rilis-1", 2, author="uji", message="pertama", card="# Kartu")
    first, second, third = dataset.log()
    assert dataset.version() == dataset.version("head") == dataset.version(3) == dataset.version("3") == third
    assert dataset.version("rilis-1") == second
    assert dataset.version(first.created_at) == first
    assert dataset.version(first.created_at[:10]).version >= 1
    assert dataset.tags()[0].card == "# Kartu"
    for unknown in (0, 4, "lain", "1999-12-31", "2026-13-01"):
        with pytest.raises(VersionNotFound):
            dataset.version(unknown)


@pytest.mark.parametrize("name", ["rilis-1", "12", "2026-11-22", "head", "", "dua kata", "../x"])
def test_a_tag_must_be_new_and_not_like_another_reference(dataset: Dataset, name: str) -> None:
    commit(dataset, change(1))
    dataset.tag("rilis-1", author="uji")
    with pytest.raises((DatasetError, ValueError)):
        dataset.tag(name, author="uji")
    assert len(dataset.tags()) == 1


def test_restore_brings_an_old_state_back_and_writes_no_row_again(dataset: Dataset) -> None:
    first = commit(dataset, change(1), change(2))
    commit(dataset, change(1, (0,)), change(3))
    before = len(dataset.as_of(1)), dataset._tables["attributions"].version
    restored = dataset.restore(1, message="kembali", author="uji")
    assert first is not None
    assert restored is not None
    assert (restored.version, restored.restores, restored.parent) == (3, 1, 2)
    assert restored.content_sha256 == first.content_sha256
    assert rows(dataset) == rows(dataset, 1)
    assert [d.doc_id for d in dataset.documents()] == [document(1).doc_id, document(2).doc_id]
    assert (len(dataset.as_of(1)), dataset._tables["attributions"].version) == before
    assert dataset.restore(1, message="noch einmal", author="uji") is None
    assert len(rows(dataset, 2)) == 7


def test_a_document_comes_back_after_a_restore_that_lacked_it(dataset: Dataset) -> None:
    commit(dataset, change(1))
    commit(dataset, change(2))
    dataset.restore(1, message="kembali", author="uji")
    version = commit(dataset, change(2))
    assert version is not None
    assert version.content_sha256 == dataset.version(2).content_sha256
    assert rows(dataset) == rows(dataset, 2)


def test_rows_that_do_not_fit_their_document_are_refused(dataset: Dataset) -> None:
    one, other = document(1), document(2)
    wrong = attribution(one, 0).content.model_copy(update={"text": "lain"})
    beyond = SpanRecord(start=len(one.text) - 1, end=len(one.text) + 1, text=one.text[-1])
    cases = {
        "with another text": [attribution(other, 0)],
        "have the id": [attribution(one, 0), attribution(one, 0)],
        "the words at 9-24": [attribution(one, 0, content=wrong)],
        "the words at 89-91": [attribution(one, 0, sources=[beyond])],
    }
    for message, attributions in cases.items():
        with pytest.raises(DatasetError, match=message):
            commit(dataset, DocumentChange(one, attributions))
    with pytest.raises(DatasetError, match="twice"):
        commit(dataset, change(1), change(1, (0,)))
    assert dataset.log() == []


def test_one_arrow_table_for_other_tools(dataset: Dataset) -> None:
    assert dataset._tables["versions"].version == 0
    commit(dataset, change(1), change(2))
    table = dataset.as_of(columns=["doc_id", "type", "speaker"])
    assert table.column_names == ["doc_id", "type", "speaker"]
    assert table.to_pandas().groupby("type").size().to_dict() == {"direct": 2, "indirect": 4}
    assert dataset.as_of(table="documents").num_rows == 2
    commit(dataset, DocumentChange(document(1)), DocumentChange(document(2)))
    assert dataset.as_of().num_rows == 0
    assert dataset.as_of().schema == dataset.as_of(1).schema


@pytest.mark.parametrize("many", [1, 2, 5])
def test_rows_are_the_same_in_parts_that_cut_through_groups_of_rows(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("annotate.dataset.tables._ROW_GROUP_ROWS", {"attributions": 7})
    commit(dataset, *(change(number, (2, 0, 1)) for number in range(1, 12)))
    commit(dataset, change(4, (1,), longer=1), change(9, ()), change(12))
    whole = [dataset.as_of(None, name) for name in ("attributions", "documents")]
    monkeypatch.setattr("annotate.dataset.reading._DOCUMENTS_AT_A_TIME", many)
    assert [dataset.as_of(None, name) for name in ("attributions", "documents")] == whole
    again = [pa.concat_tables(parts) for parts in dataset.documents_and_attributions()]
    assert [table.to_pylist() for table in reversed(again)] == [table.to_pylist() for table in whole]
    assert again[1].schema.field("speaker").type == pa.dictionary(pa.int32(), pa.string())
    places = [(row.doc_id, row.content.start) for row in dataset.attributions()]
    assert len(places) == 9 * 3 + 1 + 3
    assert places == sorted(places)


def test_opening_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no table"):
        Dataset.open(tmp_path)
    assert list(tmp_path.iterdir()) == []
    Dataset.create(tmp_path)
    assert Dataset.create(tmp_path).log() == Dataset.open(tmp_path).log() == []


def test_the_published_sql_reads_a_version_without_this_program(dataset: Dataset) -> None:
    commit(dataset, change(1), change(2), change(3))
    commit(dataset, change(2, (0,), longer=1))
    dataset.restore(1, message="kembali", author="uji")
    commit(dataset, DocumentChange(document(3)), change(4))
    dataset.restore(2, message="kembali", author="uji")
    dataset._tables["attributions"].append(dataset.as_of().slice(0, 1).set_column(3, "commit_id", [["orphan"]]))
    query = QueryBuilder()
    for name in ("attributions", "states", "versions"):
        query.register(name, DeltaTable(f"{dataset.root}/{name}"))
    for version in dataset.log():
        found = pa.table(query.execute(ROWS_OF_A_VERSION.format(version=version.version)).read_all())
        ids = sorted(zip(*(found.column(name).to_pylist() for name in ("attribution_id", "commit_id")), strict=True))
        assert ids == sorted((row.attribution_id, row.commit_id) for row in dataset.attributions(version.version))
        assert len(ids) == version.attributions
