"""The server as a process: a port for it, whether it still runs, and its end.

A process is known by its whole command line, which names its data folder, and not by its number alone: a number is
given out again after a crash or a reboot, and a stranger must never be ended for it. (Start times would do as well,
but shift when the clock is set.)
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.errors import EmbeddedServerError, MissingExtra

if TYPE_CHECKING:
    import psutil

_PATIENCE = 10.0  # seconds that a server has to end by itself
_HANDOVER = 2.0  # seconds until the port of a server that has ended is surely given up


def free_port(host: str, wanted: int | None, preferred: int | None) -> int:
    """A port nobody listens on: `wanted` or an error, else `preferred` where it is free, else any.

    `preferred` is the port of the last time: links that annotators have keep working.
    """
    if wanted is not None:
        if not 0 < wanted < 65536:
            raise EmbeddedServerError(f"{wanted} is no port", remedy="choose one between 1024 and 65535")
        problem = _bind_problem(host, wanted)
        if problem is None:
            return wanted
        raise EmbeddedServerError(
            f"cannot listen on port {wanted} of {host}: {problem}",
            remedy="choose another port, or none to have a free one chosen",
        )
    if preferred is not None and _becomes_free(host, preferred):
        return preferred
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError as error:
            raise EmbeddedServerError(
                f"cannot listen on {host}: {error.strerror}", remedy="choose an address of this machine, or 0.0.0.0"
            ) from error
        return int(probe.getsockname()[1])


def _becomes_free(host: str, port: int) -> bool:
    """Whether the port is free now or in a moment: a server that was just ended may still hold it."""
    deadline = time.monotonic() + _HANDOVER
    while _bind_problem(host, port) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _bind_problem(host: str, port: int) -> str | None:
    """Why nobody could listen there now; None when it is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":  # as the server itself does: a port just given up counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or str(error)
    # A listener on all addresses does not hinder a bind to one of them everywhere: ask the port itself, too.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return "something listens there" if probe.connect_ex(("127.0.0.1", port)) == 0 else None


def launch(command: Sequence[str], settings: Mapping[str, str], folder: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Start the server so that it goes on when we, or the terminal, end. Its files are its owner's alone."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as output:
        if sys.platform == "win32":
            apart = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
            return subprocess.Popen(
                command, env=settings, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                creationflags=apart,
            )  # fmt: skip
        return subprocess.Popen(
            command, env=settings, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, umask=0o077,
        )  # fmt: skip


def _psutil() -> "type[psutil.Process]":
    try:
        import psutil
    except ImportError as error:
        raise MissingExtra("the embedded Label Studio server", "studio") from error
    return psutil.Process


def is_server(pid: int, command: Sequence[str]) -> bool:
    """Whether process `pid` is alive and was started with this very command line."""
    return _find(pid, command) is not None


def _find(pid: int, command: Sequence[str]) -> "psutil.Process | None":
    process_type = _psutil()
    import psutil

    try:
        process = process_type(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        # The interpreter's own path may be shown resolved; the rest is as given.
        return process if process.cmdline()[1:] == list(command)[1:] else None
    except (psutil.Error, ValueError):
        return None


def find_orphan(data_dir: Path) -> tuple[int, list[str]] | None:
    """A server on this data folder that no state file tells of, as its number and command line."""
    _psutil()
    import psutil

    for process in psutil.process_iter():
        try:
            command = process.cmdline()
        except (psutil.Error, OSError):
            continue
        if "label_studio.server" in command and str(data_dir) in command and is_server(process.pid, command):
            return process.pid, command
    return None


def listens_on(pid: int, port: int) -> bool:
    """Whether that very process, and not somebody else, listens on the port."""
    process_type = _psutil()
    import psutil

    try:
        connections = process_type(pid).net_connections(kind="tcp")
    except (psutil.Error, OSError):
        return False
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in connections)


def end(pid: int, command: Sequence[str]) -> bool:
    """End the server and what it started, kindly first. False when no such process was running."""
    import psutil

    process = _find(pid, command)
    if process is None:
        return False
    family = [process, *_children(process)]
    _signal(process, signal.SIGTERM)
    _gone, alive = psutil.wait_procs(family, timeout=_PATIENCE)
    for each in alive:
        _signal(each, getattr(signal, "SIGKILL", signal.SIGTERM))
    _gone, alive = psutil.wait_procs(alive, timeout=_PATIENCE)
    if alive:
        raise EmbeddedServerError(f"process {pid} of the Label Studio server does not end", remedy="end it by hand")
    return True


def _children(process: "psutil.Process") -> "list[psutil.Process]":
    import psutil

    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _signal(process: "psutil.Process", number: int) -> None:
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
