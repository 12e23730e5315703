"""The verb: an archive in, rows and tasks out, by all cores."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from annotate.articles.inputs import InputFile, Position, find_files
from annotate.articles.model import Tally
from annotate.articles.raw import read_raw
from annotate.engines.processes import Alone
from annotate.engines.processes import Crew as ProcessCrew
from annotate.errors import InputError, MissingExtra
from annotate.workflow.archive import manifest
from annotate.workflow.archive.drive import Crew, Drive
from annotate.workflow.archive.options import ArchiveOptions, ArchiveReport
from annotate.workflow.archive.shards import cut
from annotate.workflow.archive.store import LocalStore, Store
from annotate.workflow.archive.target import Target
from annotate.workflow.archive.work import MakeWorker
from annotate.workflow.mark import Progress


def mark_archive(
    inputs: Sequence[str | Path],
    output: str,
    options: ArchiveOptions | None = None,
    *,
    progress: Progress | None = None,
) -> ArchiveReport:
    """Marks an archive into `output`, with `options.jobs` processes: a folder, or one file of rows or of tasks.

    A folder gets `attributions/`, `documents/` and, if asked for, `tasks/`, in parts that are numbered in the order of
    the inputs; `rejects.jsonl`; `columns.csv`, which explains the columns; and `manifest.json`. What comes out does not
    depend on the number of processes. Memory does not grow with the archive. A run that was killed goes on where it
    was when it is called again with the same inputs and options; with others it is refused. A broken article, and one
    that kills its process twice or takes longer than `options.limit`, is listed in `rejects.jsonl`.

    `progress` is told the number of articles done, and how many there will be by what is read of the files so far.
    Raises `InputError` when nothing could be read, or when the output was begun with other inputs or options.
    """
    options = options or ArchiveOptions()
    target = Target.of(output, options)
    tally = Tally()
    files = list(find_files(inputs, options.reading.format, tally))
    need_parquet(options)
    store = LocalStore(str(target.work))
    manifest.refuse_foreign(store)
    with manifest.only_run(target.state):
        begun = _begin(store, files, options)
        report = ArchiveReport(output)
        if begun["state"] == "done":
            report.resumed = report.shards = begun["shards"]
            report.counts.add(begun["counts"])
        else:
            _drive(store, files, options, report, progress)
        if not report.counts.articles:
            target.forget()
            where = ", ".join(map(str, inputs))
            raise InputError("there is no article here", place=where, remedy="give files or folders that hold articles")
        target.finish(store, begun, report)
    return report


def _drive(
    store: Store, files: list[InputFile], options: ArchiveOptions, report: ArchiveReport, progress: Progress | None
) -> None:
    total = sum(Path(file.path).stat().st_size for file in files if not file.is_stdin)
    position = Position()
    rows = read_raw(files, encoding=options.reading.encoding, position=position)
    source = ((shard, int(position)) for shard in cut(rows, options.shard))
    make = MakeWorker(store.address, options)

    def hire(shards: int) -> Crew:
        if not options.jobs:
            return Alone(make)
        return ProcessCrew(min(options.jobs, shards), make, limit=options.limit or None)

    Drive(store, source, total, report, dedupe=options.dedupe, progress=progress).all(hire, options.jobs + 2)


def need_parquet(options: ArchiveOptions) -> None:
    """Raises `MissingExtra` where rows are wanted and cannot be written."""
    if not options.rows:
        return
    if find_spec("pyarrow") is None:  # it is the workers that load it
        raise MissingExtra("writing rows", "archive")


def _begin(store: Store, files: list[InputFile], options: ArchiveOptions) -> dict[str, Any]:
    from annotate.marking import Marker

    known = [file for file in files if not file.is_stdin]
    if len(known) < len(files) and store.read(manifest.MANIFEST) is not None:
        raise InputError(
            "was begun before, and standard input cannot be read again", place=store.address,
            remedy="remove it, or give the archive as files",
        )  # fmt: skip
    wanted = {
        "marker": Marker().version, "options": options.identity(), "inputs": manifest.identity_of(known),
    }  # fmt: skip
    return manifest.begin(store, wanted)
