"""Jobs on a Dask cluster: a local one of its own, or an existing one by its address.

Dask sends a job elsewhere when the worker that had it dies; jobs are made so that doing one twice does no harm. Nothing
waits for ever: not for a scheduler, not for workers, and not for an item that does not end.
"""

import contextlib
import faulthandler
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Final
from uuid import uuid4

from annotate.engines.processes import NOWHERE, Died, Done, Handle, Outcome
from annotate.errors import AtribusiError, MissingExtra

_AHEAD: Final = 2  # jobs that are handed out for each thread: a worker that has done one need not wait for the next
PATIENCE = 60.0  # seconds to wait for a first worker, for another one when all are gone, and for a result
_ANSWER: Final = 15.0  # seconds to wait for a scheduler
_AGAIN: Final = "run the same command again when it is there: what is finished is kept"


class ClusterUnreachable(AtribusiError):
    """No scheduler answers at the address, or it has no workers; from the beginning, or no longer."""


class DaskCrew:
    """Does jobs on a cluster. Without an address a local cluster of `size` processes is started, and ended with it.

    `make` is hashable; every worker process calls it once. `limit`: seconds that one item may take; then the worker
    process that is at it ends itself. Raises `ClusterUnreachable`, then or when it is asked for news.
    """

    def __init__(
        self, size: int, make: Callable[[], Handle], *, address: str | None = None, limit: float | None = None
    ) -> None:
        self._make = make
        self._limit = limit
        self._jobs: dict[Any, int] = {}
        self._run = uuid4().hex[:12]
        self._given = 0
        self._close = contextlib.ExitStack()
        try:
            self._address, self._client = self._connect(size, address)
        except BaseException:
            self._close.close()
            raise
        self._staffed = time.monotonic()  # when there were workers last

    def _connect(self, size: int, address: str | None) -> tuple[str, Any]:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise MissingExtra("--engine dask", "archive") from error
        try:
            if address is None:
                cluster = self._close.enter_context(
                    LocalCluster(  # type: ignore[no-untyped-call]
                        n_workers=size, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                        silence_logs=logging.CRITICAL, scheduler_kwargs={"allowed_failures": 0},
                    )
                )  # fmt: skip
                address = str(cluster.scheduler_address)
            client = self._close.enter_context(Client(address, timeout=min(_ANSWER, PATIENCE), set_as_default=False))  # type: ignore[no-untyped-call]
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterUnreachable(
                f"no Dask scheduler with workers answers ({error or type(error).__name__})", place=address,
                remedy="start one (dask scheduler, dask worker), or leave --scheduler out for a local cluster",
            ) from error  # fmt: skip
        return address, client

    def __enter__(self) -> "DaskCrew":
        return self

    def __exit__(self, *_: object) -> None:
        if self._client.status == "running":
            self._client.cancel(list(self._jobs))
        self._close.close()

    @property
    def idle(self) -> int:
        """How many more jobs the cluster can take. Raises `ClusterUnreachable` where there is none any more."""
        return max(0, _AHEAD * max(self._threads(), 1) - len(self._jobs))

    def _threads(self) -> int:
        """Of all workers. Raises `ClusterUnreachable` when the scheduler is gone, or all workers have been for long."""
        try:
            threads = int(sum(self._client.nthreads().values())) if self._client.status == "running" else None
        except (OSError, TimeoutError, AttributeError):  # the last is what a client says that is being closed
            threads = None
        if threads is None:
            raise ClusterUnreachable("the Dask scheduler is lost", place=self._address, remedy=_AGAIN)
        now = time.monotonic()
        if threads:
            self._staffed = now
        elif now - self._staffed > PATIENCE:
            what = f"the Dask cluster has had no worker for {PATIENCE:g} s"
            raise ClusterUnreachable(what, place=self._address, remedy=_AGAIN)
        return threads

    def give(self, job: int, payload: Any) -> None:
        """Sends a job to the cluster. `job` is told again with the outcome."""
        self._given += 1
        key = f"atribusi-{self._run}-{self._given}"
        future = self._client.submit(_do, self._make, payload, self._limit, key=key, pure=False)
        self._jobs[future] = job

    def wait(self, timeout: float = 1.0) -> list[Outcome]:
        """What became of jobs meanwhile; an empty list after `timeout` seconds without news.

        Raises `ClusterUnreachable`, and `AtribusiError` where a job raised: that is a fault of the program, not of an
        item.
        """
        from distributed import wait
        from distributed.client import FuturesCancelledError

        with self._client.as_current(), contextlib.suppress(TimeoutError, FuturesCancelledError):
            wait(list(self._jobs), timeout=timeout, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
        self._threads()
        return [self._outcome(future) for future in list(self._jobs) if future.status != "pending"]

    def _outcome(self, future: Any) -> Outcome:
        from distributed import KilledWorker

        job = self._jobs.pop(future)
        if future.status == "finished":
            with contextlib.suppress(OSError, TimeoutError):  # the worker that held the result died meanwhile
                return Done(job, future.result(timeout=PATIENCE))
            return Died(job, None, "the worker that held the result was lost")
        error = future.exception() if future.status == "error" else None
        if error is None or isinstance(error, KilledWorker):
            return Died(job, None, "its workers were killed" if error else f"the cluster has {future.status} it")
        raise AtribusiError(
            f"a worker failed: {type(error).__name__}: {error}", remedy="see that all workers have this version"
        )


def _do(make: Callable[[], Handle], payload: Any, limit: float | None) -> Any:
    """What a worker does with a job."""
    beat = _Watch(limit) if limit else _unwatched
    try:
        return _handle(make)(payload, beat)
    finally:
        beat(NOWHERE)


@lru_cache(maxsize=4)
def _handle(make: Callable[[], Handle]) -> Handle:
    return make()


def _unwatched(_item: int) -> None:
    return


class _Watch:
    """Ends this process when an item takes longer than `limit` seconds; a worker's nanny starts another one then.

    The interpreter's own watchdog does it, which also sees what never lets go of the interpreter, as a regular
    expression may. It holds one time for a process. So where several threads of a worker are at jobs, each looks after
    the others.
    """

    _late: Final[dict[int, float]] = {}  # thread that is at an item -> from when on it is late

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._armed = 0.0

    def __call__(self, item: int) -> None:
        now, me = time.monotonic(), threading.get_ident()
        if item == NOWHERE:
            self._late.pop(me, None)
            if not self._late:
                faulthandler.cancel_dump_traceback_later()
                self._armed = 0.0
            return
        self._late[me] = now + self._limit
        if min(list(self._late.values())) < now:
            os._exit(1)
        if now - self._armed > self._limit / 20:  # to set it is a thread's start: not for each item
            faulthandler.dump_traceback_later(self._limit, exit=True, file=_nowhere())
            self._armed = now


@cache
def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)
