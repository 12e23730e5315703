"""What events hint at, done in the background: one thing at a time, in a process of its own.

Any number of events becomes one job for each project; what comes in while it is being done becomes one more. What
failed is tried again, with growing pauses. Events can be lost (Label Studio sends each once), so now and then all
projects are looked at without any.
"""

import asyncio
import contextlib
import pickle
from collections.abc import Callable, Sequence
from typing import Final

from annotate.service.processes import Answer, Process, ProcessDied
from annotate.workflow.serve import Deed, Ending, LiveJob, LiveWorker

_FIRST_PAUSE: Final = 2.0  # seconds before a failed job is tried again, and at most:
_LONGEST_PAUSE: Final = 300.0
_JOBS_OF_A_PROCESS: Final = 50  # then a fresh one gives the memory back
_FOR_NOTHING: Final = ("PROJECT_CREATED", "START_TRAINING")


class Hints:
    """The jobs of the served projects, and a loop that does them: `await hints.run()` until it is cancelled.

    Args:
        jobs: one for each served project. Those that became blind are taken out of `served`.
        note: is called with a line for each thing that was done or went wrong.
        calm: seconds to wait after an event for more of them.
        every: seconds after which all projects are looked at anyway.
    """

    def __init__(
        self,
        jobs: Sequence[LiveJob],
        note: Callable[[str], None] = lambda _line: None,
        *,
        calm: float = 2.0,
        every: float = 600.0,
    ) -> None:
        self.served = {job.project_id: job for job in jobs}
        self._note = note
        self._calm = calm
        self._every = every
        self._woken = {number: asyncio.Event() for number in self.served}
        self._busy = asyncio.Lock()
        self._process: Process | None = None
        self._jobs = 0

    def add(self, project: int, action: str) -> bool:
        """Take a hint; False where nothing is to be done for it. Returns at once."""
        if project not in self.served or action in _FOR_NOTHING:
            return False
        self._woken[project].set()
        return True

    async def run(self) -> None:
        """Connect the projects and see what happened while we were away; then follow the hints, for ever."""
        try:
            async with asyncio.TaskGroup() as projects:
                for number in self.served:
                    projects.create_task(self._follow(number))
        finally:
            self._end_process()

    async def _follow(self, number: int) -> None:
        await self._until_done(number, "connect")
        woken = self._woken[number]
        woken.set()
        while number in self.served:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), self._every)
                await asyncio.sleep(self._calm)
            woken.clear()
            await self._until_done(number, "follow")

    async def _until_done(self, number: int, deed: Deed) -> None:
        pause = _FIRST_PAUSE
        while (job := self.served.get(number)) is not None:
            async with self._busy:
                ending, said = await self._do(job, deed)
            if said:
                self._note(said)
            if ending == "blind":
                del self.served[number]
            if ending != "failed":
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _do(self, job: LiveJob, deed: Deed) -> tuple[Ending, str]:
        if self._process is None:
            self._process, self._jobs = await asyncio.to_thread(Process, _make), 0
        try:
            found: tuple[Ending, str] = pickle.loads(await self._process.ask(pickle.dumps((job, deed))))  # noqa: S301
        except ProcessDied:
            self._process = None
            return "failed", "the process that pulls has died; a new one goes on"
        self._jobs += 1
        if self._jobs >= _JOBS_OF_A_PROCESS:
            self._end_process()
        return found

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


def _make() -> Answer:
    worker = LiveWorker()
    return lambda question: pickle.dumps(worker.work_on(*pickle.loads(question)))  # noqa: S301 -- from our own pipe
