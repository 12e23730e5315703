"""`atribusi serve`: live pre-marks and events for Label Studio."""

from pathlib import Path

import click

from annotate.cli import options
from annotate.cli.terminal import command, say


@command(
    example="atribusi serve --project pemilu\n"
    "atribusi serve --project pemilu --project pasar --host 0.0.0.0 --address http://penanda.redaksi.example:9090"
)
@click.option(
    "--project", "projects", multiple=True, default=("atribusi",), help="Project to serve: title or number; repeatable."
)
@options.dataset_option
@options.connection_options
@options.register_option
@options.pseudonyms_option
@options.author_option
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=9090, help="Port to listen on.")
@click.option("--address", help="Where Label Studio reaches this server, if not where it listens.")
@click.option(
    "--secret", envvar="ATRIBUSI_SERVE_SECRET", help="What Label Studio has to know; made up for this run if left out."
)
@click.option("--workers", type=click.IntRange(0), default=0, help="Processes that mark; 0: one for each core.")
@click.option("--no-pull", is_flag=True, help="Only give pre-marks; leave the pulling to `atribusi pull`.")
@click.option("--no-connect", is_flag=True, help="Leave the projects' settings alone; say what to enter there.")
def serve(
    projects: tuple[str, ...],
    dataset: str,
    url: str | None,
    token: str | None,
    home: Path,
    register: Path | None,
    pseudonyms: Path | None,
    author: str,
    host: str,
    port: int,
    address: str | None,
    secret: str | None,
    workers: int,
    no_pull: bool,
    no_connect: bool,
) -> None:
    """Give tasks that others import their pre-marks, and pull labels as people save them. Runs until Ctrl-C.

    Connects itself to each project as its ML backend and webhook; a blind project is refused. Tasks that came without
    pre-marks get them when they are imported, opened, or on request in Label Studio; pre-marks that were pushed stay.
    """
    from annotate.labelstudio.server import is_loopback
    from annotate.service.serve import Serving
    from annotate.service.serve import serve as run

    def told(listening: str, asked: str) -> None:
        click.echo(listening)
        if not is_loopback(host):
            say("warning: neither the articles nor the secret are encrypted on the way: put a proxy with TLS before it")
        say(f"live pre-marks for {', '.join(projects)} at {listening} — Ctrl-C ends it")
        if no_connect:
            say(
                f"to connect a project by hand: Settings, Model, {listening}, basic authentication, user atribusi, "
                f"password {asked}; for events a webhook to {listening}/webhook/NUMBER with the header "
                f"X-Atribusi-Secret: {asked}"
            )

    how = Serving(
        projects,
        host=host,
        port=port,
        address=address,
        secret=secret or "",
        dataset=None if no_pull else dataset,
        author=author,
        register=register,
        pseudonyms=pseudonyms,
        workers=workers,
        connect=not no_connect,
    )
    run(options.connect(url, token, home), how, told=told, note=say)
