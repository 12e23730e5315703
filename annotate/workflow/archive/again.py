"""Reads some shards of a finished run once more from the archive that it was made from."""

import json
from collections.abc import Iterator
from typing import Any

from annotate.articles.inputs import InputFile, Position, format_of
from annotate.articles.model import Reject
from annotate.articles.raw import RawRow, read_raw, understand
from annotate.datamodel import Document
from annotate.errors import InputError
from annotate.workflow.archive import slices
from annotate.workflow.archive.manifest import identity_of
from annotate.workflow.archive.shards import cut
from annotate.workflow.archive.slices import Slice

_REMEDY = "mark the archive again into a new folder"


def read_again(manifest: dict[str, Any], place: str, wanted: set[int]) -> Iterator[tuple[int, list[Document]]]:
    """The wanted shards in order, each with its documents. Raises `InputError` where the archive is not what it was."""
    options = manifest["options"]
    for number, rows in enumerate(_shards(manifest, place)):
        if number in wanted:
            yield number, list(_documents(rows.rows() if isinstance(rows, Slice) else rows, options))
            wanted = wanted - {number}
        if not wanted:
            return
    if wanted:
        raise InputError("the archive holds less than it did", place=place, remedy=_REMEDY)


def _shards(manifest: dict[str, Any], place: str) -> Iterator[list[RawRow] | Slice]:
    options = manifest["options"]
    if manifest.get("engine") != "dask":
        yield from cut(_rows(manifest, place), options["shard"])
        return
    addresses = [one[0] for one in manifest["inputs"]["listed"]]
    if slices.identity_of(addresses)["sha256"] != manifest["inputs"]["sha256"]:
        raise InputError("the archive has changed since it was marked", place=place, remedy=_REMEDY)
    yield from (one for one, _ in slices.plan(addresses, options["shard"]))


def _documents(rows: list[RawRow], options: dict[str, Any]) -> Iterator[Document]:
    for row in rows:
        for one in understand(row, encoding=options["encoding"], replace_invalid=options["replace_invalid"]):
            if not isinstance(one, Reject):
                yield one.document


def _rows(manifest: dict[str, Any], place: str) -> Iterator[RawRow]:
    inputs, options = manifest["inputs"], manifest["options"]
    listed = inputs["listed"]
    if not inputs["files"] or len(listed) < inputs["files"]:
        raise InputError(
            "its archive was standard input, or of more files than its manifest names", place=place,
            remedy="mark an archive of fewer files, say one .jsonl.gz",
        )  # fmt: skip
    files = [InputFile(path, path, format_of(path) or options["format"], own_id) for path, _, _, own_id in listed]
    if identity_of(files)["sha256"] != inputs["sha256"]:
        changed = [now[0] for now, before in zip(identity_of(files)["listed"], listed, strict=True) if now != before]
        raise InputError("has changed since it was marked", place=json.dumps(changed[0]), remedy=_REMEDY)
    return read_raw(files, encoding=options["encoding"], position=Position())
