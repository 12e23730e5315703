"""Fits `annotate/lexicon/confidence.tsv` on hand-marked articles, and tells how well confidence tells right from wrong.

    python -m benchmarks.accuracy_confidence --unseen GOLD.jsonl... [--seen GOLD.jsonl...] [--test GOLD.jsonl...]
        [--output annotate/lexicon/confidence.tsv] [--report FOLDER]

One logistic model for each part of an attribution: its content with all links, its source, its cue. `--unseen` are
articles that nobody had read when the rules were written: they say how often marks are right on new articles. `--seen`
are articles that the rules were written with: they count less (`SEEN_COUNTS`), and what marks of them are right more
often by is a weight of its own, which is left out of the table. Each part is fitted by Newton's method with an L2
penalty on copies too whose quotation marks were dropped, thinned or replaced and whose line breaks were lost. Of the
least sure sixth of the marks of unseen articles (`DOUBTFUL`) the share that is right is measured and becomes a step.

Printed: the area under the ROC curve and the reliability by bins, for unseen articles that were left out of the fit one
tenth after another, and for those of `--test`, which the weights have never seen. `--report` keeps both as tables and
plots (`unseen.tsv`, `unseen.svg`, `test.tsv`, `test.svg`). What is right is what `benchmarks/accuracy.py` counts: a
content that overlaps a gold one by half, with its sources and cues and no other.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.gold import read_gold
from annotate.marking.confidence import BELOW, PARTS, SAID, Model, Weights
from annotate.marking.confidence_features import features
from annotate.marking.pipeline import find_attributions
from annotate.marking.regions import as_attributions
from annotate.marking.tokens import tokenise
from annotate.spans import iou
from benchmarks.accuracy import auc, best_pairs, is_right, plot, reliability, table

MARKS = '"“”„«»'
DAMAGE = ("lost", "few", "query", "line", "single")
PENALTY = 6.0
LEAST = 4  # marks that must have a feature
SEEN_COUNTS, DAMAGED_COUNTS = 0.3, 0.1  # of a mark in an article that is new and whole
FOLDS = 10
DOUBTFUL = 1 / 6
FREE = {"bias": 0.05, "seen": 0.05}  # features that are hardly held down
# Where weights are held to, if not to 0: few whole articles have lost a mark; in damaged copies less of such is right.
EXPECTED = {"no closing mark": -0.6, "no opening mark": -1.2}


@dataclass(frozen=True)
class Example:
    """A pre-mark: the features that hold, whether each of `PARTS` is right, and how much it counts."""

    held: list[str]
    right: tuple[bool, bool, bool]
    counts: float


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


def examples(gold: MarkedDocument, counts: float, *, seen: bool = False) -> list[Example]:
    """The pre-marks of a document, each with what is right of it."""
    tokens = tokenise(gold.document.text)
    found = find_attributions(tokens)
    marks = as_attributions(tokens, found)
    pairs = best_pairs(gold, MarkedDocument(gold.document, tuple(marks), ""))
    good = {id(mark) for one, mark in pairs if is_right(one, mark)}
    parts = [[r for one in gold.attributions for r in getattr(one, name)] for name in ("sources", "cues")]
    reach = 0
    made = []
    for one, mark in zip(found, marks, strict=True):
        held = features(tokens, one, nested=one.b <= reach) + ["seen"] * seen
        reach = max(reach, one.b)
        known = [
            all(any(iou(region, g) >= 0.5 for g in wanted) for region in getattr(mark, name))
            for name, wanted in zip(("sources", "cues"), parts, strict=True)
        ]
        made.append(Example(held, (id(mark) in good, known[0], known[1]), counts))
    return made


def gather(paths: Sequence[Path], counts: float, *, seen: bool = False) -> list[list[Example]]:
    """The examples of each article, those of its damaged copies among them."""
    return [
        examples(gold, counts, seen=seen)
        + [one for how in DAMAGE for one in examples(damaged(gold, how, 1), counts * DAMAGED_COUNTS, seen=seen)]
        for path in paths
        for gold in read_gold(path)
    ]


def fit(rows: Sequence[Example], part: int) -> dict[str, float]:
    """Weights of the features that enough whole articles' marks have."""
    count = Counter(name for one in rows if one.counts > DAMAGED_COUNTS for name in set(one.held))
    names = sorted(name for name, times in count.items() if times >= LEAST)
    place = {name: j for j, name in enumerate(names)}
    x: NDArray[np.float64] = np.zeros((len(rows), len(names)))
    for i, one in enumerate(rows):
        x[i, [place[name] for name in one.held if name in place]] = 1
    y = np.array([one.right[part] for one in rows], dtype=float)
    counts = np.array([one.counts for one in rows])
    penalty = np.array([FREE.get(name, PENALTY) for name in names])
    expected = np.array([EXPECTED.get(name, 0.0) for name in names])
    weight = np.zeros(len(names))
    for _ in range(50):
        said = 1 / (1 + np.exp(-x @ weight))
        slope = x.T @ (counts * (said - y)) + penalty * (weight - expected)
        step = np.linalg.solve((x * (counts * said * (1 - said))[:, None]).T @ x + np.diag(penalty), slope)
        weight -= step
        if abs(step).max() < 1e-6:
            break
    return {name: float(value) for name, value in zip(names, weight, strict=True) if name != "seen"}


def judge(model: Model, rows: Sequence[Example], part: int) -> list[tuple[float, bool]]:
    """Confidence of marks of whole articles, and whether they are right."""
    return [(model.probability(one.held), one.right[part]) for one in rows if one.counts > DAMAGED_COUNTS]


def left_out(seen: list[list[Example]], unseen: list[list[Example]], part: int) -> list[tuple[float, bool]]:
    """Confidence of each mark of an unseen article, from weights fitted without that article."""
    held = []
    always = [one for article in seen for one in article]
    for fold in range(FOLDS):
        rest = [one for k, article in enumerate(unseen) if k % FOLDS != fold for one in article]
        model = Model(Weights(fit(always + rest, part)), 0.0, 0.0)
        held += judge(model, [one for article in unseen[fold::FOLDS] for one in article], part)
    return held


def step(held: list[tuple[float, bool]]) -> tuple[float, float]:
    """Where the least sure marks end, and how often they are right."""
    end = sorted(sure for sure, _ in held)[round(len(held) * DOUBTFUL)]
    lowest = [ok for sure, ok in held if sure <= end]
    return end, (sum(lowest) + 0.5) / (len(lowest) + 1)


def told(title: str, held: list[tuple[float, bool]]) -> str:
    """The measures, and the reliability by bins."""
    right = sum(ok for _, ok in held) / max(1, len(held))
    return f"{title}: {len(held)} contents, {right:.3f} of them right, AUC {auc(held):.3f}\n{table(reliability(held))}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--unseen", "--seen", "--test"):
        parser.add_argument(name, nargs="+", type=Path, default=[], metavar="GOLD.jsonl")
    for name in ("--output", "--report"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    seen, unseen = gather(options.seen, SEEN_COUNTS, seen=True), gather(options.unseen, 1.0)
    if not unseen:
        parser.error("name --unseen articles: without them nothing says how often marks of new articles are right")
    rows = [one for article in (*seen, *unseen) for one in article]
    held = [left_out(seen, unseen, part) for part in range(len(PARTS))]
    steps = [step(one) for one in held]
    models = [Model(Weights(fit(rows, part)), *steps[part]) for part in range(len(PARTS))]
    measured = {"unseen": held[0]}
    if options.test:
        measured["test"] = judge(models[0], [one for article in gather(options.test, 1.0) for one in article], 0)
    titles = {"unseen": "unseen articles, each left out of the fit in turn, without the step", "test": "test articles"}
    for name, marks in measured.items():
        print(told(titles[name], marks))
        if options.report:
            options.report.mkdir(parents=True, exist_ok=True)
            rows_of = reliability(marks)
            (options.report / f"{name}.tsv").write_text(table(rows_of), encoding="utf-8")
            (options.report / f"{name}.svg").write_text(plot(rows_of), encoding="utf-8")
    if options.output:
        head = (
            "# Weights of the confidence model, written by benchmarks/accuracy_confidence.py. Fitted on the pre-marks\n"
            f"# of {len(unseen)} articles that the rules were not written with and {len(seen)} that they were,\n"
            "# marked by hand; no words of an article are kept here.\n"
        )
        options.output.write_text(head + lines(models), encoding="utf-8")


def lines(models: Sequence[Model]) -> str:
    """The table: a row for each feature, and two for the step."""
    rows = [("feature", *PARTS)]
    rows += [(name, *(f"{one:.3f}" for one in values)) for name, values in (
        (BELOW, [model.below for model in models]), (SAID, [model.said for model in models]),
    )]  # fmt: skip
    rows += [(name, *(f"{model.weights[name]:.3f}" for model in models)) for name in sorted(models[0].weights)]
    return table(rows)


if __name__ == "__main__":
    main()
