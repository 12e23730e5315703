"""Which Label Studio to talk to, and with which token.

Address and token come from the options of a command, else from the environment (LABEL_STUDIO_URL,
LABEL_STUDIO_API_KEY), else from `.env` in the working folder, else from the embedded server that runs there. A token
that was set without an address is not tried on the embedded server, which has one of its own.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from annotate.errors import MissingExtra, StudioAuthError, StudioError, StudioUnreachable
from annotate.labelstudio import server
from annotate.labelstudio.secret import Secret

if TYPE_CHECKING:
    import httpx

URL_VARIABLE: Final = "LABEL_STUDIO_URL"
TOKEN_VARIABLE: Final = "LABEL_STUDIO_API_KEY"  # noqa: S105

_REMEDY = (
    "start one here with `atribusi studio start`, or name yours: --url and --token, or "
    f"{URL_VARIABLE} and {TOKEN_VARIABLE} in the environment or in a file .env"
)


@dataclass(frozen=True, slots=True)
class Connection:
    """An address without a trailing slash, a token (legacy or personal), and where the address was found.

    `name` tells this server from others in what is kept: its address, or for the embedded server a name that stays
    when its port changes. `public_url` is the address to give to annotators.
    """

    url: str
    token: Secret
    origin: str
    name: str = ""
    public_url: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.url)
        object.__setattr__(self, "public_url", self.public_url or self.url)


def find_connection(
    url: str | None = None,
    token: str | None = None,
    *,
    studio_dir: Path | None = None,
    dotenv: Path | None = None,
) -> Connection:
    """The server to talk to. No request is made: whether it answers and takes the token shows when it is used.

    Args:
        url, token: options of the command; empty ones count as not given.
        studio_dir: data folder of the embedded server; default as for `server.start`.
        dotenv: file of settings; default `.env` in the working folder.

    Raises:
        StudioError: no address is known, or it is none.
        StudioAuthError: an address is known, but no token for it.
    """
    sources: list[tuple[str, Mapping[str, str | None]]] = [
        ("option", {URL_VARIABLE: url, TOKEN_VARIABLE: token}),
        ("environment", os.environ),
        (".env", _dotenv(dotenv or Path(".env"))),
    ]
    running = server.status(studio_dir)
    found = _first(sources, URL_VARIABLE)
    if found is None:
        if running is None:
            raise StudioUnreachable("no Label Studio server is known", remedy=_REMEDY)
        return _embedded(running, token, "embedded server")
    address, origin = _checked_url(found[0], found[1]), found[1]
    if running and address in (running.url, running.public_url):
        return _embedded(running, token, origin)
    key = _first(sources, TOKEN_VARIABLE)
    if key is None:
        raise StudioAuthError(
            f"no token for {address}",
            remedy="take one from Account & Settings on that server's pages and give it with --token or "
            f"{TOKEN_VARIABLE} (in the environment or in .env)",
        )
    return Connection(address, Secret(key[0].strip()), origin)


def _embedded(running: server.RunningServer, token: str | None, origin: str) -> Connection:
    key = Secret(token) if token else running.token
    return Connection(running.url, key, origin, running.name, running.public_url)


def _first(sources: list[tuple[str, Mapping[str, str | None]]], name: str) -> tuple[str, str] | None:
    """The first value given for a name, with where it was given."""
    return next(((value, origin) for origin, values in sources if (value := values.get(name))), None)


def _dotenv(path: Path) -> dict[str, str | None]:
    if not path.is_file():
        return {}
    try:
        from dotenv import dotenv_values
    except ImportError as error:
        raise MissingExtra("reading .env", "studio") from error
    try:
        return dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise StudioError("cannot be read", place=str(path), remedy="it must be readable text in UTF-8") from error


def _checked_url(url: str, origin: str) -> str:
    """The address in its plain form; credentials inside an address would end up in logs and in the dataset."""
    address = url.strip().rstrip("/")
    place = f"address of Label Studio (from {origin})"
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise StudioError("it is no web address", place=place, remedy="write it as http://host:port")
    if parts.username or parts.password:
        raise StudioError("it holds a password", place=place, remedy="leave that out and give a token")
    if parts.query or parts.fragment:
        raise StudioError("it holds more than the server's address", place=place, remedy="write it as http://host:port")
    return address


def http_client(connection: Connection, *, timeout: float = 60.0) -> "httpx.Client":
    """A plain HTTP client that is logged in by the connection's token; for what the SDK does not cover.

    A personal token is a refresh token: it is exchanged for one of five minutes here.

    Raises:
        StudioUnreachable, StudioAuthError: as for any request.
    """
    import httpx

    proxied = not _is_here(connection.url)
    token = connection.token.reveal()
    authorization = f"Token {token}"
    if token.count(".") == 2:
        try:
            refresh = f"{connection.url}/api/token/refresh/"
            answer = httpx.post(refresh, json={"refresh": token}, timeout=timeout, trust_env=proxied)
        except httpx.HTTPError as error:
            raise unreachable(connection, error) from error
        authorization = f"Bearer {checked(answer, connection).json()['access']}"
    return plain_client(connection.url, headers={"Authorization": authorization}, timeout=timeout)


def plain_client(url: str, **settings: Any) -> "httpx.Client":
    """An HTTP client for that address, with `settings` of httpx; nobody is logged in.

    Proxies of the environment must not stand between us and our own machine. And there, each request has a connection
    of its own: the embedded server sends the head of an answer and its body apart, and on a connection that was kept
    the body waits 40 ms until the head's receipt is confirmed.
    """
    import httpx

    if not _is_here(url):
        return httpx.Client(base_url=url, **settings)
    return httpx.Client(base_url=url, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0), **settings)


def _is_here(url: str) -> bool:
    return server.is_loopback(urlsplit(url).hostname or "")


def unreachable(connection: Connection, error: Exception) -> StudioUnreachable:
    """The error for a request that got no answer."""
    return StudioUnreachable(
        f"nothing answers at {connection.url} ({type(error).__name__})",
        remedy="is the server running? `atribusi studio status` tells of the embedded one",
    )


def checked(answer: "httpx.Response", connection: Connection) -> "httpx.Response":
    """The answer, unless the server refused the token or failed."""
    if answer.status_code in (401, 403):
        raise StudioAuthError(
            f"{connection.url} does not take the token (from {connection.origin})",
            remedy="take a new one from Account & Settings on that server's pages; legacy tokens must be allowed there",
        )
    if answer.is_error:
        raise StudioError(f"{connection.url} answered {answer.status_code} to {answer.request.url.path}")
    return answer
