"""Processes that mark; an article waits until one of them is free, and where many wait, some go to it together.

A message, and being woken for it, takes a third of what the service itself does for an article: so it is
shared where nobody waits longer for it. Where even more wait, a process that works gets its next ones already, and
does not stand still until we have the time to send them.
"""

import asyncio
import pickle
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from itertools import islice
from typing import Final

from annotate.service.processes import Answer, NotBegun, Process, ProcessDied
from annotate.workflow.serve import Premarker

_LONGEST: Final = 30.0  # seconds for one article; a marker that takes longer is stuck
_FIRST: Final = 120.0  # seconds until a new process answers
_PAUSE: Final = 5.0  # seconds until a process is started again that did not start
_TOGETHER: Final = 4  # articles in one message, at most
_AHEAD: Final = 2  # messages that a process has at once, at most
_LONGEST_UTF8: Final = 4  # bytes of a code point
_AROUND: Final = 64  # bytes that are written around a document's id and text


@dataclass(slots=True)
class _Job:
    """An article that is to be marked, and how many processes ended over it."""

    doc_id: str
    text: bytes  # in UTF-8
    answer: asyncio.Future[bytes]
    deaths: int = 0

    @property
    def size(self) -> int:
        """Bytes that it takes in a message, at most."""
        return len(self.text) + _LONGEST_UTF8 * len(self.doc_id) + _AROUND


class Markers:
    """A fixed number of processes. Use as `async with Markers(2) as markers: await markers.mark(doc_id, text)`."""

    def __init__(self, count: int, note: Callable[[str], None] = lambda _line: None) -> None:
        self.version = Premarker().version
        self._count = count
        self._note = note
        self._waiting: deque[_Job] = deque()
        self._ready: list[Process] = []
        self._all: set[Process] = set()
        self._busy: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Markers":
        self._ready += await asyncio.gather(*(self._started() for _ in range(self._count)))
        return self

    async def __aexit__(self, *_: object) -> None:
        for busy in self._busy:
            busy.cancel()
        for process in self._all:
            process.end()

    def mark(self, doc_id: str, utf8: bytes) -> asyncio.Future[bytes]:
        """The prediction as JSON; empty where the text cannot be marked, or ended two processes. First come first."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(doc_id, utf8, answer))
        self._hand_out()
        return answer

    def _hand_out(self) -> None:
        for dead in [one for one in self._ready if one.ended]:
            self._ready.remove(dead)
            self._do(self._replace(dead))
        while self._waiting and (process := self._free()) is not None:
            jobs = self._next()
            question = pickle.dumps([(job.doc_id, job.text) for job in jobs])
            self._do(self._work(jobs, process.ask(question, _LONGEST * _TOGETHER * _AHEAD)))

    def _do(self, work: Coroutine[None, None, None]) -> None:
        busy = asyncio.create_task(work)
        self._busy.add(busy)
        busy.add_done_callback(self._busy.discard)

    def _free(self) -> Process | None:
        """The process that is to get the next articles: an idle one, or one that works while there is work for all."""
        process = min((one for one in self._ready if not one.ended), key=lambda one: one.load, default=None)
        if process is None or not process.load:
            return process
        ahead = process.load < _AHEAD and len(self._waiting) > _TOGETHER * self._count
        next_ones = islice(self._waiting, _TOGETHER)
        return process if ahead and sum(job.size for job in next_ones) < process.room else None

    def _next(self) -> list[_Job]:
        """A fair share of those that wait. An article that may have ended a process goes alone."""
        share = min(_TOGETHER, -(-len(self._waiting) // self._count))
        jobs = [self._waiting.popleft()]
        while len(jobs) < share and not jobs[0].deaths and not self._waiting[0].deaths:
            jobs.append(self._waiting.popleft())
        return jobs

    async def _work(self, jobs: list[_Job], answers: asyncio.Future[bytes]) -> None:
        try:
            found = pickle.loads(await answers)  # noqa: S301 -- from our own pipe
        except NotBegun:
            self._waiting.extendleft(reversed(jobs))
        except ProcessDied:
            self._died(jobs)
        else:
            self._hand_out()  # before anybody is answered: so it marks on while we write
            for job, answer in zip(jobs, found, strict=True):
                if not job.answer.done():
                    job.answer.set_result(answer)
        self._hand_out()

    async def _replace(self, process: Process) -> None:
        self._all.discard(process)
        self._ready.append(await self._restarted())
        self._hand_out()

    def _died(self, jobs: list[_Job]) -> None:
        """The articles wait again, before all others; but one that has ended two processes does not."""
        named = ", ".join(repr(job.doc_id) for job in jobs)
        self._note(f"a marker died at document {named}; another one is started")
        for job in reversed(jobs):
            job.deaths += 1
            if job.deaths < 2:
                self._waiting.appendleft(job)
            elif not job.answer.done():
                job.answer.set_result(b"")

    async def _restarted(self) -> Process:
        while True:
            try:
                return await self._started()
            except ProcessDied:
                self._note("a new marker cannot be started; it is tried again")
                await asyncio.sleep(_PAUSE)

    async def _started(self) -> Process:
        process = await asyncio.to_thread(Process, _make)
        self._all.add(process)
        await process.ask(pickle.dumps([("", b"Siap.")]), _FIRST)
        return process


def _make() -> Answer:
    premarker = Premarker()
    return lambda question: pickle.dumps([premarker.prediction(*one) for one in pickle.loads(question)])  # noqa: S301
