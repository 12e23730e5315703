"""How long an export takes, beside what pandas and pyarrow take to write the same frame.

    python benchmarks/export_speed.py [ROWS …] [--formats parquet csv] [--rounds 3] [--at FOLDER]

For each number of attributions (ten in a document) an invented dataset is committed to Delta tables. `export` is the
whole of `annotate.workflow.export.export`: reading those tables, selecting, flattening, the sentences around each
content, guarding of cells, the file, `documents.csv` and the dictionary. It stands beside `DataFrame.to_csv`,
`DataFrame.to_parquet` and `pyarrow.parquet.write_table`, which get the finished frame and do nothing but write it. All
Parquet is with zstd at its usual level. Ours is in groups of some 40,000 rows, with dictionaries for what repeats, and
with statistics of numbers and of `doc_id`; theirs in groups of a million, with dictionaries and statistics for all, as
pyarrow does by itself. Each runs in a process of its own, in turn with the others, round after round; the least of each
is told, and the ratios of the rounds with the one in the middle, since a host's speed changes from minute to minute.

CSV, on a machine of two cores that did nothing else, November 2026, with rows that were all alike (direct, with a vote
each), seconds on the clock / of processor time:

                    100,000 rows                  1,000,000 rows (run once)
    export csv      1.10 / 1.47   0.25 x pandas   13.4 / 14.2   0.30 x pandas     438 MiB
    pandas csv      4.32 / 4.25                   44.2 / 41.0

Parquet, later, with the rows of all kinds that are made here now, alone on the machine, three rounds (six for a
million), in an hour in which the host's speed changed by a half:

                    10,000 rows          100,000 rows         1,000,000 rows
    export parquet  0.32 / 0.31 258 MiB  1.17 / 1.66 429 MiB  8.45 / 11.8 552 MiB
    pyarrow parquet 0.05 / 0.05          0.65 / 0.64          3.95 / 3.79
    by the clock    3.0 6.1 6.8          1.4 2.0 2.4          1.6 2.1 2.1 2.2 2.2 2.8   x pyarrow
                    3.4 3.6 4.9          1.8 2.2 2.7          1.5 1.9 1.9 2.0 2.2 2.2   x pandas' `to_parquet`

Six more rounds of a million, alone on the machine, took 1.5, 1.8, 1.9, 2.1, 2.2 and 2.5 times as long as pyarrow, and
1.4, 1.6, 1.7, 1.9, 2.0 and 2.5 times as long as pandas: of all twelve the middle is 2.1 and 1.9. In turn with the
version before, a million took 16.8 against 22.4 and 18.6 against 25.0 s of processor time, and 10.6 against 18.1 and
10.9 against 21.4 s by the clock, while a little else ran.
"""

import argparse
import hashlib
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pandas as pd
import pyarrow.parquet as pq

from annotate.dataset import Dataset, DocumentChange, Recipe
from annotate.records import AttributionRecord, DocumentRecord
from annotate.workflow.export import export

EACH = 10  # attributions of a document
KINDS = ("direct", "indirect", "indirect", "mixed", "direct", "indirect")
CONTENTS = {"direct": "“Kami {},”", "indirect": "bahwa {}", "mixed": "mereka “{}” lagi"}
PLAIN = {"parquet": ("pyarrow parquet", "pandas parquet"), "csv": ("pandas csv",)}  # what each stands beside
SYLLABLES = [a + b for a in "bcdghjklmnprst" for b in "aiueo"]
WORDS = ["".join(random.Random(n).choices(SYLLABLES, k=2 + n % 3)) for n in range(20_000)]


def document(number: int) -> tuple[dict[str, object], list[dict[str, object]]]:
    """An invented article with ten attributions of all kinds, of some 1,900 characters."""
    chance = random.Random(number)
    text, rows, doc_id = f"Kabar nomor {number} dari kota\n\n", [], f"berita/{number:08}"
    people = ["ani@contoh.id", "budi@contoh.id", "citra@contoh.id"]
    for n in range(EACH):
        kind = KINDS[n % len(KINDS)]
        name = f"Dewi Lestari{(number * 7 + n) % 997}" if n % 4 else "seorang warga"
        start = len(text)
        content = CONTENTS[kind].format(" ".join(chance.choices(WORDS, k=12)))
        text += f"{content} kata {name}, camat setempat. Hujan {' '.join(chance.choices(WORDS, k=14))}.\n"
        cue = start + len(content) + 1
        row: dict[str, object] = {
            "attribution_id": f"at-{number:08}-{n}", "doc_id": doc_id, "commit_id": "c1", "type": kind,
            "content": {"start": start, "end": start + len(content), "text": content},
            "sources": [{"start": cue + 5, "end": cue + 5 + len(name), "text": name}],
            "cues": [{"start": cue, "end": cue + 4, "text": "kata"}], "speaker": name if n % 4 else "",
            "cue_kind": "statement", "source_kind": "person" if n % 4 else "unnamed",
            "role": "camat setempat" if n % 2 else None, "depth": 0, "status": "unanimous", "annotators": people,
            "readers": people, "votes": [], "dissent": [], "agreement": 1.0,
            "regions": [
                {"annotation_id": 3 * number + at, "region_id": f"r{n}", "annotator": one}
                for at, one in enumerate(people)
            ],
            "premark_rule": "closing-cue", "premark_confidence": 0.9, "premark_version": "atribusi-0.1",
            "premark_change": ["accepted"],
        }  # fmt: skip
        if n % 3 == 0:  # readers differed
            row |= {
                "status": "majority", "annotators": people[:2], "agreement": 0.75, "regions": row["regions"][:2],
                "votes": [{"field": "type", "value": f'"{kind}"', "annotators": people[:2]}],
                "dissent": [{"field": "type", "value": '"mixed"', "annotators": people[2:]}],
            }  # fmt: skip
        if n % 5 == 4:  # people found it, inside of another report
            row |= {
                "depth": 1, "parent_id": f"at-{number:08}-{n - 1}", "premark_rule": None, "premark_confidence": None,
                "premark_version": None, "premark_change": ["added"],
            }  # fmt: skip
        rows.append(row)
    sha = hashlib.sha256(text.encode()).hexdigest()
    for row in rows:
        row["text_sha256"] = sha
    return {
        "doc_id": doc_id, "text_sha256": sha, "text": text, "title": f"Kabar nomor {number} dari kota",
        "commit_id": "c1", "outlet": f"Harian {number % 17}",
        "published_at": f"20{10 + number % 15}-0{1 + number % 9}-1{number % 10}T10:00:00Z",
        "url": f"https://contoh.id/berita/{number}",
    }, rows  # fmt: skip


def changes(rows: int) -> Iterator[DocumentChange]:
    for number in range(rows // EACH):
        made, found = document(number)
        yield DocumentChange(DocumentRecord(**made), [AttributionRecord(**row) for row in found])


def work(what: str, folder: Path) -> Callable[[], object]:
    """What is measured, ready to run."""
    if what.startswith("export"):
        format = what.removeprefix("export ")
        return lambda: export(folder / "dataset", folder / f"out.{format}", format=format)
    table = pq.read_table(folder / "out.parquet").replace_schema_metadata(None)
    if what == "pyarrow parquet":
        return lambda: pq.write_table(table, folder / "plain.parquet", compression="zstd")
    frame: pd.DataFrame = table.to_pandas()
    if what == "pandas parquet":
        return lambda: frame.to_parquet(folder / "plain.parquet", compression="zstd")
    return lambda: frame.to_csv(folder / "plain.csv", index=False)


def one(what: str, folder: Path) -> None:
    """Prints seconds on the clock, of processor time of all threads, and the most memory in MiB."""
    run = work(what, folder)
    start = time.perf_counter(), time.process_time()
    run()
    spent = time.perf_counter() - start[0], time.process_time() - start[1]
    print(json.dumps([*spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def measure(folder: Path, format: str, rounds: int) -> dict[str, list[list[float]]]:
    """What `one` found, for each thing that is measured, round after round."""
    found: dict[str, list[list[float]]] = {}
    for _ in range(rounds):
        for what in (f"export {format}", *PLAIN[format]):
            command = [sys.executable, __file__, "--one", what, str(folder)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found.setdefault(what, []).append(json.loads(told))
    return found


def made(folder: Path, rows: int) -> Path:
    """The folder, with a dataset of so many attributions in it: the one that is there, or a new one."""
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        Dataset.create(folder / "dataset").commit(
            changes(rows), message="made", author="benchmark", recipe=Recipe("majority/1")
        )
        (folder / "made").touch()
    return folder


def tell(rows: int, format: str, found: dict[str, list[list[float]]]) -> None:
    """Prints the least of each figure, and how many times as long each round took."""
    ours = found[f"export {format}"]
    clock, cpu, memory = (best(values) for best, values in zip((min, min, max), zip(*ours, strict=True), strict=True))
    print(f"{rows:>9,} rows  export {format:<9}{clock:>7.2f} /{cpu:>7.2f}   {memory:>5.0f} MiB")
    for plain in PLAIN[format]:
        least = [min(values) for values in zip(*found[plain], strict=True)]
        by_clock, by_cpu = ([one[n] / other[n] for one, other in zip(ours, found[plain], strict=True)] for n in (0, 1))
        print(
            f"{'':>16}{plain:<16}{least[0]:>7.2f} /{least[1]:>7.2f}   export takes {median(by_clock):.2f} x /"
            f"{median(by_cpu):>5.2f} x as long in the middle round; by the clock "
            + ", ".join(f"{ratio:.2f}" for ratio in sorted(by_clock)),
            flush=True,
        )


def main(arguments: argparse.Namespace) -> None:
    print("Seconds on the clock / of processor time, the least of all rounds; the most memory of a process.")
    for rows in arguments.rows or [10_000, 100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as name:
            folder = made((arguments.at or Path(name)) / str(rows), rows)
            for format in arguments.formats:
                tell(rows, format, measure(folder, format, arguments.rounds))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("rows", type=int, nargs="*", metavar="ROWS", help="default: 10000 100000 1000000")
        parser.add_argument("--formats", nargs="+", choices=PLAIN, default=list(PLAIN))
        parser.add_argument("--rounds", type=int, default=3)
        parser.add_argument("--at", type=Path, metavar="FOLDER", help="keeps the datasets here for the next run")
        main(parser.parse_args())
