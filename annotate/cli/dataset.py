"""`atribusi commit`, `log`, `show`, `tag`, `checkout`, `restore`, `diff`, `why`, `verify`: versions of the dataset."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotate.cli import options
from annotate.cli.terminal import command, json_option, partial, progress, say, show, table
from annotate.errors import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    from annotate.records import VersionRecord

version_argument = click.argument("version", required=False)


@command(example='atribusi commit -m "tiga anotator, pekan 47"\natribusi commit -m "suara dua pertiga" --majority 0.66')
@options.dataset_option
@options.register_option
@options.author_option
@click.option("-m", "--message", required=True, help="What the version is about.")
@click.option(
    "--majority",
    type=click.FloatRange(0, 1),
    help="More than this share of the readers must hold a reading for it to win; 0.5 if left out.",
)
@options.processes_option
@json_option
def commit(
    dataset: str,
    register: Path | None,
    author: str,
    message: str,
    majority: float | None,
    processes: int | None,
    as_json: bool,
) -> int:
    """Reconcile what was pulled and record it as a version; nothing changed, no version.

    Another threshold than the newest version's reconciles all documents anew, and is recorded in the version.
    """
    from annotate.workflow.commit import commit as record

    with progress("reconciling") as tick:
        done = record(
            dataset,
            message=message,
            author=author,
            register=register,
            majority=majority,
            processes=processes,
            progress=tick,
        )
    show(done.as_dict(), done.summary(), as_json=as_json)
    return partial(done.set_aside if done.version else 0)


@command(example="atribusi log\natribusi log --json | jq '.[-1].content_sha256'")
@options.dataset_option
@json_option
def log(dataset: str, as_json: bool) -> None:
    """List the versions, newest last, with their tags."""
    from annotate.workflow.history import versions

    records, tags = versions(dataset)
    rows = [
        [
            *(str(v.version), v.created_at[:19].replace("T", " "), v.author, str(v.documents), str(v.attributions)),
            *(v.content_sha256[:12], ", ".join(t.tag for t in tags if t.version == v.version), v.message),
        ]
        for v in records
    ]
    headers = ["version", "when (UTC)", "who", "documents", "attributions", "content", "tags", "message"]
    show([v.model_dump() for v in records], table(headers, rows) if rows else "no version yet", as_json=as_json)


@command(name="show", example="atribusi show\natribusi show 3 --set-aside\natribusi show v1.0 --card")
@options.dataset_option
@version_argument
@click.option("--set-aside", is_flag=True, help="List the labels that could not be placed or were outvoted, with why.")
@click.option("--card", is_flag=True, help="Print the version's dataset card (Markdown).")
@json_option
def show_version(dataset: str, version: str | None, set_aside: bool, card: bool, as_json: bool) -> None:
    """Show a version (number, tag or date; the newest if left out): who, when, by which rules, how much."""
    from annotate.workflow import history

    if card:
        click.echo(history.card(dataset, version))
    elif set_aside:
        left = history.set_aside(dataset, version)
        rows = [
            [one.doc_id, str(one.annotation_id), one.annotator or "", one.region_id or "", one.reason] for one in left
        ]
        text = table(["document", "annotation", "annotator", "region", "reason"], rows) if rows else "nothing set aside"
        show([one.model_dump() for one in left], text, as_json=as_json)
    else:
        found = history.version(dataset, version)
        show(found.model_dump(), table(["field", "value"], _facts(found)), as_json=as_json)


def _facts(version: "VersionRecord") -> list[list[str]]:
    """A version's fields as lines for a person, each table on one of its own."""
    facts: list[list[str]] = []
    for name, value in version:
        if name == "tables":
            facts += [[f"table {t.table}", f"{t.rows} rows, Delta version {t.delta_version}"] for t in value]
        else:
            facts.append([name, ", ".join(value) if isinstance(value, list) else "-" if value is None else str(value)])
    return facts


@command(example='atribusi tag v1.0 -m "rilis pertama" --licence CC-BY-4.0')
@options.dataset_option
@options.author_option
@click.argument("name")
@version_argument
@click.option("-m", "--message", default="", help="What the tag is for.")
@click.option("--title", default="Dataset", help="Title of the dataset card.")
@click.option("--licence", help="Licence of the labels, for the card.")
@click.option("--texts-licence", help="Licence of the articles' texts, for the card.")
@json_option
def tag(
    dataset: str,
    author: str,
    name: str,
    version: str | None,
    message: str,
    title: str,
    licence: str | None,
    texts_licence: str | None,
    as_json: bool,
) -> None:
    """Name a version, so that it can be cited; a dataset card with counts and agreement goes with it."""
    from annotate.workflow.history import CardTerms
    from annotate.workflow.history import tag as set_tag

    terms = CardTerms(title, licence, texts_licence)
    made = set_tag(dataset, name, version, author=author, message=message, terms=terms)
    show(made.model_dump(), f"{made.tag} names version {made.version}", as_json=as_json)


@command(example="atribusi checkout v1.0 -o v1.csv\natribusi checkout 2026-11-20 -o 'pekan 47.csv'")
@options.dataset_option
@click.argument("version")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="CSV file to write.")
@json_option
def checkout(dataset: str, version: str, output: Path, as_json: bool) -> None:
    """Read any version (number, tag or date) into a CSV file; the dataset stays as it is."""
    from annotate.workflow.export import export

    done = export(dataset, output, ref=version)
    facts = {"path": str(done.path), "attributions": done.attributions, "documents": done.documents}
    show(facts, f"{done.path}: {done.attributions} attributions of {done.documents} documents", as_json=as_json)


@command(example='atribusi restore 3 -m "kembali ke sebelum impor yang salah"')
@options.dataset_option
@options.author_option
@click.argument("version")
@click.option("-m", "--message", help="Why.")
@json_option
def restore(dataset: str, author: str, version: str, message: str | None, as_json: bool) -> None:
    """Make an old state the newest version. Nothing is erased."""
    from annotate.workflow.history import restore as bring_back

    made = bring_back(dataset, version, author=author, message=message or f"restores {version}")
    text = f"version {made.version} restores version {made.restores}" if made else "nothing differs: no new version"
    show(made.model_dump() if made else None, text, as_json=as_json)


@command(example="atribusi diff 1 2\natribusi diff v1.0 --html beda.html\natribusi diff 2 3 --csv > beda.csv")
@options.dataset_option
@click.argument("older")
@click.argument("newer", required=False)
@click.option("--csv", "as_csv", is_flag=True, help="Print the events as CSV.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with the words marked.")
@json_option
def diff(dataset: str, older: str, newer: str | None, as_csv: bool, html: Path | None, as_json: bool) -> None:
    """Say what changed from one version to another (the newest if left out), by whom and why."""
    from annotate.workflow import history

    found = history.diff(dataset, older, newer)
    if html:
        history.write_diff_page(found, html)
        say(f"wrote {html}")
    elif as_csv:
        for line in history.diff_csv(found):
            click.echo(line, nl=False)
    elif as_json:
        for row in found.rows():
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        for line in found.text():
            click.echo(line)


@command(example="atribusi why at-6ec582a14c25631f")
@options.dataset_option
@click.argument("attribution_id")
@json_option
def why(dataset: str, attribution_id: str, as_json: bool) -> None:
    """Tell the life of an attribution: pre-mark, labels, votes, decisions, the versions it has been in."""
    from annotate.workflow.history import why as ask

    life = ask(dataset, attribution_id)
    show(life.as_dict(), "\n".join(life.text()), as_json=as_json)


@command(example="atribusi verify\natribusi verify v1.0 --json")
@options.dataset_option
@version_argument
@json_option
def verify(dataset: str, version: str | None, as_json: bool) -> int:
    """Check every hash, offset and link of a version; exit code 1 if anything is wrong."""
    from annotate.workflow.history import verify as check

    problems = list(map(str, check(dataset, version)))
    show(problems, "\n".join(problems) or "all hashes, offsets and links are right", as_json=as_json)
    return EXIT_FAILED if problems else EXIT_OK
