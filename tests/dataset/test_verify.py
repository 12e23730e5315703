"""`verify` finds what was tampered with, and nothing where all is well."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotate.dataset import Dataset, DocumentChange
from tests.dataset.made import RECIPE, annotation, attribution, change, decision, document

ONE, TWO = document(1), document(2)


def filled(dataset: Dataset) -> Dataset:
    dataset.append_annotations([annotation(1, "h", annotation_id=7)])
    dataset.append_decisions([decision(1)])
    outer = attribution(ONE, 0, decision_id=decision(1).decision_id)
    inner = attribution(ONE, 1, content=outer.content, parent_id=outer.attribution_id, depth=1)
    dataset.commit([DocumentChange(ONE, [outer, inner]), change(2)], message="m", author="uji", recipe=RECIPE)
    dataset.commit([change(3)], message="m", author="uji", recipe=RECIPE)
    return dataset


def tamper(dataset: Dataset, table: str, edit: Callable[[dict], dict | None]) -> None:
    """Rewrite the files of a table, row by row, behind the back of Delta Lake."""
    for path in Path(dataset.root, table).glob("*.parquet"):
        rows = pq.read_table(path)
        edited = [row for row in map(edit, rows.to_pylist()) if row is not None]
        pq.write_table(pa.Table.from_pylist(edited, rows.schema), path)


def found(dataset: Dataset) -> str:
    return "\n".join(map(str, Dataset.open(dataset.root).verify()))


def test_nothing_is_wrong_with_what_was_committed(dataset: Dataset) -> None:
    filled(dataset)
    dataset.restore(1, message="m", author="uji")
    for version in (1, 2, 3):
        assert list(dataset.verify(version)) == []


def of_one(**values: object) -> Callable[[dict], dict]:
    return lambda row: {**row, **values} if row["doc_id"] == ONE.doc_id else row


EDITS: list[tuple[str, Callable[[dict], dict | None], str]] = [
    ("documents", of_one(text=ONE.text + "!"), "the text is not the one of its hash"),
    ("documents", of_one(title="Lain"), "its row in `documents` is not the one of its hash"),
    ("documents", lambda row: None if row["doc_id"] == ONE.doc_id else row, "`documents` is missing"),
    ("attributions", of_one(speaker="Lain"), "its rows are not those of its hash"),
    ("attributions", lambda row: None if row["attribution_id"][-1] == "1" else row, "not 2 and 0"),
    ("attributions", of_one(content={"start": 0, "end": 5, "text": "Lain!"}), "the words at 0-5 are not"),
    ("attributions", of_one(text_sha256=TWO.text_sha256), "its offsets count another text"),
    ("attributions", of_one(parent_id="x"), "its parent x is not there"),
    ("attributions", of_one(depth=4), "does not lie in its parent"),
    ("attributions", of_one(decision_id="x"), "its decision x is not there"),
    ("attributions", of_one(status="nonsense"), "breaks the record's contract"),
    ("attributions", of_one(attribution_id="artikel-00002/0"), "the id is there twice"),
    ("annotations", lambda row: None, "its annotation 7 was never pulled"),
    ("annotations", lambda row: {**row, "raw": "{"}, "`raw` is no JSON"),
    ("set_aside", lambda row: None, "and 0 labels set aside are there"),
    ("states", of_one(content_sha256="0" * 64), "its hash is not that of its documents"),
    ("states", of_one(attributions=1), "it counts 8 attributions, there are 7"),
    ("versions", lambda row: {**row, "documents": 9}, "it counts 9 documents, there are 3"),
    ("versions", lambda row: {**row, "parent": 7}, "its parent is 7"),
]


@pytest.mark.parametrize(("table", "edit", "message"), EDITS)
def test_what_was_tampered_with_is_found(dataset: Dataset, table: str, edit: Callable, message: str) -> None:
    tamper(filled(dataset), table, edit)
    assert message in found(dataset)


def test_a_lost_file_is_found(dataset: Dataset) -> None:
    for path in Path(filled(dataset).root, "attributions").glob("*.parquet"):
        path.unlink()
    assert "cannot be read" in found(dataset)
