"""A picture of the progress: everybody against the plan, and what was done on each day. Needs matplotlib."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotate.errors import MissingExtra
from annotate.workflow.progress import ProgressReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KINDS: Final = (
    ("labelled", "tab:blue", "with attributions"),
    ("empty", "tab:cyan", "no attribution"),
    ("skipped", "tab:orange", "skipped"),
    ("drafts", "0.7", "drafts"),
)
_OTHERS: Final = "others"
_NAMED: Final = 9  # annotators with a colour of their own in the days
_DATES: Final = 7  # that find room under the bars
_LONGEST: Final = 32  # characters of a name


def plot_progress(report: ProgressReport, path: Path) -> None:
    """Writes a picture (PNG, SVG or PDF, by the file's ending). Raises MissingExtra without matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("a plot of the progress", "plots") from error
    picture = Figure(figsize=(14, max(4.5, 0.42 * len(report.standings) + 2.0)), layout="constrained")
    FigureCanvasAgg(picture)
    people, days = picture.subplots(1, 2)
    _people(people, report)
    _days(days, report)
    done = sum(one.tally.done for one in report.standings)
    planned = sum(one.planned for one in report.standings)
    against = f", {sum(one.plan_done for one in report.standings)} of the {planned} planned" if planned else ""
    picture.suptitle(f"{done} readings by {len(report.standings)} annotators{against}")
    picture.savefig(path)


def _people(axes: "Axes", report: ProgressReport) -> None:
    from matplotlib.ticker import MaxNLocator

    places = range(len(report.standings))
    before = [0] * len(report.standings)
    for kind, colour, what in _KINDS:
        widths = [getattr(one.tally, kind) for one in report.standings]
        if any(widths):
            axes.barh(places, widths, left=before, color=colour, label=what, height=0.6)
        before = [start + width for start, width in zip(before, widths, strict=True)]
    if report.planned:
        planned = [one.planned for one in report.standings]
        axes.barh(places, planned, fill=False, edgecolor="black", linewidth=1.2, height=0.8, label="planned")
        before = [max(pair) for pair in zip(before, planned, strict=True)]
    axes.set_yticks(places, [_name(one.annotator) for one in report.standings])
    axes.invert_yaxis()
    axes.set_xlim(0, max([1, *before]) * 1.05)
    axes.set_xlabel("readings: one article by one annotator")
    axes.set_title("by annotator")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize="small", frameon=False)


def _days(axes: "Axes", report: ProgressReport) -> None:
    """Bars of what was done on each day, annotators stacked; days on which nobody worked are there, too."""
    from matplotlib import colormaps
    from matplotlib.ticker import MaxNLocator

    axes.set_title("done on each day")
    axes.set_ylabel("readings")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", alpha=0.3)
    if not report.days:
        axes.set_xticks([])
        return
    busiest = sorted(report.standings, key=lambda one: (-one.tally.done, one.annotator))
    named = [one.annotator for one in busiest[:_NAMED]]
    first, last = (date.fromisoformat(day) for day in (min(report.days), max(report.days)))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    before = [0] * len(days)
    colours = iter(colormaps["tab10"].colors)  # type: ignore[attr-defined]
    for name in [*named, _OTHERS]:
        heights = [_done(report, day.isoformat(), name, named) for day in days]
        colour = next(colours)
        if any(heights):
            axes.bar(range(len(days)), heights, bottom=before, color=colour, label=_name(name))
            before = [start + height for start, height in zip(before, heights, strict=True)]
    step = -(-len(days) // _DATES)
    axes.set_xticks(range(0, len(days), step), [days[n].strftime("%d.%m.") for n in range(0, len(days), step)])
    axes.set_xlabel(f"{first} to {last}")
    if any(before):
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize="small", frameon=False)


def _done(report: ProgressReport, day: str, name: str, named: list[str]) -> int:
    tallies = report.days.get(day, {})
    if name == _OTHERS:
        return sum(tally.done for who, tally in tallies.items() if who not in named)
    return tallies[name].done if name in tallies else 0


def _name(name: str) -> str:
    """Short, and never taken for a formula."""
    short = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    return short.replace("$", r"\$")
