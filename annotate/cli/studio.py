"""`atribusi studio`: the embedded Label Studio server."""

from pathlib import Path
from typing import Any

import click

from annotate.cli import options
from annotate.cli.terminal import Command, Group, json_option, say, show


@click.group(cls=Group)
def studio() -> None:
    """The embedded Label Studio server, and the labelling page's configuration."""


@studio.command(cls=Command, example="atribusi studio start\natribusi studio start --host 0.0.0.0 --port 8080")
@options.home_option
@click.option("--host", help="Address to listen on; 127.0.0.1 if left out.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; a free one if left out.")
@click.option(
    "--local-callbacks", is_flag=True, help="Let it call this machine and private networks: `atribusi serve`."
)
@json_option
def start(home: Path, host: str | None, port: int | None, local_callbacks: bool, as_json: bool) -> None:
    """Start it and wait until it answers; the first start installs it. Says where it is and how to log in."""
    from annotate.labelstudio import server

    warning = server.network_warning(host) if host else None
    if warning:
        say(f"warning: {warning}")
    running = server.start(home / "studio", host=host, port=port, local_callbacks=local_callbacks, progress=say)
    show(_facts(running), _for_people(running), as_json=as_json)


@studio.command(cls=Command, example="atribusi studio status --json")
@options.home_option
@json_option
def status(home: Path, as_json: bool) -> int:
    """Tell whether it runs, where, and how to log in. Exit code 1 if it does not."""
    from annotate.labelstudio import server

    running = server.status(home / "studio")
    if running is None:
        show({"running": False}, "not running — start it with: atribusi studio start", as_json=as_json)
        return 1
    show(_facts(running), _for_people(running), as_json=as_json)
    return 0


@studio.command(cls=Command, example="atribusi studio stop")
@options.home_option
def stop(home: Path) -> None:
    """Stop it. Labels stay in its data folder."""
    from annotate.labelstudio import server

    click.echo("stopped" if server.stop(home / "studio") else "was not running")


@studio.command(cls=Command, example="atribusi studio invite siti@example.org budi@example.org")
@options.connection_options
@click.argument("emails", nargs=-1, required=True)
@json_option
def invite(home: Path, emails: tuple[str, ...], url: str | None, token: str | None, as_json: bool) -> None:
    """Make annotators' accounts and print each one's login; passwords are shown this once."""
    from annotate.labelstudio import accounts

    made = accounts.invite(options.connect(url, token, home), emails)
    rows = [
        {
            "email": one.email,
            "created": one.created,
            "password": one.password.reveal() if one.password else None,
            "login_url": one.login_url,
        }
        for one in made
    ]
    lines = [
        f"{r['email']}: password {r['password']} — log in at {r['login_url']}"
        if r["created"]
        else f"{r['email']}: has an account already — log in at {r['login_url']}"
        for r in rows
    ]
    show(rows, "\n".join(lines), as_json=as_json)


@studio.command(cls=Command, example="atribusi studio backup\natribusi studio backup -o cadangan.tar.gz")
@options.home_option
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Archive to write.")
@json_option
def backup(home: Path, output: Path | None, as_json: bool) -> None:
    """Write a consistent copy of its database, also while people label: labels since the last pull live only there."""
    from annotate.labelstudio import backup as backups

    made = backups.backup(home / "studio", output)
    facts = {"path": str(made.path), "tasks": made.tasks, "annotations": made.annotations, "bytes": made.size}
    show(facts, f"{made.path}: {made.tasks} tasks, {made.annotations} annotations, {made.size} bytes", as_json=as_json)


@studio.command(cls=Command, example="atribusi studio config > label-config.xml")
def config() -> None:
    """Print the labelling configuration, for a project that is set up by hand."""
    from annotate.labelstudio.config import label_config

    click.echo(label_config())


def _facts(running: Any) -> dict[str, Any]:
    return {
        "running": True,
        "url": running.url,
        "email": running.email,
        "password": running.password.reveal(),
        "pid": running.pid,
        "data": str(running.data_dir),
        "log": str(running.log),
    }


def _for_people(running: Any) -> str:
    return (
        f"Label Studio runs at {running.url}\n"
        f"  log in as {running.email} with password {running.password.reveal()}\n"
        f"  data in {running.data_dir}, log in {running.log}, process {running.pid}"
    )
