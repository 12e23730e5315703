"""Who may see and send what: hosts, headers, sessions, the token, forms that come from our own pages."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1", "[::1]")
_OPEN: Final = ("/login", "/static/")  # what can be seen before logging in: no word of any article
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_BODY: Final = 8 << 20  # bytes of a form at most
_TOO_LARGE: Final = "Too large: at most 8 MiB."
Next = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Access:
    """How the desk is reached. `token` None: whoever reaches it may use it, which loopback alone allows."""

    token: str | None = None
    hosts: Sequence[str] = LOOPBACK
    secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)


class BodyLimit:
    """Refuses a body of more than 8 MiB: before it is read where its length is told, else as soon as it is too long."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        if told.isdecimal() and int(told) > _BODY:
            await Response(_TOO_LARGE, 413)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > _BODY:
                raise HTTPException(413)
            return message

        async def answered(message: Message) -> None:
            if taken <= _BODY:
                await send(message)
            elif message["type"] == "http.response.start":  # whatever the reader of forms made of it
                await Response(_TOO_LARGE, 413)(scope, receive, send)

        await self.app(scope, counted, answered)


def guard(app: FastAPI, access: Access) -> None:
    """Put the guards in front of the application, the outermost last."""

    @app.middleware("http")
    async def gate(request: Request, go_on: Next) -> Response:
        path = request.url.path
        if access.token and not request.session.get("in") and not path.startswith(_OPEN):
            if path.endswith(".json"):
                return Response('{"detail":"log in first"}', 401, media_type="application/json")
            wanted = quote(f"{path}?{request.url.query}" if request.url.query else path)
            return RedirectResponse(f"/login?next={wanted}", 303)
        if request.method not in ("GET", "HEAD") and not _from_here(request):
            return Response("This form does not come from the desk's own pages.", 403)
        return await go_on(request)

    app.add_middleware(
        SessionMiddleware,
        secret_key=access.secret,
        session_cookie="atribusi_review",
        same_site="lax",
        max_age=14 * 86400,
    )

    app.add_middleware(BodyLimit)

    @app.middleware("http")
    async def headers(request: Request, go_on: Next) -> Response:
        response = await go_on(request)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        if not request.url.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(access.hosts))


def _from_here(request: Request) -> bool:
    """Whether the browser says that the form was sent by one of our own pages (or says nothing)."""
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def csrf_token(request: Request) -> str:
    """The secret that every form of this session carries."""
    if "csrf" not in request.session:
        request.session["csrf"] = secrets.token_urlsafe(24)
    return str(request.session["csrf"])


def good_csrf(request: Request, sent: str) -> bool:
    """Whether a form carries the session's secret."""
    return hmac.compare_digest(str(request.session.get("csrf", "")).encode(), sent.encode()) and bool(sent)


def good_token(access: Access, sent: str) -> bool:
    """Whether it is the token that the desk was started with."""
    return access.token is None or hmac.compare_digest(access.token.encode(), sent.strip().encode())
