"""The statistics as tables in files, and as one page of HTML that can be mailed and printed."""

import base64
import csv
from html import escape
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from annotate.export.atomic import whole_file
from annotate.export.cells import guard
from annotate.export.model import Statistics, Table
from annotate.export.plots import pictures

_ALT: Final = {
    "speakers": "Bars: the speakers who are quoted most, with how many of their attributions are verbatim",
    "months": "Bars: attributions by month of publication, verbatim and paraphrased",
    "unnamed": "Bars: share of attributions to unnamed sources or to nobody, by outlet",
    "source_kinds": "Bars: attributions by the kind of source",
}
_BESIDE: Final = {"speakers": "speakers", "months": "months", "outlets": "unnamed", "source_kinds": "source_kinds"}
_FOLDED: Final = 25  # rows that are seen before the reader opens the rest
_STYLE: Final = """
:root { color-scheme: light }
body { font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: #1a1a1a; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem } h2 { font-size: 1.25rem; margin: 2.5rem 0 .6rem }
p.lead { color: #444; margin: 0 0 1.5rem } figure { margin: 0 0 1rem } img { max-width: 100%; height: auto }
.wide { overflow-x: auto } table { border-collapse: collapse; font-size: .86rem; width: 100% }
th { text-align: left; border-bottom: 2px solid #1a1a1a; vertical-align: bottom }
th, td { padding: .28rem .6rem .28rem 0 } td { border-bottom: 1px solid #ddd; overflow-wrap: anywhere; min-width: 5rem }
td:first-child { min-width: 9rem }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; min-width: 0 }
td.n, td.month { white-space: nowrap }
.cards { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1rem 0 }
.cards div { border: 1px solid #bbb; border-radius: .4rem; padding: .5rem .9rem; min-width: 8rem }
.cards b { display: block; font-size: 1.5rem; line-height: 1.3 } .cards span { font-size: .85rem; color: #444 }
details summary { cursor: pointer; margin: .6rem 0; color: #0b3c5d; text-decoration: underline }
footer { margin-top: 3rem; border-top: 1px solid #bbb; padding-top: .6rem; font-size: .85rem; color: #444 }
@media screen and (max-width: 40rem) { figure img { max-width: none; width: 40rem } }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 11pt } h2 { break-after: avoid }
  figure, tr { break-inside: avoid } .wide { overflow: visible } table { font-size: 8pt }
  th, td { padding-right: .3rem } td { min-width: 0 } td:first-child { min-width: 5rem }
  summary { text-decoration: none; color: #444 } }
"""


def write_tables(statistics: Statistics, folder: Path) -> list[Path]:
    """Writes each table as a CSV file of its own; texts are guarded as in all exports. Gives the files."""
    written = []
    for table in statistics.tables:
        path = folder / f"{table.name}.csv"
        with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows([_guarded(value) for value in row] for row in table.rows)
        written.append(path)
    return written


def _guarded(value: Any) -> Any:
    return guard(pa.array([value]))[0].as_py() if isinstance(value, str) else value


def write_report(statistics: Statistics, path: Path, *, title: str = "Who said what") -> Path:
    """Writes one page of HTML with all tables and pictures in it; it loads nothing from anywhere."""
    drawn = {name: kinds["svg"] for name, kinds in pictures(statistics, titled=False)}
    body = [_cards(statistics["overview"])]
    for table in statistics.tables:
        if table.name == "overview":
            continue
        picture = _BESIDE.get(table.name)
        body.append(f"<section><h2>{escape(table.title)}</h2>")
        if picture in drawn:
            data = base64.b64encode(drawn[picture]).decode()
            body.append(
                f'<figure class="wide"><img alt="{_ALT[picture]}" src="data:image/svg+xml;base64,{data}"></figure>'
            )
        body.append(_rows(table) + "</section>")
    only = f"<br>Only what fits: {escape('; '.join(statistics.only))}." if statistics.only else ""
    body.append(f"<section><h2>All counts</h2>{_rows(statistics['overview'])}</section>")
    page = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{escape(title)}</title><style>{_STYLE}</style></head><body>
<h1>{escape(title)}</h1>
<p class="lead">Quotations and attributed claims in the news: version {statistics.version} of the dataset.{only}</p>
{"".join(body)}
<footer>A speaker who has an id in the register is counted by it, under all names; others are counted by name. A source
is counted as unnamed where it is an unnamed person, or where nobody is named at all. Shares are of all attributions
of the row. Whether a speaker is a woman or a man is not guessed. Made by atribusi.</footer>
</body></html>
"""
    with whole_file(path) as part:
        part.write_text(page, encoding="utf-8", newline="\n")
    return path


def _cards(overview: Table) -> str:
    """The few numbers that one looks for first."""
    values = {row[0]: row for row in overview.rows}
    unnamed = [values["source unnamed"][2], values["source nobody"][2]]
    shown = [
        (_number(values["documents"][1]), "articles"),
        (_number(values["attributions"][1]), "attributions"),
        (_number(values["speakers"][1]), "speakers"),
        (_percent(values["direct"][2]), "verbatim"),
        (_percent(None if None in unnamed else sum(unnamed)), "unnamed sources, or nobody"),
    ]
    return '<div class="cards">' + "".join(f"<div><b>{n}</b><span>{what}</span></div>" for n, what in shown) + "</div>"


def _rows(table: Table) -> str:
    if not table.rows:
        return "<p>There is nothing to count.</p>"
    table = table.shown()
    first = _html_table(table, table.rows[:_FOLDED])
    rest = table.rows[_FOLDED:]
    if not rest:
        return first
    return f"{first}<details><summary>{len(rest):,} more rows</summary>{_html_table(table, rest)}</details>"


def _html_table(table: Table, rows: tuple[tuple[Any, ...], ...]) -> str:
    classes = [_class(name, [row[n] for row in table.rows]) for n, name in enumerate(table.columns)]
    head = "".join(
        f'<th scope="col"{one}>{escape(name.replace("_", " "))}</th>'
        for name, one in zip(table.columns, classes, strict=True)
    )
    lines = "".join(
        "<tr>"
        + "".join(
            f"<td{one}>{_cell(name, value)}</td>" for name, one, value in zip(table.columns, classes, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def _class(column: str, values: list[Any]) -> str:
    if any(isinstance(value, int | float) for value in values):
        return ' class="n"'
    return ' class="month"' if column.endswith("month") else ""


def _cell(column: str, value: Any) -> str:
    if value is None:
        return "–"
    if column.startswith("share"):
        return _percent(value)
    return _number(value) if isinstance(value, int | float) else escape(str(value))


def _number(value: float) -> str:
    return f"{value:,}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"
