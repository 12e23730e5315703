"""A dataset of an older program is read as it is and written on; one of a newer program is refused."""

import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from annotate.datamodel import SCHEME_VERSION
from annotate.dataset import Dataset
from annotate.dataset.columns import arrow_schema, to_records
from annotate.dataset.tables import RECORD_VERSION_KEY, TABLES, Table
from annotate.errors import NewerDataset
from annotate.records import RECORD_SCHEMA_VERSION, AttributionRecord
from tests.dataset.made import RECIPE, annotation, change, document

# Written by this program when its records were of version 1: three versions, a tag, a decision, a restored state.
STORED = Path(__file__).parent / "datasets" / "record-1.zip"
HASHES = [
    "26c95b92931559a0573029c8cf086fd722f00d00bd14efafb19832d4cdaa0ef6",
    "8040506970cefcfa55703694f386dbff0425faccd908dcae623e002d800f5653",
    "26c95b92931559a0573029c8cf086fd722f00d00bd14efafb19832d4cdaa0ef6",
]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with zipfile.ZipFile(STORED) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def files(root: Path) -> list[Path]:
    return sorted(root.rglob("*"))


def test_an_old_dataset_is_read_and_left_as_it_is(old: Path) -> None:
    before = files(old)
    dataset = Dataset.open(old)
    assert [version.content_sha256 for version in dataset.log()] == HASHES
    assert [version.record_version for version in dataset.log()] == [1, 1, 1]
    assert dataset.version("rilis-1").version == 2
    assert [a.task_text for a in dataset.annotations(latest=False)] == [None] * 5
    assert [len(list(dataset.attributions(version))) for version in (1, 2, 3)] == [6, 8, 6]
    assert dataset.diff(1, 2).counts()["content moved"] == 2
    _, attributions = dataset.documents_and_attributions(2)
    assert list(to_records(attributions, AttributionRecord)) == list(dataset.attributions(2))
    for version in (1, 2, 3):
        assert {problem.message for problem in dataset.verify(version)} == {"its annotation 7 was never pulled"}
    assert files(old) == before


def test_an_old_dataset_is_written_on(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotate.dataset.tables._MANY_FILES", 2)  # old and new files are made one
    dataset = Dataset.open(old)
    dataset.append_annotations([annotation(4, task_text="teks lain")])
    version = dataset.commit([change(4)], message="m", author="uji", recipe=RECIPE)
    assert version is not None
    assert (version.version, version.record_version) == (4, RECORD_SCHEMA_VERSION)
    again = Dataset.open(old)
    assert [each.content_sha256 for each in again.log()][:3] == HASHES
    assert [a.task_text for a in again.annotations()] == [None] * 4 + ["teks lain"]
    table = DeltaTable(str(old / "annotations"))
    assert table.metadata().configuration[RECORD_VERSION_KEY] == str(RECORD_SCHEMA_VERSION)
    assert len(table.file_uris()) == 1
    assert "task_text" in pa.schema(table.schema().to_arrow()).names
    assert again.version(1).content_sha256 == HASHES[0]
    assert document(4).doc_id in {d.doc_id for d in again.documents()}


def test_equal_content_has_an_equal_hash_under_the_new_records(old: Path) -> None:
    dataset = Dataset.open(old)
    assert dataset.commit([change(1), change(2)], message="m", author="uji", recipe=RECIPE) is None


def test_a_migration_that_was_cut_off_is_taken_up_again(old: Path) -> None:
    newer = {RECORD_VERSION_KEY: str(RECORD_SCHEMA_VERSION)}
    DeltaTable(str(old / "annotations")).alter.set_table_properties(newer, raise_if_not_exists=False)  # and no more
    Dataset.open(old).append_annotations([annotation(4)])
    assert Table(str(old), "annotations", None).record_version == RECORD_SCHEMA_VERSION
    assert len(list(Dataset.open(old).annotations(latest=False))) == 6


@pytest.mark.parametrize("name", TABLES)
def test_a_newer_dataset_is_refused(dataset: Dataset, name: str) -> None:
    newer = {RECORD_VERSION_KEY: str(RECORD_SCHEMA_VERSION + 1)}
    DeltaTable(f"{dataset.root}/{name}").alter.set_table_properties(newer, raise_if_not_exists=False)
    with pytest.raises(NewerDataset, match=r"newer atribusi.*upgrade"):
        Dataset.open(dataset.root)
    if name == "versions":  # also where the dataset was open already
        with pytest.raises(NewerDataset):
            dataset.log()


def test_a_dataset_of_a_newer_scheme_is_refused(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("annotate.dataset.committing.SCHEME_VERSION", SCHEME_VERSION + 1)
        patched.setattr("annotate.dataset.history.SCHEME_VERSION", SCHEME_VERSION + 1)
        dataset.commit([change(1)], message="m", author="uji", recipe=RECIPE)
    for attempt in (
        dataset.log,
        dataset.attributions,
        lambda: dataset.commit([], message="", author="", recipe=RECIPE),
    ):
        with pytest.raises(NewerDataset, match=f"scheme {SCHEME_VERSION + 1}, this program"):
            attempt()


def test_a_null_stands_for_the_default() -> None:
    (row,) = change(1, (1,)).attributions
    table = pa.Table.from_pylist([row.model_dump()], arrow_schema(AttributionRecord))
    older = table.drop_columns(["readers", "depth", "premark_change"])
    assert list(to_records([older], AttributionRecord)) == [row.model_copy(update={"readers": []})]
