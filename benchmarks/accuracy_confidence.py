"""Fits `annotate/lexicon/confidence.tsv` on hand-marked articles: one logistic model for each part of an attribution.

    python benchmarks/accuracy_confidence.py GOLD.jsonl... [--damage] > annotate/lexicon/confidence.tsv

`--damage` adds copies of the articles whose quotation marks were dropped, replaced or doubled and whose line breaks
were lost, as they are in the wild. Plain gradient descent with an L2 penalty: some hundred weights, no library needed.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from math import exp
from pathlib import Path

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.gold import read_gold
from annotate.marking.confidence import PARTS, features
from annotate.marking.pipeline import find_attributions
from annotate.marking.regions import as_attributions
from annotate.marking.tokens import tokenise
from annotate.spans import iou

MARKS = '"“”„«»'
DAMAGE = ("lost", "few", "query", "line", "single")
PENALTY, ROUNDS, RATE, LEAST = 1.5, 400, 0.5, 4
# The rules were written with these articles open. On articles that nobody had read, marks were right less often, by
# about this much in log-odds (attribution F1 0.77 blind, 0.95 read): the bias is lowered by it.
UNSEEN = 1.2


def damaged(gold: MarkedDocument, how: str, seed: int) -> MarkedDocument:
    """A copy of the document with its marks lost, thinned or replaced; spans are moved along."""
    chance = random.Random(f"{seed}{gold.document.doc_id}")
    text = gold.document.text
    pieces, moved, size = [], [0], 0
    for char in text:
        piece = char
        if char in MARKS:
            piece = {"lost": "", "query": "?", "single": "'"}.get(how, char)
            if how == "few" and chance.random() < 0.15:
                piece = ""
        elif char == "\n" and how == "line":
            piece = " "
        pieces.append(piece)
        size += len(piece)
        moved.append(size)

    def move(region: Region) -> Region:
        return Region(region.label, moved[region.start], max(moved[region.end], moved[region.start] + 1))

    return MarkedDocument(
        Document(gold.document.doc_id, "".join(pieces)),
        tuple(
            Attribution(move(one.content), tuple(map(move, one.sources)), tuple(map(move, one.cues)), one.speaker)
            for one in gold.attributions
        ),
        gold.marker,
    )


def examples(gold: MarkedDocument) -> Iterator[tuple[list[str], list[bool]]]:
    """Features of each pre-mark, and whether its content (with links), its source and its cue are right."""
    tokens = tokenise(gold.document.text)
    found = find_attributions(tokens)
    marks = as_attributions(tokens, found)
    reach = 0
    for one, mark in zip(found, marks, strict=True):
        held = features(tokens, one, nested=one.b <= reach)
        reach = max(reach, one.b)
        near = [g for g in gold.attributions if iou(g.content, mark.content) >= 0.5]
        yield (
            held,
            [
                any(linked(g.sources, mark.sources) and linked(g.cues, mark.cues) for g in near),
                all(any(iou(s, g) >= 0.5 for a in gold.attributions for g in a.sources) for s in mark.sources),
                all(any(iou(s, g) >= 0.5 for a in gold.attributions for g in a.cues) for s in mark.cues),
            ],
        )


def linked(want: tuple[Region, ...], have: tuple[Region, ...]) -> bool:
    """Whether each region on one side has its like on the other."""
    return all(any(iou(w, h) >= 0.5 for h in have) for w in want) and all(
        any(iou(w, h) >= 0.5 for w in want) for h in have
    )


def fit(rows: list[tuple[list[str], bool]], known: set[str]) -> dict[str, float]:
    """Weights of the known features."""
    weight = dict.fromkeys(known, 0.0)
    data = [([name for name in held if name in known], float(right)) for held, right in rows]
    for _ in range(ROUNDS):
        slope = {name: -PENALTY * value for name, value in weight.items() if name != "bias"} | {"bias": 0.0}
        for held, right in data:
            miss = right - 1 / (1 + exp(-sum(weight[name] for name in held)))
            for name in held:
                slope[name] += miss
        for name in weight:
            weight[name] += RATE * slope[name] / len(data) * 10
    return weight


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--damage", action="store_true")
    options = parser.parse_args()
    documents = [document for path in options.gold for document in read_gold(path)]
    if options.damage:
        documents += [damaged(document, how, 1) for document in documents for how in DAMAGE]
    rows = [example for document in documents for example in examples(document)]
    count = Counter(name for held, _ in rows for name in set(held))
    known = {name for name, times in count.items() if times >= LEAST}
    table = [fit([(held, right[part]) for held, right in rows], known) for part in range(len(PARTS))]
    print("# Weights of the confidence model; written by benchmarks/accuracy_confidence.py.")
    print("feature", *PARTS, sep="\t")
    for name in sorted(known):
        less = UNSEEN if name == "bias" else 0.0
        print(name, *(f"{weights[name] - less:.3f}" for weights in table), sep="\t")


if __name__ == "__main__":
    main()
