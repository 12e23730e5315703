"""A process that answers questions, one at a time, through a pipe of its own.

Not `concurrent.futures`: its threads and queues take 0.85 ms of processor time for each article, a third of what
marking takes, and a pipe 0.15; and its processes cannot be ended while they work.
"""

import asyncio
import contextlib
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

Answer = Callable[[bytes], bytes]

_spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of our threads


class ProcessDied(Exception):
    """The process ended before it had answered, or took too long and was ended."""


class Process:
    """The process, which calls `make` once for the function that answers. It ends when its pipe does, so with us.

    While it works it is not sent anything, so neither end ever waits for the other to read.
    """

    def __init__(self, make: Callable[[], Answer]) -> None:
        self._pipe, theirs = _spawn.Pipe()
        self._process: SpawnProcess = _spawn.Process(target=_work, args=(theirs, make), daemon=True)
        self._process.start()
        theirs.close()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._answer: asyncio.Future[bytes] | None = None

    async def ask(self, question: bytes, patience: float | None = None) -> bytes:
        """Its answer. Raises `ProcessDied`, also after `patience` seconds; then it has been ended."""
        if self._loop is None:
            self._watch(asyncio.get_running_loop())
        assert self._loop is not None
        answer: asyncio.Future[bytes] = self._loop.create_future()
        self._answer = answer
        late = self._loop.call_later(patience, self._fail) if patience is not None else None
        try:
            self._pipe.send_bytes(question)
            return await answer
        except BaseException as error:  # also when we are cancelled: an answer to come would be taken for the next one
            self.end()
            if isinstance(error, OSError):
                raise ProcessDied from None
            raise
        finally:
            self._answer = None
            if late is not None:
                late.cancel()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Be told by the loop when there is something to read: from now on, so that no question pays for it."""
        self._loop = loop
        loop.add_reader(self._pipe.fileno(), self._arrived)
        os.set_blocking(self._pipe.fileno(), True)  # uvloop has changed that; answers are read whole

    def _arrived(self) -> None:
        try:
            found = self._pipe.recv_bytes()
        except (EOFError, OSError):
            self._unwatch()
            self._fail()
            return
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(found)

    def _fail(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ProcessDied())

    def _unwatch(self) -> None:
        if self._loop is not None and not self._loop.is_closed() and not self._pipe.closed:
            self._loop.remove_reader(self._pipe.fileno())

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._unwatch()
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _work(pipe: Connection, make: Callable[[], Answer]) -> None:
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends us
    answer = make()
    # Marking makes many small objects and no cycles, and what is loaded by now stays.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(answer(pipe.recv_bytes()))
