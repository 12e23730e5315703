"""How fast annotations come out of Label Studio, against a raw download of the server's export.

    python -m benchmarks.studio_pull URL TOKEN [--tasks 5000] [--changed 50] [--rounds 3] [--short] [--keep]

Makes a project of annotated tasks (each holds its pre-marks, submitted), downloads its export in one request without
looking at it, pulls it whole, changes some annotations and pulls incrementally. Download and pull are done some times
by turns. Printed: seconds, processor time, tasks per second, the ratio of the rates, best to best and round by round,
and by how much this process grew while pulling. A pull that does not bring every annotation once ends the run.

To measure alone: `--rounds 0 --keep` makes the project beforehand and prints its number; `--project N` measures there.

For projects that no single export can give: `--tasks 50000 --short --rounds 1 --no-raw` (short articles, no download).
"""

import argparse
import json
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import httpx
import psutil

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import open_project
from annotate.labelstudio.pull import Pull
from annotate.labelstudio.tasks import to_task
from benchmarks.beside import Stopwatch
from benchmarks.studio_push import articles


def short_articles(count: int) -> Iterator[MarkedDocument]:
    """Articles of a line, with one attribution each."""
    text = "Hujan. “Kami akan datang,” kata Budi."
    said = Attribution(Region("direct", 7, 26), (Region("source", 32, 36),), (Region("cue", 27, 31),), "Budi")
    for number in range(count):
        yield MarkedDocument(Document(f"arsip/{number:06d}", text), (said,), "benchmark")


def annotated(studio: Studio, waiting: Iterator[dict[str, Any]]) -> int:
    """A project whose tasks are all annotated; the annotations come in with the tasks, which is fast."""
    project = open_project(studio, f"benchmark pull {time.time():.0f}")
    while batch := list(islice(waiting, 500)):
        for task in batch:
            result = task["predictions"][0]["result"]
            task["annotations"] = [{"result": result, "ground_truth": False, "lead_time": 60.0}]
        studio.post_once(f"api/projects/{project.id}/import", json.dumps(batch).encode())
    return project.id


def download(studio: Studio, token: str, project: int) -> None:
    """Let the server give its export in one piece, thrown away as it comes."""
    headers = {"Authorization": f"Token {token}"}
    address = f"{studio.url}/api/projects/{project}/export?exportType=JSON"
    with httpx.stream("GET", address, headers=headers, timeout=3600) as answer:
        answer.raise_for_status()
        for _ in answer.iter_bytes():
            pass


def pulled(pull: Pull) -> int:
    """How many annotations a pull brings; none may come twice."""
    seen: set[int] = set()
    for record in pull:
        if record.annotation_id in seen:
            raise SystemExit(f"annotation {record.annotation_id} came twice")
        seen.add(record.annotation_id)
    return len(seen)


def by_turns(studio: Studio, token: str, project: int, given: argparse.Namespace) -> None:
    """Measure full pulls and downloads, and print."""
    watch = Stopwatch(studio.url)
    taken: dict[str, list[float]] = {"raw": [], "pull": []}
    for number in range(given.rounds):
        names = ["raw", "pull"] if given.raw else ["pull"]
        for name in names if number % 2 == 0 else reversed(names):
            watch.start()
            if name == "raw":
                download(studio, token, project)
            elif (annotations := pulled(Pull(studio, project))) != given.tasks:
                raise SystemExit(f"{annotations} annotations came instead of {given.tasks}")
            spent = watch.spent()
            taken[name].append(spent.clock)
            print(f"  {name:4s} {spent}", flush=True)
    raw, whole = taken["raw"], taken["pull"]
    print(f"full pull   {min(whole):6.1f} s  {given.tasks / min(whole):7.0f} tasks/s, every annotation once")
    if raw:
        print(f"raw export  {min(raw):6.1f} s  {given.tasks / min(raw):7.0f} tasks/s")
        rates = ", ".join(f"{one / other:.2f}" for one, other in zip(raw, whole, strict=True))
        print(f"pull has {min(raw) / min(whole):.2f} of the rate of the raw export; round by round {rates}")


def measure(studio: Studio, token: str, project: int, given: argparse.Namespace) -> None:
    """Measure and print."""
    me = psutil.Process()
    pulled(Pull(studio, project, since=_now(studio)))  # what is imported at first use
    before = me.memory_info().rss
    by_turns(studio, token, project, given)
    grown = (me.memory_info().rss - before) / 1e6
    print(f"this process grew by {grown:.0f} MB while pulling {given.tasks} tasks")
    for changed in (given.changed // 10, given.changed) if given.changed else ():
        studio.sleep(12)  # so that the overlap of the watermark does not reach what was done before
        since = _now(studio)
        ids = [task["id"] for task in studio.tasks(project, include="id", page_size=changed)["tasks"]]
        for annotation in [studio.get(f"api/tasks/{task}/")["annotations"][0]["id"] for task in ids]:
            studio.patch(f"api/annotations/{annotation}/", {"lead_time": 60.0 + changed})
        start = time.perf_counter()
        annotations = pulled(Pull(studio, project, since=since))
        seconds = time.perf_counter() - start
        print(f"incremental {seconds:6.2f} s for {annotations} changed annotations of {given.tasks} tasks")


def _now(studio: Studio) -> str:
    now = studio.server_time()
    assert now is not None
    return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def main() -> None:
    """Make the project, measure, and delete it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("url")
    options.add_argument("token", help="legacy token")
    options.add_argument("--tasks", type=int, default=5000)
    options.add_argument("--changed", type=int, default=50)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--short", action="store_true", help="articles of one line")
    options.add_argument("--no-raw", dest="raw", action="store_false", help="no download to compare with")
    options.add_argument("--keep", action="store_true", help="leave the project on the server, and print its number")
    options.add_argument("--project", type=int, help="measure in one that was kept, with as many --tasks, and keep it")
    given = options.parse_args()
    with Studio(given.url, given.token, timeout=600) as studio:
        studio.whoami()
        number = given.project
        if number is None:
            number = annotated(studio, map(to_task, (short_articles if given.short else articles)(given.tasks)))
            if given.keep:
                print(f"project {number}", flush=True)
        try:
            if given.rounds:
                measure(studio, given.token, number, given)
        finally:
            if not given.keep and given.project is None:
                studio.delete(f"api/projects/{number}/")


if __name__ == "__main__":
    main()
