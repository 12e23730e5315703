"""The results of `commit.py` as a table, a plot, and how the time grows: written into a page, between its marks."""

import json
from math import log
from pathlib import Path
from typing import Any

Line = dict[str, Any]
MARKS = ("<!-- figures: written by benchmarks/commit.py -->", "<!-- end of figures -->")


def report(results: Path, page: Path) -> None:
    """Writes the newest line of each size into the page, and the plot beside it."""
    newest = {line["submissions"]: line for line in map(json.loads, results.read_text().splitlines())}
    lines = [newest[size] for size in sorted(newest)]
    plot(lines, page.with_suffix(".png"))
    before, _, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    image = f"![time of a commit, and memory, by number of submissions]({page.stem}.png)"
    text = f"{before}{MARKS[0]}\n\n{table(lines)}\n\n{growth(lines)}\n\n{image}\n\n{MARKS[1]}{after}"
    page.write_text(text, encoding="utf-8")


def table(lines: list[Line]) -> str:
    """The figures as a table of Markdown."""
    rows = [
        "| submissions | articles | attributions | commit, s | CPU, s | CPU, ms each | 100 changed, s | memory, MiB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for line in lines:
        rows.append(
            f"| {line['submissions']:,} | {line['documents']:,} | {line['rows']:,} | {line['seconds']:,.1f} "
            f"| {line['cpu']:,.1f} | {1000 * line['cpu'] / line['submissions']:.2f} "
            f"| {line['again_seconds']:.1f} | {line['memory_mib']:,} |"
        )
    return "\n".join(rows)


def growth(lines: list[Line]) -> str:
    """How the processor time grows from the smallest size to the largest: 1.0 is in proportion."""
    first, last = lines[0], lines[-1]
    if first["submissions"] == last["submissions"]:
        return ""
    slope = log(last["cpu"] / first["cpu"]) / log(last["submissions"] / first["submissions"])
    return (
        f"Slope of processor time (logarithms) from {first['submissions']:,} to {last['submissions']:,} submissions: "
        f"{slope:.2f}."
    )


def plot(lines: list[Line], target: Path) -> None:
    """Seconds and memory by number of submissions, with the bounds that the product is held to."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    at = [line["submissions"] for line in lines]
    left.plot(at, [line["seconds"] for line in lines], "o-", label="all of them")
    left.plot(at, [line["again_seconds"] for line in lines], "s--", label="100 articles changed")
    left.set(xscale="log", yscale="log", xlabel="submissions", title="a commit on two cores, seconds")
    right.plot(at, [line["memory_mib"] for line in lines], "o-")
    right.set(xscale="log", xlabel="submissions", title="memory of all processes, MiB")
    right.set_ylim(bottom=0)
    left.legend()
    for axis in (left, right):
        axis.grid(alpha=0.3)
    figure.savefig(target, dpi=100)
