"""`atribusi sample`: which articles of a marked archive people should see."""

from pathlib import Path

import click

from annotate.cli.terminal import command, json_option, progress, say, show


@command(
    example="atribusi sample hasil -o contoh.jsonl\n"
    "atribusi sample hasil -o contoh.jsonl --size 200 --seed 7\n"
    "atribusi sample hasil -o adil.jsonl --size 500 --uncertain 0 --json"
)
@click.argument("marked", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER")
@click.option("-o", "--output", required=True, help="tasks.jsonl, tasks.json, or - for stdout; `push` takes it.")
@click.option("--size", type=click.IntRange(1), default=100, help="Articles to draw.")
@click.option("--seed", type=int, default=0, help="The same archive and seed, the same sample.")
@click.option(
    "--uncertain",
    type=click.FloatRange(0, 1),
    default=0.5,
    help="Share drawn by the uncertainty of the marks; the others are drawn by chance, a fair sample.",
)
@json_option
def sample(marked: Path, output: str, size: int, seed: int, uncertain: float, as_json: bool) -> None:
    """Draw the articles that people should label.

    FOLDER is what `atribusi mark ARCHIVE -o FOLDER` wrote. Outlets and months come by their share of the archive;
    copies (mark --dedupe) are left out; of each stretch of the archive comes the article whose marks are least
    certain, or one by chance. The output are tasks with predictions: `atribusi push contoh.jsonl` sends them on.
    """
    from annotate.workflow.sample import sample as draw

    with progress("reading") as tick:
        report = draw(marked, output, size, seed=seed, uncertain=uncertain, progress=tick)
    if output == "-":
        say(report.summary())
    else:
        show(report.as_dict(), report.summary(), as_json=as_json)
