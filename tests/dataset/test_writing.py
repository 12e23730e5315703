"""What a commit writes: lines of fields alone, and files that are written behind the back of who adds rows."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from annotate.dataset import Dataset, DocumentChange, writing
from annotate.dataset.columns import arrow_schema, fields_line, line
from annotate.dataset.tables import Table
from annotate.errors import DatasetError
from annotate.records import AttributionRecord
from tests.dataset.made import RECIPE, attribution, change, document

ROWS = [
    attribution(document(1), 0),
    attribution(document(2), 1, speaker="", agreement=0.6667, premark_confidence=5e-05, premark_change=["moved"]),
    attribution(document(3), 2, sources=[], cues=[], votes=[], regions=[], speaker=None, depth=0, place="Solo"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.doc_id)
@pytest.mark.parametrize("fields", [AttributionRecord.model_dump, lambda row: row.model_dump(exclude_defaults=True)])
def test_fields_are_written_as_their_record_is(
    row: AttributionRecord, fields: Callable[[AttributionRecord], dict[str, object]]
) -> None:
    assert fields_line(fields(row), AttributionRecord) == line(row)


def test_fields_are_kept_as_their_records_are(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Dataset.create(tmp_path_factory.mktemp("other") / "dataset")
    changes = [change(n, (0, 1, 2)) for n in range(1, 4)]
    bare = [
        DocumentChange(one.document, [row.model_dump(exclude_defaults=True) for row in one.attributions], one.set_aside)
        for one in changes
    ]
    versions = [
        store.commit(given, message="m", author="uji", recipe=RECIPE)
        for store, given in ((dataset, changes), (other, bare))
    ]
    assert versions[0] is not None
    assert versions[1] is not None
    assert versions[0].content_sha256 == versions[1].content_sha256
    assert all("never pulled" in problem.message for problem in other.verify())


@pytest.mark.parametrize("wrong", [{"doc_id": "lain"}, {"content": {"start": 0, "end": 3, "text": "Jud?"}}])
def test_fields_that_do_not_fit_their_document_are_refused(dataset: Dataset, wrong: dict[str, object]) -> None:
    of = document(1)
    row = {**attribution(of, 0).model_dump(), **wrong}
    with pytest.raises(DatasetError):
        dataset.commit([DocumentChange(of, [row])], message="m", author="uji", recipe=RECIPE)
    assert dataset.head() is None


def test_many_files_hold_what_one_holds(
    dataset: Dataset, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_file = Dataset.create(tmp_path_factory.mktemp("other") / "dataset")
    changes = [change(n, (0, 1, 2)) for n in (*range(8, 0, -1), *range(9, 13))]  # not in order
    whole = one_file.commit(changes, message="m", author="uji", recipe=RECIPE)
    monkeypatch.setattr(writing, "_ROWS_TO_ARROW", 4)
    monkeypatch.setattr(writing, "_ROWS_TO_DISK", 6)
    version = dataset.commit(changes, message="m", author="uji", recipe=RECIPE)
    assert version is not None
    assert whole is not None
    assert version.content_sha256 == whole.content_sha256
    assert [row.attribution_id for row in dataset.attributions()] == [r.attribution_id for r in one_file.attributions()]
    assert all("never pulled" in problem.message for problem in dataset.verify())


def test_rows_lie_in_order_of_document_on_the_disk(dataset: Dataset) -> None:
    table = Table(dataset.root, "attributions", None)
    schema = arrow_schema(AttributionRecord)
    parts = []
    for start in range(0, 50_000, 5_000):
        doc_ids = pa.array([f"dok-{number:05}" for number in range(start, start + 5_000)])
        columns = [doc_ids if field.name == "doc_id" else pa.nulls(5_000, field.type) for field in schema]
        parts.append(pa.Table.from_arrays(columns, schema=schema))
    for given in (parts, parts[::-1]):
        writing._append(table, given)
    for fragment in table.dataset().get_fragments():
        found = fragment.to_table(columns=["doc_id"]).column("doc_id").to_pylist()
        assert len(found) == 50_000
        assert found == sorted(found)


def test_what_fails_behind_ones_back_ends_the_commit(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_ROWS_TO_ARROW", 4)
    monkeypatch.setattr(writing, "_ROWS_TO_DISK", 6)
    append = Table.append

    def full(self: Table, *args: object, **options: bool) -> None:
        if self.name == "attributions":
            raise DatasetError("could not write: no space left")
        append(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Table, "append", full)
    with pytest.raises(DatasetError, match="no space left"):
        dataset.commit([change(n) for n in range(1, 9)], message="m", author="uji", recipe=RECIPE)
    assert dataset.head() is None
