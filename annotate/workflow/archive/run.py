"""The verb: an archive in, rows and tasks out, by all cores."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotate.articles.inputs import InputFile, Position, find_files
from annotate.articles.model import Tally
from annotate.articles.raw import read_raw
from annotate.errors import AtribusiError, InputError, MissingExtra
from annotate.workflow.archive import manifest
from annotate.workflow.archive.judge import Judge
from annotate.workflow.archive.options import ArchiveOptions, ArchiveReport
from annotate.workflow.archive.scans import Scan
from annotate.workflow.archive.shards import cut
from annotate.workflow.archive.store import LocalStore, Store
from annotate.workflow.archive.target import Target
from annotate.workflow.archive.work import RECEIPTS, SCANS, MakeWorker, MarkJob, ScanJob, receipt_name, scan_name
from annotate.workflow.mark import Progress

if TYPE_CHECKING:
    from annotate.engines.processes import Died, Outcome

_TRIES: Final = 2  # deaths at one article before it is given up
_DEATHS: Final = 8  # deaths at ever other places of one shard before the run is


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
    _need_parquet(options)
    store = LocalStore(str(target.work))
    manifest.refuse_foreign(store)
    with manifest.only_run(target.state):
        begun = _begin(store, files, options)
        report = ArchiveReport(output)
        if begun["state"] == "done":
            report.resumed = report.shards = begun["shards"]
            report.counts.add(begun["counts"])
        else:
            run = _Run(store, files, options, report, progress)
            try:
                run.all()
            finally:
                run.judge.close()
        if not report.counts.articles:
            target.forget()
            where = ", ".join(map(str, inputs))
            raise InputError("there is no article here", place=where, remedy="give files or folders that hold articles")
        target.finish(store, begun, report)
    return report


def _need_parquet(options: ArchiveOptions) -> None:
    if not options.rows:
        return
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise MissingExtra("writing rows", "archive") from error


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
    begun = manifest.begin(store, wanted)
    if begun["state"] == "begun":
        for folder in ("", "attributions", "documents", "tasks", RECEIPTS, SCANS):
            store.sweep(folder)
    return begun


@dataclass
class _Open:
    """A shard that is being worked on. `deaths`: what its processes died at."""

    number: int
    position: int
    job: ScanJob | MarkJob
    deaths: list[int | None] = field(default_factory=list)


class _Run:
    """One run over the shards that are not finished yet. At most `jobs + 2` shards are in memory at any time."""

    def __init__(
        self, store: Store, files: list[InputFile], options: ArchiveOptions, report: ArchiveReport,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.judge = Judge(dedupe=options.dedupe)
        self._store, self._options, self._report, self._progress = store, options, report, progress
        self._bytes = sum(Path(file.path).stat().st_size for file in files if not file.is_stdin)
        self._position = Position()
        self._rows = read_raw(files, encoding=options.reading.encoding, position=self._position)
        self._finished = {int(name.split(".")[0]) for name in store.names(RECEIPTS)}
        self._scanned = {int(name) for name in store.names(SCANS)}
        self._open: dict[int, _Open] = {}
        self._scans: dict[int, Any] = {}  # scanned, but not judged: an earlier shard still is not
        self._ready: list[int] = []  # judged, to be marked
        self._to_scan: list[int] = []
        self._judged = 0
        self._read = 0  # bytes of the inputs whose shards are finished

    def all(self) -> None:
        """Works until every shard is finished."""
        from annotate.engines.processes import Alone, Crew

        shards = self._shards()
        self._more(shards)
        if not self._open:
            return
        jobs, make = self._options.jobs, MakeWorker(self._store.address, self._options)
        size = min(jobs, len(self._open)) if self._exhausted else jobs
        with Crew(size, make, limit=self._options.limit or None) if jobs else Alone(make) as crew:
            while self._open:
                while crew.idle and (job := self._next()) is not None:
                    crew.give(job.shard, job)
                for outcome in crew.wait():
                    self._take(outcome)
                self._more(shards)

    def _shards(self) -> Iterator[_Open]:
        """The shards that are to be worked on; those that are finished are judged on the way, and told as done."""
        for number, rows in enumerate(cut(self._rows, self._options.shard)):
            self._report.shards += 1
            if number in self._finished:
                if number not in self._scanned:
                    raise InputError("lacks a part of its state", place=self._store.address, remedy="begin anew")
                self._scans[number] = Scan.unpacked(self._store.read(scan_name(number)) or b"")
                self._report.resumed += 1
                self._told(json.loads(self._store.read(receipt_name(number)) or b""), int(self._position))
                self._judge()
            else:
                yield _Open(number, int(self._position), ScanJob(number, rows))

    def _more(self, shards: Iterator[_Open]) -> None:
        self._exhausted = False
        while len(self._open) < self._options.jobs + 2:
            shard = next(shards, None)
            if shard is None:
                self._exhausted = True
                return
            self._open[shard.number] = shard
            self._to_scan.append(shard.number)

    def _next(self) -> ScanJob | MarkJob | None:
        """Shards that can be marked go before those that are to be scanned, early ones before late ones."""
        for waiting in (self._ready, self._to_scan):
            if waiting:
                waiting.sort()
                return self._open[waiting.pop(0)].job
        return None

    def _take(self, outcome: "Outcome") -> None:
        from annotate.engines.processes import Died

        shard = self._open[outcome.job]
        if isinstance(outcome, Died):
            self._bury(shard, outcome)
        elif isinstance(shard.job, ScanJob):
            self._scans[shard.number] = outcome.result
            self._judge()
        else:
            del self._open[shard.number]
            self._told(outcome.result, shard.position)

    def _judge(self) -> None:
        """Judges what has been scanned, as far as no earlier shard is missing."""
        while (found := self._scans.pop(self._judged, None)) is not None:
            scan = found if isinstance(found, Scan) else found.scan
            verdicts = self.judge.judge(scan)
            if not isinstance(found, Scan):
                shard = self._open[self._judged]
                shard.job = MarkJob(shard.number, found.documents, verdicts, found.rejects)
                shard.deaths = []
                self._ready.append(shard.number)
            self._judged += 1

    def _bury(self, shard: _Open, died: "Died") -> None:
        """A process died over a shard: it is tried again, without the article at which processes die."""
        shard.deaths.append(died.item)
        if died.item is not None and shard.deaths.count(died.item) >= _TRIES:
            shard.job = replace(shard.job, skip={**shard.job.skip, died.item: f"{died.cause}, {_TRIES} times"})
            shard.deaths = []
        elif len(shard.deaths) >= _DEATHS:
            raise AtribusiError(
                f"worker processes die again and again: {died.cause}", place=self._store.address,
                remedy="use fewer --jobs or free some memory, and run the same command again: what is finished is kept",
            )  # fmt: skip
        (self._to_scan if isinstance(shard.job, ScanJob) else self._ready).append(shard.number)

    def _told(self, receipt: dict[str, Any], position: int) -> None:
        """Counts a finished shard, and tells how far the run has come."""
        counts = self._report.counts
        counts.add(receipt)
        self._read = max(self._read, position)
        if self._progress and self._read:
            self._progress(counts.articles, max(counts.articles, counts.articles * self._bytes // self._read))
