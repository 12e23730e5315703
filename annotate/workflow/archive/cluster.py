"""The same verb on a cluster: Parquet in, Parquet out, on any file system that fsspec knows."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.engines.processes import Alone
from annotate.errors import InputError
from annotate.workflow.archive import manifest, slices
from annotate.workflow.archive.drive import Crew, Drive
from annotate.workflow.archive.options import ArchiveOptions, ArchiveReport
from annotate.workflow.archive.run import need_parquet
from annotate.workflow.archive.store import open_store
from annotate.workflow.archive.target import finish_folder
from annotate.workflow.archive.work import MakeWorker
from annotate.workflow.mark import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotate.workflow.archive.work import Rows

_WINDOW = 4  # shards that are open for each process: scanned ahead, waiting for an earlier one, being marked


def mark_on_cluster(
    inputs: Sequence[str],
    output: str,
    options: ArchiveOptions | None = None,
    *,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> ArchiveReport:
    """Marks a Parquet archive into the folder or address `output` through Dask, as `mark_archive` does here.

    Workers read their row groups and write their parts themselves; through this process goes what is to be judged: some
    hundred bytes of each article. `scheduler`: address of a cluster; without it one of `options.jobs` processes is
    started (with 0, all is done in this process). A worker that dies costs its jobs, which are done again elsewhere:
    the rows are the same. A worker that takes longer than `options.limit` over an article ends itself, and its nanny
    starts another one. Raises as `mark_archive`, and `ClusterUnreachable`.
    """
    from annotate.marking import Marker

    options = options or ArchiveOptions()
    if options.rows != "parquet" or Path(output).suffix in (".jsonl", ".json", ".parquet"):
        raise InputError("a cluster writes rows as Parquet into a folder", place=output, remedy="say -o hasil")
    need_parquet(options)
    local = "://" not in output
    target = str(Path(output).absolute()) if local else output
    addresses = slices.find_parquet([str(one) if "://" in one else str(Path(one).absolute()) for one in inputs])
    store = open_store(target)
    manifest.refuse_foreign(store)
    with manifest.only_run(Path(target) / "_state") if local else contextlib.nullcontext():
        wanted = {
            "marker": Marker().version, "engine": "dask", "options": options.identity(),
            "inputs": slices.identity_of(addresses),
        }  # fmt: skip
        begun = manifest.begin(store, wanted)
        report = ArchiveReport(output)
        if begun["state"] == "done":
            report.resumed = report.shards = begun["shards"]
            report.counts.add(begun["counts"])
        else:
            source: Iterator[tuple[Rows, int]] = slices.plan(addresses, options.shard)
            total = begun["inputs"]["bytes"]
            drive = Drive(store, source, total, report, dedupe=options.dedupe, progress=progress)
            drive.all(lambda _shards: _hire(target, options, scheduler), _WINDOW * _processes(options, scheduler))
            finish_folder(store, begun, report)
    if report.counts.rejected:
        report.rejects = f"{output}/rejects.jsonl"
    return report


def _processes(options: ArchiveOptions, scheduler: str | None) -> int:
    return 64 if scheduler else max(1, options.jobs)


def _hire(target: str, options: ArchiveOptions, scheduler: str | None) -> Crew:
    make = MakeWorker(target, options)
    if not options.jobs and scheduler is None:
        return Alone(make)
    from annotate.engines.dask import DaskCrew

    return DaskCrew(options.jobs, make, address=scheduler, limit=options.limit or None)
