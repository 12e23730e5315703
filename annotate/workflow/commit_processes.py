"""Documents reconciled in several processes: each reads what it needs of the dataset by itself and gives back lines.

The parent alone writes. What comes back is written in the order of the documents, so that a version does not hang on
how many processes made it. Where a process dies its documents are given to another one; where that dies over them,
too, the commit ends, and nothing of it counts.
"""

import gc
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from annotate.engines.processes import Beat, Crew, Done, Handle
from annotate.errors import AtribusiError

if TYPE_CHECKING:
    from annotate.dataset import Basis, BasisPart, Prepared
    from annotate.workflow.commit import Reconciler

ENOUGH: Final = 1_000  # documents from which on starting processes pays
_PART: Final = 250  # documents at most that a process takes at a time
_DEATHS: Final = 2  # so many over the same documents end the commit


@dataclass(frozen=True)
class Work:
    """What every process is told once: where the dataset is, and how documents are reconciled."""

    root: str
    storage_options: dict[str, str] | None
    reconciler: "Reconciler"

    def __call__(self) -> Handle:
        """Begins in a process of its own: opens the dataset."""
        from annotate.dataset import Dataset, prepare

        store = Dataset.open(self.root, storage_options=self.storage_options)

        def reconcile(part: "BasisPart", _beat: Beat) -> "list[Prepared]":
            # What is made of labels holds no cycles, and looking for them all the time takes a fifth of it; readers of
            # tables do, and hold much: they are cleared away once for each part, and what stays is not looked at again.
            gc.disable()
            gc.collect()
            gc.freeze()
            basis = store.part(part)
            return [prepare(basis, change) for change in self.reconciler.changes(store, basis, part.doc_ids)]

        return reconcile


def how_many(processes: int | None, documents: int) -> int:
    """How many processes are worth while: as asked; else one for each core, where there is work enough."""
    if processes is not None:
        return processes
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if documents >= ENOUGH else 1


def in_processes(work: Work, basis: "Basis", doc_ids: Sequence[str], processes: int) -> Iterator["Prepared"]:
    """The new states of the documents, in their order. Raises `AtribusiError` where processes were killed."""
    size = max(1, min(_PART, len(doc_ids) // (4 * processes)))
    parts = enumerate(basis.parts(list(doc_ids), size))
    given: dict[int, BasisPart] = {}
    done: dict[int, list[Prepared]] = {}  # until all that come before are written
    deaths: Counter[int] = Counter()
    written = 0
    with Crew(processes, work) as crew:
        while True:
            while crew.idle and len(given) + len(done) <= 2 * processes and (following := next(parts, None)):
                number, given[number] = following
                crew.give(number, given[number])
            while written in done:  # while the others work
                yield from done.pop(written)
                written += 1
            if not given:
                return
            for outcome in crew.wait():
                if isinstance(outcome, Done):
                    done[outcome.job] = outcome.result
                    del given[outcome.job]
                    continue
                deaths[outcome.job] += 1
                if deaths[outcome.job] == _DEATHS:
                    raise AtribusiError(
                        f"processes that reconciled documents were ended from outside: {outcome.cause}; nothing counts",
                        remedy="run the command again, with fewer --processes",
                    )
                crew.give(outcome.job, given[outcome.job])
