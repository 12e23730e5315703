"""Processes that die, hints that become one job, answers that are kept in a bounded number of bytes."""

import asyncio
import os
import pickle
import signal
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.service.cache import Cache
from annotate.service.hints import Hints
from annotate.service.markers import Markers
from annotate.service.processes import Answer, NotBegun, Process, ProcessDied
from annotate.workflow.serve import Deed, Ending, LiveJob

T = TypeVar("T")
JOBS = [
    LiveJob("http://127.0.0.1:9", "t", "n", number, None, "s", "v", None, "a") for number in (1, 2)
]  # nothing listens there


def make_fragile() -> Answer:
    def answer(question: bytes) -> bytes:
        if question == b"die":
            os._exit(1)
        if question == b"sleep":
            time.sleep(60)
        return question.upper()

    return answer


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: where a browser was driven before, this one has an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_a_process_answers_until_it_dies() -> None:
    async def main() -> None:
        process = await asyncio.to_thread(Process, make_fragile)
        large = b"a" * 3_000_000  # more than a pipe holds, both ways
        assert await process.ask(large) == large.upper()
        with pytest.raises(ProcessDied):
            await process.ask(b"die")
        process = await asyncio.to_thread(Process, make_fragile)
        with pytest.raises(ProcessDied):
            await process.ask(b"sleep", 0.2)
        assert process._process.exitcode is not None, "a process that is stuck is ended"

    run(main())


def test_questions_are_answered_in_their_order_and_those_behind_one_that_ends_the_process_are_not_begun() -> None:
    async def main() -> None:
        process = await asyncio.to_thread(Process, make_fragile)
        asked = [process.ask(question) for question in (b"one", b"two", b"die", b"three")]
        assert process.load == 4
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert found[:2] == [b"ONE", b"TWO"]
        assert [type(one) for one in found[2:]] == [ProcessDied, NotBegun]
        assert process.ended
        with pytest.raises(ProcessDied):
            await process.ask(b"four")
        process = await asyncio.to_thread(Process, make_fragile)
        first, second = process.ask(b"sleep"), process.ask(b"five")
        first.cancel()
        with pytest.raises(NotBegun):
            await second
        assert process.ended, "its answer would be taken for another one's"

    run(main())


def test_a_marker_that_dies_with_nothing_to_do_is_replaced() -> None:
    async def main() -> bytes:
        async with Markers(1) as markers:
            (process,) = markers._all
            process._process.kill()
            while not process.ended:
                await asyncio.sleep(0.01)
            return await markers.mark("a", "“Ya,” kata Budi.".encode())

    assert b"direct" in run(main())


def test_a_marker_that_dies_is_replaced_and_the_article_marked_all_the_same() -> None:
    async def main() -> tuple[bytes, bytes, list[str]]:
        notes: list[str] = []
        async with Markers(1, notes.append) as markers:
            before = await markers.mark("a", "“Ya,” kata Budi.".encode())
            (process,) = markers._all
            process._process.kill()
            return before, await markers.mark("a", "“Ya,” kata Budi.".encode()), notes

    before, after, notes = run(main())
    assert b"direct" in before
    assert before == after
    assert len(notes) == 1
    assert "marker died" in notes[0]


def make_fragile_marker() -> Answer:
    def answer(question: bytes) -> bytes:
        articles: list[tuple[str, bytes]] = pickle.loads(question)
        if any(text == b"die" for _doc_id, text in articles):
            os._exit(1)
        return pickle.dumps([text + f" of {len(articles)}".encode() for _doc_id, text in articles])

    return answer


class FragileMarkers(Markers):
    async def _started(self) -> Process:
        process = await asyncio.to_thread(Process, make_fragile_marker)
        self._all.add(process)
        return process


def test_articles_that_wait_go_together_and_one_that_ends_processes_takes_no_other_along() -> None:
    async def main() -> tuple[list[bytes], list[str]]:
        notes: list[str] = []
        async with FragileMarkers(2, notes.append) as markers:
            texts = [*map(str, range(9)), "die", *map(str, range(10, 39))]  # so many that some are sent ahead
            return await asyncio.gather(*(markers.mark(text, text.encode()) for text in texts)), notes

    found, notes = run(main())
    assert [answer.partition(b" ")[0].decode() for answer in found] == [
        "" if number == 9 else str(number) for number in range(39)
    ], "in their order, and all but one"
    assert found[0].endswith(b" of 1"), "who comes first does not wait for others"
    assert any(answer.endswith(b" of 4") for answer in found)
    assert len(notes) == 2
    assert "'die'" in notes[0]
    assert notes[1].startswith("a marker died at document 'die';"), "the second time it went alone"


@pytest.mark.parametrize(("size", "held"), [(4_000, 2), (400_000, 1)])
def test_a_marker_that_works_is_sent_its_next_articles_if_its_pipe_holds_them(size: int, held: int) -> None:
    async def main() -> tuple[int, list[bytes]]:
        async with FragileMarkers(1) as markers:
            (process,) = markers._all
            os.kill(process._process.pid or 0, signal.SIGSTOP)  # so it reads nothing
            texts = [f"{number} ".ljust(size if number else 9) for number in range(12)]
            asked = [markers.mark("a", text.encode()) for text in texts]
            load = process.load
            os.kill(process._process.pid or 0, signal.SIGCONT)
            return load, await asyncio.gather(*asked)

    load, found = run(main())
    assert load == held, "more would wait for the marker to read"
    assert [answer.partition(b" ")[0] for answer in found] == [str(number).encode() for number in range(12)]


class Counting(Hints):
    """Does nothing but note when it does what; some deeds fail first."""

    def __init__(self, failing: int = 0, ending: Ending = "done") -> None:
        self.notes: list[str] = []
        super().__init__(JOBS, self.notes.append, calm=0.05, every=60)
        self.done: list[tuple[Deed, int]] = []
        self.failing = failing
        self.ending = ending
        self.at_once = 0

    async def _do(self, job: LiveJob, deed: Deed) -> tuple[Ending, str]:
        self.at_once += 1
        assert self.at_once == 1, "two jobs at once"
        await asyncio.sleep(0.02)
        self.at_once -= 1
        self.done.append((deed, job.project_id))
        if deed == "follow" and self.failing:
            self.failing -= 1
            return "failed", "no answer"
        return (self.ending, "") if deed == "follow" else ("done", "")


def followed(hints: Counting, during: Callable[[], None]) -> None:
    async def main() -> None:
        following = asyncio.create_task(hints.run())
        await asyncio.sleep(0.4)
        during()
        await asyncio.sleep(0.4)
        following.cancel()

    run(main())


def test_any_number_of_events_become_one_job_for_each_project() -> None:
    hints = Counting()
    followed(hints, lambda: [hints.add(1, "ANNOTATION_CREATED") for _ in range(100)] and None)
    assert hints.done.count(("connect", 1)) == hints.done.count(("connect", 2)) == 1
    assert hints.done.count(("follow", 1)) == 2, "once when it began, once for a hundred events"
    assert hints.done.count(("follow", 2)) == 1
    assert not hints.add(3, "ANNOTATION_CREATED"), "not served"
    assert not hints.add(1, "START_TRAINING")


def test_a_failed_job_is_tried_again_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotate.service.hints._FIRST_PAUSE", 0.1)
    hints = Counting(failing=2)
    followed(hints, lambda: None)
    assert len([one for one in hints.done if one[0] == "follow"]) == 4
    assert hints.notes == ["no answer"] * 2


def test_a_project_that_became_blind_is_served_no_more() -> None:
    hints = Counting(ending="blind")
    followed(hints, lambda: None)
    assert not hints.served
    assert not hints.add(1, "ANNOTATION_CREATED")


def test_a_server_that_is_not_there_is_a_line_and_not_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real process of the background, with nothing to talk to."""
    notes: list[str] = []
    hints = Hints(JOBS[:1], notes.append, calm=0.05)

    async def main() -> None:
        following = asyncio.create_task(hints.run())
        deadline = time.monotonic() + 60
        while not notes and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        assert not following.done()
        following.cancel()

    run(main())
    assert "nothing answers there" in notes[0]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 400)), max_size=60))
def test_the_cache_is_bounded_and_gives_what_was_put_last(puts: list[tuple[int, int]]) -> None:
    cache = Cache(1000)
    last: dict[bytes, bytes] = {}
    for name, size in puts:
        key = Cache.key("d", str(name).encode())
        last[key] = bytes([name]) * size
        cache.put(key, last[key])
        assert cache.size <= 1000
        assert cache.get(key) == last[key]
    kept = {key: found for key in last if (found := cache.get(key)) is not None}
    assert all(last[key] == found for key, found in kept.items())
    assert sum(map(len, kept.values())) == cache.size
    assert Cache.key("a", b"b") != Cache.key("ab", b"") != Cache.key("", b"ab")
