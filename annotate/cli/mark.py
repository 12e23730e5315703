"""`atribusi mark`: articles in, Label Studio tasks or rows of attributions out."""

import gc
import os
from pathlib import Path
from typing import Any

import click

from annotate.cli import options
from annotate.cli.terminal import command, json_option, partial, progress, say, show

_FILES = (".json", ".jsonl")


@command(
    example="atribusi mark berita/ -o tasks.json\n"
    "atribusi mark arsip.jsonl 'unduhan/*.html' -o tasks.jsonl\n"
    "atribusi mark arsip/ -o hasil --jobs 8\n"
    "atribusi mark arsip.jsonl.gz -o kutipan.jsonl --rows --jobs 2\n"
    "atribusi mark s3://arsip/berita -o s3://arsip/marks --engine dask --scheduler tcp://10.0.0.5:8786"
)
@options.inputs_argument
@click.option(
    "-o",
    "--output",
    required=True,
    help="tasks.json (for import by hand), tasks.jsonl, - for stdout; or a folder or .parquet for rows.",
)
@click.option("--rows", is_flag=True, help="Into .jsonl, write attributions, one row each, instead of tasks.")
@click.option("--tasks", is_flag=True, help="Into a folder, write tasks for Label Studio beside the rows.")
@click.option(
    "--dedupe",
    is_flag=True,
    help="Of near-copies mark the first, and link the others to it (copy_of in the documents' rows).",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    help="Processes that mark. Left out: one for tasks, all cores for rows.",
    show_default=False,
)
@click.option(
    "--shard-size",
    type=click.IntRange(1, 1_000_000),
    default=1000,
    help="Articles of one part of an archive's output: the unit of work, and of going on after a stop.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0),
    default=60.0,
    help="Seconds that one article of an archive may take before it is rejected; 0: any time.",
)
@click.option(
    "--engine",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    help="dask: a cluster; Parquet in, Parquet out, paths or addresses such as s3://bucket/folder.",
)
@click.option("--scheduler", help="Address of a Dask cluster; left out, a local one of --jobs processes is started.")
@options.register_option
@options.reading_options
@json_option
def mark(
    inputs: tuple[str, ...],
    output: str,
    rows: bool,
    tasks: bool,
    dedupe: bool,
    jobs: int | None,
    shard_size: int,
    time_limit: float,
    engine: str,
    scheduler: str | None,
    register: Path | None,
    replace_invalid: bool,
    encoding: str | None,
    format_: Any,
    as_json: bool,
) -> int:
    """Pre-mark who said what.

    INPUT is a .txt, .html, .jsonl, .json, .csv or .parquet file (.gz, .bz2, .xz, .zst or not), a folder, a glob, or -
    for standard input. No server is needed.

    Into .json, .jsonl or - go tasks with predictions for Label Studio. For archives name a folder: it gets rows of
    attributions and of documents as Parquet, in parts, with rejects.jsonl; a run that was stopped, however hard, goes
    on where it was when the same command is given again.
    """
    from annotate.workflow.mark import ReadOptions

    reading = ReadOptions(replace_invalid, format_, encoding)
    if scheduler and engine != "dask":
        raise click.UsageError("--scheduler is for --engine dask")
    holds_tasks = engine != "dask" and (output == "-" or (Path(output).suffix in _FILES and not rows))
    if holds_tasks and jobs is None and not dedupe:
        return _to_file(inputs, output, reading, as_json)
    if output == "-":
        raise click.UsageError("standard output takes tasks, from one process: leave --jobs, --rows and --dedupe out")
    if holds_tasks and register:
        raise click.UsageError("--register is for rows: tasks hold no ids of speakers")
    from annotate.workflow.archive import ArchiveOptions, mark_archive, mark_on_cluster

    wanted = ArchiveOptions(
        rows=None if holds_tasks else "jsonl" if Path(output).suffix == ".jsonl" else "parquet",
        tasks=holds_tasks or tasks,
        dedupe=dedupe,
        reading=reading,
        register=str(register) if register else None,
        shard=shard_size,
        jobs=jobs or os.cpu_count() or 1,
        limit=time_limit,
    )
    with progress("marking") as tick:
        if engine == "dask":
            report = mark_on_cluster(inputs, output, wanted, scheduler=scheduler, progress=tick)
        else:
            report = mark_archive(inputs, output, wanted, progress=tick)
    show(report.as_dict(), report.summary(), as_json=as_json)
    return partial(report.counts.rejected)


def _to_file(inputs: tuple[str, ...], output: str, reading: Any, as_json: bool) -> int:
    from annotate.workflow.mark import mark_to_file

    # Marking makes many small objects and no cycles: looking for cycles at the usual rate costs a fifth of the time.
    gc.set_threshold(100_000, 50, 100)
    with progress("marking") as tick:
        report = mark_to_file(inputs, output, options=reading, progress=tick)
    for reject in report.rejects:
        say(f"skipped: {reject}")
    if output == "-":
        say(report.summary())
    else:
        show(report.as_dict(), report.summary(), as_json=as_json)
    return partial(report.skipped)
