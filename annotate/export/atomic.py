"""Files and folders that are there whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotate.errors import AtribusiError


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path to write to; it becomes `target` when all went well, and is removed when not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        raise AtribusiError("there is a folder of that name", place=str(target), remedy="name a file")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        _synced(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, mark: str) -> Iterator[Path]:
    """A folder to write to; it takes the place of `target` when all went well.

    A folder that is there already is replaced only if it holds the file `mark`, which every export of ours does, or is
    empty: what is not ours is not removed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and not (target.is_dir() and ((target / mark).is_file() or not any(target.iterdir()))):
        raise AtribusiError(
            "there is something else of that name", place=str(target), remedy="name a new folder, or remove this one"
        )
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield part
        part.chmod(0o777 & ~_umask())
        if target.exists():
            old = part.with_name(part.name + ".old")
            target.replace(old)
            part.replace(target)
            shutil.rmtree(old)
        else:
            part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _synced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
