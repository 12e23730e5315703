"""What an embedded server's data folder remembers: who owns it, and which process serves it.

Both files hold secrets and are readable by their owner alone.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from annotate.errors import EmbeddedServerError
from annotate.labelstudio.environment import DATABASE
from annotate.labelstudio.secret import Secret

_ACCOUNT: Final = "account.json"
_STATE: Final = "server.json"
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike


@dataclass(frozen=True, slots=True)
class Account:
    """The owner's account, made with the data folder: full rights, by password in a browser or by token.

    `name` is the server's own, and stays when its port or its folder changes.
    """

    email: str
    password: Secret
    token: Secret
    name: str


@dataclass(frozen=True, slots=True)
class State:
    """The process that serves the folder, and how it was started."""

    pid: int
    command: tuple[str, ...]
    host: str
    port: int
    local_callbacks: bool


def new_password(length: int = 16) -> Secret:
    """A random password that can be read aloud and typed: about 93 bits at 16 characters."""
    return Secret("".join(secrets.choice(_LETTERS) for _ in range(length)))


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write JSON whole or not at all, readable by its owner alone from the first byte."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    """The file's JSON object; None when it is not there or was cut off (a crash of the machine)."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return None
    except OSError as error:
        raise EmbeddedServerError(f"cannot be read: {error.strerror}", place=str(path)) from error
    return content if isinstance(content, dict) else None


def read_account(data_dir: Path) -> Account | None:
    """The owner's account, if the folder has one."""
    content = _read(data_dir / _ACCOUNT) or {}
    try:
        return Account(content["email"], Secret(content["password"]), Secret(content["token"]), content["name"])
    except KeyError:
        return None


def ensure_account(data_dir: Path) -> Account:
    """The owner's account; a new one with random secrets for a new folder.

    Where the file was lost but the database is still there, the new owner gets an address of its own, since the old
    one keeps its unknown password.
    """
    known = read_account(data_dir)
    if known:
        return known
    name = f"owner-{secrets.token_hex(3)}" if (data_dir / DATABASE).exists() else "owner"
    server_name = f"embedded-{secrets.token_hex(8)}"
    account = Account(f"{name}@atribusi.local", new_password(), Secret(secrets.token_hex(20)), server_name)
    content = {"name": account.name, "email": account.email}
    content |= {"password": account.password.reveal(), "token": account.token.reveal()}
    write_private(data_dir / _ACCOUNT, content)
    return account


def read_state(data_dir: Path) -> State | None:
    """What was last written of the process; whether it still runs is another question."""
    content = _read(data_dir / _STATE) or {}
    try:
        return State(**{**content, "command": tuple(content["command"])})
    except (KeyError, TypeError):
        return None


def write_state(data_dir: Path, state: State) -> None:
    """Remember the process. The port is remembered after its end, too, so that links keep working."""
    content = {name: getattr(state, name) for name in State.__slots__}
    write_private(data_dir / _STATE, {**content, "command": list(state.command)})
