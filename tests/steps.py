"""How far a process has come, counted in calls of functions: it can be killed at any point, and no clock decides which.

The process calls `Steps.start`, tells who will kill it when it `arrives`, and ends with `wait_for_the_end` if it came
to its end before that happened.
"""

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn


class Steps:
    """Counts the calls of this process, in all its threads, until so many were `wanted`; then it tells, once.

    Args:
        wanted: the point, in steps from the start; None counts to the end.
        tell: called at the point.
    """

    def __init__(self, wanted: int | None = None, tell: Callable[[], None] = lambda: None) -> None:
        self.taken = 0
        self.arrived = False
        self._wanted = wanted
        self._tell = tell

    def start(self) -> None:
        """Count from here on."""
        threading.setprofile(self._count)
        sys.setprofile(self._count)

    def arrive(self) -> None:
        """Be at the point, if that was not reached before: also a process that has done all may be killed."""
        sys.setprofile(None)
        threading.setprofile(None)
        if not self.arrived:
            self.arrived = True
            self._tell()

    def _count(self, frame: FrameType, event: str, argument: object) -> None:
        self.taken += 1
        if self.taken == self._wanted:
            self.arrive()


def wait_for_the_end() -> NoReturn:
    """Of a process that is being killed."""
    while True:
        signal.pause()
