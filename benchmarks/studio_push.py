"""How fast articles go into Label Studio, against a raw import of the same JSON in the same batches.

    python -m benchmarks.studio_push URL TOKEN [--articles 5000] [--batch 200] [--turn N] [--rounds 1]

Both go into new projects of the server, in each round anew. The raw import posts ready-made bodies and checks nothing.
On a busy machine `--turn 500` does both in turns of 500 articles, each first by turns; from the second turn on, push
then has to look up what is there already. The SDK is imported before the clock starts. Printed: seconds and processor
time, articles per second of each, and the ratio of the rates, best to best. The projects are deleted after a round.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import httpx

from annotate.datamodel import MarkedDocument
from annotate.gold import read_gold
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import Project, open_project
from annotate.labelstudio.config import label_config
from annotate.labelstudio.connection import plain_client
from annotate.labelstudio.push import push
from annotate.labelstudio.tasks import task_json
from benchmarks.beside import Stopwatch

GOLD = Path(__file__).parent.parent / "seeds/_gold/seeds.jsonl"


def articles(count: int) -> Iterator[MarkedDocument]:
    """As many marked articles as wanted, made of the seeds' gold."""
    seeds = [replace(marked, marker="benchmark") for marked in read_gold(GOLD)]
    for number in range(count):
        marked = seeds[number % len(seeds)]
        yield replace(marked, document=replace(marked.document, doc_id=f"arsip/2021/{number:06d}.txt"))


def raw_import(client: httpx.Client, project: int, bodies: list[bytes]) -> None:
    """The fastest that the server offers: one request after the other, nothing looked at."""
    for body in bodies:
        answer = client.post(f"/api/projects/{project}/import?return_task_ids=true", content=body)
        answer.raise_for_status()


def in_turns(
    studio: Studio, token: str, count: int, batch: int, size: int, order: Sequence[str]
) -> tuple[float, float]:
    """Seconds of the raw import and of `push`."""
    projects = [open_project(studio, f"benchmark {name} {time.time():.0f}") for name in ("raw", "push")]
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    client = plain_client(studio.url, headers=headers, timeout=600)
    spent = {"raw": 0.0, "push": 0.0}
    waiting = articles(count)
    watch = Stopwatch(studio.url)
    try:
        while turn := list(islice(waiting, size)):
            bodies = [
                f"[{','.join(task_json(marked) for marked in turn[start : start + batch])}]".encode()
                for start in range(0, len(turn), batch)
            ]
            for name in order:
                watch.start()
                if name == "raw":
                    raw_import(client, projects[0].id, bodies)
                else:
                    push_new(studio, projects[1], turn, batch)
                took = watch.spent()
                spent[name] += took.clock
                print(f"  {name:4s} {took}", flush=True)
            order = order[::-1]
    finally:
        for project in projects:
            studio.delete(f"api/projects/{project.id}/")
    return spent["raw"], spent["push"]


def push_new(studio: Studio, project: Project, turn: list[MarkedDocument], batch: int) -> None:
    """Push articles and see that all of them went."""
    report = push(studio, project, turn, batch=batch)
    if len(report.sent) != len(turn):
        raise SystemExit(f"of {len(turn)} articles {len(report.sent)} were sent")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("url")
    options.add_argument("token", help="legacy token")
    options.add_argument("--articles", type=int, default=5000)
    options.add_argument("--batch", type=int, default=200)
    options.add_argument("--turn", type=int, default=0, help="articles in a turn; default all")
    options.add_argument("--rounds", type=int, default=1)
    given = options.parse_args()
    with Studio(given.url, given.token, timeout=600) as studio:
        studio.whoami()
        studio.prediction_check(label_config())
        size = given.turn or given.articles
        rounds = [
            in_turns(studio, given.token, given.articles, given.batch, size, ("raw", "push")[:: (-1) ** number])
            for number in range(given.rounds)
        ]
    raw, pushed = (min(times) for times in zip(*rounds, strict=True))
    size = sum(len(task_json(marked).encode()) for marked in articles(300)) / 300
    print(f"{given.articles} articles of {size / 1000:.1f} kB, batches of {given.batch}")
    print(f"raw import {raw:6.1f} s  {given.articles / raw:7.0f} articles/s")
    print(f"push       {pushed:6.1f} s  {given.articles / pushed:7.0f} articles/s")
    each = ", ".join(f"{one / other:.2f}" for one, other in rounds)
    print(f"push has {raw / pushed:.2f} of the rate of the raw import; round by round {each}")


if __name__ == "__main__":
    main()
