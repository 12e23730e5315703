"""How the processor time of two versions of the marker compares, however busy the machine is.

    git worktree add /tmp/before COMMIT
    python -m benchmarks.marking_ratio /tmp/before . ARTICLES.jsonl [--rounds 3]

Two processes, one of each version, mark the same four articles in turn: what the machine does otherwise meets both
alike. What is told is the median of the ratios of all fours.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

SLICE = 4  # articles
WORKER = """
import json, sys, time
from annotate.datamodel import Document
from annotate.labelstudio.tasks import task_json
from annotate.marking import Marker
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
marker = Marker()
task_json(marker.mark(Document("warm", "Harga naik, kata Budi Santoso.")))
print(len(rows), flush=True)
for line in sys.stdin:
    begun = time.process_time()
    for number, row in enumerate(rows[int(line) : int(line) + SLICE]):
        task_json(marker.mark(Document(str(number), row["text"])))
    print(time.process_time() - begun, flush=True)
"""


class Version:
    """A process that marks with the code of one folder."""

    def __init__(self, folder: Path, articles: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", WORKER.replace("SLICE", str(SLICE)), str(articles)],
            env=os.environ | {"PYTHONPATH": str(folder.resolve())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.articles = int(self._answer())

    def seconds(self, first: int) -> float:
        """Processor time for one slice of the articles."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{first}\n")
        self._process.stdin.flush()
        return float(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path, help="folder of the one version")
    parser.add_argument("after", type=Path, help="folder of the other")
    parser.add_argument("articles", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    before, after = Version(options.before, options.articles), Version(options.after, options.articles)
    for number in range(options.rounds):
        ratios = []
        for place, first in enumerate(range(0, before.articles, SLICE)):
            in_turn = (before, after) if place % 2 else (after, before)
            taken = {version: version.seconds(first) for version in in_turn}
            ratios.append(taken[after] / taken[before])
        words = "words are known" if number else "at first"
        print(f"{words}: {statistics.median(ratios):.3f} of the time before", flush=True)


if __name__ == "__main__":
    main()
