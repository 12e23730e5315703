"""What a person names on the command line, as files: paths, folders, patterns, `-` for standard input."""

import bz2
import glob
import gzip
import io
import lzma
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from annotate.articles.model import Format, Tally
from annotate.errors import InputError, MissingExtra

STDIN: Final = "-"
_SUFFIXES: Final[dict[str, Format]] = {
    ".txt": "txt",
    ".text": "txt",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_COMPRESSED: Final = (".gz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read. `doc_id` is its path relative to the folder that was given, if one was; `name` is for people."""

    path: str
    name: str
    format: Format | None
    doc_id: str | None = None

    @property
    def is_stdin(self) -> bool:
        return self.path == STDIN


def find_files(inputs: Iterable[str | Path], format: Format | None, tally: Tally) -> Iterator[InputFile]:
    """The files that the inputs mean, folders sorted by name. Raises `InputError` where an input means nothing."""
    stdin_read = False
    for given in inputs:
        text = os.fspath(given)
        if text == STDIN:
            if stdin_read:
                raise InputError("standard input can be read once only", remedy="give `-` once")
            stdin_read = True
            yield InputFile(STDIN, "standard input", format)
        elif os.path.isdir(text):
            yield from _in_folder(text, tally)
        elif os.path.exists(text):
            yield _named(text, format)
        elif glob.has_magic(text):
            yield from _matching(text, format, tally)
        else:
            raise InputError("there is no such file or folder", place=text, remedy="check the path")


def format_of(path: str) -> Format | None:
    """What a file's name says that it holds; compressed or not."""
    stem = PurePosixPath(Path(path).name.lower())
    if stem.suffix in _COMPRESSED:
        stem = PurePosixPath(stem.stem)
    return _SUFFIXES.get(stem.suffix)


def _named(path: str, format: Format | None) -> InputFile:
    known = format_of(path) or format
    if known is None:
        raise InputError(
            "the name does not tell what this file holds", place=path,
            remedy=f"name its format (--format), or rename it to one of: {', '.join(sorted(_SUFFIXES))}",
        )  # fmt: skip
    return InputFile(path, path, known)


def _matching(pattern: str, format: Format | None, tally: Tally) -> Iterator[InputFile]:
    found = sorted(glob.iglob(pattern, recursive=True))
    if not found:
        raise InputError("no file matches this pattern", place=pattern, remedy="check the pattern")
    for path in found:
        if os.path.isdir(path):
            if "**" not in pattern:
                yield from _in_folder(path, tally)
        elif format_of(path) or format:
            yield _named(path, format)
        else:
            tally.ignored += 1


def _in_folder(folder: str, tally: Tally) -> Iterator[InputFile]:
    for path in _walk(folder, ()):
        known = format_of(path)
        if known is None:
            tally.ignored += 1
            continue
        relative = Path(path).relative_to(folder).as_posix()
        yield InputFile(path, path, known, relative if _is_clean(relative) else None)


def _walk(folder: str, above: tuple[tuple[int, int], ...]) -> Iterator[str]:
    """Files below a folder, by name. Links are followed, but not back to a folder that is being walked already."""
    try:
        state = os.stat(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", place=folder, remedy="check its permissions") from error
    here = (state.st_dev, state.st_ino)
    if here in above:
        return
    for entry in entries:
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir():
            yield from _walk(entry.path, (*above, here))
        elif entry.is_file():
            yield entry.path


def _is_clean(name: str) -> bool:
    """Whether a path can be an id: a name in another encoding than the system's comes with lone surrogates."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Position:
    """How many bytes of the files have been read so far, as they lie on the disk: how far a long reading has come."""

    def __init__(self) -> None:
        self._before = 0
        self._path: str | None = None
        self._here: Callable[[], int] = lambda: 0

    def begin(self, path: str, here: Callable[[], int]) -> None:
        """A file is begun; the one before counts as read. `here` tells how far this one is read."""
        self.end()
        self._path, self._here = path, here

    def end(self) -> None:
        """The file that was begun last is read."""
        if self._path is not None:
            self._before += os.path.getsize(self._path)
        self._path = None

    def __int__(self) -> int:
        if self._path is None:
            return self._before
        try:
            return self._before + self._here()
        except ValueError:  # closed: it was read to its end
            return self._before + os.path.getsize(self._path)


def open_bytes(path: str, position: Position | None = None) -> BinaryIO:
    """The file's bytes, decompressed where they begin as gzip, bzip2, xz or Zstandard do."""
    raw = open(path, "rb")  # noqa: SIM115 (closed with what is built upon it)
    if position is not None:
        position.begin(path, raw.tell)
    return decompressed(raw)


def decompressed(raw: io.BufferedReader) -> BinaryIO:
    """The stream itself, or what is compressed in it. Raises `MissingExtra` for Zstandard without pyarrow."""
    head = raw.peek(6)[:6]
    if head.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    if head.startswith(b"BZh"):
        return cast("BinaryIO", bz2.BZ2File(raw))
    if head.startswith(b"\xfd7zXZ\x00"):
        return cast("BinaryIO", lzma.LZMAFile(raw))
    if head.startswith(b"(\xb5/\xfd"):
        return _zstandard(raw)
    return raw


def _zstandard(raw: io.BufferedReader) -> BinaryIO:
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtra("reading .zst", "parquet") from error
    return cast("BinaryIO", io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")))
