"""A proxy in front of a real server that does to requests what networks, gateways and machines do to them.

What is hit, and by which fault, is drawn from a seed. `log` tells what was done to each request.
"""

import contextlib
import http.client
import random
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

# "before": the server never saw the request. "after": it did all of it, and nobody was told. "late": it gets the
# request when the client has given up.
ANSWERS = {
    "500 before": (500, {}, b'{"status_code": 500, "detail": "Something went wrong"}'),
    "502 before": (502, {}, b"<html><h1>502 Bad Gateway</h1></html>"),
    "503 before": (503, {"Retry-After": "0"}, b"<html><h1>Service Unavailable</h1></html>"),
    "429 before": (429, {"Retry-After": "0"}, b'{"detail": "Request was throttled. Expected available in 0 seconds."}'),
    "408 before": (408, {}, b""),
    "500 after": (500, {}, b'{"status_code": 500, "detail": "Something went wrong"}'),
    "502 after": (502, {}, b"<html><h1>502 Bad Gateway</h1></html>"),
    "504 after": (504, {}, b"<html><h1>504 Gateway Time-out</h1></html>"),
    "malformed JSON after": (200, {"Content-Type": "application/json"}, b'{"task_count": 12, "task_ids": [1, 2'),
    "empty answer after": (200, {"Content-Type": "application/json"}, b""),
    "other page after": (200, {"Content-Type": "text/html"}, b"<html><form>Hotel WLAN: please log in</form></html>"),
    "token revoked": (401, {}, b'{"detail": "Invalid token."}'),
}
CONNECTION = [
    "cut before",
    "cut after",
    "cut request",
    "cut answer",
    "time-out before",
    "time-out after",
    "time-out late",
]
# The server did it, or will: whoever believes what was answered does it once more.
DONE = [name for name in (*ANSWERS, *CONNECTION) if name.endswith(("after", "late")) or name == "cut answer"]
SERVER = ["server killed before", "server killed after"]
REVOKED = ["token revoked until renewed"]  # by somebody else on the real server, which takes it no more
FAULTS = [*ANSWERS, *CONNECTION]

_PASSED_BY_HAND = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}


@dataclass
class Plan:
    """Which requests are hit: each with probability `rate`, until `limit` were, by a fault out of `kinds`.

    With an `aim`, a pattern of a method and a path, no others are.
    """

    seed: int
    rate: float
    kinds: Sequence[str] = tuple(FAULTS)
    limit: int = 1_000_000
    aim: str = ""
    dice: random.Random = field(init=False)
    done: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def next(self, request: str = "") -> str | None:
        """The fault for the next request (`POST /api/projects/`), or None."""
        if not re.search(self.aim, request):
            return None
        if self.done >= self.limit or self.dice.random() >= self.rate:
            return None
        self.done += 1
        return self.dice.choice(list(self.kinds))


class FaultProxy:
    """Listens on a free port of loopback and passes everything on to `target`, but for what its plan hits.

    `hold` is how long a "time-out" keeps silent, in seconds: longer than the client waits. `kill` ends the server, and
    returns when it is back; `revoke` makes the client's token worthless.
    """

    def __init__(
        self,
        target: str,
        *,
        hold: float,
        kill: Callable[[], None] = lambda: None,
        revoke: Callable[[], None] = lambda: None,
    ) -> None:
        self.target = urlsplit(target).netloc
        self.hold = hold
        self.kill = kill
        self.revoke = revoke
        self.plan: Plan | None = None
        self.log: list[tuple[str, str, str | None]] = []
        self._lock = threading.Lock()
        self._busy = 0
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settle(self) -> None:
        """Wait until nothing is on its way any more, also what its client has given up."""
        while self._busy:
            time.sleep(0.01)

    def count(self, change: int) -> None:
        """Note that a request has come or is done with."""
        with self._lock:
            self._busy += change

    def draw(self, method: str, path: str) -> str | None:
        """The fault for a request; noted in the log."""
        with self._lock:
            fault = self.plan.next(f"{method} {path}") if self.plan else None
            self.log.append((method, path, fault))
            return fault


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up first is what this is all about."""


def _handler(proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the body of each answer waits 40 ms for the receipt of its head

        def handle_any(self) -> None:
            proxy.count(1)
            try:
                self.handle_request()
            finally:
                proxy.count(-1)

        def handle_request(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = proxy.draw(self.command, self.path)
            if fault in REVOKED:
                proxy.revoke()
            if fault is None or fault in REVOKED:
                self.answer(*self.forward(body))
            elif fault in ANSWERS:
                if fault.endswith("after"):
                    self.forward(body)
                self.answer(*ANSWERS[fault])
            else:
                self.disturb(fault, body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = handle_any

        def disturb(self, fault: str, body: bytes) -> None:
            if fault == "server killed before":
                proxy.kill()
            elif fault == "cut request":
                self.send_half(body)
            elif fault.endswith("after"):
                self.forward(body)
            if fault == "server killed after":
                proxy.kill()
            elif fault.startswith("time-out"):
                time.sleep(proxy.hold)
                if fault == "time-out late":
                    self.forward(body)
            elif fault == "cut answer":
                status, headers, content = self.forward(body)
                self.answer(status, headers, content, only=len(content) // 2)
            self.hang_up()

        def forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            upstream = http.client.HTTPConnection(proxy.target, timeout=120)
            try:
                kept = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "accept-encoding")}
                upstream.request(self.command, self.path, body=body or None, headers=kept)
                answer = upstream.getresponse()
                return answer.status, dict(answer.getheaders()), answer.read()
            except (OSError, http.client.HTTPException) as error:
                return 502, {}, f"<html>{type(error).__name__}</html>".encode()
            finally:
                upstream.close()

        def send_half(self, body: bytes) -> None:
            """The server gets the head and half of the body, and then nothing more."""
            host, _, port = proxy.target.partition(":")
            with socket.create_connection((host, int(port)), timeout=10) as upstream:
                head = f"{self.command} {self.path} HTTP/1.1\r\n{self.headers}".replace("\n", "\r\n")
                upstream.sendall(head.replace("\r\r", "\r").encode() + body[: len(body) // 2])

        def answer(self, status: int, headers: dict[str, str], content: bytes, *, only: int | None = None) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _PASSED_BY_HAND:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:only])

        def hang_up(self) -> None:
            """End the connection at once, every other time rudely (a reset instead of a farewell)."""
            self.close_connection = True
            if proxy.plan and proxy.plan.done % 2:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with contextlib.suppress(OSError):
                self.rfile.close()
                self.connection.close()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
