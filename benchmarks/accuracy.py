"""Scores the pre-marker on hand-marked articles: spans, links, speakers, and whether its confidence means anything.

    python benchmarks/accuracy.py GOLD.jsonl [--output FOLDER]

GOLD is a file as `seeds/_gold/seeds.jsonl`. Printed: precision, recall and F1 of exact spans and of spans that overlap
by half; of whole attributions (a content that overlaps by half, with all its sources and cues and no other); the share
of speakers that are right; then, by tenths of confidence, how often the marks were right. With `--output`, the same
tables as `accuracy.tsv` and `reliability.tsv`, and the reliability as a plot, `reliability.svg`.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from annotate.datamodel import CONTENT_LABELS, Attribution, MarkedDocument, Region
from annotate.gold import read_gold
from annotate.marking import Marker
from annotate.spans import HasBounds, iou

EDGES = (0.0, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01)


def pairs(gold: Sequence[HasBounds], marked: Sequence[HasBounds]) -> list[tuple[int, int]]:
    """One-to-one pairs (indices) that overlap by half, those that overlap most first."""
    near = sorted(
        ((iou(g, m), i, j) for i, g in enumerate(gold) for j, m in enumerate(marked) if iou(g, m) >= 0.5),
        reverse=True,
    )
    left: set[int] = set()
    right: set[int] = set()
    found = []
    for _, i, j in near:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            found.append((i, j))
    return found


def linked(want: Sequence[Region], have: Sequence[Region]) -> bool:
    """Whether each region on one side has its like on the other."""
    return all(any(iou(w, h) >= 0.5 for h in have) for w in want) and all(
        any(iou(w, h) >= 0.5 for w in want) for h in have
    )


def is_right(gold: Attribution, mark: Attribution) -> bool:
    """Whether sources and cues are those of the gold attribution."""
    return linked(gold.sources, mark.sources) and linked(gold.cues, mark.cues)


def best_pairs(gold: MarkedDocument, marked: MarkedDocument) -> list[tuple[Attribution, Attribution]]:
    """Pairs of attributions: those with right links first, then those that overlap most."""
    candidates = sorted(
        (
            (is_right(g, m), iou(g.content, m.content), i, j)
            for i, g in enumerate(gold.attributions)
            for j, m in enumerate(marked.attributions)
            if iou(g.content, m.content) >= 0.5
        ),
        reverse=True,
    )
    left: set[int] = set()
    right: set[int] = set()
    found = []
    for _, _, i, j in candidates:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            found.append((gold.attributions[i], marked.attributions[j]))
    return found


def regions(document: MarkedDocument, label: str) -> list[Region]:
    """Regions of a label (or `content`); contents once for each attribution, sources and cues once for each span."""
    if label in ("source", "cue"):
        parts = [part for one in document.attributions for part in (one.sources if label == "source" else one.cues)]
        return list({(part.start, part.end): part for part in parts}.values())
    return [one.content for one in document.attributions if label in ("content", one.content.label)]


def same_name(a: str, b: str) -> bool:
    """Equal but for case, or one holds all words of the other."""
    x, y = a.casefold().split(), b.casefold().split()
    return x == y or bool(x and y and (set(x) <= set(y) or set(y) <= set(x)))


def f1(hits: int, marked: int, gold: int) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    precision, recall = hits / marked if marked else 0.0, hits / gold if gold else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def score(golds: list[MarkedDocument], marks: list[MarkedDocument]) -> list[tuple[str, ...]]:
    """The table of accuracy, a row for each measure."""
    rows: list[tuple[str, ...]] = [("measure", "gold", "marked", "precision", "recall", "f1")]
    both = list(zip(golds, marks, strict=True))
    for label in ("content", *CONTENT_LABELS, "source", "cue"):
        sides = [(regions(gold, label), regions(mark, label)) for gold, mark in both]
        counts = sum(len(g) for g, _ in sides), sum(len(m) for _, m in sides)
        exact = sum(
            sum((Counter((r.start, r.end) for r in g) & Counter((r.start, r.end) for r in m)).values())
            for g, m in sides
        )
        half = sum(len(pairs(g, m)) for g, m in sides)
        for name, hits in ((f"{label} exact", exact), (f"{label} half", half)):
            rows.append((name, *map(str, counts), *(f"{x:.3f}" for x in f1(hits, counts[1], counts[0]))))
    met = [pair for gold, mark in both for pair in best_pairs(gold, mark)]
    counts = sum(len(g.attributions) for g in golds), sum(len(m.attributions) for m in marks)
    good = sum(is_right(g, m) for g, m in met)
    rows.append(("attribution", *map(str, counts), *(f"{x:.3f}" for x in f1(good, counts[1], counts[0]))))
    named = sum(same_name(g.speaker, m.speaker) for g, m in met)
    share = named / len(met) if met else 0.0
    rows.append(("speaker", str(len(met)), str(named), f"{share:.3f}", "", ""))
    return rows


def outcomes(golds: list[MarkedDocument], marks: list[MarkedDocument]) -> list[tuple[float, bool]]:
    """Confidence of every mark (content, source, cue), and whether it is right."""
    held: list[tuple[float, bool]] = []
    for gold, mark in zip(golds, marks, strict=True):
        right = {id(m) for g, m in best_pairs(gold, mark) if is_right(g, m)}
        held += [(one.content.confidence or 0.0, id(one) in right) for one in mark.attributions]
        for label in ("source", "cue"):
            known, found = regions(gold, label), regions(mark, label)
            met = {j for _, j in pairs(known, found)}
            held += [(region.confidence or 0.0, j in met) for j, region in enumerate(found)]
    return held


def auc(held: list[tuple[float, bool]]) -> float:
    """Area under the ROC curve: how often a right mark has more confidence than a wrong one (ties count half)."""
    right = [c for c, ok in held if ok]
    wrong = [c for c, ok in held if not ok]
    if not right or not wrong:
        return 1.0
    return sum((r > w) + 0.5 * (r == w) for r in right for w in wrong) / (len(right) * len(wrong))


def reliability(held: list[tuple[float, bool]]) -> list[tuple[str, ...]]:
    """By bins of confidence: how many marks, what they say, how often they are right."""
    rows: list[tuple[str, ...]] = [("from", "marks", "share", "said", "right")]
    for low, high in pairwise(EDGES):
        inside = [(c, ok) for c, ok in held if low <= c < high]
        if inside:
            said, right = sum(c for c, _ in inside) / len(inside), sum(ok for _, ok in inside) / len(inside)
            share = len(inside) / len(held)
            rows.append((f"{low:.2f}", str(len(inside)), f"{share:.3f}", f"{said:.3f}", f"{right:.3f}"))
    return rows


def plot(rows: list[tuple[str, ...]]) -> str:
    """The reliability table as an SVG picture: said against right, the size of a dot by the number of marks."""
    dots = "".join(
        f'<circle cx="{40 + 300 * float(said):.1f}" cy="{340 - 300 * float(right):.1f}" r="{3 + 20 * float(share):.1f}"'
        f' fill="#1f6f8b" fill-opacity="0.7"><title>{marks} marks</title></circle>'
        for _, marks, share, said, right in rows[1:]
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 380" font-family="sans-serif" font-size="12">'
        '<rect x="40" y="40" width="300" height="300" fill="none" stroke="#999"/>'
        '<line x1="40" y1="340" x2="340" y2="40" stroke="#ccc"/>'
        f'{dots}<text x="150" y="365">confidence</text><text x="12" y="30">share right</text></svg>\n'
    )


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows as tab-separated lines."""
    return "".join("\t".join(row) + "\n" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    golds = list(read_gold(options.gold))
    marker = Marker()
    marks = [marker.mark(gold.document) for gold in golds]
    accuracy = score(golds, marks)
    held = outcomes(golds, marks)
    bins = reliability(held)
    contents = [(one.content.confidence or 0.0, ok) for one, ok in _contents(golds, marks)]
    print(marker.version, table(accuracy), table(bins), sep="\n")
    print(f"AUC of right against wrong: all marks {auc(held):.3f}, contents {auc(contents):.3f}")
    print("contents alone", table(reliability(contents)), sep="\n")
    if options.output:
        options.output.mkdir(parents=True, exist_ok=True)
        (options.output / "accuracy.tsv").write_text(table(accuracy), encoding="utf-8")
        (options.output / "reliability.tsv").write_text(table(bins), encoding="utf-8")
        (options.output / "reliability.svg").write_text(plot(bins), encoding="utf-8")


def _contents(golds: list[MarkedDocument], marks: list[MarkedDocument]) -> list[tuple[Attribution, bool]]:
    right = {
        id(m) for gold, mark in zip(golds, marks, strict=True) for g, m in best_pairs(gold, mark) if is_right(g, m)
    }
    return [(one, id(one) in right) for mark in marks for one in mark.attributions]


if __name__ == "__main__":
    main()
