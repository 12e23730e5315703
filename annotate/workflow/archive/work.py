"""What a worker does with a shard: scan it, and once it is judged, mark it and write its parts."""

import gc
import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from annotate.articles.identity import OWN_IDS, hash_of, other_text, place
from annotate.articles.model import Reject
from annotate.articles.raw import RawRow, Understood, understand
from annotate.engines.processes import NOWHERE, Beat
from annotate.workflow.archive.options import ArchiveOptions
from annotate.workflow.archive.scans import Scan
from annotate.workflow.archive.slices import Slice
from annotate.workflow.archive.store import Store, open_store

if TYPE_CHECKING:
    from annotate.workflow.archive.parts import PartsOf

Skip = Mapping[int, str]  # number of a row or a document in its shard -> why it is not tried again

ATTRIBUTIONS: Final = "attributions"
DOCUMENTS: Final = "documents"
TASKS: Final = "tasks"
RECEIPTS: Final = "_state/receipts"
SCANS: Final = "_state/scans"
NOTES: Final = "_state/at"
_AGAIN: Final = "mark it by itself to see what is the matter"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a document of a shard is not marked: it was read before, its id stands for another text, or it is a copy."""

    kind: Literal["repeated", "conflict", "copy"]
    of: str = ""  # conflict: the place of the other text; copy: the id of the document that it is a copy of


Rows = Sequence[RawRow] | Slice  # rows as they were cut, or where a worker can read them


@dataclass(frozen=True, slots=True)
class ScanJob:
    """Rows to be read and understood. `careful`: the number of each is noted in the store before it is begun."""

    shard: int
    rows: Rows
    skip: Skip = field(default_factory=dict)
    careful: bool = False


@dataclass(frozen=True, slots=True)
class MarkJob:
    """Documents to be marked, packed by the scan or where they can be read again, with a verdict or None for each.

    `careful` as for `ScanJob`.
    """

    shard: int
    documents: bytes | Slice
    verdicts: Sequence[Verdict | None]
    rejects: Sequence[Reject]
    skip: Skip = field(default_factory=dict)
    careful: bool = False


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan found: the documents, packed; what is to be judged; and the rows that hold none."""

    documents: bytes | Slice
    scan: Scan
    rejects: list[Reject]


def part_name(folder: str, shard: int, suffix: str) -> str:
    """Name of a shard's part."""
    return f"{folder}/part-{shard:06d}.{suffix}"


def receipt_name(shard: int) -> str:
    """Name of what says that a shard is finished."""
    return f"{RECEIPTS}/{shard:06d}.json"


def scan_name(shard: int) -> str:
    """Name of a shard's scan, kept until the run ends."""
    return f"{SCANS}/{shard:06d}"


def note_name(shard: int) -> str:
    """Name of the note that says which row or document of a shard was begun last, where that is done carefully."""
    return f"{NOTES}/{shard:06d}"


@dataclass(frozen=True)
class MakeWorker:
    """Makes a worker in its own process: small to send, and all that is slow to load is loaded once."""

    target: str
    options: ArchiveOptions

    def __call__(self) -> "Worker":
        return Worker(open_store(self.target), self.options)


class Worker:
    """Handles jobs. Keeps no state from one to the next, but what is slow to load."""

    def __init__(self, store: Store, options: ArchiveOptions) -> None:
        # Many small objects are made and no cycles: looking for cycles at the usual rate costs a fifth of the time.
        gc.set_threshold(100_000, 50, 100)
        self._store = store
        self._options = options

    @cached_property
    def _parts(self) -> "PartsOf":
        from annotate.workflow.archive.parts import PartsOf

        return PartsOf(self._options)

    def __call__(self, job: ScanJob | MarkJob, beat: Beat) -> Any:
        """The result of a job: `Scanned`, or the receipt of a finished shard."""
        if job.careful:
            beat = self._noting(job.shard, beat)
        return self.scan(job, beat) if isinstance(job, ScanJob) else self.mark(job, beat)

    def _noting(self, shard: int, beat: Beat) -> Beat:
        def noted(item: int) -> None:
            self._store.write(note_name(shard), str(item).encode())
            beat(item)

        return noted

    def scan(self, job: ScanJob, beat: Beat) -> Scanned:
        """Reads the rows; keeps what is to be judged, so that a run that goes on need not read them again."""
        found, rejects = self._found(job.rows, job.skip, beat)
        scan = Scan.of(
            [(hash_of(one.document.doc_id), hash_of(one.document.text), one.file, one.line) for one in found]
        )
        if self._options.dedupe:
            from annotate.workflow.archive.copies import sign

            sizes, signatures = sign([one.document.text for one in found])
            scan = replace(scan, ids=[one.document.doc_id for one in found], sizes=sizes, signatures=signatures)
        self._store.write(scan_name(job.shard), scan.packed())
        packed = job.rows if isinstance(job.rows, Slice) else pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
        return Scanned(packed, scan, rejects)

    def _found(self, rows: Rows, skip: Skip, beat: Beat) -> tuple[list[Understood], list[Reject]]:
        """The documents of the rows, and the rows that hold none."""
        found: list[Understood] = []
        rejects: list[Reject] = []
        for number, row in enumerate(rows.rows() if isinstance(rows, Slice) else rows):
            if number in skip:
                rejects.append(Reject(row.place, None, skip[number], _AGAIN))
                continue
            beat(number)
            for one in self._understood(row):
                (rejects if isinstance(one, Reject) else found).append(one)  # type: ignore[arg-type]
        beat(NOWHERE)
        return found, rejects

    def _understood(self, row: RawRow) -> Iterator[Understood | Reject]:
        reading = self._options.reading
        try:
            yield from understand(row, encoding=reading.encoding, replace_invalid=reading.replace_invalid)
        except Exception as error:  # of a row that no reader foresaw: it is this row's fault alone
            yield Reject(row.place, None, f"cannot be read ({type(error).__name__}: {error})", _AGAIN)

    def mark(self, job: MarkJob, beat: Beat) -> dict[str, Any]:
        """Marks the documents, writes the shard's parts, and last its receipt."""
        rejects, repeated = list(job.rejects), 0
        parts = self._parts.begin()
        documents: list[Understood]
        if isinstance(job.documents, Slice):
            documents = self._found(job.documents, {}, beat)[0]
        else:
            documents = pickle.loads(job.documents)  # noqa: S301 -- packed by our own scan, in this run
        for number, (one, verdict) in enumerate(zip(documents, job.verdicts, strict=True)):
            where = place(one.file, one.line)
            if number in job.skip:
                rejects.append(Reject(where, None, job.skip[number], _AGAIN))
            elif verdict is None:
                beat(number)
                try:
                    parts.mark(one.document)
                except Exception as error:  # whatever a hostile text brings up: it is this article's fault alone
                    rejects.append(Reject(where, None, f"cannot be marked ({type(error).__name__}: {error})", _AGAIN))
            elif verdict.kind == "copy":
                parts.link(one.document, verdict.of)
            elif verdict.kind == "repeated":
                repeated += 1
            else:
                rejects.append(Reject(where, None, other_text(one.document.doc_id, verdict.of), OWN_IDS))
        beat(NOWHERE)
        for folder, suffix, data in parts.written():
            self._store.write(part_name(folder, job.shard, suffix), data)
        receipt = {
            "shard": job.shard, "documents": parts.documents, "attributions": parts.attributions,
            "copies": parts.copies, "repeated": repeated, "rejected": len(rejects),
            "rejects": [asdict(one) for one in rejects],
        }  # fmt: skip
        self._store.write(receipt_name(job.shard), json.dumps(receipt).encode())
        return receipt
