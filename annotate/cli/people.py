"""The commands about people: who labels what, how far everybody is, how far they agree, and what is settled."""

from pathlib import Path
from typing import Any

import click

from annotate.cli import options
from annotate.cli.terminal import command, json_option, partial, say, show, table
from annotate.cli.terminal import progress as bar


@command(
    example="atribusi assign --annotator siti@example.org --annotator budi@example.org --dry-run\n"
    "atribusi assign --annotator siti@example.org --annotator budi@example.org --overlap 0.2 --blind 0.1\n"
    "atribusi assign"
)
@options.project_option
@options.dataset_option
@options.connection_options
@options.author_option
@options.pseudonyms_option
@click.option("--annotator", "annotators", multiple=True, metavar="ADDRESS", help="Who labels; give it for each.")
@click.option("--overlap", type=click.FloatRange(0, 1), help="Share that several label, for agreement.  [0.2]")
@click.option("--readers", type=click.IntRange(2), help="How many label an article of that share.  [2]")
@click.option("--blind", type=click.FloatRange(0, 1), help="Share that one more labels without pre-marks.  [0.1]")
@click.option("--seed", type=int, help="Of the drawing.  [0]")
@click.option("--rebalance", is_flag=True, help="Even out what nobody has begun, say for a new annotator.")
@click.option("--dry-run", is_flag=True, help="Show the plan; change nothing.")
@json_option
def assign(
    project: str,
    dataset: str,
    url: str | None,
    token: str | None,
    home: Path,
    author: str,
    pseudonyms: Path | None,
    dry_run: bool,
    as_json: bool,
    **asked: Any,
) -> int:
    """Plan who labels what, and give each annotator a project with his or her articles.

    A share is labelled by several, for agreement; another once more without pre-marks, in a project of its own, to
    measure how far people are led by them. The plan is kept in the dataset and goes on: without options, articles that
    were pushed since are dealt out. What was dealt stays where it is. `pull --project` brings all of it together.
    """
    from annotate.workflow.assign import Wishes, share_rows
    from annotate.workflow.assign import assign as plan

    with bar("assigning") as tick:
        done = plan(
            connection=options.connect(url, token, home),
            dataset=dataset,
            project=project,
            author=author,
            wishes=Wishes(**asked),
            dry_run=dry_run,
            pseudonyms=pseudonyms,
            progress=tick,
        )
    for line in done.rejected:
        say(f"rejected: {line}")
    headers = ["annotator", "articles", "overlap", "blind", "begun"]
    show(done.as_dict(), f"{done.summary()}\n\n{table(headers, share_rows(done.shares))}", as_json=as_json)
    return partial(len(done.rejected))


@command(example="atribusi progress\natribusi progress --plot kemajuan.svg --timezone Asia/Jakarta")
@options.dataset_option
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Write a plot (.png, .svg or .pdf).")
@click.option("--timezone", help="Of the days, say Asia/Jakarta; this machine's if left out.")
@json_option
def progress(dataset: str, plot: Path | None, timezone: str | None, as_json: bool) -> None:
    """Show how far each annotator is, by day and against the plan, as of the last pull.

    Drafts are as of the last full pull. Minutes are the median of what Label Studio counted for an article.
    """
    from annotate.workflow import progress as work
    from annotate.workflow.progress_plot import plot_progress

    report = work.progress(dataset, timezone=work.zone_of(timezone))
    if plot:
        plot_progress(report, plot)
        say(f"wrote {plot}")
    lines = [table(list(work.ANNOTATOR_HEADERS), work.annotator_rows(report))]
    if report.days:
        lines.append(table(list(work.DAY_HEADERS), list(work.day_rows(report))))
    show(report.as_dict(), "\n\n".join(lines), as_json=as_json)


@command(example="atribusi agreement\natribusi agreement --plot kesepakatan.svg --json > kesepakatan.json")
@options.dataset_option
@click.option("--each", is_flag=True, help="Also each annotator and each pair.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Write a plot (.png, .svg or .pdf).")
@click.option("--resamples", type=click.IntRange(100), default=1000, help="Of the bootstrap over documents.")
@json_option
def agreement(dataset: str, each: bool, plot: Path | None, resamples: int, as_json: bool) -> None:
    """Measure how far annotators agree, with 95 % intervals, and what became of the pre-marks."""
    from annotate.workflow.agreement import agreement as measure
    from annotate.workflow.agreement import agreement_rows, plot_report, premark_rows

    with bar("reading"):
        report = measure(dataset, resamples=resamples, each=each)
    if plot:
        plot_report(report, plot)
        say(f"wrote {plot}")
    lines = [f"{report.documents} documents labelled by two or more; {len(report.annotators)} annotators"]
    if report.figures:
        lines.append(table(["measure", "of", "who", "value", "95 % interval", "units"], agreement_rows(report)))
    if report.premarks:
        headers = ["pre-marks", "by", "key", "proposed", "accepted", "95 % interval", "what became of the others"]
        lines.append(table(headers, premark_rows(report)))
    show(report.to_dict(), "\n\n".join(lines), as_json=as_json)


@command(example="atribusi adjudicate --project pemilu")
@options.project_option
@options.dataset_option
@options.connection_options
@options.author_option
@options.pseudonyms_option
@json_option
def adjudicate(
    project: str,
    dataset: str,
    url: str | None,
    token: str | None,
    home: Path,
    author: str,
    pseudonyms: Path | None,
    as_json: bool,
) -> None:
    """Bring what is unresolved into Label Studio, most disputed first, and take the decisions back.

    The queue is a project of its own, beside `--project`. Run it again after adjudicating: each submission is kept as
    a decision, and a version records it.
    """
    from annotate.workflow.adjudicate import adjudicate as settle

    done = settle(
        connection=options.connect(url, token, home),
        dataset=dataset,
        project=project,
        author=author,
        pseudonyms=pseudonyms,
    )
    show(done.as_dict(), done.summary(), as_json=as_json)
