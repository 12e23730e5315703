"""`atribusi export`: files for analysts."""

from pathlib import Path

import click

from annotate.cli import options
from annotate.cli.terminal import command, json_option, say, show

DEFAULT_NAMES = {"csv": "attributions.csv"}


@command(example="atribusi export\natribusi export -o exports/pekan-47.csv --version 3")
@options.dataset_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("exports/attributions.csv"), help="File to write."
)
@click.option("--version", "ref", help="Number, tag or date of the version; the newest if left out.")
@click.option("--premarks", is_flag=True, help="Also the pre-marks that nobody reviewed; their status says so.")
@json_option
def export(dataset: str, output: Path, ref: str | None, premarks: bool, as_json: bool) -> None:
    """Write one flat CSV row for each attribution, with documents and a data dictionary beside it."""
    from annotate.workflow.export import export as write

    done = write(dataset, output, ref=ref, premarks=premarks)
    for note in done.notes:
        say(f"note: {note}")
    left_out = f" ({done.left_out_premarks} unreviewed pre-marks left out)" if done.left_out_premarks else ""
    show(
        {
            "path": str(done.path),
            "documents_path": str(done.documents_path),
            "dictionary_path": str(done.dictionary_path),
            "documents": done.documents,
            "attributions": done.attributions,
            "left_out_premarks": done.left_out_premarks,
        },
        f"{done.path}: {done.attributions} attributions of {done.documents} documents{left_out}",
        as_json=as_json,
    )
