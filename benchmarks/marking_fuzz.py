"""Marks random, mutated and hostile texts; each must come back without an exception, with every span inside its text.

    python -m benchmarks.marking_fuzz [--texts 1000000] [--seed 1] [--first 1] [--processes 2]

Each text follows from the seed and its number alone: a run that was stopped goes on from the number that it told last.
"""

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from annotate.datamodel import Document
from annotate.lexicon import cue_entries
from annotate.marking import Marker
from annotate.spans import fits

PART = 20_000  # texts that a process checks at a time
SEEDS = Path(__file__).parent.parent / "seeds"
ODD = "\"'“”‘’«»„`´?!.,;:-–—()[]{}…\n\r\t  \u200b\u200e\ufeff\u2028\u0301İßﬁ😀\x00\x85&#34;&quot;''``â€œ0123"
WORDS = [
    "Budi",
    "Menteri",
    "yang",
    "bahwa",
    "dan",
    "dia",
    "seorang",
    "Jakarta",
    "itu",
    "(50)",
    "Senin",
    "dari",
    "akan",
    "Dr.",
]


def texts(count: int, seed: int, first: int = 1) -> Iterator[str]:
    """`count` texts from the `first` on; the next ones follow from their numbers."""
    cues = list(cue_entries())
    articles = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    for number in range(first, first + count):
        yield text_of(random.Random(seed * 2**32 + number), number % 5, cues, articles)


def text_of(chance: random.Random, kind: int, cues: list[str], articles: list[str]) -> str:
    """One text: of words and cues, a mutated piece of an article, of odd characters, of long runs of one thing."""
    if kind == 0:
        pool = (cues, WORDS, list(ODD))
        return "".join(
            chance.choice(chance.choice(pool)) + chance.choice(("", " ", " ", " ")) for _ in range(chance.randrange(40))
        )
    if kind == 1:
        article = chance.choice(articles)
        start = chance.randrange(len(article))
        piece = list(article[start : start + chance.randrange(400)])
        for _ in range(chance.randrange(12)):
            if piece:
                piece[chance.randrange(len(piece))] = chance.choice(ODD)
        return "".join(piece)
    if kind == 2:
        return "".join(chance.choice(ODD) for _ in range(chance.randrange(80)))
    if kind == 3:
        return chance.choice(ODD) * chance.randrange(60) + " kata Budi " + chance.choice(ODD) * chance.randrange(60)
    unit = " ".join(chance.choice(chance.choice((cues, WORDS, ODD))) for _ in range(chance.randrange(1, 4)))
    return (unit + chance.choice(("", " ", ", ", "\n"))) * chance.randrange(1, 60)


def check(marker: Marker, text: str) -> None:
    """Raises AssertionError where a span lies outside the text or a mark has no rule or no confidence."""
    marked = marker.mark(Document("fuzz", text))
    for one in marked.attributions:
        for region in (one.content, *one.sources, *one.cues):
            assert fits(region, text), region
            assert region.rule, region
            assert region.confidence is not None, region
            assert 0.0 <= region.confidence <= 1.0, region


def fuzz(first: int, count: int, seed: int) -> int:
    """Checks `count` texts from the `first` on; the number of the last. Raises AssertionError, which shows the text."""
    marker = Marker()
    for number, text in enumerate(texts(count, seed, first), first):
        try:
            check(marker, text)
        except Exception as error:
            raise AssertionError(f"text {number} of seed {seed}: {text!r}: {error!r}") from error
    return first + count - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="number of the text to begin with")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    begun = time.perf_counter()
    end = options.first + options.texts
    parts = [(first, min(PART, end - first)) for first in range(options.first, end, PART)]
    with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn")) as processes:
        for last in processes.map(fuzz, *zip(*parts, strict=True), [options.seed] * len(parts)):
            print(f"up to text {last} of seed {options.seed}", file=sys.stderr, flush=True)
    print(f"{options.texts} texts, no exception, every span inside its text, {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
