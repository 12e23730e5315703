"""What Label Studio 1.23 asks of an ML backend, and where its webhooks go.

    GET  /health            {"status": "UP"}; asked before everything else
    POST /setup             a project introduces itself; answered with the model version of our predictions
    GET  /versions          the model versions there are
    POST /predict           tasks; answered with a prediction for each, an empty list where there is none
    POST /webhook/PROJECT   an event; answered at once

All but /health ask for the secret. Answers to wrong requests are JSON with a `detail`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from annotate.labelstudio.config import config_problems
from annotate.labelstudio.tasks import document_id
from annotate.service.bodies import Event, Predict, Reader, Setup, Task, check_secret, parse, project_number
from annotate.service.cache import Cache
from annotate.service.hints import Hints
from annotate.service.markers import Markers

_CACHE_BYTES = 64 << 20


@dataclass
class Service:
    """What the routes share."""

    markers: Markers
    hints: Hints
    secret: str = field(repr=False)
    reader: Reader = field(default_factory=Reader)
    cache: Cache = field(default_factory=lambda: Cache(_CACHE_BYTES))
    under_way: dict[bytes, asyncio.Future[bytes]] = field(default_factory=dict)  # what many ask for is marked once
    at_once: int = 2  # articles of one request that are marked at a time, so that another request gets its turn

    async def prediction(self, project: int, task: Task) -> bytes:
        """The prediction for a task as JSON; `[]`, which Label Studio takes for none, where it cannot be marked."""
        text = task.data.get("text")
        if not isinstance(text, str):
            return b"[]"
        doc_id = document_id(task.data, project, task.id)
        try:
            utf8 = text.encode()
            key = Cache.key(doc_id, utf8)
        except UnicodeEncodeError:  # a lone surrogate
            return b"[]"
        known = self.cache.get(key)
        if known is not None:
            return known
        marking = self.under_way.get(key)
        if marking is None:
            marking = self.under_way[key] = self.markers.mark(doc_id, utf8)
            marking.add_done_callback(partial(self._marked, key))
        return await asyncio.shield(marking) or b"[]"  # others may wait for it, too

    def _marked(self, key: bytes, marking: asyncio.Future[bytes]) -> None:
        del self.under_way[key]
        if not marking.cancelled():
            self.cache.put(key, marking.result() or b"[]")

    async def predictions(self, project: int, tasks: list[Task]) -> list[bytes]:
        """The predictions for tasks, in their order."""
        turn = asyncio.Semaphore(self.at_once)

        async def one(task: Task) -> bytes:
            async with turn:
                return await self.prediction(project, task)

        if len(tasks) == 1:
            return [await self.prediction(project, tasks[0])]
        return list(await asyncio.gather(*map(one, tasks)))

    def served(self, named: str) -> int:
        """The project's number. Raises `HTTPException` for one that is not served: so blind ones stay blind."""
        number = project_number(named)
        if number not in self.hints.served:
            raise HTTPException(403, f"project {number} is not served here; name it with --project if it is not blind")
        return number


class _Routes:
    """What is answered to each request."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "UP", "model_class": "atribusi"})

    async def versions(self, request: Request) -> Response:
        check_secret(request, self.service.secret)
        return JSONResponse({"versions": [self.service.markers.version]})

    async def setup(self, request: Request) -> Response:
        async with self._body(request) as body:
            asked = parse(Setup, body)
        self.service.served(asked.project)
        _check_page(asked.schema_)
        return JSONResponse({"model_version": self.service.markers.version})

    async def predict(self, request: Request) -> Response:
        async with self._body(request) as body:
            asked = parse(Predict, body)
            project = self.service.served(asked.project)
            _check_page(asked.label_config)
            found = await self.service.predictions(project, asked.tasks)
        return Response(b'{"results":[' + b",".join(found) + b"]}", media_type="application/json")

    async def directly(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`predict` without the layers of the framework, which cost as much as all else that is done for an answer."""
        try:
            answer = await self.predict(Request(scope, receive))
        except HTTPException as error:
            answer = JSONResponse({"detail": error.detail}, error.status_code, error.headers)
        await send({"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def webhook(self, request: Request) -> Response:
        async with self._body(request) as body:
            event = parse(Event, body)
        named = request.path_params.get("project")
        if named is None and isinstance(event.project, dict):
            named = str(event.project.get("id"))
        if named is None:
            raise HTTPException(422, "project: the event names none; let the webhook's address end in its number")
        return JSONResponse({"accepted": self.service.hints.add(self.service.served(named), event.action)}, 202)

    @asynccontextmanager
    async def _body(self, request: Request) -> AsyncIterator[bytes]:
        """The body of a request that knows the secret; its bytes count as held until the end of the block."""
        check_secret(request, self.service.secret)
        body = await self.service.reader.read(request)
        try:
            yield body
        finally:
            self.service.reader.release(len(body))


def create_app(service: Service) -> ASGIApp:
    """The application. The markers must be running when it is asked."""

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(service.hints.run())
        yield
        following.cancel()

    app = FastAPI(title="atribusi serve", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    routes = _Routes(service)
    app.add_route("/health", routes.health, ["GET"])
    app.add_route("/versions", routes.versions, ["GET"])
    app.add_route("/setup", routes.setup, ["POST"])
    app.add_route("/webhook", routes.webhook, ["POST"])
    app.add_route("/webhook/{project}", routes.webhook, ["POST"])

    async def entry(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/predict" and scope["method"] == "POST":
            await routes.directly(scope, receive, send)
        else:
            await app(scope, receive, send)

    return entry


@lru_cache(maxsize=16)
def _problems(xml: str) -> str:
    return "; ".join(config_problems(xml))


def _check_page(xml: str) -> None:
    """Refuse a labelling page that cannot hold our marks."""
    problems = _problems(xml) if xml else ""
    if problems:
        raise HTTPException(409, f"the project's labelling page does not fit: {problems}")
