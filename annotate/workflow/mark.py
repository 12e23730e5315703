"""Mark: articles in, pre-marked Label Studio tasks out. Streaming; needs no server and no table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from annotate.errors import InputError

if TYPE_CHECKING:
    from annotate.articles import Format, Reject, Tally
    from annotate.datamodel import MarkedDocument
    from annotate.marking.register import Register

Progress = Callable[[int, int | None], None]


@dataclass
class MarkReport:
    """What a run did: how many documents and attributions, and what was skipped."""

    output: str
    documents: int = 0
    attributions: int = 0
    skipped: int = 0
    repeated: int = 0
    rejects: list["Reject"] = field(default_factory=list)

    def summary(self) -> str:
        """One line for a person."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        repeated = f", {self.repeated} repeated" if self.repeated else ""
        return f"{self.output}: {self.documents} documents, {self.attributions} attributions{repeated}{skipped}"

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "output": self.output,
            "documents": self.documents,
            "attributions": self.attributions,
            "repeated": self.repeated,
            "skipped": self.skipped,
            "rejects": [str(reject) for reject in self.rejects],
        }


@dataclass(frozen=True)
class ReadOptions:
    """How the inputs are to be read."""

    replace_invalid: bool = False
    format: "Format | None" = None
    encoding: str | None = None


def mark_documents(
    inputs: Iterable[str | Path],
    options: ReadOptions,
    tally: "Tally",
    rejects: list["Reject"],
) -> Iterator["MarkedDocument"]:
    """Read and mark, one document at a time; broken rows go to `rejects`."""
    from annotate.articles import read_documents
    from annotate.marking import Marker

    marker = Marker()
    documents = read_documents(
        inputs,
        replace_invalid=options.replace_invalid,
        format=options.format,
        encoding=options.encoding,
        on_reject=rejects.append,
        tally=tally,
    )
    for document in documents:
        yield marker.mark(document)


def known_speakers(register: Path | None) -> "Register | None":
    """The register of speakers in the CSV file, if one is named."""
    if register is None:
        return None
    from annotate.marking.register import Register

    return Register.read(register)


def mark_to_file(
    inputs: Sequence[str | Path],
    output: str,
    *,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> MarkReport:
    """Mark `inputs` and write tasks to `output`: a `.json` list, `.jsonl` lines, or `-` for lines on standard output.

    The file appears only when it is complete. Raises `InputError` when nothing could be read at all.
    """
    from annotate.articles import Tally
    from annotate.labelstudio.tasks import task_json

    report, tally = MarkReport(output), Tally()
    with task_writer(output) as write:
        for marked in mark_documents(inputs, options or ReadOptions(), tally, report.rejects):
            write(task_json(marked))
            report.documents += 1
            report.attributions += len(marked.attributions)
            if progress and not report.documents % 50:
                progress(report.documents, None)
        report.skipped, report.repeated = tally.rejected, tally.repeated
        if not report.documents:
            raise nothing_read(inputs, report.rejects)
    return report


def nothing_read(inputs: Sequence[str | Path], rejects: Sequence["Reject"]) -> InputError:
    """The error of a run in which no article could be read: the first reason, and how many more there are."""
    if not rejects:
        return InputError("holds no article", place=", ".join(map(str, inputs)), remedy="name other files or folders")
    first = rejects[0]
    more = f" (and {len(rejects) - 1} more rows like it)" if len(rejects) > 1 else ""
    place = f'{first.place}, field "{first.field}"' if first.field else first.place
    remedy = first.remedy or "give files that hold an article's text"
    return InputError(f"{first.reason}; nothing could be read{more}", place=place, remedy=remedy)


@contextmanager
def task_writer(output: str) -> Iterator[Callable[[str], None]]:
    """A function that writes one task; the file is put in its place when all are written."""
    if output == "-":
        yield lambda task: print(task)  # noqa: T201 -- standard output was asked for
        return
    path = Path(output)
    if path.suffix not in (".json", ".jsonl"):
        raise InputError("has neither .json nor .jsonl at its end", place=output, remedy="say -o tasks.json")
    if not path.parent.is_dir():
        raise InputError("its folder does not exist", place=output, remedy=f"make it: mkdir -p {path.parent}")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield _as_list(file) if path.suffix == ".json" else _as_lines(file)
            file.write("\n]\n" if path.suffix == ".json" else "")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _as_lines(file: TextIO) -> Callable[[str], None]:
    return lambda task: (file.write(task), file.write("\n"), None)[-1]


def _as_list(file: TextIO) -> Callable[[str], None]:
    separators = iter(["[\n"])

    def write(task: str) -> None:
        file.write(next(separators, ",\n"))
        file.write(task)

    return write


__all__ = ["MarkReport", "Progress", "ReadOptions", "mark_documents", "mark_to_file", "task_writer"]
