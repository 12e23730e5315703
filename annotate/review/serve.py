"""Running the desk: on loopback as it is, anywhere else behind a token."""

import secrets
from collections.abc import Callable
from pathlib import Path

from annotate.errors import MissingExtra
from annotate.workflow.listening import address_of, listen

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    dataset: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    token: str | None = None,
    hosts: tuple[str, ...] = (),
    reviewer: str = "",
    told: Callable[[str, str | None], None] = lambda _url, _token: None,
) -> None:
    """Serve until interrupted. `told(url, token)` is called when the address is known; the token is None on loopback.

    Beyond loopback a token is always asked for: the one given, or one made for this run. `hosts` are further names
    under which browsers reach the desk. Raises `MissingExtra`, `DatasetError`, and AtribusiError for a taken port.
    """
    try:
        import uvicorn

        from annotate.review.app import create_app
        from annotate.review.security import LOOPBACK, Access
    except ImportError as error:
        raise MissingExtra("the review desk", "review") from error
    open_to_network = host not in _LOOPBACK
    if open_to_network and not token:
        token = secrets.token_urlsafe(18)
    names = [*LOOPBACK, host, *hosts] if host not in ("0.0.0.0", "::") else ["*"]  # noqa: S104 -- what was asked for
    app = create_app(dataset, Access(token=token or None, hosts=names), reviewer=reviewer)
    listening = listen(host, port)
    told(f"{address_of(listening)}/", token)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, proxy_headers=False)
    uvicorn.Server(config).run(sockets=[listening])
