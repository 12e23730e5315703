"""How fast articles are marked on one core, JSON lines to JSON lines, and how the time grows with an article's length.

    python benchmarks/marking_speed.py [ARTICLES.jsonl]

Without a file the seed articles are repeated. The growth is measured on single articles of 1 KB to 10 MB: running news
on one line, and hostile ones (only quotation marks, only cues, nothing ever closed). Time per character should
stay flat.
"""

import argparse
import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

from annotate.datamodel import Document
from annotate.labelstudio.tasks import to_task
from annotate.marking import Marker

SEEDS = Path(__file__).parent.parent / "seeds"
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)


def throughput(lines: list[str]) -> tuple[int, float]:
    """Words marked, and the processor's seconds, from JSON lines of articles to JSON lines of tasks."""
    marker = Marker()
    words = 0
    begun = time.process_time()
    for line in lines:
        row = json.loads(line)
        document = Document(str(row.get("doc_id") or row.get("id")), row["text"])
        json.dumps(to_task(marker.mark(document)), ensure_ascii=False)
        words += len(document.text.split())
    return words, time.process_time() - begun


def shapes() -> dict[str, Callable[[int], str]]:
    """Articles of a given length, by what they are made of."""
    news = " ".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    line = " ".join(news.split()) + " "
    return {
        "news, one line": lambda size: (line * (size // len(line) + 1))[:size],
        "news, lines": lambda size: (news * (size // len(news) + 1))[:size],
        "opening marks": lambda size: ('"Kami ' * (size // 6 + 1))[:size],
        "closing marks": lambda size: ('kami" ' * (size // 6 + 1))[:size],
        "single marks": lambda size: ("'kami ' " * (size // 8 + 1))[:size],
        "glued marks": lambda size: ('kami."Kami' * (size // 10 + 1))[:size],
        "cues": lambda size: ("mengatakan " * (size // 11 + 1))[:size],
        "roots and commas": lambda size: ("Budi, kata dia, " * (size // 16 + 1))[:size],
        "that": lambda size: ("Budi yakin bahwa " * (size // 17 + 1))[:size],
        "brackets": lambda size: "(" * size,
        "one word": lambda size: "a" * size,
        "full stops": lambda size: "." * size,
        "line breaks": lambda size: ('"\n' * (size // 2 + 1))[:size],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    options = parser.parse_args()
    if options.articles:
        lines = options.articles.read_text(encoding="utf-8").splitlines()
    else:
        texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
        lines = [json.dumps({"id": str(i), "text": texts[i % len(texts)]}) for i in range(600)]
    throughput(lines[:50])
    gc.collect()
    gc.freeze()
    words, seconds = throughput(lines)
    print(f"{words} words in {seconds:.2f} s: {words / seconds:,.0f} words/s, JSON lines to JSON lines, one core")
    sizes = [size for size in SIZES if size <= options.largest]
    print("microseconds per character, by length", *(f"{size:,}" for size in sizes), sep="\t")
    marker = Marker()
    for name, shape in shapes().items():
        cells = []
        for size in sizes:
            document = Document("growth", shape(size))
            rounds = max(1, 100_000 // size)
            begun = time.process_time()
            for _ in range(rounds):
                marker.mark(document)
            cells.append(f"{(time.process_time() - begun) / rounds / size * 1e6:.2f}")
        print(name, *cells, sep="\t", flush=True)


if __name__ == "__main__":
    main()
