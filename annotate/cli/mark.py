"""`atribusi mark`: articles in, Label Studio tasks out."""

import gc
from typing import Any

import click

from annotate.cli import options
from annotate.cli.terminal import command, json_option, partial, progress, say, show


@command(example="atribusi mark berita/ -o tasks.json\natribusi mark arsip.jsonl 'unduhan/*.html' -o tasks.jsonl")
@options.inputs_argument
@click.option("-o", "--output", required=True, help="tasks.json (for import by hand), tasks.jsonl, or - for stdout.")
@options.reading_options
@json_option
def mark(
    inputs: tuple[str, ...],
    output: str,
    replace_invalid: bool,
    encoding: str | None,
    format_: Any,
    as_json: bool,
) -> int:
    """Pre-mark who said what.

    INPUT is a .txt, .html, .jsonl, .csv or .parquet file, a folder, a glob, or - for standard input. The output are
    tasks with predictions for Label Studio; no server is needed.
    """
    from annotate.workflow.mark import ReadOptions, mark_to_file

    # Marking makes many small objects and no cycles: looking for cycles at the usual rate costs a fifth of the time.
    gc.set_threshold(100_000, 50, 100)
    reading = ReadOptions(replace_invalid, format_, encoding)
    with progress("marking") as tick:
        report = mark_to_file(inputs, output, options=reading, progress=tick)
    for reject in report.rejects:
        say(f"skipped: {reject}")
    if output == "-":
        say(report.summary())
    else:
        show(report.as_dict(), report.summary(), as_json=as_json)
    return partial(report.skipped)
