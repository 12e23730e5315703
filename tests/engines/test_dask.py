"""A real cluster of several worker processes gives the same rows, also when one of them is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster

from annotate.datamodel import Document
from annotate.engines.dask import ClusterUnreachable, DaskCrew
from annotate.engines.processes import Alone, Died
from annotate.errors import EXIT_PARTIAL, InputError
from annotate.workflow.archive import ArchiveOptions, mark_archive, mark_on_cluster
from annotate.workflow.archive import cluster as cluster_verb
from annotate.workflow.archive.drive import Drive
from annotate.workflow.archive.parts import Parts
from annotate.workflow.archive.work import MakeWorker
from annotate.workflow.sample import sample
from tests.engines.test_processes import make, outcomes
from tests.workflow.archives import articles, cli, contents, rejects, rows


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with LocalCluster(n_workers=3, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0") as made:
        yield made


def archive(folder: Path, count: int, group: int = 5) -> Path:
    folder.mkdir()
    made = articles(count)
    made[3]["text"] = ""
    made += made[6:8]
    half = len(made) // 2
    for name, some in (("a.parquet", made[:half]), ("b.parquet", made[half:])):
        pq.write_table(pa.Table.from_pylist(some), folder / name, row_group_size=group)
    return folder


def in_order(folder: Path, table: str) -> list[dict[str, Any]]:
    return sorted(rows(folder, table), key=json.dumps)


def test_a_worker_that_is_killed_costs_no_row_and_changes_none(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = archive(tmp_path / "in", 300)
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))
    told: list[int] = []

    def kill_at_the_fifth(self: Drive, receipt: dict[str, Any], position: int) -> None:
        tell(self, receipt, position)
        told.append(position)
        if len(told) == 5:
            os.kill(victim, signal.SIGKILL)

    tell = Drive._told
    with monkeypatch.context() as armed:
        armed.setattr(Drive, "_told", kill_at_the_fifth)
        report = mark_on_cluster(
            [str(made)], str(tmp_path / "out"), ArchiveOptions(), scheduler=cluster.scheduler_address
        )
    assert len(told) == report.shards == 62
    assert (report.counts.documents, report.counts.repeated, report.counts.rejected) == (299, 2, 1)
    mark_on_cluster([str(made)], str(tmp_path / "calm"), ArchiveOptions())
    assert contents(tmp_path / "out") == contents(tmp_path / "calm"), "byte for byte"
    mark_archive([made], str(tmp_path / "here"), ArchiveOptions(shard=40))
    for table in ("attributions", "documents"):
        assert in_order(tmp_path / "out", table) == in_order(tmp_path / "here", table)
    (reject,) = rejects(tmp_path / "out")
    assert reject["place"].endswith("in/a.parquet, line 4")
    again = mark_on_cluster([str(made)], str(tmp_path / "out"), ArchiveOptions())
    assert again.as_dict() == {**report.as_dict(), "resumed": 62}


class Gone(BaseException):
    """As if the process were no more."""


class Forgetful(Alone):
    """A crew of one that does not know what it died at, as Dask does not."""

    def give(self, job: int, payload: Any) -> None:
        try:
            super().give(job, payload)
        except Gone:
            self._done.append(Died(job, None, "its workers were killed"))


def test_an_article_at_which_workers_die_is_found_and_rejected_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = articles(20)
    made[4]["text"] += " BUNUH"
    pq.write_table(pa.Table.from_pylist(made), tmp_path / "a.parquet", row_group_size=10)
    mark = Parts.mark

    def dies(self: Parts, document: Document) -> None:
        if "BUNUH" in document.text:
            raise Gone
        mark(self, document)

    monkeypatch.setattr(Parts, "mark", dies)
    monkeypatch.setattr(cluster_verb, "_hire", lambda target, options, _: Forgetful(MakeWorker(target, options)))
    mark_on_cluster([str(tmp_path / "a.parquet")], str(tmp_path / "out"))
    (reject,) = rejects(tmp_path / "out")
    assert reject["place"].endswith("a.parquet, line 5")
    assert reject["reason"] == "its workers were killed, 2 times"
    assert [row["doc_id"] for row in rows(tmp_path / "out", "documents")] == [
        row["id"] for n, row in enumerate(made) if n != 4
    ]
    assert not list((tmp_path / "out" / "_state").glob("*/*")), "no note is left"


WATCHED = """
import re, threading, time
from annotate.engines.dask import _Watch
watch = _Watch(1.0)
"""


@pytest.mark.parametrize(
    ("does", "code"),
    [
        ("watch(0); re.match('(a+)+b', 'a' * 60)", 1),  # never lets go of the interpreter
        ("threading.Thread(target=watch, args=(0,)).start(); time.sleep(1.2); watch(0)", 1),  # of another thread
        ("watch(0); watch(1); watch(-1); time.sleep(1.4)", 0),
    ],
)
def test_a_worker_that_stands_still_ends_itself(does: str, code: int) -> None:
    assert subprocess.run([sys.executable, "-c", WATCHED + does], timeout=60, check=False).returncode == code


CLUSTER = """
import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0")
    print(cluster.scheduler_address, flush=True)
    sys.stdin.readline()
    cluster.scale(0)
    time.sleep(600)
"""


def test_nothing_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", CLUSTER], stdin=-1, stdout=-1, stderr=-3, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with DaskCrew(0, make, address=process.stdout.readline().strip()) as crew:
            crew.give(1, ["a"])
            assert outcomes(crew, 1)[1].result[1] == ["A"]  # type: ignore[union-attr]
            monkeypatch.setattr("annotate.engines.dask.PATIENCE", 1)
            crew.give(2, ["sleep"])
            process.stdin.write("\n")
            process.stdin.flush()
            with pytest.raises(ClusterUnreachable, match="no worker for 1 s"):
                outcomes(crew, 1)
            process.kill()
            with pytest.raises(ClusterUnreachable, match="scheduler is lost"):
                outcomes(crew, 1)


def test_the_command_starts_a_cluster_of_its_own(tmp_path: Path) -> None:
    archive(tmp_path / "in", 30)
    done = cli(tmp_path, "mark", "in", "-o", "out", "--engine", "dask", "--jobs", "1", "--json")
    assert done.returncode == EXIT_PARTIAL, done.stderr
    assert json.loads(done.stdout)["documents"] == 29
    assert done.stderr == ""
    mark_archive([tmp_path / "in"], str(tmp_path / "here"))
    assert in_order(tmp_path / "out", "attributions") == in_order(tmp_path / "here", "attributions")
    report = sample(tmp_path / "out", str(tmp_path / "tasks.jsonl"), 10)
    assert len(report.drawn) == 10
    done = cli(tmp_path, "mark", "in", "-o", "out", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", "--json")
    assert json.loads(done.stdout)["resumed"] == 8, "nothing is left to do, and no cluster is asked for"


def test_any_file_system(tmp_path: Path) -> None:
    made = archive(tmp_path / "in", 40)
    memory = fsspec.filesystem("memory")
    memory.put(f"{made}/", "/archive/in/", recursive=True)
    report = mark_on_cluster(["memory://archive/in"], "memory://archive/out", ArchiveOptions())
    assert report.counts.documents == 39
    memory.get("/archive/out/", f"{tmp_path}/out/", recursive=True)
    mark_on_cluster([f"file://{made}"], f"file://{tmp_path}/file", ArchiveOptions())
    for name, data in contents(tmp_path / "file").items():
        if name != "rejects.jsonl":  # its places are addresses
            assert contents(tmp_path / "out")[name] == data
    assert rejects(tmp_path / "out")[0]["place"] == "memory:///archive/in/a.parquet, line 4"
    assert not memory.exists("/archive/out/_state/receipts")
    with pytest.raises(InputError, match="another option dedupe"):
        mark_on_cluster(["memory://archive/in"], "memory://archive/out", ArchiveOptions(dedupe=True))


def test_a_row_group_of_many_rows_is_read_in_pieces(tmp_path: Path) -> None:
    made = archive(tmp_path / "in", 90, group=1000)
    mark_on_cluster([str(made)], str(tmp_path / "out"), ArchiveOptions(shard=2))
    mark_archive([made], str(tmp_path / "here"))
    assert len(list((tmp_path / "out" / "attributions").iterdir())) == 6
    for table in ("attributions", "documents"):
        assert rows(tmp_path / "out", table) == rows(tmp_path / "here", table)
    assert rejects(tmp_path / "out") == [
        {**one, "place": f"file://{one['place']}"} for one in rejects(tmp_path / "here")
    ]


def test_what_cannot_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotate.engines.dask.PATIENCE", 1)
    made = archive(tmp_path / "in", 10)
    with pytest.raises(ClusterUnreachable, match="no Dask scheduler"):
        mark_on_cluster([str(made)], str(tmp_path / "out"), ArchiveOptions(), scheduler="tcp://127.0.0.1:9")
    with pytest.raises(InputError, match="holds no Parquet file"):
        mark_on_cluster([str(tmp_path / "no")], str(tmp_path / "out"), ArchiveOptions())
    with pytest.raises(InputError, match="into a folder"):
        mark_on_cluster([str(made)], str(tmp_path / "o.jsonl"), ArchiveOptions())
    (tmp_path / "in" / "c.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(InputError, match="not a sound Parquet file"):
        mark_on_cluster([str(made)], str(tmp_path / "other"), ArchiveOptions())
