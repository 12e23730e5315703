"""Archives of 10 thousand to 1 million articles: time, memory and disk, one process and two, copies, Dask.

    python benchmarks/scale.py [ARTICLES …] [--jobs 1 2] [--dedupe] [--dask] [--at FOLDER] [--results FILE]
    python benchmarks/scale.py --report docs/scale.md [--results FILE]

The archive comes from `scale_archive.py`. Each run is the command itself, `atribusi mark ARCHIVE -o FOLDER`; a line
with what it took is added to the results (JSON lines): runs of different sizes can be made at different times.

* `cpu_us`: processor time of all processes for each article, in microseconds; on a machine that does other work
  besides, compare these, and not seconds;
* `memory_mib`: the largest sum, at any time, of the memory that the processes do not share (USS);
* `--dedupe`: also, which of the planted copies were found, by kind, and how many articles were linked that are none;
* `--dask`: the archive as Parquet, through a local cluster of two workers.

`--report` writes table, growth and ratio into the page, between its marks, and the plot beside it.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from scale_archive import distinct_sentences, write

ROOT = Path(__file__).parent.parent
MARKS = ("<!-- figures: written by benchmarks/scale.py -->", "<!-- end of figures -->")


def memory_of(pid: int) -> int:
    """Bytes that a process and all below it do not share with others."""
    total = 0
    for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        try:
            total += process.memory_full_info().uss
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return total


def measured(arguments: list[str]) -> tuple[dict[str, Any], dict[str, float]]:
    """Runs the command; its report, and what it took."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "annotate", *arguments, "--json"], stdout=subprocess.PIPE, text=True
    )
    most = [0]

    def watch() -> None:
        while process.poll() is None:
            try:
                most[0] = max(most[0], memory_of(process.pid))
            except psutil.NoSuchProcess:
                return
            time.sleep(1.0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    out, _ = process.communicate()
    watcher.join()
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode in (0, 3), process.returncode
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(out), {"seconds": seconds, "cpu": cpu, "memory": most[0]}


def run(archive: Path, articles: int, jobs: int, *, dedupe: bool, dask: bool, at: Path) -> dict[str, Any]:
    """One run, as a line of the results."""
    target = at / "out"
    shutil.rmtree(target, ignore_errors=True)
    more = ["--dedupe"] * dedupe + ["--engine", "dask"] * dask
    report, took = measured(["mark", str(archive), "-o", str(target), "--jobs", str(jobs), *more])
    assert report["documents"] + report["copies"] == articles
    line = {
        "articles": articles, "jobs": jobs, "engine": "dask" if dask else "processes", "dedupe": dedupe,
        "attributions": report["attributions"], "seconds": round(took["seconds"], 1),
        "us": round(took["seconds"] / articles * 1e6), "cpu_us": round(took["cpu"] / articles * 1e6),
        "memory_mib": round(took["memory"] / 2**20), "input_mib": round(archive.stat().st_size / 2**20, 1),
        "output_mib": round(sum(p.stat().st_size for p in target.rglob("*") if p.is_file()) / 2**20, 1),
    }  # fmt: skip
    return line | (copies_of(target) if dedupe else {})


def copies_of(target: Path) -> dict[str, Any]:
    """Which planted copies were linked to a print of the same article, by kind; and what else was linked."""
    planted, found, false = Counter[str](), Counter[str](), 0
    for path in sorted((target / "documents").glob("*.parquet")):
        for row in pq.read_table(path, columns=["doc_id", "copy_of"]).to_pylist():
            name, _, kind = row["doc_id"].partition("~")
            kind, _, origin = kind.partition("~")
            right = row["copy_of"] is not None and row["copy_of"].split("~")[-1] == (origin or name)
            planted[kind] += bool(kind)
            found[kind] += bool(kind) and right
            false += row["copy_of"] is not None and not right
    shares = {kind: round(found[kind] / planted[kind], 4) for kind in sorted(planted) if kind}
    every = round(sum(found.values()) / max(1, sum(planted.values())), 4)
    return {"copies_planted": sum(planted.values()), "copies_found": every, **shares, "false_links": false}


def as_parquet(archive: Path, target: Path) -> Path:
    """The archive as Parquet, in row groups of 5,000 articles."""
    writer = None
    with archive.open(encoding="utf-8") as file:
        while rows := [json.loads(line) for _, line in zip(range(5000), file, strict=False)]:
            table = pa.Table.from_pylist(rows)
            writer = writer or pq.ParquetWriter(target, table.schema, compression="zstd")
            writer.write_table(table)
    assert writer is not None
    writer.close()
    return target


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", nargs="*", type=int)
    parser.add_argument("--jobs", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--dedupe", action="store_true")
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--at", type=Path, default=Path("scale-archives"))
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "scale-results.jsonl")
    parser.add_argument("--report", type=Path)
    wanted = parser.parse_args()
    wanted.at.mkdir(parents=True, exist_ok=True)
    for articles in wanted.articles:
        archive = wanted.at / f"archive-{articles}.jsonl"
        if not archive.exists():
            words = write(archive, articles)
            total, distinct = distinct_sentences(archive)
            print(f"{articles} articles, {words} words; of {total} sentences {distinct} are distinct", flush=True)
        plans = [(archive, jobs, False, False) for jobs in wanted.jobs]
        plans += [(archive, max(wanted.jobs or [2]), True, False)] * wanted.dedupe
        if wanted.dask:
            plans.append((as_parquet(archive, archive.with_suffix(".parquet")), 2, False, True))
        for source, jobs, dedupe, dask in plans:
            line = run(source, articles, jobs, dedupe=dedupe, dask=dask, at=wanted.at)
            with wanted.results.open("a") as file:
                file.write(json.dumps(line) + "\n")
            print(json.dumps(line), flush=True)
    if wanted.report:
        from scale_report import report

        report(wanted.results, wanted.report, MARKS)


if __name__ == "__main__":
    main()
