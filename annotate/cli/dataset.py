"""`atribusi commit`, `log` and their like: versions of the dataset."""

from pathlib import Path

import click

from annotate.cli import options
from annotate.cli.terminal import command, json_option, show, table


@command(example='atribusi commit -m "tiga anotator, pekan 47"')
@options.dataset_option
@options.register_option
@options.author_option
@click.option("-m", "--message", required=True, help="What the version is about.")
@json_option
def commit(dataset: str, register: Path | None, author: str, message: str, as_json: bool) -> None:
    """Reconcile what was pulled and record it as a version; nothing changed, no version."""
    from annotate.workflow.commit import commit as record

    done = record(dataset, message=message, author=author, register=register)
    show(done.as_dict(), done.summary(), as_json=as_json)


@command(example="atribusi log\natribusi log --json | jq '.[-1].content_sha256'")
@options.dataset_option
@json_option
def log(dataset: str, as_json: bool) -> None:
    """List the versions, newest last."""
    from annotate.workflow.history import versions

    records = versions(dataset)
    rows = [
        [
            str(v.version),
            v.created_at,
            v.author,
            str(v.documents),
            str(v.attributions),
            v.content_sha256[:12],
            v.message,
        ]
        for v in records
    ]
    headers = ["version", "when", "who", "documents", "attributions", "content", "message"]
    show([v.model_dump() for v in records], table(headers, rows) if rows else "no version yet", as_json=as_json)
