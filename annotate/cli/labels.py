"""`atribusi push` and `atribusi pull`: to Label Studio and back."""

from pathlib import Path
from typing import Any

import click

from annotate.cli import options
from annotate.cli.terminal import command, json_option, partial, progress, say, show


@command(example="atribusi push berita/ --project pemilu\natribusi push tasks.json --url https://ls.example.org")
@options.inputs_argument
@options.project_option
@options.dataset_option
@options.connection_options
@options.reading_options
@options.register_option
@options.author_option
@click.option("--annotators", type=click.IntRange(1), default=1, help="How many people should label each article.")
@json_option
def push(
    inputs: tuple[str, ...],
    project: str,
    dataset: str,
    url: str | None,
    token: str | None,
    home: Path,
    replace_invalid: bool,
    encoding: str | None,
    format_: Any,
    register: Path | None,
    author: str,
    annotators: int,
    as_json: bool,
) -> int:
    """Send articles with their pre-marks to a Label Studio project.

    INPUT are articles as for `mark`, or tasks that it wrote. The project is created with an Indonesian labelling page
    if it is not there. What is there already is not sent again: pushing twice adds nothing.
    """
    from annotate.workflow.mark import ReadOptions
    from annotate.workflow.push import push as send

    with progress("pushing") as tick:
        done = send(
            inputs,
            connection=options.connect(url, token, home),
            dataset=dataset,
            project=project,
            author=author,
            options=ReadOptions(replace_invalid, format_, encoding),
            register=register,
            annotators=annotators,
            progress=tick,
        )
    for reject in done.rejects:
        say(f"skipped: {reject}")
    show(done.as_dict(), done.summary(), as_json=as_json)
    return partial(done.left_out)


@command(example='atribusi pull\natribusi pull --full\natribusi pull --project pemilu -m "minggu pertama"')
@options.project_option
@options.dataset_option
@options.connection_options
@options.register_option
@options.author_option
@options.pseudonyms_option
@click.option("-m", "--message", default="labels pulled", help="What the version is about.")
@click.option("--full", is_flag=True, help="Look at all tasks, not only at those that changed: finds drafts, too.")
@click.option("--no-commit", is_flag=True, help="Only fetch the annotations; reconcile later with `atribusi commit`.")
@options.processes_option
@json_option
def pull(
    project: str,
    dataset: str,
    url: str | None,
    token: str | None,
    home: Path,
    register: Path | None,
    author: str,
    pseudonyms: Path | None,
    message: str,
    full: bool,
    no_commit: bool,
    processes: int | None,
    as_json: bool,
) -> int:
    """Fetch what people labelled, reconcile it, and record a version if anything changed.

    Tasks that did not change since the last pull are not read again. All are read the first time, once a day, with
    --full, and when the server counts other annotations than were pulled (a task was deleted): drafts that nobody
    submitted, which move no time stamp, come with such a pass.
    """
    from annotate.workflow.pull import pull as fetch

    with progress("pulling") as tick:
        done = fetch(
            connection=options.connect(url, token, home),
            dataset=dataset,
            project=project,
            author=author,
            message=message,
            full=full,
            reconcile=not no_commit,
            register=register,
            pseudonyms=pseudonyms,
            processes=processes,
            progress=tick,
        )
    show(done.as_dict(), done.summary(), as_json=as_json)
    return partial(done.commit.set_aside if done.commit and done.commit.version else 0)
