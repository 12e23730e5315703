"""Where the parts of a run lie: a folder of this machine, or any file system that fsspec knows."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from annotate.errors import AtribusiError, MissingExtra


class Store(Protocol):
    """Named files below one address. Names are ours, with `/` between folder and file."""

    address: str

    def write(self, name: str, data: bytes) -> None:
        """Puts a file in its place whole; one of the same name is replaced."""

    def read(self, name: str) -> bytes | None:
        """A file's bytes, or None where there is none of that name."""

    def names(self, folder: str) -> list[str]:
        """Names of the files in a folder, sorted, without its own; leftovers of killed runs are not among them."""

    def remove(self, folder: str) -> None:
        """Removes a folder with all that is in it, if it is there."""

    def sweep(self, folder: str) -> None:
        """Removes what killed runs left unfinished in a folder; to be called by the only run there is."""


def open_store(address: str) -> Store:
    """The store at a path, or at an address such as `s3://bucket/marks`."""
    return RemoteStore(address) if "://" in address else LocalStore(address)


class LocalStore:
    """A folder. Files are synced to the disk before they get their names."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._folder = Path(address)

    def write(self, name: str, data: bytes) -> None:
        from annotate.export.atomic import whole_file

        with whole_file(self._folder / name) as part:
            part.write_bytes(data)

    def read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self._folder / folder) if not name.startswith("."))
        except FileNotFoundError:
            return []

    def remove(self, folder: str) -> None:
        import shutil

        shutil.rmtree(self._folder / folder, ignore_errors=True)

    def sweep(self, folder: str) -> None:
        for path in (self._folder / folder).glob(".*"):
            path.unlink(missing_ok=True)


class RemoteStore:
    """A place on a file system of fsspec. A file is written under another name first, and then moved."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._fs, self._root = filesystem(self.address)

    def write(self, name: str, data: bytes) -> None:
        path = f"{self._root}/{name}"
        folder, _, file = path.rpartition("/")
        part = f"{folder}/.{file}.{os.getpid()}-{os.urandom(4).hex()}"
        self._fs.makedirs(folder, exist_ok=True)
        self._fs.pipe_file(part, data)
        self._fs.mv(part, path)

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._fs.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        self._fs.invalidate_cache()
        try:
            found = self._fs.ls(f"{self._root}/{folder}", detail=False)
        except FileNotFoundError:
            return []
        names = (str(path).rstrip("/").rpartition("/")[2] for path in found)
        return sorted(name for name in names if name and not name.startswith("."))

    def sweep(self, folder: str) -> None:
        if self._fs.exists(path := f"{self._root}/{folder}"):
            for found in self._fs.ls(path, detail=False):
                if str(found).rpartition("/")[2].startswith("."):
                    self._fs.rm_file(found)

    def remove(self, folder: str) -> None:
        path = f"{self._root}/{folder}"
        if self._fs.exists(path):
            self._fs.rm(path, recursive=True)


def filesystem(address: str) -> tuple[Any, str]:
    """The file system of fsspec that an address is on, and the path there."""
    try:
        import fsspec
    except ImportError as error:
        raise MissingExtra("reading and writing addresses", "archive") from error
    try:
        fs, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise AtribusiError(str(error), place=address, remedy="name a file system that fsspec knows") from error
    return fs, str(path).rstrip("/")


def parts(store: Store, folder: str) -> Iterator[bytes]:
    """The parts in a folder, in order."""
    for name in store.names(folder):
        data = store.read(f"{folder}/{name}")
        assert data is not None
        yield data
