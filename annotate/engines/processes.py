"""A crew of worker processes that outlives any of its members.

Each process takes one job at a time and says which item of the job it is at; so when a process dies (the kernel killed
it for want of memory, a parser crashed) or stands still, it is known at what. Processes are spawned, not forked: they
inherit no lock, no thread and no open file. When the parent is killed, each worker sees its pipe close, and ends.
"""

import contextlib
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from annotate.errors import AtribusiError

Beat = Callable[[int], None]  # a worker calls it with the number of the item that it begins, -1 behind the last
Handle = Callable[[Any, Beat], Any]  # what a worker does with the payload of a job

NOWHERE: Final = -1  # before the first item of a job, and behind its last
_CONTEXT: Final = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Done:
    """A job that was done, and its result."""

    job: int
    result: Any


@dataclass(frozen=True, slots=True)
class Died:
    """A job whose process is no more. `item`: what it was at, None where that is not known; `cause`: in words."""

    job: int
    item: int | None
    cause: str


Outcome = Done | Died


@dataclass
class _Member:
    """One process with its pipe. `at` is shared with it: number of the item, and since when (monotonic clock)."""

    process: Any
    pipe: Connection
    at: Any
    job: int | None = None
    late: bool = field(default=False)


class Crew:
    """`size` processes, each of which runs `make()` once and then the handler that it gave, job by job.

    `make` and all payloads are pickled. `limit`: seconds that one item may take; then its process is killed.
    """

    def __init__(self, size: int, make: Callable[[], Handle], *, limit: float | None = None) -> None:
        self._make = make
        self._limit = limit
        self._members = [self._hire() for _ in range(size)]

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def idle(self) -> int:
        """How many members have nothing to do."""
        return sum(member.job is None for member in self._members)

    def give(self, job: int, payload: Any) -> None:
        """Hands a job to an idle member. `job` is told again with the outcome."""
        at = next(n for n, member in enumerate(self._members) if member.job is None)
        while True:
            member = self._members[at]
            member.at[0], member.at[1], member.late = NOWHERE, time.monotonic(), False
            try:
                member.pipe.send(payload)
            except OSError:  # it died while it was idle, or while the job was sent: that is nobody's fault
                self._dismiss(member)
                self._members[at] = self._hire()
                continue
            member.job = job
            return

    def wait(self, timeout: float = 1.0) -> list[Outcome]:
        """What became of jobs meanwhile; an empty list after `timeout` seconds without news.

        Raises what a handler raised: an `AtribusiError` as it was, and one in place of all else, which is a fault of
        the program and not of an item.
        """
        self._stop_late()
        busy = {member.pipe: n for n, member in enumerate(self._members) if member.job is not None}
        return [self._outcome(busy[pipe]) for pipe in wait(list(busy), timeout)]  # type: ignore[index]

    def _outcome(self, at: int) -> Outcome:
        member = self._members[at]
        assert member.job is not None
        job = member.job
        try:
            ok, result = member.pipe.recv()
        except (EOFError, OSError):
            item = int(member.at[0])
            cause = f"took longer than {self._limit:g} s" if member.late else self._dismiss(member)
            if member.late:
                self._dismiss(member)
            self._members[at] = self._hire()
            return Died(job, None if item == NOWHERE else item, cause)
        member.job = None
        if isinstance(result, AtribusiError):
            raise result
        if not ok:
            raise AtribusiError(f"a worker failed: {result}", remedy="report this with what it prints")
        return Done(job, result)

    def _stop_late(self) -> None:
        now = time.monotonic()
        for member in self._members:
            at_item = member.job is not None and member.at[0] != NOWHERE
            if self._limit and at_item and not member.late and now - member.at[1] > self._limit:
                member.late = True
                member.process.kill()

    def _hire(self) -> _Member:
        ours, theirs = _CONTEXT.Pipe()
        at = _CONTEXT.RawArray("d", [NOWHERE, time.monotonic()])
        process = _CONTEXT.Process(target=_serve, args=(theirs, self._make, at), daemon=True)
        with _no_interrupts():
            process.start()
        theirs.close()
        return _Member(process, ours, at)

    def _dismiss(self, member: _Member) -> str:
        """Makes sure that a process has ended; tells how it ended."""
        member.pipe.close()
        member.process.join(5)
        if member.process.exitcode is None:
            member.process.kill()
            member.process.join()
        code = member.process.exitcode or 0
        member.process.close()
        if code >= 0:
            return f"the process that worked on it ended with exit code {code}"
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return f"the process that worked on it was ended by {name}" + (
            ", as happens when memory runs out" if name == "SIGKILL" else ""
        )

    def close(self) -> None:
        """Ends all members, whatever they are at."""
        for member in self._members:
            if member.job is not None:
                member.process.kill()
            member.pipe.close()
        for member in self._members:
            with contextlib.suppress(ValueError):  # closed already
                member.process.join(5)
                if member.process.exitcode is None:
                    member.process.kill()
                    member.process.join()
                member.process.close()
        self._members = []


class Alone:
    """A crew of none: jobs are done in this process, at once. Nothing is started, and nothing is outlived."""

    def __init__(self, make: Callable[[], Handle]) -> None:
        self._handle = make()
        self._done: list[Outcome] = []

    def __enter__(self) -> "Alone":
        return self

    def __exit__(self, *_: object) -> None:
        return

    @property
    def idle(self) -> int:
        """1 until a job was given whose outcome was not asked for yet."""
        return int(not self._done)

    def give(self, job: int, payload: Any) -> None:
        """Does the job."""
        self._done.append(Done(job, self._handle(payload, lambda _item: None)))

    def wait(self) -> list[Outcome]:
        """The outcome of the job that was given."""
        done, self._done = self._done, []
        return done


@contextlib.contextmanager
def _no_interrupts() -> Iterator[None]:
    """A process that is started here never sees Ctrl-C: its parent does, and ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, make: Callable[[], Handle], at: Any) -> None:
    """What a member does all its life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def beat(item: int) -> None:
        at[1] = time.monotonic()
        at[0] = item

    handle: Handle | None = None
    try:
        while True:
            payload = pipe.recv()
            try:
                if handle is None:
                    handle = make()
                answer = (True, handle(payload, beat))
            except AtribusiError as error:
                answer = (False, error)
            except Exception as error:
                detail = traceback.format_exc() if os.environ.get("ATRIBUSI_DEBUG") else ""
                answer = (False, f"{type(error).__name__}: {error}{detail}")
            at[0] = NOWHERE
            pipe.send(answer)
    except (EOFError, OSError):  # the parent is gone, or wants no more
        pass
    os._exit(0)  # to free each object by itself, as is done at a common end, takes a third of a second and helps nobody
