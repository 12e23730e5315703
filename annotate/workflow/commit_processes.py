"""Documents reconciled in several processes: each reads what it needs of the dataset by itself and gives back lines.

The parent alone writes. What comes back comes in the order of the documents, so that a version does not hang on how
many processes made it; a process that dies ends the commit, of which nothing counts then.
"""

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Final

from annotate.errors import AtribusiError

if TYPE_CHECKING:
    from annotate.dataset import Basis, BasisPart, Dataset, Prepared
    from annotate.workflow.commit import Reconciler

ENOUGH: Final = 1_000  # documents from which on starting processes pays
_PART: Final = 500  # documents at most that a process takes at a time


@dataclass(frozen=True)
class Work:
    """What every process is told once: where the dataset is, and how documents are reconciled."""

    root: str
    storage_options: dict[str, str] | None
    reconciler: "Reconciler"


def how_many(processes: int | None, documents: int) -> int:
    """How many processes are worth while: as asked; else one for each core, where there is work enough."""
    if processes is not None:
        return processes
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if documents >= ENOUGH else 1


def in_processes(work: Work, basis: "Basis", doc_ids: Sequence[str], processes: int) -> Iterator["Prepared"]:
    """The new states of the documents, in their order. Raises `AtribusiError` where a process was killed."""
    size = max(1, min(_PART, len(doc_ids) // (4 * processes)))
    # Spawned, not forked: the libraries that read the tables have threads, which a fork would cut off half-way.
    spawned = get_context("spawn")
    ended, alive = spawned.Pipe(duplex=False)
    pool = ProcessPoolExecutor(processes, spawned, initializer=_begin, initargs=(work, ended))
    waiting: deque[Future[list[Prepared]]] = deque()
    try:
        for part in basis.parts(list(doc_ids), size):
            waiting.append(_submit(pool, part))
            if len(waiting) > processes + 1:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        # A process that was being started when another one died is forgotten by the pool, which would wait for it.
        alive.close()
        raise AtribusiError(
            "a process that reconciled documents was ended from outside, perhaps for want of memory; nothing counts",
            remedy="run the command again, with fewer --processes",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
        alive.close()
        ended.close()


def _submit(pool: ProcessPoolExecutor, part: "BasisPart") -> "Future[list[Prepared]]":
    try:
        return pool.submit(_reconcile, part)
    except OSError as error:
        # Without a number it is not the system's: the pool was starting a process while it broke, and closed its queue.
        if error.errno is None:
            raise BrokenProcessPool from error
        raise


_begun: "tuple[Work, Dataset] | None" = None  # of this process


def _begin(work: Work, ended: connection.Connection) -> None:
    from annotate.dataset import Dataset

    global _begun
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is the parent's to handle
    threading.Thread(target=_end_with_parent, args=(ended,), daemon=True).start()
    _begun = work, Dataset.open(work.root, storage_options=work.storage_options)


def _end_with_parent(ended: connection.Connection) -> None:
    """End this process once the parent died, or closed the other end of the pipe."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel, ended])
        os._exit(1)


def _reconcile(part: "BasisPart") -> "list[Prepared]":
    from annotate.dataset import prepare

    assert _begun is not None
    work, store = _begun
    # What is made of labels holds no cycles, and looking for them all the time takes a fifth of it; readers of tables
    # do, and hold much: they are cleared away once for each part.
    gc.disable()
    gc.collect()
    basis = store.part(part)
    return [prepare(basis, change) for change in work.reconciler.changes(store, basis, part.doc_ids)]
