"""What a server on this machine, this process and all others took of its processors while something was timed.

Times by the clock mean little while others work: whoever prints them prints these beside them.
"""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock; seconds of processor time; how many cores other processes took on the mean."""

    clock: float
    server: float
    own: float
    others: float

    def __str__(self) -> str:
        return (
            f"{self.clock:6.1f} s; processor time: server {self.server:.1f} s, this process {self.own:.1f} s; "
            f"others took {self.others:.2f} cores"
        )


class Stopwatch:
    """`start()`, then `spent()` since then. A server that is not of this machine counts among the others."""

    def __init__(self, url: str) -> None:
        self._own = psutil.Process()
        self._server = _listening(urlsplit(url).port or 0)
        self.start()

    def start(self) -> None:
        """Begin to count."""
        self._begun = self._look()

    def spent(self) -> Spent:
        """What was taken since the start."""
        clock, server, own, busy = (now - then for now, then in zip(self._look(), self._begun, strict=True))
        return Spent(clock, server, own, max(0.0, busy - server - own) / clock)

    def _look(self) -> tuple[float, float, float, float]:
        machine = psutil.cpu_times()
        busy = machine.user + machine.nice + machine.system
        return time.perf_counter(), _taken(self._server), _taken(self._own), busy


def _taken(process: psutil.Process | None) -> float:
    if process is None:
        return 0.0
    times = process.cpu_times()
    return float(times.user + times.system)


def _listening(port: int) -> psutil.Process | None:
    for one in psutil.net_connections("tcp"):
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid:
            return psutil.Process(one.pid)
    return None
