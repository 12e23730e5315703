"""How every command looks: help with an example, one line for an error, progress only on a terminal, `--json`."""

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from annotate.errors import EXIT_FAILED, EXIT_OK, EXIT_PARTIAL, AtribusiError

Progress = Callable[[int, int | None], None]

EXIT_INTERRUPTED = 130


class _WithExample:
    """A command's example stands verbatim at the end of its help."""

    example: str

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Print the example unwrapped, so that it can be copied."""
        if self.example:
            with formatter.section("Example"):
                for line in self.example.strip("\n").split("\n"):
                    formatter.write(f"{'':{formatter.current_indent}}{line.strip()}\n")


class Command(_WithExample, click.Command):
    """A command whose help ends in an example: `@command(example="atribusi log")`."""

    def __init__(self, *args: Any, example: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.example = example


class Group(click.Group):
    """A group that keeps its commands in the order in which they were added: the order of the work."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names of the commands, in the order of the work."""
        return list(self.commands)


def command(example: str, **more: Any) -> Callable[[Callable[..., Any]], Command]:
    """Decorate a function into a `Command`."""
    return click.command(cls=Command, example=example, context_settings={"show_default": True}, **more)


def run(group: click.Group, arguments: list[str] | None = None) -> int:
    """Run the command line; every error becomes one line on stderr and an exit code, never a traceback.

    `ATRIBUSI_DEBUG=1` lets the traceback through, for whoever mends the program.
    """
    try:
        result = group.main(args=arguments, prog_name="atribusi", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):  # the first is what click makes of Ctrl-C
        say("interrupted; what was finished is kept, run the same command again to go on")
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (BrokenPipeError, SystemExit):
        # The reader of our output (say `head`) has gone, which click turns into an exit; nothing is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except AtribusiError as error:
        say(f"error: {error}")
        return error.exit_code
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        remedy = (
            "make room on the disk" if error.errno in (errno.ENOSPC, errno.EFBIG) else "check the path and its rights"
        )
        say(f"error: {where}{error.strerror or error} — {remedy}, and run the same command again")
        return EXIT_FAILED
    except ModuleNotFoundError as error:
        if os.environ.get("ATRIBUSI_DEBUG"):
            raise
        say(f"error: {error.name} is not installed, which this command needs — run: pip install 'atribusi[all]'")
        return EXIT_FAILED
    except Exception as error:
        if os.environ.get("ATRIBUSI_DEBUG"):
            raise
        what = f"{type(error).__name__}: {one_line(str(error))}"
        say(f"error: unexpected {what} — run again with ATRIBUSI_DEBUG=1 and report what it prints")
        return EXIT_FAILED
    return result if isinstance(result, int) else EXIT_OK


def one_line(text: str, limit: int = 300) -> str:
    """The text on one line without control characters, so that what an article holds cannot steer a terminal."""
    clean = "".join(c if c.isprintable() else " " for c in text)
    clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def say(message: str) -> None:
    """A line for the person at the terminal, on stderr: stdout is for results."""
    click.echo(f"atribusi: {one_line(message, 2000)}", err=True)


def show(result: Any, text: str, *, as_json: bool) -> None:
    """The result on stdout: JSON for a program, text for a person."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2) if as_json else text)


def partial(skipped: int) -> int:
    """Exit code of a job that may have skipped something."""
    return EXIT_PARTIAL if skipped else EXIT_OK


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A progress bar on stderr with rate and time left; silent when stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            """How many are done in a second."""
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def table(headers: list[str], rows: list[list[str]]) -> str:
    """A plain table, as wide as it needs to be; cells are cleaned of control characters."""
    from rich.console import Console
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        grid.add_column(header, overflow="fold")
    for row in rows:
        grid.add_row(*(one_line(cell).replace("[", r"\[") for cell in row))
    console = Console(width=None if sys.stdout.isatty() else 200, no_color=not sys.stdout.isatty())
    with console.capture() as captured:
        console.print(grid)
    return "\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n"))


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
