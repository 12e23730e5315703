"""Label Studio from PyPI in a virtual environment of its own, made on first use.

Its pins (numpy, Django, redis ...) must not bind ours, so it never enters our environment: all that we know of it is
its interpreter. The environment lies in the user's cache, is shared by all workspaces, and holds, beside the packages,
a *template*: the data folder of a server whose database is migrated and empty. A copy of that starts in seconds,
where the first migration takes most of a minute.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from annotate.errors import EmbeddedServerError, MissingExtra

Progress = Callable[[str], None]

REQUIREMENTS: Final = "server-requirements.txt"
DATABASE: Final = "label_studio.sqlite3"
OVERRIDE: Final = "ATRIBUSI_STUDIO_ENV"

_READY = "atribusi-ready.json"
_BUILDING = "atribusi-building"
# What the server may know of the environment of the person who starts it. Label Studio takes settings from any
# variable, bare names such as HOST, PORT and DEBUG among them: nothing else may reach it.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LOCALAPPDATA")
# All that the server and its pages would otherwise send to others, and the switch for each.
_TELEMETRY_OFF = {
    "COLLECT_ANALYTICS": "False",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LATEST_VERSION_CHECK": "false",
}


@dataclass(frozen=True, slots=True)
class Environment:
    """An installed Label Studio: its folder, its interpreter, and the migrated data folder to copy."""

    path: Path
    python: Path
    template: Path


def requirements_path() -> Path:
    """The hash-pinned requirements of the server, as shipped with this package."""
    return Path(str(files("annotate.labelstudio") / REQUIREMENTS))


def label_studio_version() -> str:
    """Version of Label Studio that the embedded server runs."""
    found = re.search(r"^label-studio==(\S+)", requirements_path().read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise EmbeddedServerError("no version of label-studio is pinned", place=str(requirements_path()))
    return found[1]


def environment_dir() -> Path:
    """Folder of the environment: ATRIBUSI_STUDIO_ENV, or one in the user's cache for this version and Python."""
    chosen = os.environ.get(OVERRIDE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    try:
        from platformdirs import user_cache_path
    except ImportError as error:
        raise MissingExtra("the embedded Label Studio server", "studio") from error
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    return user_cache_path("atribusi", appauthor=False) / f"label-studio-{label_studio_version()}-{python}"


def server_settings(data_dir: Path) -> dict[str, str]:
    """Environment variables for any process of the server: nothing of ours leaks in, nothing of its goes out."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **kept,
        **_TELEMETRY_OFF,
        "LABEL_STUDIO_BASE_DATA_DIR": str(data_dir),
        "DJANGO_DB": "sqlite",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def ensure_environment(progress: Progress | None = None) -> Environment:
    """The environment, built now if it is not there yet or belongs to other requirements (about 1 GB, a few minutes).

    Two processes at once build it once. What a killed build left behind is built anew.

    Raises:
        EmbeddedServerError: the environment cannot be built; the message says why and what helps.
    """
    path = environment_dir()
    environment = Environment(path, _interpreter(path), path / "template")
    if _is_ready(environment):
        return environment
    with _locked(path, progress):
        if not _is_ready(environment):
            _build(environment, progress or (lambda _line: None))
    return environment


@contextlib.contextmanager
def _locked(path: Path, progress: Progress | None) -> Iterator[None]:
    """Hold the lock of this environment; the system drops it if we die."""
    try:
        from filelock import FileLock, Timeout
    except ImportError as error:
        raise MissingExtra("the embedded Label Studio server", "studio") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(path.name + ".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if progress:
                progress("Waiting for another process that installs Label Studio")
            lock.acquire()
    except OSError as error:
        raise EmbeddedServerError(
            f"cannot write to the folder for Label Studio: {error.strerror}",
            place=str(path.parent),
            remedy=f"set {OVERRIDE} to a folder that can be written to",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _interpreter(path: Path) -> Path:
    return path / "Scripts" / "python.exe" if sys.platform == "win32" else path / "bin" / "python"


def _fingerprint() -> str:
    return hashlib.sha256(requirements_path().read_bytes()).hexdigest()


def _is_ready(environment: Environment) -> bool:
    """Whether a finished build of these very requirements is there, and its interpreter still exists."""
    try:
        marker = json.loads((environment.path / _READY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(marker.get("requirements") == _fingerprint()) and environment.python.exists()


def _build(environment: Environment, progress: Progress) -> None:
    """Build in place, since virtual environments do not survive being moved; the ready marker comes last."""
    path = environment.path
    if path.exists() and any(path.iterdir()):
        if not ((path / _READY).exists() or (path / _BUILDING).exists()):
            raise EmbeddedServerError(
                "the folder for Label Studio holds other things",
                place=str(path),
                remedy=f"set {OVERRIDE} to an empty or new folder",
            )
        shutil.rmtree(path)
    path.mkdir(parents=True, exist_ok=True)
    (path / _BUILDING).touch()
    _install(path, environment.python, progress)
    _make_template(environment, progress)
    marker = {"requirements": _fingerprint(), "label_studio": label_studio_version(), "python": sys.version.split()[0]}
    unfinished = path / f"{_READY}.part"
    unfinished.write_text(json.dumps(marker), encoding="utf-8")
    unfinished.replace(path / _READY)
    (path / _BUILDING).unlink()


def _find_uv() -> str | None:
    """uv, which installs many times faster than pip: beside our interpreter, or anywhere on the path."""
    return shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")


def _install(path: Path, python: Path, progress: Progress) -> None:
    progress(f"Installing Label Studio {label_studio_version()} in an environment of its own (about 1 GB, only once)")
    uv = _find_uv()
    pinned = ["--require-hashes", "-r", str(requirements_path())]
    # Byte code is compiled now: it halves the time that the server takes to start.
    if uv:
        _run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(path)], "create")
        _run([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), *pinned], "install")
        return
    _run([sys.executable, "-m", "venv", str(path)], "create")
    _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pinned], "install")
    _run([str(python), "-m", "compileall", "-q", "-j", "0", str(path)], "compile", may_fail=True)


def _run(command: list[str], stage: str, *, may_fail: bool = False) -> None:
    """Run one step of the installation; its settings (mirrors, certificates, caches) are the user's own."""
    ours = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_REQUIRE_VIRTUALENV", "PIP_USER"}
    settings = {name: value for name, value in os.environ.items() if name not in ours}
    settings.setdefault("UV_SYSTEM_CERTS", "1")  # behind a company's proxy only this machine's certificates are right
    try:
        done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    except OSError as error:
        raise EmbeddedServerError(f"cannot run {command[0]}: {error.strerror}") from error
    if done.returncode and not may_fail:
        raise _explained(stage, done.stdout + done.stderr)


_REMEDIES: Final = (
    # (what the installer's words hold, what to do about it)
    (
        r"ensurepip|No module named venv",
        "install Python's venv module; on Debian and Ubuntu: apt-get install python3-venv",
    ),
    (r"No space left|os error 28", f"free about 1 GB, or set {OVERRIDE} to a folder on a larger disk"),
    (
        r"dns error|name resolution|getaddrinfo|NewConnectionError|Network is unreachable|tcp connect"
        r"|Connection refused|timed out|error sending request|Could not fetch|client error \(Connect\)",
        "check the network and try again: Label Studio is installed from PyPI once and then kept",
    ),
    (r"HASHES|Hash mismatch", "the packages are not those that were tested: try another mirror of PyPI"),
    (r"Permission denied", f"set {OVERRIDE} to a folder that can be written to"),
)


def _explained(stage: str, output: str) -> EmbeddedServerError:
    """The error for a failed step: its last lines, and the remedy where the cause is known."""
    remedy = next((text for pattern, text in _REMEDIES if re.search(pattern, output)), None)
    last = " / ".join(line.strip() for line in output.strip().splitlines()[-4:]) or "no message"
    what = {"create": "cannot create the environment of Label Studio", "install": "cannot install Label Studio"}
    return EmbeddedServerError(f"{what.get(stage, stage)}: {last[-600:]}", remedy=remedy or "try again")


def _make_template(environment: Environment, progress: Progress) -> None:
    """Migrate an empty database once. No user and no secret key are in it: each copy gets its own."""
    progress("Preparing an empty Label Studio database (about a minute, only once)")
    template = environment.template
    done = subprocess.run(
        [str(environment.python), "-P", "-m", "label_studio.server", "init", "--quiet"],
        env=server_settings(template),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not (template / DATABASE).exists():
        raise _explained("cannot prepare the database of Label Studio", done.stdout + done.stderr)
    (template / ".env").unlink(missing_ok=True)
    # With a write-ahead log, a pull does not block annotators who save, nor they it. The setting stays in the file.
    with contextlib.closing(sqlite3.connect(template / DATABASE)) as database:
        database.execute("PRAGMA journal_mode=wal")


def copy_template(environment: Environment, data_dir: Path) -> None:
    """Make a new data folder for a server, readable by its owner only. An existing database is left as it is."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = data_dir / DATABASE
    if target.exists():
        return
    unfinished = data_dir / f"{DATABASE}.part"
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    shutil.copyfile(environment.template / DATABASE, unfinished)
    unfinished.replace(target)


def command_line(environment: Environment, settings: Mapping[str, str]) -> list[str]:
    """Command that starts a server: `settings` are long options without their dashes, in the order given."""
    command = [str(environment.python), "-P", "-m", "label_studio.server", "start", "--no-browser"]
    for option, value in settings.items():
        command += [f"--{option}", value]
    return [*command, "--enable-legacy-api-token"]
