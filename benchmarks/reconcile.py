"""How long reconciling takes, and how that grows.

    python benchmarks/reconcile.py [SUBMISSIONS ...]        default: 1000 3000 10000

Articles of ten attributions each, labelled by three or four readers who differ on some (one of ten edges, one of
twenty types, links and names, one of twenty marks left out). A second pass reconciles the same articles with the rows
of the first as the version before. Printed: milliseconds a submission, the slope of its growth (log-log), peak memory.
"""

import math
import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile import Reading, reconcile_document

TEXT = "Menteri Ani Sari mengatakan harga beras akan naik tajam pekan depan di seluruh Jawa dan Bali, kata Budi. " * 30
NAMES = ("ani", "budi", "citra", "dewi")
TYPES = ("direct", "mixed", "indirect")


def gold(number: int) -> list[Attribution]:
    """Ten attributions, spread over the text."""
    made = []
    for i in range(10):
        at = i * 300 + number % 7
        made.append(
            Attribution(
                Region(TYPES[(i + number) % 3], at + 30, at + 110),  # type: ignore[arg-type]
                (Region("source", at, at + 16),),
                (Region("cue", at + 17, at + 27),),
                f"Nama {(i + number) % 40}",
            )
        )
    return made


def labelled(name: str, what: list[Attribution], rng: random.Random) -> tuple[Attribution, ...]:
    """The gold as one reader has it."""
    marks = []
    for i, a in enumerate(what):
        if rng.random() < 0.05:
            continue
        content = replace(a.content, region_id=f"{name}{i}", origin="manual")
        if rng.random() < 0.1:
            content = replace(content, end=content.end + rng.choice([-8, -4, 5, 9]))
        if rng.random() < 0.05:
            content = replace(content, label=rng.choice(TYPES))
        sources = () if rng.random() < 0.05 else a.sources
        speaker = "" if rng.random() < 0.05 else a.speaker
        marks.append(Attribution(content, sources, a.cues, speaker))
    return tuple(marks)


def articles(submissions: int) -> Iterator[tuple[Document, list[Reading]]]:
    """Articles until there are this many submissions, about 3.3 for each article."""
    rng, number = random.Random(0), 0
    while submissions > 0:
        names = NAMES[: min(submissions, 4 if number % 3 == 0 else 3)]
        what = gold(number)
        yield (
            Document(f"artikel-{number}", TEXT),
            [Reading(name, 10 * number + i, labelled(name, what, rng)) for i, name in enumerate(names)],
        )
        submissions -= len(names)
        number += 1


def measure(submissions: int) -> float:
    """Seconds of processor time, without making the labels; prints what it saw."""
    spent = again = 0.0
    rows = documents = 0
    for document, readings in articles(submissions):
        start = time.process_time()
        done = reconcile_document(document, readings, commit_id="c1")
        middle = time.process_time()
        reconcile_document(document, readings, commit_id="c2", previous=done.records)
        spent, again = spent + middle - start, again + time.process_time() - middle
        rows, documents = rows + len(done.records), documents + 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{submissions:7} submissions, {documents:6} documents, {rows:7} rows: {spent:6.2f} s, "
        f"{1000 * spent / submissions:.3f} ms a submission; again with the version before: "
        f"{1000 * again / submissions:.3f} ms; peak {peak:.0f} MiB"
    )
    return spent


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [1000, 3000, 10000]
    times = [measure(size) for size in sizes]
    if len(sizes) > 1:
        slope = math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])
        print(f"slope of the whole time over submissions: {slope:.3f} (1.0: time a submission does not grow)")


if __name__ == "__main__":
    main()
