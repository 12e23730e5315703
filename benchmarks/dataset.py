"""How long the dataset takes, and how much memory, from 1,000 to 100,000 submissions.

`python benchmarks/dataset.py [SUBMISSIONS…]` makes for each size a dataset, in a process of its own, with 3.3
submissions a document and ten attributions a submission, all kept as rows of their own (a merge would leave fewer). It
prints the seconds of appending the annotations, of the first commit without making its records (its CPU time, too, for
a machine that is busy), of an incremental commit of 100 documents, of reading, and the peak of memory.
"""

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from math import log

from annotate.dataset import Basis, Dataset, DocumentChange, Recipe
from annotate.records import AnnotationRecord, AttributionRecord, DocumentRecord, RegionRef, SpanRecord, Vote

RECIPE = Recipe(merge_rules="majority/1")
SENTENCE = "“Air mulai surut dan warga sudah boleh pulang,” kata Kepala Dusun Wahyu Wibowo, Senin. "
TEXT = SENTENCE * 40
ANNOTATORS = [f"{name}@contoh.id" for name in ("ani", "budi", "citra")]
RAW = json.dumps(
    {"result": [{"id": f"r{n}", "value": {"start": n, "end": n + 9, "text": SENTENCE}} for n in range(50)]}
)


def document(number: int) -> DocumentRecord:
    text = f"Judul {number}\n\n{TEXT}"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return DocumentRecord(
        doc_id=f"arsip/{number * 7919 % 100_003:06d}", text_sha256=sha256, text=text, outlet="Kabar", commit_id="-"
    )


def span(text: str, start: int, end: int) -> SpanRecord:
    return SpanRecord(start=start, end=end, text=text[start:end])


def change(number: int, rows: int, longer: int = 0) -> DocumentChange:
    of = document(number)
    attributions = []
    for row in range(rows):
        at = of.text.index("“") + len(SENTENCE) * row
        attributions.append(
            AttributionRecord(
                attribution_id=f"{of.doc_id}#{row}",
                doc_id=of.doc_id,
                text_sha256=of.text_sha256,
                commit_id="-",
                type="direct",
                content=span(of.text, at, at + 46 + longer),
                sources=[span(of.text, at + 52, at + 77)],
                cues=[span(of.text, at + 47, at + 51)],
                speaker="Wahyu Wibowo",
                status="majority",
                annotators=ANNOTATORS[:2],
                readers=ANNOTATORS,
                votes=[Vote(field=name, value='"x"', annotators=ANNOTATORS) for name in ("type", "speaker")],
                regions=[RegionRef(annotation_id=n, region_id="r1", annotator=ANNOTATORS[n]) for n in range(3)],
                agreement=0.9,
            )
        )
    return DocumentChange(of, attributions)


def annotations(submissions: int, documents: int, edition: int = 1) -> Iterator[AnnotationRecord]:
    sha256 = document(0).text_sha256
    for number in range(submissions):
        yield AnnotationRecord(
            state_id=hashlib.sha256(f"{number} {edition}".encode()).hexdigest(),
            server="http://127.0.0.1:8080",
            project_id=1,
            task_id=number % documents,
            annotation_id=number,
            doc_id=f"arsip/{number % documents * 7919 % 100_003:06d}",
            task_text_sha256=sha256,
            state="submitted",
            annotator=ANNOTATORS[number % 3],
            raw=RAW,
            updated_at=f"2026-01-22T0{edition}:00:00Z",
            pulled_at=f"2026-01-23T0{edition}:00:00Z",
        )


def measure(submissions: int) -> dict[str, float]:
    """Seconds of each step for one size, and the peak of memory in GiB."""
    documents = max(1, submissions * 3 // 10)
    rows = submissions * 10 // documents
    seconds: dict[str, float] = {"submissions": submissions}
    with tempfile.TemporaryDirectory() as folder:
        dataset = Dataset.create(folder)
        clock = time.perf_counter()

        def lap(step: str) -> None:
            nonlocal clock
            now = time.perf_counter()
            seconds[step] = round(now - clock, 2)
            clock = time.perf_counter()

        made = made_cpu = 0.0

        def first(_: Basis) -> Iterator[DocumentChange]:
            nonlocal made, made_cpu
            for number in range(documents):
                began, cpu = time.perf_counter(), time.process_time()
                each = change(number, rows)
                made += time.perf_counter() - began
                made_cpu += time.process_time() - cpu
                yield each

        dataset.append_annotations(annotations(submissions, documents))
        lap("append")
        cpu = time.process_time()
        dataset.commit(first, message="first", author="benchmark", recipe=RECIPE)
        lap("commit")
        seconds["commit"] = round(seconds["commit"] - made, 2)
        seconds["commit, CPU"] = round(time.process_time() - cpu - made_cpu, 2)
        changed = list(range(0, documents, max(1, documents // 100)))[:100]
        dataset.append_annotations(
            record for number, record in enumerate(annotations(documents, documents, 2)) if number in set(changed)
        )
        lap("append 100")

        def second(basis: Basis) -> Iterator[DocumentChange]:
            found = list(basis.readings(basis.stale_documents()))
            assert len(found) == len(changed)
            return (change(number, rows, longer=1) for number in changed)

        dataset.commit(second, message="second", author="benchmark", recipe=RECIPE)
        lap("commit 100")
        assert sum(table.num_rows for table in dataset.tables(1)) == documents * rows
        lap("read first version")
        assert sum(1 for _ in dataset.annotations()) == submissions
        lap("read annotations")
    seconds["GiB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
    return seconds


def main(sizes: list[int]) -> None:
    results = []
    for size in sizes:
        command = [sys.executable, __file__, "--one", str(size)]
        results.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        if len(results) == 1:
            print(" ".join(f"{name:>18}" for name in results[0]))
        print(" ".join(f"{value:>18}" for value in results[-1].values()), flush=True)
    if len(results) > 1:
        growth = log(results[-1]["commit, CPU"] / results[0]["commit, CPU"]) / log(sizes[-1] / sizes[0])
        print(f"growth of the commit's CPU time, as a power of the submissions: {growth:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000])
