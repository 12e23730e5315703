"""How long tasks that others import wait for their pre-marks while `atribusi serve` is connected, on a real server.

    python -m benchmarks.serve_import [--tasks 500] [--words 500]

Starts an embedded server and the service, imports articles that nobody has marked in one request, and waits until each
has a prediction: Label Studio tells the service of the import, and is asked to fetch the pre-marks and store them.
Nobody opens a task. Printed: seconds from the answer to the import until the first and the last task has its pre-marks.
"""

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from annotate.labelstudio import server
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import open_project
from benchmarks.serve import articles


def main() -> None:
    """Import, wait, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tasks", type=int, default=500)
    options.add_argument("--words", type=int, default=500)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="atribusi-serve-") as scratch:
        folder = Path(scratch) / "studio"
        running = server.start(folder, local_callbacks=True)
        try:
            with Studio(running.url, running.token, timeout=600) as studio:
                project = open_project(studio, "imported by others").id
                command = [
                    sys.executable,
                    "-m",
                    "annotate",
                    "serve",
                    "--project",
                    str(project),
                    "--port",
                    str(free_port()),
                ]
                command += ["--url", running.url, "--token", running.token.reveal(), "--no-pull"]
                with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as serving:
                    try:
                        assert serving.stderr
                        for line in serving.stderr:
                            if "is connected" in line:
                                break
                        time.sleep(5)  # until it has looked around
                        measure(studio, project, given.tasks, given.words)
                    finally:
                        serving.terminate()
        finally:
            server.stop(folder)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def measure(studio: Studio, project: int, tasks: int, words: int) -> None:
    """Import into the project that is served, and wait."""
    data = [json.loads(body)["tasks"][0]["data"] for body in islice(articles(words), tasks)]
    start = time.perf_counter()
    studio.post_once(f"api/projects/{project}/import", [{"data": one} for one in data])
    print(f"import of {tasks} articles of {words} words: {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    first = None
    done = 0
    while done < tasks:
        time.sleep(0.2)
        counts = studio.get(f"api/projects/{project}/", {"include": "id,total_predictions_number"})
        done = int(counts["total_predictions_number"])
        if done and first is None:
            first = time.perf_counter() - start
    last = time.perf_counter() - start
    print(f"first pre-marks after {first:.1f} s, all after {last:.1f} s: {last / tasks * 1000:.1f} ms a task")


if __name__ == "__main__":
    main()
