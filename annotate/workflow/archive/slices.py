"""Parquet archives on any file system that fsspec knows, planned by their metadata: workers read their own part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from annotate.articles.parquet_rows import rows_of_group
from annotate.articles.raw import RawRow
from annotate.errors import InputError, MissingExtra

_TIMES = 10  # a row group of so many times the shard's size is cut, since each piece reads its group from the start


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of one row group. `first`: number of its first row in the file, counted from 1."""

    address: str
    group: int
    skip: int
    count: int
    first: int

    def rows(self) -> list[RawRow]:
        """The rows themselves, read here and now."""
        with _open(self.address) as file:
            found = rows_of_group(file, self.group, self.skip, self.count)
            return [RawRow(self.address, self.first + n if n >= 0 else 0, row) for n, row in found]


def find_parquet(inputs: Sequence[str]) -> list[str]:
    """Addresses of the Parquet files that the inputs name: files, folders, patterns. Raises `InputError` for none."""
    found: list[str] = []
    for given in inputs:
        fs, path = _filesystem(given)
        if fs.isdir(path):
            paths = sorted(str(one) for one in fs.find(path))
        elif fs.exists(path):
            paths = [path]
        else:
            paths = sorted(str(one) for one in fs.glob(path)) if any(c in path for c in "*?[") else []
        kept = [
            one for one in paths if PurePosixPath(one).suffix.lower() in (".parquet", ".pq") and not _hidden(one, path)
        ]
        if not kept:
            raise InputError(
                "holds no Parquet file", place=given,
                remedy="--engine dask reads Parquet; mark other archives without it",
            )  # fmt: skip
        found += [str(fs.unstrip_protocol(one)) for one in kept]
    return found


def _hidden(path: str, below: str) -> bool:
    return any(part.startswith((".", "_")) for part in PurePosixPath(path.removeprefix(below)).parts)


def identity_of(addresses: Sequence[str]) -> dict[str, Any]:
    """Address, size and fsspec's key of every file, and a digest of all."""
    import hashlib
    import json

    listed, total = [], 0
    for address in addresses:
        fs, path = _filesystem(address)
        try:
            size = int(fs.size(path) or 0)
        except FileNotFoundError as error:
            raise InputError("there is no such file", place=address, remedy="check the address") from error
        listed.append([address, size, str(fs.ukey(path)), None])
        total += size
    digest = hashlib.sha256("".join(json.dumps(one) for one in listed).encode()).hexdigest()
    return {"files": len(listed), "bytes": total, "sha256": digest, "listed": listed}


def plan(addresses: Sequence[str], articles: int) -> Iterator[tuple[Slice, int]]:
    """The slices of all files in order, and how many bytes of all files are read with each.

    A row group is one slice; one of more than ten times `articles` rows is cut.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    before = 0
    for address in addresses:
        try:
            with _open(address) as file:
                metadata = pq.ParquetFile(file).metadata
                size = file.seek(0, 2)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"not a sound Parquet file ({error})", place=address, remedy="write it again") from error
        first = 1
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            step = articles * _TIMES if rows > articles * _TIMES else max(rows, 1)
            for skip in range(0, rows, step):
                count = min(step, rows - skip)
                done = before + size * (first - 1 + skip + count) // max(metadata.num_rows, 1)
                yield Slice(address, group, skip, count, first + skip), done
            first += rows
        before += size


def _filesystem(address: str) -> tuple[Any, str]:
    from annotate.workflow.archive.store import filesystem

    return filesystem(address)


def _open(address: str) -> Any:
    try:
        import fsspec
    except ImportError as error:
        raise MissingExtra("reading addresses", "archive") from error
    return fsspec.open(address, "rb").open()
