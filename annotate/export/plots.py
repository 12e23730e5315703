"""Pictures of the statistics, as PNG and SVG.

Legible in print and by the colour-blind: three tones of the Okabe-Ito palette that differ in lightness, one of them
hatched.
"""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from annotate.errors import MissingExtra
from annotate.export.atomic import whole_file
from annotate.export.model import Statistics
from annotate.export.stats import TYPES, UNKNOWN

_TONES: Final = {"direct": ("#0B3C5D", ""), "mixed": ("#E69F00", "//"), "indirect": ("#B8DDF2", "")}
_ONE: Final = "#0B3C5D"
_MEAN: Final = {"direct": "verbatim (direct)", "mixed": "partly verbatim (mixed)", "indirect": "paraphrased (indirect)"}
_LONG: Final = 42  # characters of a label
_MOST: Final = 20  # bars of a picture
_STYLE: Final[Any] = {
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "text.parse_math": False,  # a `$` in a name is a `$`
    "svg.hashsalt": "atribusi",
    "svg.fonttype": "path",
    "hatch.linewidth": 0.6,
}


def write_plots(statistics: Statistics, folder: Path) -> list[Path]:
    """Writes each picture as PNG and as SVG; gives the files. Raises `MissingExtra` without matplotlib."""
    written = []
    for name, kinds in pictures(statistics):
        for suffix, data in kinds.items():
            path = folder / f"{name}.{suffix}"
            with whole_file(path) as part:
                part.write_bytes(data)
            written.append(path)
    return written


def pictures(statistics: Statistics, *, titled: bool = True) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The name of each picture, and the picture as `png` and as `svg`. What has no data has no picture."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("drawing plots", "plots") from error
    for name, draw in (
        ("speakers", _speakers), ("months", _months), ("unnamed", _unnamed), ("source_kinds", _source_kinds),
    ):  # fmt: skip
        with mpl.rc_context(_STYLE), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # letters that the font has not are drawn as boxes
            figure = Figure(layout="constrained")
            if draw(statistics, figure):
                if not titled:
                    figure.axes[0].set_title("")
                yield name, {"png": _saved(figure, "png"), "svg": _saved(figure, "svg")}


def _saved(figure: Any, kind: str) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else {})
    return out.getvalue()


def _label(name: Any) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in str(name)).split())
    return words if len(words) <= _LONG else words[: _LONG - 1] + "…"


def _columns(statistics: Statistics, table: str, *names: str) -> list[tuple[Any, ...]]:
    found = statistics[table]
    at = [found.columns.index(name) for name in names]
    return [tuple(row[n] for n in at) for row in found.rows]


def _stacked(axes: Any, labels: list[str], rows: list[tuple[Any, ...]], *, flat: bool) -> None:
    """Bars of the three types on top of each other; `flat`: they lie."""
    base = [0] * len(rows)
    for n, kind in enumerate(TYPES):
        colour, hatch = _TONES[kind]
        values = [row[n] for row in rows]
        style = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.4, "label": _MEAN[kind]}
        places = range(len(rows))
        if flat:
            axes.barh(places, values, left=base, height=0.75, **style)
        else:
            axes.bar(places, values, bottom=base, width=0.85, **style)
        base = [a + b for a, b in zip(base, values, strict=True)]
    if flat:
        axes.set_yticks(range(len(rows)), labels)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        for n, total in enumerate(base):
            axes.annotate(f" {total:,}", (total, n), va="center", fontsize=9)
        axes.margins(x=0.08)
    axes.figure.legend(loc="outside lower center", ncols=len(TYPES), frameon=False, fontsize=9)


def _speakers(statistics: Statistics, figure: Any) -> bool:
    rows = _columns(statistics, "speakers", "speaker", *TYPES)[:_MOST]
    if not rows:
        return False
    figure.set_size_inches(8.5, 1.4 + 0.28 * len(rows))
    axes = figure.add_subplot()
    _stacked(axes, [_label(row[0]) for row in rows], [row[1:] for row in rows], flat=True)
    axes.set_title("Who is quoted most")
    axes.set_xlabel("attributions")
    _whole(axes.xaxis)
    return True


def _months(statistics: Statistics, figure: Any) -> bool:
    found = {row[0]: row for row in _columns(statistics, "months", "month", *TYPES) if row[0] != UNKNOWN}
    if not found:
        return False
    rows = [found.get(month, (month, 0, 0, 0)) for month in _every_month(min(found), max(found))]
    figure.set_size_inches(8.5, 3.6)
    axes = figure.add_subplot()
    _stacked(axes, [], [row[1:] for row in rows], flat=False)
    step = max(1, -(-len(rows) // 12))
    slanted = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if len(rows) > 8 else {}
    axes.set_xticks(range(0, len(rows), step), [row[0] for row in rows[::step]], **slanted)
    axes.set_title("Attributions by month of publication")
    axes.set_ylabel("attributions")
    axes.set_xlim(-0.7, max(len(rows), 4) - 0.3)
    _whole(axes.yaxis)
    return True


def _every_month(first: str, last: str) -> list[str]:
    """All months from the first to the last, also those in which nothing was published."""
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, end + 1)]


def _unnamed(statistics: Statistics, figure: Any) -> bool:
    rows = [row for row in _columns(statistics, "outlets", "outlet", "share_unnamed", "attributions") if row[2]]
    rows = sorted(rows, key=lambda row: -row[2])[:_MOST]
    if not rows:
        return False
    rows.sort(key=lambda row: -row[1])
    figure.set_size_inches(8.5, 1.3 + 0.28 * len(rows))
    axes = figure.add_subplot()
    axes.barh(range(len(rows)), [100 * row[1] for row in rows], color=_ONE, height=0.75)
    axes.set_yticks(range(len(rows)), [_label(row[0]) for row in rows])
    axes.invert_yaxis()
    for n, row in enumerate(rows):
        axes.annotate(f" {100 * row[1]:.0f} % of {row[2]:,}", (100 * row[1], n), va="center", fontsize=9)
    axes.set_xlim(0, max(10.0, 130 * max(row[1] for row in rows)))
    axes.set_title("Attributions to unnamed sources or to nobody, by outlet")
    axes.set_xlabel("per cent of the outlet's attributions")
    return True


def _source_kinds(statistics: Statistics, figure: Any) -> bool:
    rows = _columns(statistics, "source_kinds", "source_kind", "attributions")
    if not [row for row in rows if row[0] != UNKNOWN]:
        return False
    figure.set_size_inches(8.5, 1.3 + 0.28 * len(rows))
    axes = figure.add_subplot()
    axes.barh(range(len(rows)), [row[1] for row in rows], color=_ONE, height=0.75)
    axes.set_yticks(range(len(rows)), [_label(row[0]) for row in rows])
    axes.invert_yaxis()
    for n, row in enumerate(rows):
        axes.annotate(f" {row[1]:,}", (row[1], n), va="center", fontsize=9)
    axes.margins(x=0.1)
    axes.set_title("What kind of source")
    axes.set_xlabel("attributions")
    _whole(axes.xaxis)
    return True


def _whole(axis: Any) -> None:
    """Ticks at whole numbers."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
