"""`atribusi review`: the fact-checkers' desk."""

import click

from annotate.cli import options
from annotate.cli.terminal import command, say


@command(example="atribusi review\natribusi review --host 0.0.0.0 --port 8500 --host-name meja.redaksi.example")
@options.dataset_option
@click.option("--host", default="127.0.0.1", help="Address to listen on; anything but loopback asks for a token.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; a free one if left out.")
@click.option("--token", envvar="ATRIBUSI_REVIEW_TOKEN", help="Token that reviewers log in with; made up if left out.")
@click.option("--host-name", "host_names", multiple=True, help="Further name under which browsers reach the desk.")
@click.option("--reviewer", default="", envvar="ATRIBUSI_AUTHOR", help="Who decides, until another name is given.")
def review(
    dataset: str, host: str, port: int | None, token: str | None, host_names: tuple[str, ...], reviewer: str
) -> None:
    """Open the review desk: find, read, compare and judge attributions in a browser."""
    from annotate.review.serve import serve

    def told(url: str, asked: str | None) -> None:
        click.echo(url)
        say(f"the review desk of {dataset} is open at {url} — Ctrl-C closes it")
        if asked:
            say(f"reviewers log in with the token {asked}; send it on a safe way: the connection is not encrypted")

    serve(dataset, host=host, port=port, token=token, hosts=host_names, reviewer=reviewer, told=told)
