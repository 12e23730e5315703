"""Marks random, mutated and hostile texts; each must come back without an exception, with every span inside its text.

python benchmarks/marking_fuzz.py [--texts 1000000] [--seed 1]
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from annotate.datamodel import Document
from annotate.lexicon import cue_entries
from annotate.marking import Marker
from annotate.spans import fits

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


def texts(count: int, seed: int) -> Iterator[str]:
    """`count` texts: sentences out of cues, names and odd marks; cut-up and mutated articles; raw characters."""
    chance = random.Random(seed)
    cues = list(cue_entries())
    articles = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    for number in range(count):
        kind = number % 4
        if kind == 0:
            pool = (cues, WORDS, list(ODD))
            yield "".join(
                chance.choice(chance.choice(pool)) + chance.choice(("", " ", " ", " "))
                for _ in range(chance.randrange(40))
            )
        elif kind == 1:
            article = chance.choice(articles)
            start = chance.randrange(len(article))
            piece = list(article[start : start + chance.randrange(400)])
            for _ in range(chance.randrange(12)):
                if piece:
                    piece[chance.randrange(len(piece))] = chance.choice(ODD)
            yield "".join(piece)
        elif kind == 2:
            yield "".join(chance.choice(ODD) for _ in range(chance.randrange(80)))
        else:
            yield chance.choice(ODD) * chance.randrange(60) + " kata Budi " + chance.choice(ODD) * chance.randrange(60)


def check(marker: Marker, text: str) -> None:
    """Raises AssertionError where a span lies outside the text or a mark has no rule or no confidence."""
    marked = marker.mark(Document("fuzz", text))
    for one in marked.attributions:
        for region in (one.content, *one.sources, *one.cues):
            assert fits(region, text), region
            assert region.rule, region
            assert region.confidence is not None, region
            assert 0.0 <= region.confidence <= 1.0, region


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    marker = Marker()
    begun = time.perf_counter()
    for number, text in enumerate(texts(options.texts, options.seed), 1):
        try:
            check(marker, text)
        except Exception:
            print(f"text {number} of seed {options.seed}: {text!r}", file=sys.stderr)
            raise
    print(f"{options.texts} texts, no exception, every span inside its text, {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
