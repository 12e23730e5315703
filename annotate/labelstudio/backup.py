"""A consistent copy of the embedded server's data, taken while it runs.

Labels made since the last pull live in its database alone.
"""

import contextlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from annotate.errors import EmbeddedServerError
from annotate.labelstudio import server
from annotate.labelstudio.environment import DATABASE, label_studio_version

_MANIFEST: Final = "backup.json"
# Beside the database: uploads, the key that signs sessions and personal tokens, the owner's account.
_KEPT: Final = ("media", ".env", "account.json")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file. `tasks` and `annotations` are counted in the copy, `size` is in bytes."""

    path: Path
    tasks: int
    annotations: int
    size: int


def backup(data_dir: Path | None = None, destination: Path | None = None) -> Backup:
    """Write a `.tar.gz` of database, media and account, readable by its owner only: it holds the passwords' hashes.

    Args:
        data_dir: the embedded server's folder; it may run meanwhile.
        destination: file to write, or a folder for a file named by date; default the folder `backups` beside
            the data folder.

    Raises:
        EmbeddedServerError: nothing to copy, the copy is damaged, or it cannot be written.
    """
    folder = server.absolute(data_dir)
    source = folder / DATABASE
    if not source.exists():
        raise EmbeddedServerError(
            "there is no Label Studio database", place=str(folder), remedy="name the data folder of the server"
        )
    target = _target(folder, destination)
    unfinished = target.with_name(target.name + ".part")
    try:
        with _private_folder(target.parent) as scratch:
            copy = scratch / DATABASE
            _copy_database(source, copy)
            tasks, annotations = _check(copy)
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                _write_archive(file, folder, copy, tasks, annotations)
                os.fsync(file.fileno())
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise EmbeddedServerError(f"the backup failed: {error}", place=str(target)) from error
    return Backup(target, tasks, annotations, target.stat().st_size)


def restore(archive: Path, data_dir: Path | None = None) -> Path:
    """Unpack a backup into a data folder that has no database yet; returns the folder.

    Raises:
        EmbeddedServerError: the folder is in use, or the file is no backup, or is damaged.
    """
    folder = server.absolute(data_dir)
    if (folder / DATABASE).exists():
        raise EmbeddedServerError(
            "there is a Label Studio database already", place=str(folder), remedy="restore into a new folder"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _private_folder(folder.parent) as scratch, tarfile.open(archive, "r:gz") as packed:
            _unpack(packed, scratch)
            if not (scratch / _MANIFEST).exists():
                raise EmbeddedServerError("this is no backup of an embedded server", place=str(archive))
            _check(scratch / DATABASE)
            with contextlib.closing(sqlite3.connect(scratch / DATABASE)) as database:
                database.execute("PRAGMA journal_mode=wal")
            folder.mkdir(mode=0o700, exist_ok=True)
            # The database goes last: without it the folder counts as new.
            for name in (*_KEPT, DATABASE):
                if (scratch / name).exists():
                    shutil.move(scratch / name, folder / name)
    except (OSError, tarfile.TarError, sqlite3.Error, EOFError) as error:
        raise EmbeddedServerError(f"cannot be restored: {error}", place=str(archive)) from error
    return folder


def _unpack(packed: tarfile.TarFile, folder: Path) -> None:
    """Unpacks files and folders, and nothing else, none of them outside `folder`.

    Python 3.11.2, which Debian 12 has, does not know tarfile's own filter yet; where there is one, it is asked, too.
    """
    for member in packed:
        inside = (folder / member.name).resolve().is_relative_to(folder.resolve())
        if not inside or not (member.isfile() or member.isdir()):
            raise EmbeddedServerError("this is no backup of an embedded server", place=member.name)
    packed.extraction_filter = getattr(tarfile, "data_filter", None)
    packed.extractall(folder)  # noqa: S202 (looked through above)


def _target(folder: Path, destination: Path | None) -> Path:
    name = f"label-studio-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.gz"
    if destination is None:
        return folder.parent / "backups" / name
    return destination / name if destination.is_dir() else destination


@contextlib.contextmanager
def _private_folder(beside: Path) -> Iterator[Path]:
    """A scratch folder on the same disk, for the owner's eyes only."""
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=beside) as name:
        yield Path(name)


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own online backup: one consistent state, also while the server writes."""
    with (
        contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30)) as live,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=delete")  # one file, without a log beside it
        copy.commit()


def _check(database: Path) -> tuple[int, int]:
    """Numbers of tasks and annotations in a sound database."""
    with contextlib.closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True)) as copy:
        verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
        if verdict != "ok":
            raise EmbeddedServerError(f"the copy of the database is damaged: {verdict}")
        tasks = copy.execute("SELECT count(*) FROM task").fetchone()[0]
        annotations = copy.execute("SELECT count(*) FROM task_completion").fetchone()[0]
    return int(tasks), int(annotations)


def _write_archive(file: io.BufferedWriter, folder: Path, copy: Path, tasks: int, annotations: int) -> None:
    manifest = {
        "label_studio": label_studio_version(),
        "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "tasks": tasks,
        "annotations": annotations,
    }
    content = json.dumps(manifest, indent=1).encode()
    with tarfile.open(fileobj=file, mode="w:gz") as packed:
        entry = tarfile.TarInfo(_MANIFEST)
        entry.size = len(content)
        packed.addfile(entry, io.BytesIO(content))
        packed.add(copy, arcname=DATABASE)
        for name in _KEPT:
            if (folder / name).exists():
                packed.add(folder / name, arcname=name)
