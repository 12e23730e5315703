"""Coefficients of agreement, from sums that add up over documents.

Every measure is a set of sums (a `Sums`, name -> number) that is worked out document by document, and a formula over
the sums of all documents. So documents can be resampled without going back to the labels, and added one by one.

* F1 of two readers: `2 hits / (marks of one + marks of the other)`.
* Krippendorff's alpha, nominal, any number of readers, missing values: K. Krippendorff, Computing Krippendorff's
  Alpha-Reliability, 2011; Content Analysis, 4th ed. 2019, 12.3.
* Alpha for unitising, `|uα`: agreement on where a continuum's units lie, which takes partial overlap: K. Krippendorff,
  Y. Mathet, S. Bouvry, A. Widlöcher, On the reliability of unitizing textual continua: Further developments, Quality &
  Quantity 50 (2016); Content Analysis, 4th ed. 2019, 12.6.4. It replaces the alpha for unitising of 1995 and 2004.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence

from annotate.reconcile.sweep import Bounds, overlapping

Sums = dict[Hashable, float]

OFF = "\0off"  # off-diagonal coincidences; no label or name is written with a NUL


def f1_sums(hits: int, marks: int) -> Sums:
    """`marks` counts those of both readers."""
    return {"hits": hits, "marks": marks}


def f1(sums: Mapping[Hashable, float]) -> float | None:
    """F1 of two readers; None where neither marked anything."""
    return 2 * sums["hits"] / sums["marks"] if sums.get("marks") else None


def alpha_sums(units: Iterable[Sequence[Hashable]]) -> Sums:
    """Each unit holds the values that readers gave it, one each; a unit with one value says nothing of agreement."""
    sums: Sums = {}
    for values in units:
        m = len(values)
        if m < 2:
            continue
        counts: dict[Hashable, int] = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        for value, count in counts.items():
            sums[value] = sums.get(value, 0) + count
        apart = m * m - sum(count * count for count in counts.values())
        sums[OFF] = sums.get(OFF, 0) + apart / (m - 1)
    return sums


def alpha(sums: Mapping[Hashable, float]) -> float | None:
    """Krippendorff's alpha for nominal values; None where there is nothing to compare, or only one value was used."""
    counts = [count for value, count in sums.items() if value != OFF]
    n = sum(counts)
    expected = n * n - sum(count * count for count in counts)
    return 1 - (n - 1) * sums.get(OFF, 0) / expected if expected > 0 else None


def unit_sums(readers: Sequence[Iterable[Bounds]], length: int) -> Sums:
    """The units of each reader on a text of `length`; units of one reader that overlap lie on layers of their own.

    Nested units (a report inside a report) would melt into one. So the outermost are compared with the outermost, the
    next with the next.
    """
    layers = [_layers(units) for units in readers]
    sums: Sums = {"apart": 0.0, "inside": 0, "outside": 0, "own": 0, "units": 0}
    m = len(layers)
    if m < 2:
        return sums
    for depth in range(max(map(len, layers), default=0) or 1):
        level = [reader[depth] if depth < len(reader) else [] for reader in layers]
        inside = sum(end - start for units in level for start, end in units)
        outside = m * length - inside
        sums["inside"] += inside
        sums["outside"] += outside
        # a unit is never compared with itself; of a gap, each code point stands for itself
        sums["own"] += sum((end - start) ** 2 for units in level for start, end in units) + outside
        sums["units"] += sum(map(len, level))
        sums["apart"] += _apart(level) / (m - 1)
    return sums


def unit_alpha(sums: Mapping[Hashable, float]) -> float | None:
    """Alpha for unitising (`|uα`); None where nobody marked anything, or all is marked."""
    inside, outside = sums.get("inside", 0), sums.get("outside", 0)
    total = inside + outside
    if not inside or not outside:
        return None
    expected = inside * outside / (total - sums["own"] / total)
    return 1 - sums["apart"] / expected if expected > 0 else None


def _layers(units: Iterable[Bounds]) -> list[list[Bounds]]:
    layers: list[list[Bounds]] = []
    for start, end in sorted(units, key=lambda unit: (unit[0], -unit[1])):
        free = next((layer for layer in layers if layer[-1][1] <= start), None)
        if free is None:
            layers.append([(start, end)])
        else:
            free.append((start, end))
    return layers


def _apart(level: Sequence[Sequence[Bounds]]) -> float:
    """Over all code points, the pairs of readers of whom one has it in a unit and the other has not."""
    m, inside, last, total = len(level), 0, 0, 0
    turns = sorted([(s, 1) for units in level for s, _ in units] + [(e, -1) for units in level for _, e in units])
    for place, turn in turns:
        total += (place - last) * inside * (m - inside)
        inside, last = inside + turn, place
    return total


def pairs_that_overlap(one: Sequence[Bounds], other: Sequence[Bounds], least: float = 0.5) -> int:
    """How many of two readers' spans pair one to one with intersection over union of at least `least`: as many as there
    are (augmenting paths, breadth first). Both must be sorted.
    """
    near = _near(one, other, least)
    taken: dict[int, int] = {}
    partner: dict[int, int] = {}
    for i in range(len(one)):
        came_from: dict[int, int] = {}
        waiting = [i]
        for place in waiting:  # grows while it is walked
            free = None
            for j in near[place]:
                if j not in came_from:
                    came_from[j] = place
                    if j not in taken:
                        free = j
                        break
                    waiting.append(taken[j])
            if free is not None:
                while True:  # each on the path hands its partner to the one before
                    place = came_from[free]
                    before = partner.get(place)
                    taken[free], partner[place] = place, free
                    if before is None:
                        break
                    free = before
                break
    return len(taken)


def _near(one: Sequence[Bounds], other: Sequence[Bounds], least: float) -> list[list[int]]:
    """For each span of one reader the other's that overlap it enough, best first; found in one sweep."""
    spans = sorted(
        [(start, end, 0, i) for i, (start, end) in enumerate(one)]
        + [(start, end, 1, j) for j, (start, end) in enumerate(other)]
    )
    near: list[list[tuple[float, int]]] = [[] for _ in one]
    for a, b, overlap in overlapping([(start, end) for start, end, _, _ in spans]):
        (_, _, side, i), (_, _, second, j) = spans[a], spans[b]
        if side != second and overlap >= least:
            i, j = (i, j) if side == 0 else (j, i)
            near[i].append((-overlap, j))
    return [[j for _, j in sorted(found)] for found in near]
