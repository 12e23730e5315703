"""A picture of an agreement report. Needs matplotlib, the extra `plots`."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.errors import MissingExtra
from annotate.reconcile.report import AgreementReport, Figure, PremarkFigure

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_agreement(report: AgreementReport, path: Path) -> None:
    """Writes a picture (PNG, SVG or PDF, by the file's ending): the coefficients of all readers with their 95 %
    intervals, and the share of pre-marks accepted by confidence.

    Raises MissingExtra where matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Picture
    except ImportError as error:
        raise MissingExtra("a plot of agreement", "plots") from error
    figures = [f for f in report.figures if not f.who and f.estimate.value is not None]
    bins = [p for p in report.premarks if p.by == "confidence" and p.accepted.value is not None]
    picture = Picture(figsize=(11, max(4.0, 0.26 * len(figures) + 1.5)), layout="constrained")
    FigureCanvasAgg(picture)
    panels = picture.subplots(1, 2 if bins else 1, squeeze=False)[0]
    _coefficients(panels[0], figures)
    if bins:
        _accepted(panels[1], bins)
    picture.suptitle(f"{report.documents} documents, {len(report.annotators)} annotators")
    picture.savefig(path)


def _coefficients(axes: "Axes", figures: list[Figure]) -> None:
    names = [f"{f.measure} · {f.label}" for f in figures]
    for place, one in enumerate(figures):
        found = one.estimate
        colour = "0.6" if found.too_few else "tab:blue"
        if found.low is not None and found.high is not None:
            axes.plot([found.low, found.high], [place, place], color=colour, linewidth=2)
        axes.plot([found.value or 0.0], [place], "o", color=colour)
    axes.set_yticks(range(len(names)), names)
    for place, (one, other) in enumerate(pairwise(figures)):
        if one.measure != other.measure:
            axes.axhline(place + 0.5, color="0.85", linewidth=0.8)
    axes.invert_yaxis()
    axes.set_xlim(min([0.0, *(f.estimate.value or 0.0 for f in figures)]) - 0.05, 1.05)
    axes.set_xlabel("agreement, 95 % interval (grey: too few for one)")
    axes.grid(axis="x", alpha=0.3)


def _accepted(axes: "Axes", bins: list[PremarkFigure]) -> None:
    keys = sorted({p.key for p in bins})
    for sight, marker, colour, aside in (("seen", "o", "tab:blue", -0.08), ("blind", "s", "tab:orange", 0.08)):
        shown = [p for p in bins if p.sight == sight]
        if not shown:
            continue
        places = [keys.index(p.key) + aside for p in shown]
        axes.plot(places, [p.accepted.value or 0.0 for p in shown], marker, color=colour, label=sight)
        for place, p in zip(places, shown, strict=True):
            if p.accepted.low is not None and p.accepted.high is not None:
                axes.plot([place] * 2, [p.accepted.low, p.accepted.high], color=colour, linewidth=2)
            else:
                axes.plot([place], [p.accepted.value or 0.0], marker, color="0.6")
    axes.set_xticks(range(len(keys)), keys)
    axes.set_xlim(-0.5, len(keys) - 0.5)
    axes.set_ylim(-0.05, 1.05)
    axes.set_xlabel("confidence of the pre-mark (grey: too few for an interval)")
    axes.set_ylabel("share left as proposed")
    axes.legend(title="pre-marks")
    axes.grid(axis="y", alpha=0.3)
