"""Agreement: how far the annotators of a dataset say the same, and what they made of the pre-marks."""

from pathlib import Path
from typing import TYPE_CHECKING

from annotate.workflow.commit import rules_of
from annotate.workflow.readings import gather

if TYPE_CHECKING:
    from annotate.reconcile import AgreementReport


def agreement(dataset: str | Path, *, resamples: int = 1000, seed: int = 0, each: bool = False) -> "AgreementReport":
    """Agreement on all that was pulled so far; intervals are bootstrapped over documents. Raises `DatasetError`s.

    `each`: also the figures of every pair and every annotator.
    """
    from annotate.dataset import Dataset
    from annotate.reconcile import Agreement

    basis = Dataset.open(dataset).basis()
    study = Agreement(rules_of(basis.head))
    for inputs in basis.readings():
        found = gather(basis, inputs) if inputs.annotations else None
        if found is not None and found.readings:
            study.add(found.document, found.readings, found.premarks)
    return study.report(resamples, seed, each=each)


def agreement_markdown(dataset: str | Path) -> str | None:
    """The figures over all annotators as a Markdown table for a dataset card; None where nobody overlaps."""
    report = agreement(dataset)
    if not report.documents:
        return None
    lines = ["| measure | label | value | 95 % interval | documents |", "| --- | --- | --- | --- | --- |"]
    for figure in report.figures:
        one = figure.estimate
        if not figure.who and one.value is not None:
            interval = "too few" if one.low is None or one.high is None else f"{one.low:.2f} to {one.high:.2f}"
            lines.append(f"| {figure.measure} | {figure.label} | {one.value:.3f} | {interval} | {one.documents} |")
    return "\n".join(lines)


def agreement_rows(report: "AgreementReport") -> list[list[str]]:
    """The figures as rows of a table."""
    rows = []
    for figure in report.figures:
        one = figure.estimate
        value = "undefined" if one.value is None else f"{one.value:.3f}"
        interval = "too few" if one.low is None or one.high is None else f"{one.low:.3f} to {one.high:.3f}"
        rows.append([figure.measure, figure.label, " – ".join(figure.who) or "all", value, interval, str(one.units)])
    return rows


def premark_rows(report: "AgreementReport") -> list[list[str]]:
    """What became of the pre-marks as rows of a table."""
    rows = []
    for figure in report.premarks:
        value, low, high = figure.accepted.value, figure.accepted.low, figure.accepted.high
        interval = "too few" if low is None or high is None else f"{low:.0%} to {high:.0%}"
        others = ", ".join(
            f"{n} {what}" for what, n in figure.counts.items() if what not in ("premarks", "accepted") and n
        )
        proposed = str(figure.counts.get("premarks", 0))
        accepted = "" if value is None else f"{value:.0%}"
        rows.append([figure.sight, figure.by, figure.key, proposed, accepted, interval, others])
    return rows


def plot_report(report: "AgreementReport", path: Path) -> None:
    """Draw the figures into a PNG, SVG or PDF file. Raises `MissingExtra` without matplotlib."""
    from annotate.reconcile.plots import plot_agreement

    plot_agreement(report, path)
