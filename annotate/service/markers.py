"""Processes that mark, one article at a time each; an article waits until one of them is free."""

import asyncio
import pickle
from collections.abc import Callable
from typing import Final

from annotate.service.processes import Answer, Process, ProcessDied
from annotate.workflow.serve import Premarker

_LONGEST: Final = 30.0  # seconds for one article; a marker that takes longer is stuck
_FIRST: Final = 120.0  # seconds until a new process answers


class Markers:
    """A fixed number of processes. Use as `async with Markers(2) as markers: await markers.mark(doc_id, text)`."""

    def __init__(self, count: int, note: Callable[[str], None] = lambda _line: None) -> None:
        self.version = Premarker().version
        self._count = count
        self._note = note
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
        self._all: set[Process] = set()

    async def __aenter__(self) -> "Markers":
        for process in await asyncio.gather(*(self._started() for _ in range(self._count))):
            self._idle.put_nowait(process)
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in self._all:
            process.end()

    async def mark(self, doc_id: str, text: str) -> bytes:
        """The prediction as JSON; empty where the text cannot be marked, or ended two processes. First come first."""
        for _attempt in (1, 2):
            process = await self._idle.get()
            try:
                return await process.ask(pickle.dumps((doc_id, text)), _LONGEST)
            except ProcessDied:
                self._note(f"a marker died at document {doc_id!r}; another one is started")
                self._all.discard(process)
                process = await self._started()
            finally:
                self._idle.put_nowait(process)
        return b""

    async def _started(self) -> Process:
        process = await asyncio.to_thread(Process, _make)
        self._all.add(process)
        await process.ask(pickle.dumps(("", "Siap.")), _FIRST)
        return process


def _make() -> Answer:
    premarker = Premarker()
    return lambda question: premarker.prediction(*pickle.loads(question))  # noqa: S301 -- from our own pipe
