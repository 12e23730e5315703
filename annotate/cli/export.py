"""`atribusi export`, `columns` and `stats`: files and answers for analysts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from annotate.cli import options
from annotate.cli.terminal import command, json_option, say, show, table
from annotate.datamodel import ContentLabel

if TYPE_CHECKING:
    from annotate.export import Filters

FORMATS = [
    *("csv", "excel", "xlsx", "parquet", "jsonl", "huggingface", "conll", "spacy", "brat", "webannotation"),
    *("schemaorg", "labelstudio"),
]
STATUSES = ["unanimous", "majority", "single", "adjudicated", "unresolved", "premark"]
_TYPES = click.Choice(get_args(ContentLabel), case_sensitive=False)
_STATUSES = click.Choice(STATUSES, case_sensitive=False)
_FILTERS: list[tuple[str, str, click.ParamType[Any], str]] = [
    ("--status", "statuses", _STATUSES, "Only this status; may be given again."),
    ("--type", "types", _TYPES, "Only this type; may be given again."),
    ("--annotator", "annotators", click.STRING, "Only what this person marked; may be given again."),
    ("--speaker", "speakers", click.STRING, "Only this speaker; may be given again."),
    ("--outlet", "outlets", click.STRING, "Only this outlet; may be given again."),
]


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day; write it as YYYY-MM-DD") from None


def selection_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which attributions: the version, filters, and whether unreviewed pre-marks count."""
    for flag, name, kind, text in _FILTERS:
        function = click.option(flag, name, type=kind, multiple=True, help=text)(function)
    for option in (
        click.option("--to", "date_to", metavar="YYYY-MM-DD", callback=_day, help="Last day of publication."),
        click.option("--from", "date_from", metavar="YYYY-MM-DD", callback=_day, help="First day of publication."),
        click.option("--premarks", is_flag=True, help="Also the pre-marks that nobody reviewed; their status says so."),
        click.option("--version", "ref", help="Number, tag or date of the version; the newest if left out."),
        options.dataset_option,
    ):
        function = option(function)
    return function


def _filters(chosen: dict[str, Any]) -> "Filters":
    from annotate.export import Filters

    return Filters(**chosen)


@command(example="atribusi export\natribusi export --format xlsx --version v1.0 --outlet Kompas -o pekan-47.xlsx")
@selection_options
@click.option("--format", "format_", type=click.Choice(FORMATS), default="csv", help="What to write.")
@click.option("--excel", is_flag=True, help="Short for --format excel: a CSV as spreadsheets want it.")
@click.option("--reviewer", metavar="NAME", help="Who publishes the fact-checks: the author of a ClaimReview.")
@click.option("--review-url", metavar="URL", help="Page of a ClaimReview; {id} stands for the attribution's id.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File or folder; in exports/ if left out.")
@json_option
def export(
    dataset: str,
    ref: str | None,
    premarks: bool,
    format_: str,
    excel: bool,
    reviewer: str | None,
    review_url: str | None,
    output: Path | None,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Write one flat row for each attribution, with documents.csv and a data dictionary beside it.

    What a format cannot hold is said when it is written.
    """
    from annotate.workflow.export import export as write

    format_ = "excel" if excel else format_
    if (reviewer or review_url) and format_ != "schemaorg":
        raise click.UsageError("--reviewer and --review-url go with --format schemaorg: no other format has reviews")
    done = write(
        dataset,
        output,
        ref=ref,
        format=format_,
        filters=_filters(chosen),
        premarks=premarks,
        reviewer=reviewer,
        review_url=review_url,
    )
    for note in done.notes:
        say(f"note: {note}")
    if any(chosen.values()) and not done.attributions:
        say("note: nothing fits these filters; names must be given whole, as `atribusi stats` prints them")
    left_out = ", ".join(
        f"{number} {what}"
        for number, what in (
            (done.filtered_out, "by the filters"),
            (done.left_out_premarks, "pre-marks that nobody reviewed"),
        )
        if number
    )
    show(
        {
            "path": str(done.path),
            "documents_path": str(done.documents_path),
            "dictionary_path": str(done.dictionary_path),
            "documents": done.documents,
            "attributions": done.attributions,
            "left_out_premarks": done.left_out_premarks,
            "filtered_out": done.filtered_out,
            "notes": list(done.notes),
        },
        f"{done.path}: {done.attributions} attributions of {done.documents} documents"
        + (f" (left out: {left_out})" if left_out else "")
        + f"; beside it {done.documents_path.name} and {done.dictionary_path.name}",
        as_json=as_json,
    )


@command(example="atribusi columns\natribusi columns --json")
@json_option
def columns(as_json: bool) -> None:
    """Explain the columns of an export: name, type, unit, meaning."""
    from annotate.export import COLUMNS, DOCUMENT_COLUMNS

    rows = [
        [file, one.name, one.type, one.unit or "", one.description]
        for file, some in (("attributions", COLUMNS), ("documents", DOCUMENT_COLUMNS))
        for one in some
    ]
    headers = ["file", "name", "type", "unit", "meaning"]
    show([dict(zip(headers, row, strict=True)) for row in rows], table(headers, rows), as_json=as_json)


@command(example="atribusi stats\natribusi stats --outlet Kompas --report laporan.html --plots gambar/")
@selection_options
@click.option("--top", type=click.IntRange(0), default=25, help="Speakers to list; 0: all.")
@click.option("--csv", type=click.Path(file_okay=False, path_type=Path), help="Folder for the tables as CSV.")
@click.option("--plots", type=click.Path(file_okay=False, path_type=Path), help="Folder for plots, PNG and SVG.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="One HTML page with all of it.")
@json_option
def stats(
    dataset: str,
    ref: str | None,
    premarks: bool,
    top: int,
    csv: Path | None,
    plots: Path | None,
    report: Path | None,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Answer who is quoted: how often, where, directly or not, by outlet and month; the share of unnamed sources.

    A speaker who has an id in the register is one, under whatever names; others are counted by name, so two spellings
    are two. Whether a speaker is a woman or a man is not guessed.
    """
    from annotate.workflow.export import StatsFiles
    from annotate.workflow.export import stats as count

    found, written = count(
        dataset,
        ref=ref,
        filters=_filters(chosen),
        premarks=premarks,
        top=top,
        files=StatsFiles(csv, plots, report),
    )
    for path in written:
        say(f"wrote {path}")
    if as_json:
        click.echo(found.to_json())
        return
    if found.only:
        click.echo(f"Only what fits: {'; '.join(found.only)}.")
    for one in (each.shown() if each.rows else each for each in found.tables):
        click.echo(f"\n{one.title}")
        click.echo(table(list(one.columns), [[_cell(value) for value in row] for row in one.rows]))


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
