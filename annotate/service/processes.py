"""A process that answers questions, one after the other, through a pipe of its own.

Not `concurrent.futures`: its threads and queues take 0.85 ms of processor time for each article, a third of what
marking takes, and a pipe 0.15; and its processes cannot be ended while they work.
"""

import asyncio
import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from socket import SO_SNDBUF, SOL_SOCKET, socket

Answer = Callable[[bytes], bytes]

_spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of our threads


class ProcessDied(Exception):
    """The process ended before it had answered, or took too long and was ended."""


class NotBegun(ProcessDied):
    """The process ended over an earlier question."""


class Process:
    """The process, which calls `make` once for the function that answers. It ends when its pipe does, so with us.

    Questions are answered in their order. While it works it is sent no more than `room` bytes, which the pipe holds
    unread; so neither end ever waits for the other to read.
    """

    def __init__(self, make: Callable[[], Answer]) -> None:
        self._pipe, theirs = _spawn.Pipe()
        with socket(fileno=os.dup(self._pipe.fileno())) as end:
            self.room = end.getsockopt(SOL_SOCKET, SO_SNDBUF) // 2  # the system's own notes take some of it
        self._process: SpawnProcess = _spawn.Process(target=_work, args=(theirs, make), daemon=True)
        self._process.start()
        theirs.close()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked: deque[asyncio.Future[bytes]] = deque()
        self.ended = False

    @property
    def load(self) -> int:
        """How many questions are not answered yet."""
        return len(self._asked)

    def ask(self, question: bytes, patience: float | None = None) -> asyncio.Future[bytes]:
        """Sends the question, at once; its answer is to come.

        That is `ProcessDied` where there is none, also after `patience` seconds; then the process has been ended.
        """
        if self._loop is None:
            self._watch(asyncio.get_running_loop())
        assert self._loop is not None
        answer: asyncio.Future[bytes] = self._loop.create_future()
        self._asked.append(answer)
        late = self._loop.call_later(patience, self._fail) if patience is not None else None
        answer.add_done_callback(partial(self._answered, late))
        try:
            self._pipe.send_bytes(question)
        except OSError:
            self._fail()
        return answer

    def _answered(self, late: asyncio.TimerHandle | None, answer: asyncio.Future[bytes]) -> None:
        if late is not None:
            late.cancel()
        # If whoever asked was cancelled, an answer to come would be taken for the next one.
        if answer.cancelled() or answer.exception() is not None:
            self.end()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Be told by the loop when there is something to read: from now on, so that no question pays for it."""
        self._loop = loop
        loop.add_reader(self._pipe.fileno(), self._arrived)
        os.set_blocking(self._pipe.fileno(), True)  # uvloop has changed that; answers are read whole

    def _arrived(self) -> None:
        try:
            found = self._pipe.recv_bytes()
        except (EOFError, OSError):
            self._fail()
            return
        answer = self._asked.popleft()
        if not answer.done():
            answer.set_result(found)

    def _fail(self) -> None:
        self._unwatch()
        self.ended = True
        died: ProcessDied = ProcessDied()
        while self._asked:
            answer = self._asked.popleft()
            if not answer.done():
                answer.set_exception(died)
            died = NotBegun()

    def _unwatch(self) -> None:
        if self._loop is not None and not self._loop.is_closed() and not self._pipe.closed:
            self._loop.remove_reader(self._pipe.fileno())

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._fail()
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
