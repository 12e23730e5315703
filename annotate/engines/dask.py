"""Jobs on a Dask cluster: a local one of its own, or an existing one by its address.

Dask sends a job elsewhere when the worker that had it dies; jobs are made so that doing one twice does no harm.
"""

import contextlib
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from uuid import uuid4

from annotate.engines.processes import Died, Done, Handle, Outcome
from annotate.errors import AtribusiError, MissingExtra

_AHEAD: Final = 2  # jobs that are handed out for each thread: a worker that has done one need not wait for the next
_PATIENCE: Final = 15  # seconds to wait for a scheduler, and for a first worker


class ClusterUnreachable(AtribusiError):
    """No scheduler answers at the address, or it has no workers."""


class DaskCrew:
    """Does jobs on a cluster. Without an address a local cluster of `size` processes is started, and ended with it.

    `make` is hashable; every worker process calls it once. Raises `ClusterUnreachable`.
    """

    def __init__(self, size: int, make: Callable[[], Handle], *, address: str | None = None) -> None:
        self._make = make
        self._jobs: dict[Any, int] = {}
        self._run = uuid4().hex[:12]
        self._given = 0
        self._close = contextlib.ExitStack()
        try:
            self._client = self._connect(size, address)
        except BaseException:
            self._close.close()
            raise

    def _connect(self, size: int, address: str | None) -> Any:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise MissingExtra("--engine dask", "archive") from error
        try:
            if address is None:
                cluster = self._close.enter_context(
                    LocalCluster(  # type: ignore[no-untyped-call]
                        n_workers=size, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                        silence_logs=logging.CRITICAL,
                    )
                )  # fmt: skip
                address = cluster.scheduler_address
            client = self._close.enter_context(Client(address, timeout=_PATIENCE, set_as_default=False))  # type: ignore[no-untyped-call]
            client.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterUnreachable(
                f"no Dask scheduler with workers answers ({error or type(error).__name__})", place=address,
                remedy="start one (dask scheduler, dask worker), or leave --scheduler out for a local cluster",
            ) from error  # fmt: skip
        return client

    def __enter__(self) -> "DaskCrew":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.cancel(list(self._jobs))
        self._close.close()

    @property
    def idle(self) -> int:
        """How many more jobs the cluster can take."""
        threads = int(sum(self._client.nthreads().values()))
        return max(0, _AHEAD * max(threads, 1) - len(self._jobs))

    def give(self, job: int, payload: Any) -> None:
        """Sends a job to the cluster. `job` is told again with the outcome."""
        self._given += 1
        future = self._client.submit(_do, self._make, payload, key=f"atribusi-{self._run}-{self._given}", pure=False)
        self._jobs[future] = job

    def wait(self, timeout: float = 1.0) -> list[Outcome]:
        """What became of jobs meanwhile; an empty list after `timeout` seconds without news.

        Raises `AtribusiError` where a job raised: that is a fault of the program, not of an item.
        """
        from distributed import wait

        with self._client.as_current(), contextlib.suppress(TimeoutError):
            wait(list(self._jobs), timeout=timeout, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
        return [self._outcome(future) for future in list(self._jobs) if future.status != "pending"]

    def _outcome(self, future: Any) -> Outcome:
        from distributed import KilledWorker

        job = self._jobs.pop(future)
        if future.status == "finished":
            with contextlib.suppress(OSError, TimeoutError):  # the worker that held the result died meanwhile
                return Done(job, future.result(timeout=_PATIENCE))
            return Died(job, None, "the worker that held the result was lost")
        error = future.exception() if future.status == "error" else None
        if error is None or isinstance(error, KilledWorker):
            return Died(job, None, "its workers were killed" if error else f"the cluster has {future.status} it")
        raise AtribusiError(
            f"a worker failed: {type(error).__name__}: {error}", remedy="see that all workers have this version"
        )


def _do(make: Callable[[], Handle], payload: Any) -> Any:
    return _handle(make)(payload, lambda _item: None)


@lru_cache(maxsize=4)
def _handle(make: Callable[[], Handle]) -> Handle:
    return make()
