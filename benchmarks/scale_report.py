"""The results of `scale.py` as a table, a plot, and what they say: written into a page, between its marks."""

import json
from pathlib import Path
from typing import Any

Line = dict[str, Any]


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
    head = "| articles | run | attributions | s | articles/s | CPU µs/article | memory MiB | in MiB | out MiB |"
    rows = [head, "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for line in lines:
        run = f"{line['engine']}, {line['jobs']}" + (", `--dedupe`" if line["dedupe"] else "")
        rows.append(
            f"| {line['articles']:,} | {run} | {line['attributions']:,} | {line['seconds']:,.0f} "
            f"| {line['articles'] / line['seconds']:,.0f} | {line['cpu_us']:,} | {line['memory_mib']:,} "
            f"| {line['input_mib']:,.0f} | {line['output_mib']:,.0f} |"
        )
    return "\n".join(rows)


def findings(lines: list[Line]) -> str:
    """Ratio of two processes to one, growth, copies, and a billion articles, in sentences."""
    plain = [line for line in lines if line["engine"] == "processes" and not line["dedupe"]]
    told: list[str] = []
    for articles in sorted({line["articles"] for line in plain}):
        by_jobs = {line["jobs"]: line["seconds"] for line in plain if line["articles"] == articles}
        if {1, 2} <= set(by_jobs):
            told.append(
                f"* Two processes against one, {articles:,} articles: {by_jobs[1] / by_jobs[2]:.2f} times as fast."
            )
    for jobs in (1, 2):
        own = [line for line in plain if line["jobs"] == jobs and line["articles"] >= 10_000]
        if len(own) > 1:
            change = own[-1]["cpu_us"] / own[0]["cpu_us"] - 1
            told.append(
                f"* Growth, {jobs} process{'es' * (jobs > 1)}: {change:+.1%} processor time for each article from "
                f"{own[0]['articles']:,} to {own[-1]['articles']:,} articles."
            )
    for line in lines:
        if "copies_found" in line:
            kinds = ", ".join(
                f"{kind} {line[kind]:.1%}" for kind in ("byline", "outlet", "lead", "tail") if kind in line
            )
            told.append(
                f"* Copies, {line['articles']:,} articles: of {line['copies_planted']:,} planted ones "
                f"{line['copies_found']:.1%} found ({kinds}); {line['false_links']} links that are none."
            )
    if plain:
        told.append(billion(max(plain, key=lambda line: (line["articles"], line["jobs"]))))
    return "\n".join(told)


def billion(line: Line) -> str:
    """What the run would be for a thousand million articles of the same kind."""
    hours = line["cpu_us"] * 1e9 / 1e6 / 3600
    scale = 1e9 / line["articles"] / 2**20
    return (
        f"* A billion such articles by these figures: {hours:,.0f} core hours (64 cores: {hours / 64:,.0f} hours; 640: "
        f"{hours / 640:,.1f}), {line['input_mib'] * scale:,.1f} TiB to read, "
        f"{line['output_mib'] * scale:,.1f} TiB of rows."
    )


def plot(lines: list[Line], target: Path) -> None:
    """Processor time for each article, and memory, by number of articles."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    kinds = sorted({(line["engine"], line["dedupe"], line["jobs"]) for line in lines})
    for engine, dedupe, jobs in kinds:
        own = [line for line in lines if (line["engine"], line["dedupe"], line["jobs"]) == (engine, dedupe, jobs)]
        label = f"{engine}, {jobs}" + (", --dedupe" if dedupe else "")
        at = [line["articles"] for line in own]
        left.plot(at, [line["cpu_us"] for line in own], "o-", label=label)
        right.plot(at, [line["memory_mib"] for line in own], "o-", label=label)
    right.axhline(1024, color="grey", linestyle=":", label="1 GiB")
    for axis, title in ((left, "processor time for each article, µs"), (right, "memory of all processes, MiB")):
        axis.set(xscale="log", xlabel="articles", title=title)
        axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
    right.legend(fontsize="small")
    figure.savefig(target, dpi=100)
