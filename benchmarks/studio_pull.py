"""How fast annotations come out of Label Studio, against a raw download of the server's export.

    python benchmarks/studio_pull.py URL TOKEN [--tasks 5000] [--changed 50] [--keep]

Makes a project of annotated tasks (each holds its pre-marks, submitted), downloads its export in one request without
looking at it, pulls it whole, changes some annotations and pulls incrementally. Download and pull are done three times
by turns, and the best of each counts. Printed: seconds, tasks per second, the ratio of the rates, and the peak memory
that Python held while pulling.
"""

import argparse
import json
import time
import tracemalloc
from itertools import islice

import httpx

from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import Project, open_project
from annotate.labelstudio.pull import Pull
from annotate.labelstudio.tasks import to_task
from benchmarks.studio_push import articles


def annotated(studio: Studio, count: int) -> Project:
    """A project whose tasks are all annotated; the annotations come in with the tasks, which is fast."""
    project = open_project(studio, f"benchmark pull {time.time():.0f}")
    waiting = map(to_task, articles(count))
    while batch := list(islice(waiting, 200)):
        for task in batch:
            result = task["predictions"][0]["result"]
            task["annotations"] = [{"result": result, "ground_truth": False, "lead_time": 60.0}]
        studio.post_once(f"api/projects/{project.id}/import", json.dumps(batch).encode())
    return project


def download(studio: Studio, token: str, project: int) -> float:
    """Seconds that the server takes to give its export in one piece, thrown away as it comes."""
    start = time.perf_counter()
    headers = {"Authorization": f"Token {token}"}
    address = f"{studio.url}/api/projects/{project}/export?exportType=JSON"
    with httpx.stream("GET", address, headers=headers, timeout=3600) as answer:
        answer.raise_for_status()
        for _ in answer.iter_bytes():
            pass
    return time.perf_counter() - start


def pulled(pull: Pull) -> float:
    """Seconds of a pull."""
    start = time.perf_counter()
    for _ in pull:
        pass
    return time.perf_counter() - start


def measure(studio: Studio, token: str, project: Project, changed: int) -> None:
    """Measure and print."""
    raw, whole = [], []
    for _ in range(3):
        raw.append(download(studio, token, project.id))
        pull = Pull(studio, project.id)
        whole.append(pulled(pull))
        print(f"  raw {raw[-1]:.1f} s, pull {whole[-1]:.1f} s", flush=True)
    tasks = pull.tasks
    print(f"raw export  {min(raw):6.1f} s  {tasks / min(raw):7.0f} tasks/s")
    print(f"full pull   {min(whole):6.1f} s  {tasks / min(whole):7.0f} tasks/s, {pull.records} records")
    print(f"pull has {min(raw) / min(whole):.2f} of the rate of the raw export")
    studio.sleep(12)  # so that the overlap of the watermark does not reach the tasks' own making
    since = studio.server_time()
    ids = [task["id"] for task in studio.tasks(project.id, include="id", page_size=changed)["tasks"]]
    for annotation in [studio.get(f"api/tasks/{task}/")["annotations"][0]["id"] for task in ids]:
        studio.patch(f"api/annotations/{annotation}/", {"lead_time": 61.0})
    update = Pull(studio, project.id, since=since.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if since else None)
    seconds = pulled(update)
    print(f"incremental {seconds:6.2f} s for {update.tasks} changed tasks of {tasks}")
    tracemalloc.start()
    pulled(Pull(studio, project.id))
    print(f"peak memory of a full pull: {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")


def main() -> None:
    """Make the project, measure, and delete it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("url")
    options.add_argument("token", help="legacy token")
    options.add_argument("--tasks", type=int, default=5000)
    options.add_argument("--changed", type=int, default=50)
    options.add_argument("--keep", action="store_true", help="leave the project on the server")
    given = options.parse_args()
    with Studio(given.url, given.token, timeout=600) as studio:
        studio.whoami()
        project = annotated(studio, given.tasks)
        try:
            measure(studio, given.token, project, given.changed)
        finally:
            if not given.keep:
                studio.delete(f"api/projects/{project.id}/")


if __name__ == "__main__":
    main()
