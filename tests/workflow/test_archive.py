"""An archive is marked the same by one process and by many, and wholly, whatever happens on the way."""

import json
import os
import signal
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotate.articles import read_documents
from annotate.errors import EXIT_FAILED, EXIT_OK, EXIT_PARTIAL, AtribusiError, InputError
from annotate.export.chunks import as_chunks
from annotate.export.columns import COLUMNS
from annotate.export.flatten import flatten
from annotate.marking import Marker, describe
from annotate.records import DocumentRecord
from annotate.workflow.archive import ArchiveOptions, mark_archive
from annotate.workflow.archive.judge import Judge
from annotate.workflow.archive.scans import Scan
from annotate.workflow.mark import ReadOptions, mark_to_file
from annotate.workflow.premarks import premark_rows
from tests.workflow.archives import PEOPLE, articles, cli, contents, jsonl, rejects, rows, start, write

SEEDS = Path(__file__).parent.parent.parent / "seeds"
BROKEN = b'{"id": "x1", "text": ""}\n{"id": "x2"\n{"id": "x3", "text": "a\\u0000b"}\n{"id": "x4", "body": 5}\n'


def test_rows_are_the_analysts_columns(tmp_path: Path) -> None:
    report = mark_archive([SEEDS], str(tmp_path / "out"), ArchiveOptions(shard=2))
    expected = []
    for document in read_documents([SEEDS]):
        made = premark_rows(Marker().mark(document), describe=describe)
        record = DocumentRecord(
            doc_id=document.doc_id, text_sha256=document.text_sha256, text=document.text, title=document.title,
            url=document.url, outlet=document.outlet, published_at=document.published_at, commit_id="",
        )  # fmt: skip
        for chunk in as_chunks([(record, made)]):
            nothing_left_out = dict.fromkeys(("premarks_left_out", "filtered_out"), pa.array([0]))
            attributions, _ = flatten(chunk, None, nothing_left_out)
            expected += attributions.to_pylist()
    found = rows(tmp_path / "out")
    assert found == expected
    assert list(found[0]) == [column.name for column in COLUMNS]
    assert {row["status"] for row in found} == {"premark"}
    assert {row["version"] for row in found} == {None}
    documents = rows(tmp_path / "out", "documents")
    assert [row["doc_id"] for row in documents] == [one.doc_id for one in read_documents([SEEDS])]
    assert sum(row["attributions"] for row in documents) == len(found) == report.counts.attributions
    assert (tmp_path / "out" / "columns.csv").is_file()
    assert rejects(tmp_path / "out") == []


def test_what_comes_out_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    made = articles(60)
    (tmp_path / "a.jsonl").write_bytes(jsonl(made[:40]) + BROKEN + jsonl(made[40:] + made[:3]))
    for jobs in (0, 2):
        options = ArchiveOptions(tasks=True, shard=7, jobs=jobs)
        report = mark_archive([tmp_path / "a.jsonl"], str(tmp_path / f"out{jobs}"), options)
        assert (report.counts.documents, report.counts.repeated, report.counts.rejected) == (60, 3, 4)
    assert contents(tmp_path / "out0") == contents(tmp_path / "out2")
    assert len(contents(tmp_path / "out2")) == 3 * 10 + 2
    ids = [row["doc_id"] for row in rows(tmp_path / "out2", "documents")]
    assert ids == [row["id"] for row in made]


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.csv", "a.json", "a.parquet", "a.jsonl.gz", "a.csv.bz2", "a.jsonl.xz", "a.jsonl.zst"]
)
def test_every_form_of_archive_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    made = articles(20)
    write(tmp_path / name, made)
    report = mark_archive([tmp_path / name], str(tmp_path / "out"), ArchiveOptions(shard=6))
    assert report.shards == 4
    assert [row["doc_id"] for row in rows(tmp_path / "out", "documents")] == [row["id"] for row in made]
    speakers = {row["doc_id"]: row["speaker"] for row in rows(tmp_path / "out")}
    assert speakers == {row["id"]: PEOPLE[n % 4] for n, row in enumerate(made) if n % 7}


def test_a_folder_of_all_sorts_is_one_archive(tmp_path: Path) -> None:
    made = articles(40)
    folder = tmp_path / "arsip"
    folder.mkdir()
    for n, name in enumerate(["a.jsonl.gz", "b.csv", "c.parquet", "d.jsonl.zst"]):
        write(folder / name, made[n * 9 : n * 9 + 9])
    (folder / "e").mkdir()
    for row in made[36:]:
        (folder / "e" / f"{row['id']}.txt").write_text(row["text"])
    (folder / "g.json").write_text(json.dumps({"text": "Satu saja."}))
    (folder / "h.pdf").write_bytes(b"%PDF-1.4")
    report = mark_archive([folder], str(tmp_path / "out"), ArchiveOptions(shard=8))
    assert report.counts.rejected == 0
    ids = [row["doc_id"] for row in rows(tmp_path / "out", "documents")]
    assert ids == [*(r["id"] for r in made[:36]), *(f"e/{r['id']}.txt" for r in made[36:]), "g.json"]


@pytest.mark.parametrize("name", ["tasks.jsonl", "tasks.json"])
def test_tasks_of_many_processes_are_those_of_one(tmp_path: Path, name: str) -> None:
    write(tmp_path / "a.jsonl", articles(30))
    mark_to_file([SEEDS, tmp_path / "a.jsonl"], str(tmp_path / name))
    before = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    options = ArchiveOptions(rows=None, tasks=True, shard=9)
    mark_archive([SEEDS, tmp_path / "a.jsonl"], str(tmp_path / name), options)
    assert (tmp_path / name).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", name], "nothing else is left"


def test_one_file_of_rows_holds_what_the_parts_hold(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(articles(20)) + BROKEN)
    mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "out"), ArchiveOptions(shard=6))
    mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "o.jsonl"), ArchiveOptions(rows="jsonl", shard=6))
    mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "o.parquet"), ArchiveOptions(shard=6))
    expected = rows(tmp_path / "out")
    assert [json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()] == expected
    assert pq.read_table(tmp_path / "o.parquet").to_pylist() == expected
    assert rejects(tmp_path) == rejects(tmp_path / "out")
    with pytest.raises(InputError, match="cannot hold"):
        mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "o.json"), ArchiveOptions())
    with pytest.raises(InputError, match="has none of"):
        mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "o.csv"), ArchiveOptions())
    mark_archive([tmp_path / "a.jsonl"], f"{tmp_path}/o.2026/", ArchiveOptions(shard=6))
    assert contents(tmp_path / "o.2026") == contents(tmp_path / "out")


@pytest.mark.parametrize("output", ["o.jsonl", "out"])
def test_no_half_file_stays_behind(tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.jsonl", articles(12))
    options = ArchiveOptions(rows="jsonl", shard=6)
    with monkeypatch.context() as patch:
        patch.setattr("annotate.workflow.archive.target.Target.finish", lambda *_: None)  # killed before the end
        mark_archive([tmp_path / "a.jsonl"], str(tmp_path / output), options)
    (work,) = (path for path in tmp_path.iterdir() if path.is_dir())
    for half in (f".{output}.x1", "_state/receipts/.000000.json.x1", "attributions/.part-000000.jsonl.x1"):
        (work / half).write_text("half")
    mark_archive([tmp_path / "a.jsonl"], str(tmp_path / output), options)
    assert not list(tmp_path.rglob(".*"))
    mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "calm"), options)
    whole = contents(tmp_path / "calm")
    if output == "out":
        assert contents(tmp_path / output) == whole
    else:
        rows_of = (data for name, data in whole.items() if name.startswith("attributions/"))
        assert (tmp_path / output).read_bytes() == b"".join(rows_of)


def test_broken_articles_are_listed_and_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(BROKEN + jsonl(articles(5)))
    (tmp_path / "b.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    done = cli(tmp_path, "mark", "a.jsonl", "b.jsonl.gz", "-o", "out", "--jobs", "2", "--json")
    assert done.returncode == EXIT_PARTIAL
    assert json.loads(done.stdout)["rejected"] == 5
    found = rejects(tmp_path / "out")
    assert [(one["place"], one["field"]) for one in found] == [
        ("a.jsonl, line 1", "text"), ("a.jsonl, line 2", None), ("a.jsonl, line 3", "text"),
        ("a.jsonl, line 4", "body"), ("b.jsonl.gz", None),
    ]  # fmt: skip
    assert all(one["reason"] for one in found)
    assert "empty" in found[0]["reason"]
    assert len(rows(tmp_path / "out", "documents")) == 5


def test_an_id_with_two_texts_is_a_reject_that_names_both_places(tmp_path: Path) -> None:
    first, *others = articles(12)
    other = {**first, "text": "Lain sama sekali."}
    (tmp_path / "a.jsonl").write_bytes(jsonl([first, *others, other, first]))
    report = mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "out"), ArchiveOptions(shard=5))
    assert (report.counts.documents, report.counts.repeated, report.counts.rejected) == (12, 1, 1)
    (reject,) = rejects(tmp_path / "out")
    assert reject["place"].endswith("a.jsonl, line 13")
    assert reject["reason"].endswith("a.jsonl, line 1")


def test_hostile_articles_cost_themselves_alone(tmp_path: Path) -> None:
    made = articles(30)
    for n, word in ((4, "BUNUH"), (5, "GALAT"), (17, "DIAM"), (18, "SEKALI")):
        made[n]["text"] += f" {word}"
    write(tmp_path / "a.jsonl", made)
    done = cli(
        tmp_path, "mark", "a.jsonl", "-o", "out", "--jobs", "2", "--shard-size", "10", "--time-limit", "2", hostile=True
    )
    assert done.returncode == EXIT_PARTIAL, done.stderr
    found = {one["place"]: one["reason"] for one in rejects(tmp_path / "out")}
    assert list(found) == ["a.jsonl, line 5", "a.jsonl, line 6", "a.jsonl, line 18"]
    assert "SIGKILL" in found["a.jsonl, line 5"]
    assert "RecursionError" in found["a.jsonl, line 6"]
    assert "longer than 2 s" in found["a.jsonl, line 18"]
    assert (tmp_path / "once").exists(), "a process was killed over an article that is sound"
    expected = [row["id"] for n, row in enumerate(made) if n not in (4, 5, 17)]
    assert [row["doc_id"] for row in rows(tmp_path / "out", "documents")] == expected


def killed(tmp_path: Path, how: signal.Signals, *arguments: str) -> dict[str, int]:
    """Ends a run when some shards are finished; gives the parts that were there and when they were written."""
    process = start(tmp_path, *arguments, hostile=True, start_new_session=True)
    receipts = tmp_path / "out" / "_state" / "receipts"
    deadline = time.monotonic() + 120
    while not receipts.is_dir() or len([one for one in receipts.iterdir() if one.suffix == ".json"]) < 3:
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    if how == signal.SIGINT:
        os.killpg(process.pid, how)
    else:
        os.kill(process.pid, how)
    _, err = process.communicate()  # to the end of the last of them: workers see that their parent is gone
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert err.strip().count("\n") == 0, err
        assert "interrupted" in err
    done = {path.stem for path in receipts.iterdir() if not path.name.startswith(".")}
    parts = tmp_path / "out" / "attributions"
    return {f"part-{shard}.parquet": (parts / f"part-{shard}.parquet").stat().st_mtime_ns for shard in done}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_ended_goes_on_and_does_nothing_twice(
    tmp_path: Path, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = articles(120)
    for row in made[50:]:
        row["text"] += " TUNGGU"  # for the end of the run
    (tmp_path / "a.jsonl").write_bytes(jsonl(made[:60]) + BROKEN + jsonl(made[60:] + made[:2]))
    arguments = ("mark", "a.jsonl", "-o", "out", "--jobs", "2", "--shard-size", "10")
    finished = killed(tmp_path, how, *arguments)
    assert 3 <= len(finished) < 13
    monkeypatch.chdir(tmp_path)
    report = mark_archive(["a.jsonl"], "out", ArchiveOptions(shard=10))
    assert (report.counts.documents, report.counts.repeated, report.counts.rejected) == (120, 2, 4)
    assert report.resumed == len(finished)
    parts = tmp_path / "out" / "attributions"
    assert {name: (parts / name).stat().st_mtime_ns for name in finished} == finished, "written once"
    mark_archive(["a.jsonl"], "whole", ArchiveOptions(shard=10))
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    done = cli(tmp_path, *arguments, "--json")
    assert done.returncode == EXIT_PARTIAL
    assert json.loads(done.stdout) == {**report.as_dict(), "resumed": report.shards}


def test_a_run_goes_on_from_the_same_inputs_and_options_only(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", articles(30))
    write(tmp_path / "b.jsonl", articles(3))
    begun = tmp_path / "out"
    mark_archive([tmp_path / "a.jsonl"], str(begun), ArchiveOptions(shard=10))
    before = contents(begun)
    for inputs, options, said in (
        (["a.jsonl", "b.jsonl"], ArchiveOptions(shard=10), r"other inputs: .*b\.jsonl is new"),
        (["b.jsonl"], ArchiveOptions(shard=10), r"a\.jsonl is gone; .*b\.jsonl is new"),
        (["a.jsonl"], ArchiveOptions(shard=11), r"another option shard \(10, not 11\)"),
        (["a.jsonl"], ArchiveOptions(shard=10, tasks=True), "another option tasks"),
        (["a.jsonl"], ArchiveOptions(shard=10, reading=ReadOptions(replace_invalid=True)), "replace_invalid"),
    ):
        with pytest.raises(InputError, match=said):
            mark_archive([tmp_path / name for name in inputs], str(begun), options)
    os.utime(tmp_path / "a.jsonl", (1, 1))
    with pytest.raises(InputError, match=r"a\.jsonl has changed"):
        mark_archive([tmp_path / "a.jsonl"], str(begun), ArchiveOptions(shard=10))
    assert contents(begun) == before


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", articles(3))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "catatan.txt").write_text("penting")
    done = cli(tmp_path, "mark", "a.jsonl", "-o", "out")
    assert done.returncode == EXIT_FAILED
    assert "holds other files" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["catatan.txt"]


def test_two_runs_do_not_write_to_one_place(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [{"id": "1", "text": "DIAM"}])
    arguments = ("mark", "a.jsonl", "-o", "out", "--jobs", "1")
    with start(tmp_path, *arguments, hostile=True) as first:
        while not (tmp_path / "out" / "manifest.json").exists():
            assert first.poll() is None, first.communicate()
            time.sleep(0.02)
        with pytest.raises(AtribusiError, match="another run is at work here"):
            mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "out"))
        first.kill()


def test_standard_input_is_an_archive_too_but_not_twice(tmp_path: Path) -> None:
    process = start(tmp_path, "mark", "-", "-o", "out", "--jobs", "1", stdin=-1)
    process.communicate(jsonl(articles(5)).decode())
    assert process.returncode == EXIT_OK
    assert len(rows(tmp_path / "out", "documents")) == 5
    with pytest.raises(InputError, match="standard input cannot be read again"):
        mark_archive(["-"], str(tmp_path / "out"))


def test_nothing_to_read_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n\n")
    done = cli(tmp_path, "mark", "a.jsonl", "-o", "out")
    assert done.returncode == EXIT_FAILED
    assert "no article here" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_scan_is_kept_and_judged_as_it_was(tmp_path: Path) -> None:
    found = [(bytes([n]) * 16, bytes([n % 3]) * 16, f"berkas {n // 4}.jsonl", n) for n in (0, 1, 2, 3, 4, 1, 4)]
    scan = Scan.of(found)
    assert list(Scan.unpacked(scan.packed())) == list(scan) == found
    judge = Judge()
    kinds = [verdict and verdict.kind for verdict in judge.judge(scan)]
    judge.close()
    assert kinds == [None, None, None, None, None, "repeated", "repeated"]
