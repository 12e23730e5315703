"""Options that several commands share, so that they are named and explained once."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from annotate.labelstudio.connection import Connection

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

inputs_argument = click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".atribusi"),
    envvar="ATRIBUSI_HOME",
    show_default=True,
    help="Folder of the embedded server: its database, its log, its login.",
)
dataset_option = click.option(
    "--dataset",
    default="dataset",
    envvar="ATRIBUSI_DATASET",
    show_default=True,
    help="Folder or object-store address of the versioned dataset.",
)
project_option = click.option(
    "--project",
    default="atribusi",
    envvar="ATRIBUSI_PROJECT",
    show_default=True,
    help="Label Studio project: its title or its number.",
)
register_option = click.option(
    "--register",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV of known speakers: name, aliases, id.",
)
pseudonyms_option = click.option(
    "--pseudonyms",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATRIBUSI_PSEUDONYMS",
    help="Keep pseudonyms in place of annotators' addresses; this file, made on first use, tells who is who.",
)
author_option = click.option(
    "--author", envvar="ATRIBUSI_AUTHOR", default=getpass.getuser, show_default="your user name", help="Who commits."
)

processes_option = click.option(
    "--processes",
    type=click.IntRange(1),
    help="How many processes reconcile; left out, one for each core where there is work enough.",
)


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """How articles are read: `--format`, `--encoding`, `--replace-invalid`."""
    for option in (
        click.option(
            "--replace-invalid",
            is_flag=True,
            help="Put U+FFFD for each character that Label Studio cannot bear: NUL, lone surrogates.",
        ),
        click.option("--encoding", help="Of files that are not UTF-8, say windows-1252."),
        click.option(
            "--format",
            "format_",
            type=click.Choice(["txt", "html", "jsonl", "json", "csv", "parquet"]),
            help="Of standard input, and of files whose name does not tell.",
        ),
    ):
        function = option(function)
    return function


def connection_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which server: `--url`, `--token`, `--home`. Left out, the environment, `.env` or the embedded server tell."""
    for option in (
        home_option,
        click.option("--token", help="Its access token; better kept in LABEL_STUDIO_API_KEY or in .env."),
        click.option("--url", help="Address of Label Studio; else LABEL_STUDIO_URL, .env, or the embedded server."),
    ):
        function = option(function)
    return function


def connect(url: str | None, token: str | None, home: Path) -> "Connection":
    """The server that the options, the environment, `.env` or the embedded server name."""
    from annotate.labelstudio.connection import find_connection

    return find_connection(url, token, studio_dir=home / "studio")
