"""The command `atribusi`: parses arguments, calls `annotate.workflow`, prints. No work is done here.

Nothing slow is imported before a command runs, so that `--help` answers at once.
"""

import sys

import click

from annotate import __version__
from annotate.cli import dataset, export, labels, mark, people, review, sample, serve, studio
from annotate.cli.terminal import Group, run

__all__ = ["atribusi", "main"]


@click.group(
    cls=Group,
    epilog="""\b
Examples:
  atribusi mark articles/ -o tasks.json
  atribusi studio start && atribusi push articles/
  atribusi pull && atribusi export

Exit codes: 0 all done; 1 failed; 2 wrong usage; 3 done, but something was skipped or set aside (the report says what).
""",
)
@click.version_option(__version__, prog_name="atribusi")
def atribusi() -> None:
    """Who said what, in Indonesian news: pre-mark, label, reconcile, keep."""


def main() -> None:
    """Entry point of the installed command."""
    sys.exit(run(atribusi))


# In the order of the work: this is how `atribusi --help` lists them.
for _command in (
    mark.mark,
    sample.sample,
    studio.studio,
    labels.push,
    labels.pull,
    serve.serve,
    dataset.commit,
    people.assign,
    people.progress,
    people.agreement,
    people.adjudicate,
    dataset.log,
    dataset.show_version,
    dataset.diff,
    dataset.why,
    dataset.tag,
    dataset.checkout,
    dataset.restore,
    dataset.verify,
    export.export,
    export.columns,
    export.stats,
    review.review,
):
    atribusi.add_command(_command)
