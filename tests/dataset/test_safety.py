"""What is killed leaves the version before or the new one; what runs at once comes in one order; old versions stay."""

import multiprocessing
import os
import random
import signal
import time
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyarrow import fs

from annotate.dataset import Basis, Dataset, DocumentChange
from annotate.dataset.tables import _CONFIGURATION, Table
from annotate.errors import DatasetChanged
from tests.dataset.made import RECIPE, annotation, change, document
from tests.steps import Steps, wait_for_the_end

PULLED = [annotation(number, annotator) for number in range(1, 13) for annotator in "ab"]


def reconcile(basis: Basis) -> list[DocumentChange]:
    """Stands for a merge: what a document gets depends on its annotations alone."""
    return [
        change(int(inputs.doc_id[-5:]), range(1 + len(inputs.annotations)))
        for inputs in basis.readings(basis.stale_documents())
    ]


def pull_and_commit(root: Path) -> None:
    dataset = Dataset.create(root)
    dataset.append_annotations(PULLED, batch_size=5)
    dataset.commit(reconcile, message="m", author="uji", recipe=RECIPE)


def outcome(dataset: Dataset) -> tuple[str, list, list]:
    """All of a dataset but ids of commits and moments."""
    rows = [row.model_copy(update={"commit_id": "-"}) for row in dataset.attributions()]
    return dataset.version().content_sha256, rows, list(dataset.annotations(latest=False))


# A server that has imported everything forks the processes which are to be killed: a fresh interpreter takes seconds.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def dying(root: Path, die_at: int, before: bool, steps: "multiprocessing.Queue[int]") -> None:
    """Pull and commit, and be killed before or after one of the steps that write."""
    append, done = Table.append, 0

    def append_or_die(self: Table, rows: pa.Table, **options: bool) -> None:
        nonlocal done
        done += rows.num_rows > 0
        if done == die_at and before:
            os.kill(os.getpid(), signal.SIGKILL)
        append(self, rows, **options)
        if done == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    Table.append = append_or_die  # type: ignore[method-assign]
    steps.put(0)
    pull_and_commit(root)
    steps.put(done)


def start(root: Path, die_at: int = -1, before: bool = True) -> tuple[Any, Any]:
    """A process on its way to die, and the queue that says when it began and how many steps it took."""
    steps = PROCESSES.Queue()
    process = PROCESSES.Process(target=dying, args=(root, die_at, before, steps))
    process.start()
    assert steps.get() == 0
    return process, steps


def walking(root: Path, point: int | None, said: Pipe) -> None:
    """Pull and commit, say when that has come to the point, and how many steps (calls) it took."""
    steps = Steps(point, lambda: said.send("there"))
    steps.start()
    pull_and_commit(root)
    taken = steps.taken
    if point is not None:
        steps.arrive()
        wait_for_the_end()
    said.send(taken)


def walk(root: Path, point: int | None = None) -> tuple[Any, Any]:
    """A process that walks to the point, and what it said last."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=walking, args=(root, point, sender))
    process.start()
    return process, receiver.recv()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[str, list, list], int]:
    root = tmp_path_factory.mktemp("undisturbed")
    process, steps = start(root)
    number = steps.get()
    process.join()
    assert process.exitcode == 0
    return outcome(Dataset.open(root)), number


def test_killed_at_each_step_the_next_run_ends_the_same(tmp_path: Path, undisturbed) -> None:
    expected, steps = undisturbed
    assert steps >= 9
    for step in range(1, steps + 1):
        for moment in ("before", "after"):
            if moment == "after" and step < steps - 3:
                continue  # the same as before the next one; the last steps are told apart
            root = tmp_path / f"{step}-{moment}"
            process, _ = start(root, step, moment == "before")
            process.join()
            assert process.exitcode == -signal.SIGKILL
            assert len(Dataset.open(root).log()) == (step == steps and moment == "after")
            pull_and_commit(root)
            assert outcome(Dataset.open(root)) == expected
            assert len(Dataset.open(root).log()) == 1


def test_killed_at_random_moments_the_next_run_ends_the_same(tmp_path: Path, undisturbed) -> None:
    expected, _ = undisturbed
    process, length = walk(tmp_path / "whole")
    process.join()
    dice = random.Random(7)
    for number in range(10):
        root = tmp_path / str(number)
        process, _ = walk(root, int(dice.uniform(number, number + 1) / 10 * length))
        time.sleep(dice.uniform(0, 0.02))  # also where no step is, in a write
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        pull_and_commit(root)
        assert outcome(Dataset.open(root)) == expected
        assert len(Dataset.open(root).log()) == 1


def commit_alternately(root: str, numbers: int, name: str) -> None:
    """Five commits, each of a document of one's own and of the counter that all share."""
    dataset = Dataset.open(root)

    def count(basis: Basis) -> list[DocumentChange]:
        longer = next((row.content.end for row in basis.attributions(doc_ids=[document(0).doc_id])), None)
        start = document(0).text.index("harga turun") + len("harga turun")
        return [change(0, (1,), longer=0 if longer is None else longer + 1 - start), change(own)]

    for own in range(numbers, numbers + 5):
        assert dataset.commit(count, message=name, author=name, recipe=RECIPE) is not None
        dataset.append_annotations([annotation(own), annotation(own % 100)])


def test_two_processes_commit_at_once_in_one_order_and_nothing_is_lost(dataset: Dataset) -> None:
    arguments = ((dataset.root, 100, "A"), (dataset.root, 200, "B"))
    processes = [PROCESSES.Process(target=commit_alternately, args=each) for each in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    log = dataset.log()
    assert [version.version for version in log] == list(range(1, 11))
    assert [version.parent for version in log] == [None, *range(1, 10)]
    assert sorted(version.author for version in log) == ["A"] * 5 + ["B"] * 5
    owned = {int(d.doc_id[-5:]) for d in dataset.documents()} - {0}
    assert owned == {*range(100, 105), *range(200, 205)}
    counter = list(dataset.attributions(doc_ids=[document(0).doc_id]))
    assert counter[0].content.text == document(0).text[counter[0].content.start :][: len("harga turun") + 9]
    states = [a.state_id for a in dataset.annotations(latest=False)]
    assert len(states) == len(set(states)) == 15


def test_a_commit_of_other_documents_in_between_is_kept_and_of_the_same_is_refused(dataset: Dataset) -> None:
    other = Dataset.open(dataset.root)

    def slowly(mine: int, theirs: int):
        yield change(mine)
        assert other.commit([change(theirs, (0,))], message="theirs", author="B", recipe=RECIPE)

    version = dataset.commit(slowly(1, 2), message="mine", author="A", recipe=RECIPE)
    assert version is not None
    assert (version.version, version.documents, version.attributions) == (2, 2, 4)
    with pytest.raises(DatasetChanged, match="run the command again"):
        dataset.commit(slowly(3, 3), message="mine", author="A", recipe=RECIPE)
    assert [v.message for v in dataset.log()] == ["theirs", "mine", "theirs"]
    assert len(list(dataset.attributions(doc_ids=[document(3).doc_id]))) == 1


def test_an_aged_dataset_still_has_its_first_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aging = {"delta.checkpointInterval": "5", "delta.logRetentionDuration": "interval 0 seconds"}
    monkeypatch.setattr("annotate.dataset.tables._CONFIGURATION", _CONFIGURATION | aging)
    dataset = Dataset.create(tmp_path)
    first = None
    for number in range(35):
        dataset.commit([change(number % 7, longer=number % 3)], message="m", author="uji", recipe=RECIPE)
        first = first or [row.model_dump() for row in dataset.attributions()]
    reopened = Dataset.open(dataset.root)
    assert [v.content_sha256 for v in reopened.log()] == [v.content_sha256 for v in dataset.log()]
    assert [row.model_dump() for row in reopened.attributions(1)] == first
    folder = tmp_path / "attributions"
    log = sorted((folder / "_delta_log").glob("*.json"))
    assert [int(path.stem) for path in log] == list(range(len(log)))  # no entry of the log was cleaned away
    assert list((folder / "_delta_log").glob("*.checkpoint.parquet"))
    assert len(DeltaTable(str(folder)).file_uris()) < 20  # small files were made one
    files = fs.SubTreeFileSystem(str(folder), fs.LocalFileSystem())
    for version in reopened.log():
        state = {table.table: table for table in version.tables}["attributions"]
        delta = DeltaTable(str(folder), version=state.delta_version)  # as another program would read it
        assert delta.to_pyarrow_table(filesystem=files).num_rows >= state.rows
        assert sum(rows.num_rows for rows in reopened.tables(version.version)) == state.rows
