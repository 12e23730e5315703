"""How long `atribusi commit` takes in whole: reading labels, reconciling, working out the fields, writing the version.

`python benchmarks/commit.py [SUBMISSIONS…]` makes for each size a dataset of synthetic articles with ten attributions,
each labelled by three or four people who differ at some edges, commits it, and commits again after 100 articles got
another label. It prints the seconds of both, the CPU time of the first, and the peak of memory.
"""

import copy
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from math import log
from pathlib import Path

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


def article(number: int) -> MarkedDocument:
    draw = random.Random(number)
    lines = [draw.choice(SAYINGS).format(name=draw.choice(NAMES)) for _ in range(10)]
    text = f"Kabar dari dusun {number}\n\n" + "\n".join(f"{line} Pasar tetap buka." for line in lines)
    return Marker().mark(Document(f"arsip/{number:06d}", text))


def labels(marked: MarkedDocument, number: int, who: int, edition: int = 0) -> AnnotationRecord:
    """One person's annotation as Label Studio gives it: the pre-marks with some edges moved, and a frozen copy."""
    draw = random.Random(f"{number} {who} {edition}")
    prediction = to_task(marked)["predictions"][0]
    result = copy.deepcopy(prediction["result"])
    for row in result:
        if row["type"] != "relation":
            row["origin"] = "prediction"
        if row["type"] == "labels" and draw.random() < 0.1:
            row["value"]["end"] -= 1
            row["origin"] = "prediction-changed"
    key = number * 10 + who
    return AnnotationRecord(
        state_id=f"{key:032x}{edition:032x}",
        server="benchmark",
        project_id=1,
        task_id=number + 1,
        annotation_id=key + 1,
        doc_id=marked.document.doc_id,
        task_text_sha256=marked.document.text_sha256,
        state="submitted",
        annotator=PEOPLE[who],
        updated_at=f"2026-11-20T10:00:{edition:02d}Z",
        parent_prediction=number + 1,
        prediction_version=marked.marker,
        raw=json.dumps(
            {"id": key + 1, "result": result, "prediction": {"id": number + 1, **prediction}, "task": number + 1},
            ensure_ascii=False,
        ),
        pulled_at=f"2026-11-20T11:00:{edition:02d}Z",
    )


def submissions(count: int) -> Iterator[AnnotationRecord]:
    made = number = 0
    while made < count:
        marked = article(number)
        for who in range(3 + (number % 3 == 0)):
            yield labels(marked, number, who)
            made += 1
        number += 1


def run(count: int) -> tuple[float, float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        store = Dataset.create(Path(folder) / "dataset")
        store.keep_documents(article(number).document for number in range(count // 3 + 1))
        store.append_annotations(submissions(count))
        began, cpu = time.perf_counter(), time.process_time()
        commit(store.root, message="all", author="benchmark")
        whole, cpu = time.perf_counter() - began, time.process_time() - cpu
        few = min(100, count // 4)
        store.append_annotations(labels(article(number), number, 0, 1) for number in range(few))
        began = time.perf_counter()
        commit(store.root, message="some", author="benchmark")
        return whole, cpu, time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 10_000]
    print(f"{'submissions':>11} {'commit s':>9} {'cpu s':>7} {'ms each':>8} {'100 more s':>11} {'peak MiB':>9}")
    times = []
    for size in sizes:
        whole, cpu, again, peak = run(size)
        times.append(cpu)
        print(f"{size:11,} {whole:9.1f} {cpu:7.1f} {cpu / size * 1000:8.2f} {again:11.2f} {peak:9.0f}")
    for n in range(1, len(sizes)):
        slope = log(times[n] / times[n - 1]) / log(sizes[n] / sizes[n - 1])
        print(f"slope of CPU time from {sizes[n - 1]:,} to {sizes[n]:,}: {slope:.2f}")


if __name__ == "__main__":
    main()
