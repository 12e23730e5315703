"""How long a live prediction takes while many are asked for, each over a connection that is kept open.

    python -m benchmarks.serve [--at-once 50] [--requests 2000] [--words 500] [--workers N] [--rate 50 100 ...]

Four ways of asking, with articles of that many words, no two of them alike (paragraphs of the seeds, put together
anew):

- *bursts, new articles*: so many requests in one moment, as when so many people open their next task together; the next
  burst when all have their answer;
- *closed loop, new articles*: so many clients, each of which asks for the next article as soon as it has an answer;
- *closed loop, seen before*: the same articles again, as when a task is opened twice;
- *open loop, new articles*: so many requests a second, come what may, over as many connections as that takes, up to
  `--at-once`; the time counts from when a request was due.

The service marks in processes of its own as `atribusi serve` does; clients run in another process on the same machine,
so they take their share of its cores. Printed: percentiles in milliseconds, requests a second, memory; and processor
time for each request, which a busy machine does not change: with so many requests at once on so many cores, no time of
an answer can be much below at-once * processor time / cores.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import multiprocessing
import os
import random
import socket
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

SEEDS = Path(__file__).parent.parent / "seeds"
SECRET = "benchmark"
PROJECT = 1


def articles(words: int) -> Iterator[bytes]:
    """Bodies of requests without end, each with one article of about that many words."""
    from annotate.gold import read_gold

    paragraphs = [
        line.strip()
        for one in read_gold(SEEDS / "_gold/seeds.jsonl")
        for line in one.document.text.splitlines()
        if len(line.split()) > 8
    ]
    dice = random.Random(20261122)
    for number in itertools.count():
        parts = [f"Artikel {number}"]
        while sum(len(part.split()) for part in parts) < words:
            parts.append(dice.choice(paragraphs))
        text = "\n\n".join(parts)
        task = {"id": number, "data": {"text": text, "doc_id": f"d{number}"}, "predictions": [], "annotations": []}
        yield json.dumps({"tasks": [task], "project": f"{PROJECT}.1", "params": {}}).encode()


class Client:
    """One connection that is kept open; written by hand, so that it takes little of the machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> "Client":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def ask(self, body: bytes) -> int:
        """Bytes of the answer."""
        head = (
            f"POST /predict HTTP/1.1\r\nHost: b\r\nX-Atribusi-Secret: {SECRET}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in answer[:20]:
            raise SystemExit(f"the service answered {answer[:80]!r}")
        size = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        found = await self.reader.readexactly(size)
        if b'"labels"' not in found:
            raise SystemExit("a prediction without marks")
        return size


async def closed_loop(port: int, bodies: list[bytes], at_once: int) -> tuple[list[float], float]:
    """Milliseconds of each request, and seconds of all."""
    waiting, spent = iter(bodies), []

    async def one() -> None:
        async with Client(port) as client:
            for body in waiting:
                start = time.perf_counter()
                await client.ask(body)
                spent.append((time.perf_counter() - start) * 1000)

    start = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(at_once)))
    return spent, time.perf_counter() - start


async def bursts(port: int, bodies: list[bytes], at_once: int) -> tuple[list[float], float]:
    """Milliseconds of each request, and seconds of all bursts without the pauses between them."""
    spent: list[float] = []
    busy = 0.0
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Client(port)) for _ in range(at_once)]

        async def one(client: Client, body: bytes, start: float) -> None:
            await client.ask(body)
            spent.append((time.perf_counter() - start) * 1000)

        for first in range(0, len(bodies), at_once):
            start = time.perf_counter()
            await asyncio.gather(*map(one, clients, bodies[first : first + at_once], itertools.repeat(start)))
            busy += time.perf_counter() - start
            await asyncio.sleep(0.1)
    return spent, busy


async def open_loop(port: int, bodies: list[bytes], at_once: int, rate: float) -> tuple[list[float], float]:
    """Milliseconds of each request since it was due, and seconds of all."""
    spent: list[float] = []
    due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()

    async def one() -> None:
        async with Client(port) as client:
            while (item := await due.get()) is not None:
                await client.ask(item[1])
                spent.append((time.perf_counter() - item[0]) * 1000)

    clients = [asyncio.create_task(one()) for _ in range(at_once)]
    start = time.perf_counter()
    for number, body in enumerate(bodies):
        moment = start + number / rate
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        due.put_nowait((moment, body))
    for _ in clients:
        due.put_nowait(None)
    await asyncio.gather(*clients)
    return spent, time.perf_counter() - start


def serve(pipe: Connection, workers: int) -> None:
    """The service in a process of its own; sends its port."""
    import uvicorn

    from annotate.service.app import Service, create_app
    from annotate.service.hints import Hints
    from annotate.service.markers import Markers
    from annotate.service.serve import loop_factory, server_config

    async def main() -> None:
        async with Markers(workers) as markers:
            hints = Hints([])
            hints.served = {PROJECT: None}  # type: ignore[dict-item]
            hints.run = asyncio.Event().wait  # type: ignore[method-assign, assignment]
            app = create_app(Service(markers, hints, SECRET, at_once=workers))
            with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
                pipe.send(listening.getsockname()[1])
                await uvicorn.Server(server_config(app)).serve(sockets=[listening])

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main())


def show(name: str, spent: list[float], seconds: float) -> None:
    """One line of figures."""
    ranked = sorted(spent)
    p50, p95, p99 = (ranked[min(len(ranked) - 1, int(len(ranked) * share))] for share in (0.5, 0.95, 0.99))
    figures = f"p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  p99 {p99:6.1f} ms"
    print(f"{name:40s} {figures}  {len(spent) / seconds:6.0f} requests/s", flush=True)


def memory(pid: int) -> float:
    """Megabytes of a process and its children."""
    process = psutil.Process(pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6


def cpu(pid: int) -> tuple[float, float, float]:
    """Seconds of processor time so far: of the clients, of the service's own process, of its markers."""

    def of(process: psutil.Process) -> float:
        times = process.cpu_times()
        return float(times.user + times.system)

    service = psutil.Process(pid)
    return of(psutil.Process()), of(service), sum(map(of, service.children(recursive=True)))


def main() -> None:
    """Start the service, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--at-once", type=int, default=50)
    options.add_argument("--requests", type=int, default=2000)
    options.add_argument("--words", type=int, default=500)
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--rate", type=float, nargs="*", default=[25, 50, 100], help="requests a second, open loop")
    given = options.parse_args()
    forks = multiprocessing.get_context("spawn")
    receiver, sender = forks.Pipe(duplex=False)
    service = forks.Process(target=serve, args=(sender, given.workers))
    service.start()
    try:
        port = receiver.recv()
        endless = articles(given.words)
        asyncio.run(closed_loop(port, [next(endless) for _ in range(100)], 4))  # warm
        bodies = [next(endless) for _ in range(given.requests)]
        print(f"{os.cpu_count()} cores, {given.workers} markers, load before {os.getloadavg()[0]:.1f}")
        before = memory(service.pid or 0)
        few = bodies[: min(300, given.requests)]
        show("one at a time, new articles", *asyncio.run(closed_loop(port, [next(endless) for _ in few], 1)))
        together = [next(endless) for _ in range(given.at_once * 10)]
        show(f"bursts of {given.at_once}, new articles", *asyncio.run(bursts(port, together, given.at_once)))
        again = together[: given.at_once]
        show(f"a burst of {given.at_once}, seen before", *asyncio.run(bursts(port, again, given.at_once)))
        spent = cpu(service.pid or 0)
        show(f"closed loop of {given.at_once}, new articles", *asyncio.run(closed_loop(port, bodies, given.at_once)))
        each = [(now - then) / len(bodies) * 1000 for now, then in zip(cpu(service.pid or 0), spent, strict=True)]
        print("  processor time a request: clients {:.2f} ms, server {:.2f} ms, markers {:.2f} ms".format(*each))
        floor = given.at_once * sum(each) / (os.cpu_count() or 1)
        print(f"  so that on an idle machine the mean is {floor:.0f} ms")
        again = bodies[-1000:]
        show(f"closed loop of {given.at_once}, seen before", *asyncio.run(closed_loop(port, again, given.at_once)))
        for rate in given.rate:
            new = [next(endless) for _ in range(int(rate * 10))]
            show(f"open loop, {rate:g} a second, new articles", *asyncio.run(open_loop(port, new, given.at_once, rate)))
        print(f"memory of the service: {before:.0f} MB before, {memory(service.pid or 0):.0f} MB after")
    finally:
        service.terminate()
        service.join()


if __name__ == "__main__":
    main()
