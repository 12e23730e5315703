"""Annotators made from gold: seeded, each with faults of a careful but human reader."""

import random
from dataclasses import dataclass, replace

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile import Reading

TYPES = ("direct", "mixed", "indirect")


@dataclass(frozen=True)
class Faults:
    """How often (0.0 to 1.0, for each attribution) a reader errs in each way."""

    edge: float = 0.25
    drop: float = 0.1
    split: float = 0.05
    relink: float = 0.08
    unlink: float = 0.08
    retype: float = 0.1
    rename: float = 0.1
    invent: float = 0.05


def noisy(
    name: str, document: Document, gold: tuple[Attribution, ...], seed: int, faults: Faults = Faults()
) -> Reading:
    """`gold` as a reader with these faults would have labelled it. Region ids are the reader's own."""
    rng = random.Random(f"{seed}/{name}/{document.doc_id}")
    sources = sorted({r for a in gold for r in a.sources}, key=lambda r: r.start)
    cues = sorted({r for a in gold for r in a.cues}, key=lambda r: r.start)
    shifted = {r: _shifted(r, document.text, rng, faults.edge / 2) for r in (*sources, *cues)}
    marks: list[Attribution] = []
    for a in gold:
        if rng.random() < faults.drop:
            continue
        mine = replace(
            a,
            content=_shifted(a.content, document.text, rng, faults.edge),
            sources=tuple(shifted[r] for r in a.sources),
            cues=tuple(shifted[r] for r in a.cues),
        )
        if rng.random() < faults.retype:
            label = rng.choice([t for t in TYPES if t != mine.content.label])
            mine = replace(mine, content=replace(mine.content, label=label))
        if sources and rng.random() < faults.relink:
            mine = replace(mine, sources=(shifted[rng.choice(sources)],))
        if rng.random() < faults.unlink:
            mine = replace(mine, sources=()) if rng.random() < 0.5 else replace(mine, cues=())
        if rng.random() < faults.rename:
            mine = replace(mine, speaker=rng.choice(["", *(g.speaker for g in gold)]))
        marks += _split(mine, document.text) if rng.random() < faults.split else [mine]
    if rng.random() < faults.invent * len(gold):
        marks.append(_invented(document.text, rng))
    own = tuple(
        replace(a, content=replace(a.content, region_id=f"{name}-{i}", origin="manual")) for i, a in enumerate(marks)
    )
    return Reading(name, sum(map(ord, name)), own)


def _words(text: str) -> list[int]:
    """Starts of words, and the end of the text."""
    return [i for i, c in enumerate(text) if not c.isspace() and (i == 0 or text[i - 1].isspace())] + [len(text)]


def _shifted(region: Region, text: str, rng: random.Random, how_often: float) -> Region:
    """One edge moved by one to three words."""
    if rng.random() >= how_often:
        return region
    starts, by = _words(text), rng.choice([-3, -2, -1, 1, 2, 3])
    if rng.random() < 0.5:
        near = min(range(len(starts)), key=lambda i: abs(starts[i] - region.start))
        start = starts[max(0, min(len(starts) - 2, near + by))]
        return replace(region, start=start) if start < region.end else region
    near = min(range(len(starts)), key=lambda i: abs(starts[i] - region.end))
    end = len(text[: starts[max(1, min(len(starts) - 1, near + by))]].rstrip())
    return replace(region, end=end) if region.start < end else region


def _split(a: Attribution, text: str) -> list[Attribution]:
    middle = text.find(" ", (a.content.start + a.content.end) // 2, a.content.end)
    if middle <= a.content.start:
        return [a]
    return [
        replace(a, content=replace(a.content, end=middle)),
        replace(a, content=replace(a.content, start=middle + 1)),
    ]


def _invented(text: str, rng: random.Random) -> Attribution:
    starts = _words(text)
    first = rng.randrange(max(1, len(starts) - 8))
    return Attribution(Region("indirect", starts[first], len(text[: starts[min(first + 6, len(starts) - 1)]].rstrip())))
