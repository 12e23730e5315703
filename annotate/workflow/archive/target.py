"""What the output of a run is: a folder of parts, or one file that is put together from them at the end."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotate.errors import InputError
from annotate.workflow.archive import manifest
from annotate.workflow.archive.options import ArchiveOptions, ArchiveReport
from annotate.workflow.archive.store import Store, parts
from annotate.workflow.archive.work import ATTRIBUTIONS, NOTES, RECEIPTS, SCANS, TASKS


@dataclass(frozen=True)
class Target:
    """`work`: the folder that the parts go to; `file`: the one file that they become, None where they stay."""

    work: Path
    file: Path | None

    @classmethod
    def of(cls, output: str, options: ArchiveOptions) -> "Target":
        """By the name: `.jsonl`, `.json` and `.parquet` are files; with no end, or with a `/`, it is a folder."""
        path = Path(output)
        if not path.suffix or output.endswith("/") or (path / manifest.MANIFEST).is_file():
            return cls(path, None)
        if path.suffix not in (".jsonl", ".json", ".parquet"):
            raise InputError(
                "has none of .json, .jsonl and .parquet at its end", place=output,
                remedy=f"say -o tasks.json, or -o {output}/ for a folder",
            )  # fmt: skip
        if not path.parent.is_dir():
            raise InputError("its folder does not exist", place=output, remedy=f"make it: mkdir -p {path.parent}")
        if path.is_dir():
            raise InputError("there is a folder of that name", place=output, remedy="name a file")
        fits = {".parquet": options.rows == "parquet", ".json": not options.rows}.get(path.suffix, True)
        if not fits or (options.rows and options.tasks):
            raise InputError("cannot hold what is asked for", place=output, remedy="name a folder")
        return cls(path.with_name(f".{path.name}.parts"), path)

    @property
    def state(self) -> Path:
        """Where the lock is."""
        return self.work / "_state"

    def forget(self) -> None:
        """Removes what was begun: there was nothing to do."""
        import shutil

        shutil.rmtree(self.work, ignore_errors=True)

    def finish(self, store: Store, begun: dict[str, Any], report: ArchiveReport) -> None:
        """Writes what can only be written when all shards are finished, and removes what is needed no more."""
        from annotate.export.atomic import whole_file

        folder = self.file.parent if self.file else self.work
        rejects = folder / "rejects.jsonl"
        if report.counts.rejected:
            report.rejects = str(rejects)
        if begun["state"] == "done":
            return
        if not self.file:
            finish_folder(store, begun, report)
            return
        if report.counts.rejected:
            with whole_file(rejects) as part, part.open("wb") as file:
                file.writelines(_rejects(store))
        self._put_together(store, begun)
        self.forget()

    def _put_together(self, store: Store, begun: dict[str, Any]) -> None:
        """The parts as one file; what a run leaves that is killed here is forgotten with the folder of parts."""
        from annotate.export.atomic import whole_file

        assert self.file is not None
        with whole_file(whole := self.work / self.file.name) as part:
            found = parts(store, ATTRIBUTIONS if begun["options"]["rows"] else TASKS)
            if self.file.suffix == ".parquet":
                _join_parquet(part, found)
            else:
                with part.open("wb") as file:
                    file.writelines(found if self.file.suffix == ".jsonl" else _as_list(found))
        whole.replace(self.file)


def finish_folder(store: Store, begun: dict[str, Any], report: ArchiveReport) -> None:
    """Writes what belongs to a folder of parts: rejects, what the columns mean, and the manifest of a finished run."""
    manifest.sweep(store)  # a process that was killed on the way may have left half a part
    store.write("rejects.jsonl", b"".join(_rejects(store)))
    if begun["options"]["rows"]:
        from annotate.export.dictionary import write_dictionary

        with tempfile.TemporaryDirectory() as folder:
            write_dictionary(Path(folder) / "columns.csv")
            store.write("columns.csv", (Path(folder) / "columns.csv").read_bytes())
    manifest.write(store, {**begun, "state": "done", "shards": report.shards, "counts": report.counts.__dict__})
    for state in (NOTES, RECEIPTS, SCANS):
        store.remove(state)


def _as_list(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Lines of JSON as one JSON list."""
    separator = b"[\n"
    for data in lines:
        if data:
            yield separator + data.rstrip(b"\n").replace(b"\n", b",\n")
            separator = b",\n"
    yield b"\n]\n"


def _join_parquet(path: Path, found: Iterator[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from annotate.export.columns import COLUMNS
    from annotate.export.flatten import schema_of

    with pq.ParquetWriter(path, schema_of(COLUMNS), compression="zstd") as writer:
        for data in found:
            writer.write_table(pq.read_table(pa.BufferReader(data)))


def _rejects(store: Store) -> Iterator[bytes]:
    for data in parts(store, RECEIPTS):
        for one in json.loads(data)["rejects"]:
            yield f"{json.dumps(one, ensure_ascii=False)}\n".encode("utf-8", "backslashreplace")
