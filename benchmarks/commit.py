"""How long `atribusi commit` takes in whole: reading labels, reconciling, working out the fields, writing the version.

    python benchmarks/commit.py [--in FOLDER] [SUBMISSIONS …]        default: 1000 10000
    python benchmarks/commit.py --report docs/commit.md              table, growth and plot, into the page

Makes for each size a dataset of synthetic articles with ten attributions, each labelled by three or four people as
Label Studio gives it: the pre-marks with one of ten edges moved, and the frozen pre-marks beside. Commits it with a
process for each core, and again after 100 articles got another label; reads both versions back. Printed: seconds by
the clock of both commits, CPU time of the first in all processes, and the most memory of all processes together that
they do not share. With `--in` the datasets that were made are kept, so that a large one need be made but once, and so
are those that were committed (`1000-committed`, say); the results are added to `commit-results.jsonl`.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from commit_report import growth, report, table
from scale import memory_of

from annotate.datamodel import Document, MarkedDocument
from annotate.dataset import Dataset
from annotate.labelstudio.tasks import to_task
from annotate.marking import Marker
from annotate.records import AnnotationRecord
from annotate.workflow.commit import commit

PEOPLE = ("ani@example.org", "budi@example.org", "citra@example.org", "dewi@example.org")
NAMES = ("Sutiyem", "Wahyu Wibowo", "Dewi Lestari", "Made Sukarta", "Yohana Rumbiak")
SAYINGS = (
    "“Air mulai surut dan warga sudah boleh pulang,” kata Kepala Dusun {name}, Senin.",
    "Menurut {name}, bantuan sudah dibagikan sejak pagi.",
    "{name} mengatakan bahwa jalan itu akan diperbaiki bulan depan.",
    "“Kami menunggu,” ujar {name}.",
    "{name} membantah dana itu terlambat.",
)


MARKER = Marker()
DISTINCT = 1_000  # articles that are marked; those after them differ from them in their title alone


def article(number: int) -> MarkedDocument:
    like = _marked(number % DISTINCT)
    text = like.document.text.replace(f"{number % DISTINCT:06d}", f"{number:06d}", 1)
    return replace(like, document=Document(f"arsip/{number:06d}", text))


@cache
def _marked(number: int) -> MarkedDocument:
    draw = random.Random(number)
    lines = [draw.choice(SAYINGS).format(name=draw.choice(NAMES)) for _ in range(10)]
    text = f"Kabar dari dusun {number:06d}\n\n" + "\n".join(f"{line} Pasar tetap buka." for line in lines)
    return MARKER.mark(Document(f"arsip/{number:06d}", text))


def labels(marked: MarkedDocument, number: int, people: int, edition: int = 0) -> Iterator[AnnotationRecord]:
    """The annotations of an article as Label Studio gives them."""
    prediction = {"id": number + 1, **to_task(marked)["predictions"][0]}
    text_sha256 = marked.document.text_sha256
    for who in range(people):
        draw = random.Random(f"{number} {who} {edition}")
        result = [_left_or_moved(row, draw) for row in prediction["result"]]
        key = number * 10 + who
        raw = {"id": key + 1, "result": result, "prediction": prediction, "task": number + 1}
        yield AnnotationRecord(
            state_id=f"{key:032x}{edition:032x}",
            server="benchmark",
            project_id=1,
            task_id=number + 1,
            annotation_id=key + 1,
            doc_id=marked.document.doc_id,
            task_text_sha256=text_sha256,
            state="submitted",
            annotator=PEOPLE[who],
            updated_at=f"2026-11-20T10:00:{edition:02d}Z",
            parent_prediction=number + 1,
            prediction_version=marked.marker,
            raw=json.dumps(raw, ensure_ascii=False),
            pulled_at=f"2026-11-20T11:00:{edition:02d}Z",
        )


def _left_or_moved(row: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    if row["type"] == "labels" and draw.random() < 0.1:
        value = {**row["value"], "end": row["value"]["end"] - 1}
        return {**row, "value": value, "origin": "prediction-changed"}
    return row if row["type"] == "relation" else {**row, "origin": "prediction"}


def make(folder: Path, submissions: int) -> None:
    """A dataset that nobody has committed yet."""
    store = Dataset.create(folder)
    made = number = 0
    while made < submissions:
        waiting: list[AnnotationRecord] = []
        articles = []
        while len(waiting) < 5_000 and made + len(waiting) < submissions:
            articles.append(article(number))
            waiting += labels(articles[-1], number, 3 + (number % 3 == 0))
            number += 1
        waiting = waiting[: submissions - made]
        store.keep_documents(marked.document for marked in articles)
        store.append_annotations(waiting, batch_size=5_000)
        made += len(waiting)


def measure(folder: Path, submissions: int) -> dict[str, float]:
    """Commits a copy of the dataset, commits again, and reads both versions back."""
    root = folder.with_name(f"{folder.name}-committed")
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root)
    began = time.perf_counter()
    first = commit(root, message="all", author="benchmark", processes=None).version
    whole = time.perf_counter() - began
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, others = (each.ru_utime + each.ru_stime for each in used)
    few = min(100, submissions // 8)
    store = Dataset.open(root)
    store.append_annotations(one for number in range(few) for one in labels(article(number), number, 1, 1))
    began = time.perf_counter()
    again = commit(root, message="some", author="benchmark", processes=None)
    some = time.perf_counter() - began
    assert again.documents == few
    for version in (first, again.version):
        assert version is not None
        assert sum(rows.num_rows for rows in store.tables(version.version)) == version.attributions
    assert first is not None
    return {
        "submissions": submissions,
        "documents": first.documents,
        "rows": first.attributions,
        "seconds": round(whole, 1),
        "cpu": round(own + others, 1),
        "cpu_of_parent": round(own, 1),
        "again_seconds": round(some, 2),
    }


def run(folder: Path, submissions: int) -> dict[str, float]:
    """One size in a process of its own, and the most memory that it and all below it took without sharing (MiB)."""
    kept = folder / str(submissions)
    if not (kept / "versions").exists():
        make(kept, submissions)
    command = [sys.executable, __file__, "--measure", str(kept), str(submissions)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    most = 0
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess):
            most = max(most, memory_of(process.pid))
        time.sleep(0.5)
    found: dict[str, float] = json.loads(process.communicate()[0])
    return {**found, "memory_mib": round(most / 2**20)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--in", dest="folder", type=Path)
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("commit-results.jsonl"))
    parser.add_argument("--report", type=Path, help="a page that table, growth and plot are written into")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.sizes[0])))
        return
    if given.report:
        report(given.results, given.report)
        return
    with tempfile.TemporaryDirectory() as temporary:
        lines = []
        for size in given.sizes or [1_000, 10_000]:
            lines.append(run(given.folder or Path(temporary), size))
            print(json.dumps(lines[-1]), flush=True)
    print(table(lines))
    print(growth(lines))
    if given.folder:
        with given.results.open("a") as out:
            out.writelines(f"{json.dumps(line)}\n" for line in lines)


if __name__ == "__main__":
    main()
