"""From annotations as pulled to the analysts' rows, without a server: every label arrives, or is set aside with why."""

import contextlib
import json
import multiprocessing
import threading
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import annotate
from annotate.datamodel import Document, MarkedDocument
from annotate.dataset import Dataset
from annotate.errors import AtribusiError
from annotate.gold import read_gold
from annotate.labelstudio.tasks import to_task
from annotate.records import AnnotationRecord
from annotate.workflow.commit import commit
from annotate.workflow.export import export

GOLD = Path(__file__).parent.parent.parent / "seeds" / "_gold" / "seeds.jsonl"


def pulled(
    marked: MarkedDocument, annotator: str = "siti@example.org", number: int = 1, **more: Any
) -> AnnotationRecord:
    """The gold of a document as an annotation that was pulled."""
    result = more.pop("result", None) or to_task(marked)["predictions"][0]["result"]
    raw = {"id": number, "result": result, "was_cancelled": False}
    fields: dict[str, Any] = {
        "state_id": f"{number:064x}",
        "server": "http://127.0.0.1:8080",
        "project_id": 1,
        "task_id": number,
        "annotation_id": number,
        "doc_id": marked.document.doc_id,
        "task_text_sha256": marked.document.text_sha256,
        "state": "submitted",
        "annotator": annotator,
        "updated_at": f"2026-11-20T10:00:{number % 60:02d}Z",
        "raw": json.dumps(raw),
        "pulled_at": "2026-11-20T11:00:00Z",
    }
    return AnnotationRecord(**(fields | more))


@pytest.fixture
def store(tmp_path: Path) -> Dataset:
    dataset = Dataset.create(tmp_path / "dataset")
    dataset.keep_documents(one.document for one in read_gold(GOLD))
    return dataset


def record(tmp_path: Path, message: str = "test") -> Any:
    return commit(tmp_path / "dataset", message=message, author="tester")


def test_gold_goes_through_to_the_csv(store: Dataset, tmp_path: Path) -> None:
    gold = list(read_gold(GOLD))
    store.append_annotations(pulled(one, number=n) for n, one in enumerate(gold, start=1))
    done = record(tmp_path)
    assert done.version.version == 1
    assert done.set_aside == 0
    written = export(tmp_path / "dataset", tmp_path / "attributions.csv")
    frame = annotate.read_csv(written.path)
    want = {
        (
            one.document.doc_id,
            a.content.start,
            a.content.end,
            a.content.label,
            a.content.words(one.document.text),
            a.speaker,
        )
        for one in gold
        for a in one.attributions
    }
    have = set(
        frame[["doc_id", "content_start", "content_end", "type", "content", "speaker"]]
        .fillna("")
        .itertuples(index=False, name=None)
    )
    assert have == want
    assert len(frame) == sum(len(one.attributions) for one in gold)
    assert set(frame["status"]) == {"single"}


def test_several_processes_make_the_same_version_also_when_one_is_killed(store: Dataset, tmp_path: Path) -> None:
    gold = list(read_gold(GOLD))
    labels = [pulled(one, name, 10 * n + who) for n, one in enumerate(gold) for who, name in enumerate(("ani", "budi"))]
    labels[0] = pulled(gold[0], "ani", 0, result=to_task(gold[0])["predictions"][0]["result"][:-2])
    store.append_annotations(labels)
    alone = Dataset.create(tmp_path / "alone")
    alone.keep_documents(one.document for one in gold)
    alone.append_annotations(labels)
    seen: list[tuple[int, int | None]] = []
    others = set(multiprocessing.active_children())

    def progress(*count: int | None) -> None:
        if not seen:
            (set(multiprocessing.active_children()) - others).pop().kill()
        seen.append(count)  # type: ignore[arg-type]

    done = commit(store.root, message="all", author="x", processes=2, progress=progress)
    expected = commit(alone.root, message="all", author="x", processes=1)
    assert done.version is not None
    assert expected.version is not None
    assert done.version.content_sha256 == expected.version.content_sha256
    assert list(store.verify()) == []
    assert seen == [(n, len(gold)) for n in range(1, len(gold) + 1)]
    fewer = to_task(gold[0])["predictions"][0]["result"][:-2]
    for one in (store, alone):
        one.append_annotations([pulled(gold[0], "budi", 1, result=fewer, state_id="f" * 64, pulled_at="2026-11-21")])
    again = commit(store.root, message="one", author="x", processes=2)
    expected = commit(alone.root, message="one", author="x")
    assert again.documents == 1
    assert again.version is not None
    assert expected.version is not None
    assert again.version.content_sha256 == expected.version.content_sha256 != done.version.content_sha256


def test_a_killed_process_ends_the_commit_and_nothing_counts(store: Dataset, tmp_path: Path) -> None:
    gold = list(read_gold(GOLD))
    store.append_annotations(pulled(one, number=n) for n, one in enumerate(gold, start=1))

    others, over = set(multiprocessing.active_children()), threading.Event()

    def kill() -> None:
        while not over.wait(0.01):
            with contextlib.suppress(OSError, RuntimeError, ValueError):  # they come and go meanwhile
                for one in set(multiprocessing.active_children()) - others:
                    one.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(AtribusiError, match="ended from outside"):
            commit(store.root, message="all", author="x", processes=2)
    finally:
        over.set()
        killer.join()
    assert store.head() is None
    assert record(tmp_path).version.version == 1


def test_the_same_labels_again_make_no_version(store: Dataset, tmp_path: Path) -> None:
    gold = list(read_gold(GOLD))
    labels = [pulled(one, number=n) for n, one in enumerate(gold, start=1)]
    store.append_annotations(labels)
    first = record(tmp_path).version
    store.append_annotations(labels)
    assert record(tmp_path).version is None
    assert [v.version for v in Dataset.open(tmp_path / "dataset").log()] == [first.version]


def test_a_label_outside_the_text_is_set_aside_and_the_rest_is_kept(store: Dataset, tmp_path: Path) -> None:
    one = next(read_gold(GOLD))
    result = to_task(one)["predictions"][0]["result"]
    stray = {
        "id": "stray",
        "from_name": "span",
        "to_name": "text",
        "type": "labels",
        "value": {"start": 10**6, "end": 10**6 + 5, "text": "?", "labels": ["direct"]},
    }
    store.append_annotations([pulled(one, result=[*result, stray])])
    done = record(tmp_path)
    assert done.set_aside == 1
    assert done.version.attributions == len(one.attributions)
    aside = list(Dataset.open(tmp_path / "dataset").set_aside())
    assert [a.region_id for a in aside] == ["stray"]
    assert "stray" in aside[0].raw
    assert aside[0].reason


def test_a_deletion_on_the_server_is_recorded_and_not_followed(store: Dataset, tmp_path: Path) -> None:
    one = next(read_gold(GOLD))
    living = pulled(one)
    store.append_annotations([living])
    before = record(tmp_path).version
    gone = living.model_copy(update={"state": "deleted", "state_id": "f" * 64, "pulled_at": "2026-11-21T11:00:00Z"})
    store.append_annotations([gone])
    after = record(tmp_path).version or before
    assert after.attributions == before.attributions == len(one.attributions)


def test_a_task_imported_by_hand_brings_its_text(tmp_path: Path) -> None:
    one = next(read_gold(GOLD))
    Dataset.create(tmp_path / "dataset").append_annotations([pulled(one, task_text=one.document.text)])
    done = record(tmp_path)
    assert done.version.attributions == len(one.attributions)
    kept = list(Dataset.open(tmp_path / "dataset").documents())
    assert [d.text for d in kept] == [one.document.text]


def test_labels_on_a_text_that_was_changed_on_the_server_are_placed_with_certainty_or_set_aside(
    store: Dataset, tmp_path: Path
) -> None:
    one = next(read_gold(GOLD))
    added = "“Ini tambahan,” kata Sutiyem. "
    changed = added + one.document.text
    result = json.loads(json.dumps(to_task(one)["predictions"][0]["result"]))
    for row in result:
        if "value" in row:
            row["value"]["start"] += len(added)
            row["value"]["end"] += len(added)
    stray = {"id": "stray", "from_name": "span", "to_name": "text", "type": "labels"}
    result.append(stray | {"value": {"start": 0, "end": 15, "text": changed[:15], "labels": ["direct"]}})
    sha = Document("x", changed).text_sha256
    store.append_annotations([pulled(one, result=result, task_text=changed, task_text_sha256=sha)])
    done = record(tmp_path)
    rows = list(Dataset.open(tmp_path / "dataset").attributions())
    gold = {(a.content.start, a.content.end) for a in one.attributions}
    placed = {(row.content.start, row.content.end) for row in rows}
    assert placed <= gold, "a label was guessed"
    assert len(placed) >= len(gold) - 2, "long unique words can be placed with certainty"
    aside = {row.region_id for row in Dataset.open(tmp_path / "dataset").set_aside()}
    assert "stray" in aside
    assert done.set_aside >= len(aside)


def test_a_skipped_and_an_empty_annotation_are_told_apart(store: Dataset, tmp_path: Path) -> None:
    one = next(read_gold(GOLD))
    nothing = json.dumps({"result": []})
    store.append_annotations([pulled(one), pulled(one, "budi@example.org", 2, state="skipped", raw=nothing)])
    rows = _rows(record(tmp_path), tmp_path)
    assert {r.status for r in rows} == {"single"}
    store.append_annotations([pulled(one, "dewi@example.org", 3, state="empty", raw=nothing)])
    rows = _rows(record(tmp_path), tmp_path)
    assert {r.status for r in rows} == {"unresolved"}
    assert all(r.readers == ["dewi@example.org", "siti@example.org"] for r in rows)


def _rows(done: Any, tmp_path: Path) -> list[Any]:
    assert done.version is not None
    rows = list(Dataset.open(tmp_path / "dataset").attributions())
    assert len(rows) == done.version.attributions > 0
    return rows


def test_the_older_version_can_still_be_exported(store: Dataset, tmp_path: Path) -> None:
    gold = list(read_gold(GOLD))
    store.append_annotations([pulled(gold[0])])
    first = record(tmp_path).version
    store.append_annotations([pulled(gold[1], number=2)])
    record(tmp_path)
    old = annotate.read_csv(export(tmp_path / "dataset", tmp_path / "old.csv", ref=1).path)
    new = annotate.read_csv(export(tmp_path / "dataset", tmp_path / "new.csv").path)
    assert len(old) == first.attributions == len(gold[0].attributions)
    assert len(new) == len(old) + len(gold[1].attributions)
    assert isinstance(new, pd.DataFrame)
