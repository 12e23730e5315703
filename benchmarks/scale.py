"""Archives of 10 thousand to 1 million articles: time, memory and disk, one process and two, copies, Dask.

    python benchmarks/scale.py --at FOLDER                      # the whole series; goes on where it was stopped
    python benchmarks/scale.py 10000 --jobs 1 2 --at FOLDER     # some runs of one size
    python benchmarks/scale.py --report docs/scale.md           # table, findings and plot into the page

The archive comes from `scale_archive.py`, and is kept in FOLDER. Each run is the command itself, `atribusi mark ARCHIVE
-o FOLDER`: JSON lines in (for Dask the same articles as Parquet, through a local cluster), rows as Parquet out. A line
with what it took is added to the results (JSON lines). A run whose line is there already, by the same marker, is not
made again, unless `--again` is said.

* `seconds`: from start to end of the command; `others`: how many cores were taken by other processes meanwhile. Where
  that is not near 0 compare `cpu_us`, and not seconds;
* `cpu_us`: processor time of all processes for each article, in microseconds; `start_s`, `start_cpu_s`: what it takes
  to start so many processes, each for one article. Byte code is there, as where a program is installed;
* `pace_us`: what marking always the same articles took meanwhile, in the process that measures, for each of them. A
  machine is faster in one hour than in another; `cpu_us` by `pace_us` tells what the archive's size costs from that;
* `memory_mib`: the largest sum, of a look every second, of the memory of all processes, what they share counted
  once (PSS);
* `sha256`: of all rows, in the order of the archive: the same for each number of processes and each engine;
* `--dedupe`: also, which of the planted copies were found, by kind, and how many articles were linked that are none.
"""

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from scale_archive import articles as written
from scale_archive import distinct_sentences, write

from annotate.datamodel import Document
from annotate.marking import Marker

ROOT = Path(__file__).parent.parent
MARKS = ("<!-- figures: written by benchmarks/scale.py -->", "<!-- end of figures -->")
GROUP = 1000  # articles of a row group, which Dask makes a shard of


class Run(NamedTuple):
    """One run of the series."""

    articles: int
    engine: str = "processes"
    jobs: int = 2
    dedupe: bool = False

    def arguments(self, archive: Path, target: Path) -> list[str]:
        """The command's own arguments."""
        more = ["--dedupe"] * self.dedupe + ["--engine", self.engine]
        return ["mark", str(archive), "-o", str(target), "--jobs", str(self.jobs), *more]


SERIES = [
    *(Run(10_000, jobs=jobs) for jobs in (1, 2)),
    Run(10_000, "dask"),
    Run(10_000, dedupe=True),
    *(Run(100_000, jobs=jobs) for jobs in (1, 2)),
    Run(100_000, "dask"),
    Run(100_000, dedupe=True),
    Run(1_000_000),
]


def memory_of(pid: int) -> int:
    """Bytes of a process and all below it, with its share of what they have in common."""
    total = 0
    for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        try:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        except OSError:  # ended meanwhile
            continue
        total += sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
    return total


class Pace:
    """How fast the machine is just now: processor time for the same few articles, whose words are known."""

    def __init__(self, articles: int = 20) -> None:
        self._documents = [Document(row["id"], row["text"]) for row in written(articles)]
        self._marker = Marker()
        self.taken: list[float] = []
        for _ in range(10):
            self.look()
        self.taken.clear()

    def look(self) -> None:
        """Marks them twice; the first time brings them back into the processor's caches, and is not counted."""
        for _ in range(2):
            begun = time.thread_time()
            for document in self._documents:
                self._marker.mark(document)
        self.taken.append(time.thread_time() - begun)

    def mean_us(self) -> float:
        """Microseconds for each article, on the mean of all looks."""
        return sum(self.taken) / len(self.taken) / len(self._documents) * 1e6


def measured(arguments: list[str], bytecode: Path) -> tuple[dict[str, Any], dict[str, float]]:
    """Runs the command; its report, and what it took."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    before, began, busy = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), _busy()
    process = subprocess.Popen(
        [sys.executable, "-m", "annotate", *arguments, "--json"], stdout=subprocess.PIPE, text=True, env=environment
    )
    most, pace = [0], Pace()

    def watch() -> None:
        while process.poll() is None:
            pace.look()
            try:
                most[0] = max(most[0], memory_of(process.pid))
            except psutil.NoSuchProcess:
                return
            time.sleep(1.0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    out, _ = process.communicate()
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = _busy() - busy
    watcher.join()
    assert process.returncode in (0, 3), process.returncode
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    others = max(0.0, busy - cpu - 2 * sum(pace.taken)) / seconds
    return json.loads(out), {
        "seconds": seconds,
        "cpu": cpu,
        "memory": most[0],
        "others": others,
        "pace": pace.mean_us(),
    }


def _busy() -> float:
    """Processor seconds that all processes of this machine have taken, and what it was kept waiting for its host."""
    times = psutil.cpu_times()._asdict()
    return float(sum(times.get(name, 0.0) for name in ("user", "nice", "system", "irq", "softirq", "steal")))


def start_of(wanted: Run, at: Path) -> dict[str, float]:
    """What it takes to start so many processes: as many articles, each a shard. The first of two runs compiles."""
    archive = at / f"start-{wanted.jobs}.jsonl"
    write(archive, wanted.jobs)
    if wanted.engine == "dask":
        archive = as_parquet(archive, archive.with_suffix(".parquet"), 1)
    took: dict[str, float] = {}
    for _ in range(2):
        shutil.rmtree(at / "start", ignore_errors=True)
        arguments = [*wanted.arguments(archive, at / "start"), "--shard-size", "1"]
        took = measured(arguments, at / "bytecode")[1]
    return took


def measure(wanted: Run, archive: Path, at: Path) -> dict[str, Any]:
    """One run, as a line of the results."""
    target, start = at / "out", start_of(wanted, at)
    shutil.rmtree(target, ignore_errors=True)
    report, took = measured(wanted.arguments(archive, target), at / "bytecode")
    assert report["documents"] + report["copies"] == wanted.articles
    manifest = json.loads((target / "manifest.json").read_bytes())
    line = {
        **wanted._asdict(), "marker": manifest["marker"], "words": words_of(archive),
        "attributions": report["attributions"], "seconds": round(took["seconds"], 1),
        "cpu_us": round(took["cpu"] / wanted.articles * 1e6), "start_s": round(start["seconds"], 1),
        "start_cpu_s": round(start["cpu"], 1), "pace_us": round(took["pace"], 1),
        "memory_mib": round(took["memory"] / 2**20), "others": round(took["others"], 2),
        "input_mib": round(archive.stat().st_size / 2**20, 1),
        "output_mib": round(sum(p.stat().st_size for p in target.rglob("*") if p.is_file()) / 2**20, 1),
        "sha256": digest_of(target),
    }  # fmt: skip
    return line | (copies_of(target) if wanted.dedupe else {})


def words_of(archive: Path, some: int = 10_000) -> float:
    """Mean number of words of the first articles, headlines included."""
    path = archive.with_suffix(".jsonl")
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for _, line in zip(range(some), file, strict=False)]
    return round(sum(len(f"{row['title']} {row['text']}".split()) for row in rows) / len(rows), 1)


def digest_of(target: Path) -> str:
    """Digest of all rows of attributions, in order."""
    digest = hashlib.sha256()
    for path in sorted((target / "attributions").glob("*.parquet")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


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


def archive_of(wanted: Run, at: Path) -> Path:
    """The archive of a run; made if it is not there."""
    archive = at / f"archive-{wanted.articles}.jsonl"
    if not archive.exists():
        part = archive.with_suffix(".part")
        words = write(part, wanted.articles)
        total, distinct = distinct_sentences(part)
        print(f"{archive}: {words} words; of the first {total} sentences {distinct} are distinct", flush=True)
        part.rename(archive)
    if wanted.engine != "dask":
        return archive
    table = archive.with_suffix(".parquet")
    return table if table.exists() else as_parquet(archive, table, GROUP)


def as_parquet(archive: Path, target: Path, group: int) -> Path:
    """The archive as Parquet, in row groups of so many articles."""
    part, writer = target.with_suffix(".part"), None
    with archive.open(encoding="utf-8") as file:
        while rows := [json.loads(line) for _, line in zip(range(group), file, strict=False)]:
            table = pa.Table.from_pylist(rows)
            writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd")
            writer.write_table(table)
    assert writer is not None
    writer.close()
    return part.rename(target)


def done(results: Path) -> set[Run]:
    """The runs of this marker whose results are there."""
    if not results.exists():
        return set()
    lines, marker = (json.loads(line) for line in results.read_text().splitlines()), Marker().version
    return {Run(*(line[name] for name in Run._fields)) for line in lines if line["marker"] == marker}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", nargs="*", type=int, help="sizes; left out, the whole series is run")
    parser.add_argument("--jobs", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--dedupe", action="store_true")
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--again", action="store_true", help="measure what was measured before, too")
    parser.add_argument("--at", type=Path, help="folder for archives and output; needed to measure")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "scale-results.jsonl")
    parser.add_argument("--report", type=Path, help="page to write table, findings and plot into")
    given = parser.parse_args()
    wanted: list[Run] = [] if given.articles or not given.at else SERIES
    for articles in given.articles:
        wanted += [Run(articles, jobs=jobs) for jobs in given.jobs]
        wanted += [Run(articles, "dask")] * given.dask + [Run(articles, dedupe=True)] * given.dedupe
    for one in wanted:
        if not given.again and one in done(given.results):
            continue
        given.at.mkdir(parents=True, exist_ok=True)
        line = measure(one, archive_of(one, given.at), given.at)
        with given.results.open("a") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)
    if given.report:
        from scale_report import report

        report(given.results, given.report, MARKS)


if __name__ == "__main__":
    main()
