"""The results of `scale.py` as a table, a plot, and what they say: written into a page, between its marks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Line = dict[str, Any]

_QUIET = 0.15  # cores that others may take of a machine that counts as quiet


def report(results: Path, page: Path, marks: tuple[str, str]) -> None:
    """Writes the newest line of each kind of run into the page; `scale.png` beside it where there is growth to see."""
    newest: dict[tuple[Any, ...], Line] = {}
    for text in results.read_text().splitlines():
        line = json.loads(text)
        newest[line["articles"], line["engine"], line["dedupe"], line["jobs"]] = line
    lines = [newest[key] for key in sorted(newest)]
    image = ""
    if len({line["articles"] for line in lines}) > 1:
        plot(lines, page.with_suffix(".png"))
        image = f"![processor time for each article, and memory, by number of articles]({page.stem}.png)\n\n"
    before, _, rest = page.read_text(encoding="utf-8").partition(marks[0])
    _, _, after = rest.partition(marks[1])
    text = f"{before}{marks[0]}\n\n{table(lines)}\n\n{findings(lines)}\n\n{image}{marks[1]}{after}"
    page.write_text(text, encoding="utf-8")


def table(lines: list[Line]) -> str:
    """The figures as a table of Markdown."""
    names = "articles run attributions s articles/s CPU_µs/article pace_µs memory_MiB in_MiB out_MiB others"
    head = f"| {' | '.join(names.split()).replace('_', ' ')} |"
    rows = [head, "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for line in lines:
        rows.append(
            f"| {line['articles']:,} | {name_of(line)} | {line['attributions']:,} | {line['seconds']:,.0f} "
            f"| {line['articles'] / line['seconds']:,.0f} | {line['cpu_us']:,} | {line.get('pace_us', '')} "
            f"| {line['memory_mib']:,} "
            f"| {line['input_mib']:,.0f} | {line['output_mib']:,.0f} | {line['others']} |"
        )
    return "\n".join(rows)


def name_of(line: Line) -> str:
    """Engine and number of processes of a run."""
    return f"{line['engine']}, {line['jobs']}" + (", `--dedupe`" if line["dedupe"] else "")


def net(line: Line, what: str = "cpu") -> float:
    """Microseconds for each article, of the processor (`cpu`) or of the clock (`wall`), without starting processes."""
    if what == "cpu":
        return float(line["cpu_us"] - line["start_cpu_s"] * 1e6 / line["articles"])
    return float((line["seconds"] - line["start_s"]) * 1e6 / line["articles"])


def findings(lines: list[Line]) -> str:
    """Ratio of two processes to one, growth, copies, and a billion articles, in sentences."""
    plain = [line for line in lines if line["engine"] == "processes" and not line["dedupe"]]
    told = [*_speed(lines), *_growth(lines), *_copies(lines)]
    if plain:
        told.append(billion(max(plain, key=lambda line: (line["articles"], line["jobs"]))))
    return "\n".join(told)


def _speed(lines: list[Line]) -> Iterator[str]:
    """Seconds are compared only of runs that had the machine to themselves."""
    for articles in sorted({line["articles"] for line in lines}):
        same = [line for line in lines if line["articles"] == articles and not line["dedupe"]]
        by = {(line["engine"], line["jobs"]): line for line in same}
        one, two, dask = (by.get(key) for key in (("processes", 1), ("processes", 2), ("dask", 2)))
        if one and two and max(one["others"], two["others"]) < _QUIET:
            yield (
                f"* Two processes against one, {articles:,} articles: {one['seconds'] / two['seconds']:.2f} times as "
                f"fast ({net(one, 'wall') / net(two, 'wall'):.2f} without the {two['start_s']} s of starting)."
            )
        if two and dask:
            longer = f"{dask['seconds'] / two['seconds']:.2f} times as long, "
            yield (
                f"* Dask against processes, two workers, {articles:,} articles: "
                f"{longer if max(two['others'], dask['others']) < _QUIET else ''}"
                f"{net(dask) / net(two):.2f} times the processor time, starting not counted."
            )
        if len(same) > 1 and len({line["marker"] for line in same}) == 1:
            equal = len({line["sha256"] for line in same}) == 1
            yield f"* Rows of these {len(same)} runs: {'the same, byte for byte' if equal else 'NOT THE SAME'}."


def _growth(lines: list[Line]) -> Iterator[str]:
    for run in sorted({name_of(line) for line in lines}):
        own = [line for line in lines if name_of(line) == run]
        if len(own) > 1:
            first, last = own[0], own[-1]
            change, paced = net(last) / net(first) - 1, ""
            if "pace_us" in first and "pace_us" in last:
                by_pace = (net(last) / last["pace_us"]) / (net(first) / first["pace_us"]) - 1
                paced = f", {by_pace:+.1%} by the machine's pace meanwhile"
            yield (
                f"* Growth, {run}: {change:+.1%} processor time for each article from {first['articles']:,} to "
                f"{last['articles']:,} articles{paced}; starting not counted; memory {first['memory_mib']:,} to "
                f"{last['memory_mib']:,} MiB."
            )


def _copies(lines: list[Line]) -> Iterator[str]:
    for line in lines:
        if "copies_found" in line:
            kinds = ", ".join(
                f"{kind} {line[kind]:.1%}" for kind in ("byline", "outlet", "lead", "tail") if kind in line
            )
            yield (
                f"* Copies, {line['articles']:,} articles: of {line['copies_planted']:,} planted ones "
                f"{line['copies_found']:.1%} found ({kinds}); {line['false_links']} links that are none."
            )


def billion(line: Line) -> str:
    """What the run would be for a thousand million articles of the same kind."""
    hours = net(line) * 1e9 / 1e6 / 3600
    scale = 1e9 / line["articles"] / 2**20
    return (
        f"* A billion such articles ({line['words']:.0f} words) by these figures: {hours:,.0f} core hours (64 cores: "
        f"{hours / 64:,.0f} hours; 640: {hours / 640:,.1f}), {line['input_mib'] * scale:,.1f} TiB to read, "
        f"{line['output_mib'] * scale:,.1f} TiB of rows."
    )


def plot(lines: list[Line], target: Path) -> None:
    """Processor time for each article, and memory, by number of articles."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for run in sorted({name_of(line) for line in lines}):
        own = [line for line in lines if name_of(line) == run]
        at, label = [line["articles"] for line in own], run.replace("`", "")
        left.plot(at, [net(line) for line in own], "o-", label=label)
        right.plot(at, [line["memory_mib"] for line in own], "o-", label=label)
    right.axhline(1024, color="grey", linestyle=":", label="1 GiB")
    for axis, title in ((left, "processor time for each article, µs"), (right, "memory of all processes, MiB")):
        axis.set(xscale="log", xlabel="articles", title=title)
        axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
    right.legend(fontsize="small")
    figure.savefig(target, dpi=100)
