"""The embedded Label Studio server: start, status, stop.

It runs as a process of its own with its own data folder (SQLite), listens on loopback unless told otherwise, asks
nothing, tells nobody, and goes on when we end.
"""

import contextlib
import ipaddress
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from annotate.errors import EmbeddedServerError, MissingExtra
from annotate.labelstudio import process, state
from annotate.labelstudio.environment import (
    Environment,
    Progress,
    command_line,
    copy_template,
    ensure_environment,
    server_settings,
)
from annotate.labelstudio.secret import Secret
from annotate.labelstudio.state import Account, State

DEFAULT_DATA_DIR: Final = Path(".atribusi/studio")
LOOPBACK: Final = "127.0.0.1"

_LOG: Final = "server.log"
_START_PATIENCE = 300.0  # seconds; a first start on a slow machine migrates and compiles
_POLL = 0.15  # seconds between two looks at a starting server


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers. `url` is for this machine, `public_url` for others where `host` lets them in.

    `name` tells this server from all others, also after its port has changed.
    """

    name: str
    url: str
    host: str
    port: int
    pid: int
    data_dir: Path
    log: Path
    email: str
    password: Secret
    token: Secret
    was_running: bool
    local_callbacks: bool

    @property
    def public_url(self) -> str:
        """Address under which other machines reach it; the same as `url` on loopback."""
        return self.url if is_loopback(self.host) else f"http://{_own_address(self.host)}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server on that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def network_warning(host: str) -> str | None:
    """What listening on `host` opens, to be shown before it is done; None for loopback."""
    if is_loopback(host):
        return None
    return (
        f"The server will listen on {host}: every machine that reaches this address can open its login page. The "
        "connection is not encrypted, so passwords and articles can be read on the way; use it in a network that you "
        "trust, or behind a proxy with TLS. The open edition of Label Studio has no roles: everybody who is invited "
        "can read, change and delete every project and every label. Pull often and keep backups."
    )


def start(
    data_dir: Path | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    local_callbacks: bool = False,
    progress: Progress | None = None,
) -> RunningServer:
    """Start the server of a data folder and wait until it answers; the running one if it runs already.

    Args:
        data_dir: database, media, log and secrets; made if needed. Default: `.atribusi/studio` here.
        host: address to listen on; default loopback. See `network_warning`.
        port: a port that must be free; default: that of the last time if it is free, else any free one.
        local_callbacks: let Label Studio call webhooks and ML backends on this machine and private networks.
        progress: told of each stage in a line.

    Raises:
        EmbeddedServerError: not installable, port taken, died at the start (with the last lines of its log), or
            running with other settings than those asked for.
    """
    folder = absolute(data_dir)
    environment = ensure_environment(progress)
    with _locked(folder):
        running = _running(folder)
        if running:
            return _same_settings(running, host, port, local_callbacks)
        stranger = process.find_orphan(folder)
        if stranger:  # its login is lost; two servers on one database must not be
            raise EmbeddedServerError(
                f"process {stranger[0]} serves this folder, but its login is lost",
                place=str(folder),
                remedy="end that process and start again: a new login is made, labels stay",
            )
        (progress or (lambda _line: None))("Starting Label Studio")
        account = state.ensure_account(folder)
        copy_template(environment, folder)
        return _launch(environment, folder, account, host or LOOPBACK, port, local_callbacks)


def status(data_dir: Path | None = None) -> RunningServer | None:
    """The server that runs on this data folder, or None."""
    folder = absolute(data_dir)
    return _running(folder) if folder.is_dir() else None


def stop(data_dir: Path | None = None) -> bool:
    """End the server of this data folder, and nothing else. False when none was running."""
    folder = absolute(data_dir)
    if not folder.is_dir():
        return False
    with _locked(folder):
        running = _running(folder)
        known = state.read_state(folder)
        return bool(running and known and process.end(known.pid, known.command))


def last_port(data_dir: Path | None = None) -> int | None:
    """Port of the server's last run, or None."""
    known = state.read_state(absolute(data_dir))
    return known.port if known else None


def absolute(data_dir: Path | None) -> Path:
    """The data folder meant: the one given, or the workspace's own."""
    return (data_dir or DEFAULT_DATA_DIR).expanduser().resolve()


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops the server of a folder."""
    try:
        from filelock import FileLock
    except ImportError as error:
        raise MissingExtra("the embedded Label Studio server", "studio") from error
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="ascii")  # secrets and a database: never into a repository
        with FileLock(folder / ".lock"):
            yield
    except OSError as error:
        if isinstance(error, EmbeddedServerError):
            raise
        raise EmbeddedServerError(
            f"cannot be written: {error.strerror or error}", place=str(folder), remedy="choose another data folder"
        ) from error


def _running(folder: Path) -> RunningServer | None:
    """The server that runs, by the state file; else by looking for one that no file tells of."""
    account = state.read_account(folder)
    if account is None:
        return None
    known = state.read_state(folder)
    if known is None or not process.is_server(known.pid, known.command):
        orphan = process.find_orphan(folder)
        if orphan is None:
            return None
        pid, command = orphan
        known = State(pid, tuple(command), _option(command, "internal-host"), int(_option(command, "port")), False)
        state.write_state(folder, known)
    return _described(folder, account, known, was_running=True)


def _option(command: list[str], name: str) -> str:
    return command[command.index(f"--{name}") + 1]


def _described(folder: Path, account: Account, known: State, *, was_running: bool) -> RunningServer:
    reached = LOOPBACK if known.host in ("0.0.0.0", "localhost") else known.host  # noqa: S104
    return RunningServer(
        name=account.name,
        url=f"http://{reached}:{known.port}",
        host=known.host,
        port=known.port,
        pid=known.pid,
        data_dir=folder,
        log=folder / _LOG,
        email=account.email,
        password=account.password,
        token=account.token,
        was_running=was_running,
        local_callbacks=known.local_callbacks,
    )


def _same_settings(running: RunningServer, host: str | None, port: int | None, callbacks: bool) -> RunningServer:
    """The running server, unless something else was asked for: never silently another one."""
    wishes = [
        (host is not None and host != running.host, f"on {host}"),
        (port is not None and port != running.port, f"on port {port}"),
        (callbacks and not running.local_callbacks, "with local callbacks"),
    ]
    unmet = [text for is_unmet, text in wishes if is_unmet]
    if unmet:
        raise EmbeddedServerError(
            f"the server runs already at {running.url}, and not {' and '.join(unmet)}",
            remedy="stop it first (atribusi studio stop)",
        )
    return running


def _settings(folder: Path, account: Account, host: str, local_callbacks: bool) -> dict[str, str]:
    """Environment variables of the server. The secrets go this way since a command line is open to all users."""
    settings = server_settings(folder) | {
        "LABEL_STUDIO_USERNAME": account.email,
        "LABEL_STUDIO_PASSWORD": account.password.reveal(),
        "LABEL_STUDIO_USER_TOKEN": account.token.reveal(),
        "DISABLE_SIGNUP_WITHOUT_LINK": "true",
    }
    if is_loopback(host):
        settings["ALLOWED_HOSTS"] = "127.0.0.1,localhost"  # a page from elsewhere cannot pose as this server
    if local_callbacks:
        settings |= {"SSRF_PROTECTION_ENABLED": "false", "ML_BLOCK_LOCAL_IP": "false"}
    return settings


def _launch(
    environment: Environment, folder: Path, account: Account, host: str, port: int | None, local_callbacks: bool
) -> RunningServer:
    before = state.read_state(folder)
    chosen = process.free_port(host, port, before.port if before else None)
    options = {"internal-host": host, "port": str(chosen), "data-dir": str(folder)}
    command = command_line(environment, options)
    log = folder / _LOG
    if log.exists():
        log.replace(log.with_name(_LOG + ".1"))
    child = process.launch(command, _settings(folder, account, host, local_callbacks), folder, log)
    known = State(child.pid, tuple(command), host, chosen, local_callbacks)
    server = _described(folder, account, known, was_running=False)
    try:
        state.write_state(folder, known)
        _wait_until_ready(child, server)
    except BaseException:
        process.end(child.pid, command)
        raise
    return server


def _wait_until_ready(child: "subprocess.Popen[bytes]", server: RunningServer) -> None:
    """Return once this very process listens on the port and its health page answers."""
    import httpx

    deadline = time.monotonic() + _START_PATIENCE
    # Proxies of the environment must not stand between us and our own machine.
    with httpx.Client(base_url=server.url, trust_env=False, timeout=10) as client:
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise _died(server, f"ended at the start (exit code {child.returncode})")
            if _hopped(server):
                raise _died(server, f"found port {server.port} taken by somebody else meanwhile; start it again")
            if process.listens_on(server.pid, server.port):
                with contextlib.suppress(httpx.HTTPError):
                    if client.get("/health").is_success:
                        return
            time.sleep(_POLL)
    raise _died(server, f"did not answer within {_START_PATIENCE:.0f} seconds")


def _hopped(server: RunningServer) -> bool:
    """Label Studio takes the next port, with no more than a line in its log, when its own is taken."""
    return "* Trying to start at " in _log_text(server.log)


def _log_text(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _died(server: RunningServer, what: str) -> EmbeddedServerError:
    """The error for a start that failed, with the end of the log, without the secrets."""
    text = _log_text(server.log)
    for secret in (server.password, server.token):
        text = text.replace(secret.reveal(), "***")
    last = " / ".join(line.strip() for line in text.strip().splitlines()[-3:]) or "its log is empty"
    return EmbeddedServerError(
        f"the Label Studio server {what}; last lines of its log: {last[-500:]}",
        place=str(server.log),
        remedy="read the log; if the database is damaged, restore a backup into a new data folder",
    )


def _own_address(host: str) -> str:
    """Address of this machine as its network sees it. No packet is sent: the route is only looked up."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation
            return str(probe.getsockname()[0])
        except OSError:
            return os.uname().nodename if hasattr(os, "uname") else socket.gethostname()
