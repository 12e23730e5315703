"""Who may see and send what: hosts, headers, sessions, the token, forms that come from our own pages."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

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
Next = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Access:
    """How the desk is reached. `token` None: whoever reaches it may use it, which loopback alone allows."""

    token: str | None = None
    hosts: Sequence[str] = LOOPBACK
    secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)


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
        if int(request.headers.get("content-length") or 0) > _BODY:
            return Response("Too large: at most 8 MiB.", 413)
        return await go_on(request)

    app.add_middleware(
        SessionMiddleware,
        secret_key=access.secret,
        session_cookie="atribusi_review",
        same_site="lax",
        max_age=14 * 86400,
    )

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
