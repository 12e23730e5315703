"""Drives shards through a crew of workers: scanned, judged in order, marked; whatever becomes of the workers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from annotate.engines.processes import NOWHERE, Died, Outcome
from annotate.errors import AtribusiError, InputError
from annotate.workflow.archive.judge import Judge
from annotate.workflow.archive.options import ArchiveReport
from annotate.workflow.archive.scans import Scan
from annotate.workflow.archive.store import Store
from annotate.workflow.archive.work import (
    RECEIPTS,
    SCANS,
    MarkJob,
    Rows,
    ScanJob,
    note_name,
    receipt_name,
    scan_name,
)
from annotate.workflow.mark import Progress

_TRIES: Final = 2  # deaths at one article before it is given up
_DEATHS: Final = 8  # deaths at ever other places of one shard before the run is


class Crew(Protocol):
    """What the engines have in common."""

    def __enter__(self) -> "Crew": ...
    def __exit__(self, *_: object) -> None: ...
    @property
    def idle(self) -> int: ...
    def give(self, job: int, payload: Any) -> None: ...
    def wait(self) -> list[Outcome]: ...


@dataclass
class _Open:
    """A shard that is being worked on. `deaths`: what its processes died at."""

    number: int
    position: int
    job: ScanJob | MarkJob
    deaths: list[int | None] = field(default_factory=list)


class Drive:
    """One run over the shards that are not finished yet. At most `window` shards are in memory at any time.

    `source`: all shards in order, each with the number of bytes of the archive that are read with it, of `total`.
    """

    def __init__(
        self, store: Store, source: Iterator[tuple[Rows, int]], total: int, report: ArchiveReport, *, dedupe: bool,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self._judging = Judge(dedupe=dedupe)
        self._store, self._report, self._progress = store, report, progress
        self._source, self._total = source, total
        self._exhausted = False
        self._finished = {int(name.split(".")[0]) for name in store.names(RECEIPTS)}
        self._scanned = {int(name) for name in store.names(SCANS)}
        self._open: dict[int, _Open] = {}
        self._scans: dict[int, Any] = {}  # scanned, but not judged: an earlier shard still is not
        self._ready: list[int] = []  # judged, to be marked
        self._to_scan: list[int] = []
        self._judged = 0
        self._read = 0  # bytes of the inputs whose shards are finished

    def all(self, hire: Callable[[int], Crew], window: int) -> None:
        """Works until every shard is finished. `hire` makes the crew, and is told how many shards are open at first."""
        try:
            shards = self._shards()
            self._more(shards, window)
            if self._open:
                with hire(len(self._open)) as crew:
                    self._work(crew, shards, window)
        finally:
            self._judging.close()

    def _work(self, crew: Crew, shards: Iterator[_Open], window: int) -> None:
        self._hand_out(crew)
        while self._open:
            for outcome in crew.wait():
                self._take(outcome)
            self._hand_out(crew)  # at once: nobody waits while shards are read that are not next
            self._more(shards, window)
            self._hand_out(crew)

    def _hand_out(self, crew: Crew) -> None:
        while crew.idle and (job := self._next()) is not None:
            crew.give(job.shard, job)

    def _shards(self) -> Iterator[_Open]:
        """The shards that are to be worked on; those that are finished are judged on the way, and told as done."""
        for number, (rows, position) in enumerate(self._source):
            self._report.shards += 1
            if number in self._finished:
                if number not in self._scanned:
                    raise InputError("lacks a part of its state", place=self._store.address, remedy="begin anew")
                self._scans[number] = Scan.unpacked(self._store.read(scan_name(number)) or b"")
                self._report.resumed += 1
                self._told(json.loads(self._store.read(receipt_name(number)) or b""), position)
                self._judge()
            else:
                yield _Open(number, position, ScanJob(number, rows))

    def _more(self, shards: Iterator[_Open], window: int) -> None:
        while not self._exhausted and len(self._open) < window:
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

    def _take(self, outcome: Outcome) -> None:
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
            verdicts = self._judging.judge(scan)
            if not isinstance(found, Scan):
                shard = self._open[self._judged]
                shard.job = MarkJob(shard.number, found.documents, verdicts, found.rejects)
                shard.deaths = []
                self._ready.append(shard.number)
            self._judged += 1

    def _bury(self, shard: _Open, died: Died) -> None:
        """A process died over a shard: it is tried again, without the article at which processes die.

        Where it is not known which one that was, the worker notes from now on where it is.
        """
        item = self._noted(shard) if died.item is None else died.item
        shard.deaths.append(item)
        if item is None:
            shard.job = replace(shard.job, careful=True)
        elif shard.deaths.count(item) >= _TRIES:
            shard.job = replace(shard.job, skip={**shard.job.skip, item: f"{died.cause}, {_TRIES} times"})
            shard.deaths = []
        elif len(shard.deaths) >= _DEATHS:
            raise AtribusiError(
                f"worker processes die again and again: {died.cause}", place=self._store.address,
                remedy="use fewer --jobs or free some memory, and run the same command again: what is finished is kept",
            )  # fmt: skip
        (self._to_scan if isinstance(shard.job, ScanJob) else self._ready).append(shard.number)

    def _noted(self, shard: _Open) -> int | None:
        """What a worker that is no more has noted to be at."""
        note = self._store.read(note_name(shard.number)) if shard.job.careful else None
        return int(note) if note and int(note) != NOWHERE else None

    def _told(self, receipt: dict[str, Any], position: int) -> None:
        """Counts a finished shard, and tells how far the run has come."""
        counts = self._report.counts
        counts.add(receipt)
        self._read = max(self._read, position)
        if self._progress and self._read:
            self._progress(counts.articles, max(counts.articles, counts.articles * self._total // self._read))
