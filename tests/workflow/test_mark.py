"""`mark` writes tasks that a person can import by hand; `push` reads them again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotate.articles import read_documents
from annotate.errors import InputError, TaskError
from annotate.labelstudio.tasks_check import check_task
from annotate.marking import Marker
from annotate.workflow.mark import mark_to_file
from annotate.workflow.tasks import marked_from_tasks, task_files

SEEDS = Path(__file__).parent.parent.parent / "seeds"


@pytest.mark.parametrize("name", ["tasks.json", "tasks.jsonl"])
def test_tasks_hold_what_was_marked(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    report = mark_to_file([SEEDS], str(out))
    assert report.documents == 3
    text = out.read_text(encoding="utf-8")
    tasks = json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]
    for task in tasks:
        check_task(task)
    marked = [Marker().mark(document) for document in read_documents([SEEDS])]
    assert report.attributions == sum(len(one.attributions) for one in marked)
    assert task_files([out]) == [out]
    again = list(marked_from_tasks([out]))
    assert [one.document for one in again] == [one.document for one in marked]
    for one, other in zip(again, marked, strict=True):
        assert _plain(one) == _plain(other)
        assert one.marker == other.marker


def _plain(marked: object) -> object:
    return [
        (
            (a.content.label, a.content.start, a.content.end, a.speaker),
            sorted((r.start, r.end) for r in a.sources),
            sorted((r.start, r.end) for r in a.cues),
        )
        for a in marked.attributions  # type: ignore[attr-defined]
    ]


def test_articles_are_not_taken_for_tasks(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "\\"data\\" \\"predictions\\""}\n')
    assert task_files([tmp_path / "a.jsonl"]) == []
    assert task_files([tmp_path / "tiada.json"]) == []
    assert task_files([]) == []


def test_a_broken_task_is_named(tmp_path: Path) -> None:
    out = tmp_path / "tasks.json"
    mark_to_file([SEEDS], str(out))
    tasks = json.loads(out.read_text())
    tasks[1]["predictions"][0]["result"][0]["value"]["end"] = 10**7
    out.write_text(json.dumps(tasks))
    with pytest.raises(TaskError, match=r"tasks\.json, task 2"):
        list(marked_from_tasks([out]))
    out.write_text('[{"data": {"text": ')
    with pytest.raises(InputError, match=r"tasks\.json"):
        list(marked_from_tasks([out]))


def test_a_killed_run_leaves_no_half_file(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"id": str(n), "text": f"“Ya,” kata Dewi {n}. " * 200}) + "\n" for n in range(20_000))
    (tmp_path / "a.jsonl").write_text(rows)
    command = [sys.executable, "-c", "from annotate.cli import main; main()", "mark", "a.jsonl", "-o", "t.json"]
    process = subprocess.Popen(command, cwd=tmp_path)
    deadline = time.monotonic() + 60
    part = tmp_path / ".t.json.part"
    while time.monotonic() < deadline and not (part.exists() and part.stat().st_size):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert part.stat().st_size
    assert not (tmp_path / "t.json").exists()


def test_fifty_megabytes_on_one_line_work(tmp_path: Path) -> None:
    telling = "Pasar ramai sejak pagi dan para pedagang membuka lapak di sepanjang jalan menuju alun-alun kota. " * 40
    sentence = "“Harga beras turun,” kata Menteri Pertanian Dewi Lestari. " + telling
    (tmp_path / "besar.txt").write_text(sentence * (50_000_000 // len(sentence.encode()) + 1))
    done = subprocess.run(
        [sys.executable, "-c", "from annotate.cli import main; main()", "mark", "besar.txt", "-o", "t.jsonl"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr
    if done.returncode == 0:
        assert (tmp_path / "t.jsonl").stat().st_size > 50_000_000
    else:
        assert len(done.stderr.strip().splitlines()) == 1
        assert " — " in done.stderr
