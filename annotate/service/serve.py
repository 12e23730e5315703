"""Running the service: its processes, its address, until it is interrupted."""

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.errors import MissingExtra
from annotate.labelstudio.connection import Connection
from annotate.workflow.listening import address_of, listen
from annotate.workflow.serve import LiveJob, Premarker, served_projects

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

_CONNECTIONS = 512  # at most, that are being answered; more get a 503


@dataclass(frozen=True)
class Serving:
    """How the service runs.

    `address` is where Label Studio reaches it (default: where it listens); `dataset` None: labels are not pulled;
    `connect` False: Label Studio's settings are left alone, and nothing is done for new tasks.
    """

    projects: Sequence[str]
    host: str = "127.0.0.1"
    port: int | None = None
    address: str | None = None
    secret: str = ""
    dataset: str | None = None
    author: str = "atribusi serve"
    register: Path | None = None
    pseudonyms: Path | None = None
    workers: int = 0
    connect: bool = True
    calm: float = 2.0
    every: float = 600.0


def serve(
    connection: Connection,
    how: Serving,
    *,
    told: Callable[[str, str], None] = lambda _url, _secret: None,
    note: Callable[[str], None] = lambda _line: None,
) -> None:
    """Serve until interrupted. `told(address, secret)` is called when it listens; `note` gets a line for each deed.

    Raises `MissingExtra`, `StudioError`s (a project is not there, or blind), and AtribusiError for a taken port.
    """
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise MissingExtra("live pre-marks", "serve") from error
    projects = served_projects(connection, how.projects)
    listening = listen(how.host, how.port)
    address = (how.address or address_of(listening)).rstrip("/")
    secret = how.secret or secrets.token_urlsafe(24)
    jobs = [
        LiveJob(
            url=connection.url,
            token=connection.token.reveal(),
            name=connection.name,
            project_id=project.id,
            address=address if how.connect else None,
            secret=secret,
            version=Premarker().version,
            dataset=how.dataset,
            author=how.author,
            register=how.register,
            pseudonyms=how.pseudonyms,
        )
        for project in projects
    ]
    told(address, secret)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_run(jobs, how, secret, listening, note))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the event loop that the service runs in: uvloop's, where there is one."""
    import uvicorn

    return uvicorn.Config("").get_loop_factory()


async def _run(
    jobs: Sequence[LiveJob], how: Serving, secret: str, listening: socket.socket, note: Callable[[str], None]
) -> None:
    import uvicorn

    from annotate.service.app import Service, create_app
    from annotate.service.hints import Hints
    from annotate.service.markers import Markers

    count = how.workers or os.cpu_count() or 1
    async with Markers(count, note) as markers:
        app = create_app(Service(markers, Hints(jobs, note, calm=how.calm, every=how.every), secret, at_once=count))
        await uvicorn.Server(server_config(app)).serve(sockets=[listening])


def server_config(app: "ASGIApp") -> "uvicorn.Config":
    """How the server answers: without what we do not need, which costs time in each answer."""
    import uvicorn

    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=5,
    )
