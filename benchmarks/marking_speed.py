"""How fast articles are marked on one core: a file of JSON lines to a file of tasks, one article at a time, cold start.

    python benchmarks/marking_speed.py [ARTICLES.jsonl] [--rounds 3]

Without a file the seed articles are repeated. Seconds are the processor's, so that other work on the machine counts
little; the first round is told apart, since the marker remembers words that it met. How the time grows with an
article's length: `marking_growth.py`.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from annotate.datamodel import Document
from annotate.marking import Marker
from annotate.workflow.mark import mark_to_file

SEEDS = Path(__file__).parent.parent / "seeds"
ARTICLE = 500  # words
COLD = """
import time
from annotate.datamodel import Document
from annotate.marking import Marker
Marker().mark(Document("cold", "Harga naik, kata Budi."))
print(time.process_time())
"""


def texts_of(path: Path | None) -> list[str]:
    """The articles' texts; of the seeds some 100,000 words."""
    if path is not None:
        return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    seeds = [file.read_text(encoding="utf-8") for file in sorted(SEEDS.glob("*.txt"))]
    return [seeds[i % len(seeds)] for i in range(600)]


def throughput(texts: list[str], rounds: int) -> list[float]:
    """Words per second of each round, files included."""
    words = sum(len(text.split()) for text in texts)
    speeds = []
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder, "articles.jsonl")
        rows = (json.dumps({"id": f"{i}", "text": text}, ensure_ascii=False) for i, text in enumerate(texts))
        articles.write_text("\n".join(rows) + "\n", encoding="utf-8")
        for _ in range(rounds):
            begun = time.process_time()
            mark_to_file([articles], str(Path(folder, "tasks.jsonl")))
            speeds.append(words / (time.process_time() - begun))
    return speeds


def one_at_a_time(texts: list[str], times: int) -> list[float]:
    """Milliseconds for articles of `ARTICLE` words each, marked one by one, as a live service does."""
    pieces = [" ".join(text.split(" ")[:ARTICLE]) for text in texts]
    pieces = [piece for piece in pieces if len(piece.split()) >= ARTICLE * 0.8]
    if not pieces:
        pieces = [" ".join(" ".join(texts).split(" ")[:ARTICLE])]
    marker = Marker()
    taken = []
    for i in range(times):
        document = Document("one", pieces[i % len(pieces)])
        begun = time.process_time()
        marker.mark(document)
        taken.append((time.process_time() - begun) * 1000)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    texts = texts_of(options.articles)
    first, *others = throughput(texts, options.rounds)
    print(f"file to file: {first:,.0f} words/s at first, {max([first, *others]):,.0f} when words are known")
    taken = one_at_a_time(texts, 1000)
    print(
        f"{ARTICLE} words: median {statistics.median(taken):.2f} ms, p95 {statistics.quantiles(taken, n=20)[-1]:.2f} ms"
    )
    cold = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True).stdout
    print(f"cold start, interpreter included: {float(cold) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
