"""A crew of processes outlives its members, and tells what each of them was at."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from annotate.engines.processes import Beat, Crew, Died, Done, Outcome
from annotate.errors import AtribusiError, InputError


def make() -> Callable[[Any, Beat], Any]:
    """Runs in the worker: what the words of the tests do."""
    began = os.getpid()

    def handle(payload: list[str], beat: Beat) -> Any:
        for number, word in enumerate(payload):
            beat(number)
            if word == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            elif word == "exit":
                os._exit(7)
            elif word == "sleep":
                time.sleep(600)
            elif word == "raise":
                raise ValueError("a fault")
            elif word == "refuse":
                raise InputError("cannot be read", place="berita.csv, line 7", remedy="mend it")
        beat(-1)
        if "after" in payload:
            os.kill(os.getpid(), signal.SIGKILL)
        return began, [word.upper() for word in payload]

    return handle


def outcomes(crew: Crew, count: int) -> dict[int, Outcome]:
    found: dict[int, Outcome] = {}
    while len(found) < count:
        found.update({one.job: one for one in crew.wait()})
    return found


def test_jobs_are_done_beside_each_other() -> None:
    with Crew(2, make) as crew:
        crew.give(1, ["a"])
        crew.give(2, ["b", "c"])
        assert crew.idle == 0
        found = outcomes(crew, 2)
        assert isinstance(one := found[1], Done)
        assert isinstance(other := found[2], Done)
        assert (one.result[1], other.result[1]) == (["A"], ["B", "C"])
        assert len({one.result[0], other.result[0], os.getpid()}) == 3, "each in a process of its own"
        assert crew.idle == 2


@pytest.mark.parametrize(
    ("payload", "item", "cause"),
    [
        (["a", "kill", "b"], 1, "SIGKILL, as happens when memory runs out"),
        (["exit"], 0, "exit code 7"),
        (["a", "b", "after"], None, "SIGKILL"),
        (["a", "b", "sleep"], 2, "took longer than 0.5 s"),
    ],
)
def test_a_death_is_told_with_its_place_and_the_crew_works_on(payload: list[str], item: int | None, cause: str) -> None:
    with Crew(1, make, limit=0.5) as crew:
        crew.give(1, payload)
        died = outcomes(crew, 1)[1]
        assert isinstance(died, Died)
        assert died.item == item
        assert cause in died.cause
        crew.give(2, ["x"])
        assert isinstance(outcomes(crew, 1)[2], Done)


def test_a_member_that_dies_idle_costs_no_job() -> None:
    with Crew(1, make) as crew:
        crew.give(1, ["a"])
        done = outcomes(crew, 1)[1]
        assert isinstance(done, Done)
        os.kill(done.result[0], signal.SIGKILL)
        time.sleep(0.2)
        crew.give(2, ["b"])
        found = outcomes(crew, 1)[2]
        if isinstance(found, Died):  # the job went into the pipe before its death was seen
            assert found.item is None
            crew.give(2, ["b"])
            found = outcomes(crew, 1)[2]
        assert isinstance(found, Done)


def test_a_fault_of_the_program_is_an_error() -> None:
    with Crew(1, make) as crew:
        crew.give(1, ["raise"])
        with pytest.raises(AtribusiError, match="ValueError: a fault"):
            outcomes(crew, 1)


def test_an_error_that_tells_place_and_remedy_is_told_as_it_was() -> None:
    with Crew(1, make) as crew:
        crew.give(1, ["refuse"])
        with pytest.raises(InputError, match=r"^berita\.csv, line 7: cannot be read — mend it$"):
            outcomes(crew, 1)


PARENT = """
import os, sys, time
from annotate.engines.processes import Crew
from tests.engines.test_processes import make
if __name__ == "__main__":
    crew = Crew(2, make)
    crew.give(1, ["a"]); crew.give(2, ["b"])
    found = []
    while len(found) < 2:
        found += crew.wait()
    print(*(one.result[0] for one in found), flush=True)
    time.sleep(600)
"""


def test_no_member_outlives_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        members = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
        parent.wait()
    assert len(members) == 2
    deadline = time.monotonic() + 30
    while any(alive(pid) for pid in members):
        assert time.monotonic() < deadline, "still there"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
