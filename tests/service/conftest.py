"""A running service on a free port, for a project number that needs no Label Studio, and its client."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn

from annotate.service.app import Service, create_app
from annotate.service.bodies import Reader
from annotate.service.hints import Hints
from annotate.service.markers import Markers

SECRET = "rahasia-uji"
SERVED = 7


class Remembering(Hints):
    """Takes hints and follows none."""

    def __init__(self) -> None:
        super().__init__([])
        self.served = dict.fromkeys([SERVED])  # type: ignore[arg-type]
        self.taken: list[tuple[int, str]] = []

    def add(self, project: int, action: str) -> bool:
        self.taken.append((project, action))
        return True

    async def run(self) -> None:
        await asyncio.Event().wait()


@dataclass
class Running:
    service: Service
    hints: Remembering
    url: str

    def client(self, secret: str = SECRET) -> httpx.Client:
        return httpx.Client(base_url=self.url, auth=("atribusi", secret), timeout=30, trust_env=False)


@contextmanager
def running(reader: Reader) -> Iterator[Running]:
    """Serve in a thread of its own."""
    started: list[Running] = []
    ready = threading.Event()
    servers: list[uvicorn.Server] = []

    async def main() -> None:
        async with Markers(1) as markers:
            hints = Remembering()
            service = Service(markers, hints, SECRET, reader=reader)
            server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_level="error"))
            servers.append(server)
            serving = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            started.append(Running(service, hints, f"http://127.0.0.1:{port}"))
            ready.set()
            await serving

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield started[0]
    finally:
        servers[0].should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def serving() -> Iterator[Running]:
    with running(Reader(largest=200_000, all_at_once=1_000_000)) as one:
        yield one
