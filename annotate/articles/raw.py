"""Articles cut from their files in one process, to be understood in another.

Cutting is cheap and must go in order; parsing JSON, reading HTML and judging characters is what takes time.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from annotate.articles.fields import to_document
from annotate.articles.identity import place
from annotate.articles.inputs import InputFile, Position
from annotate.articles.json_rows import Unparsed
from annotate.articles.model import Problem, Reject
from annotate.articles.rows import rows_of, unparsed_rows_of
from annotate.datamodel import Document


class RawRow(NamedTuple):  # a tuple, since a million of them are sent from process to process
    """An article as it stands: a line of JSON, the fields of a row, a whole file, or what is wrong with it.

    `file` is the file's name for people; `line` counts from 1, and is 0 where the file is the article, whose id is
    `doc_id` then, if its path can be one.
    """

    file: str
    line: int
    content: Unparsed | Mapping[str, Any] | InputFile | Problem
    doc_id: str | None = None

    @property
    def place(self) -> str:
        """The place, for people."""
        return place(self.file, self.line)


class Understood(NamedTuple):
    """A document, and the place that it was read from."""

    document: Document
    file: str
    line: int


def read_raw(
    files: Iterable[InputFile], *, encoding: str | None, position: Position, stdin: BinaryIO | None = None
) -> Iterator[RawRow]:
    """The rows of the files in order, one at a time. Files that are one article each are not even opened."""
    for file in files:
        if file.format in ("txt", "html") and not file.is_stdin:
            yield RawRow(file.name, 0, file, file.doc_id)
            position.begin(file.path, lambda: 0)
            continue
        for line, row in unparsed_rows_of(file, encoding, stdin, position):
            yield RawRow(file.name, line, row, None if line else file.doc_id)
    position.end()


def understand(raw: RawRow, *, encoding: str | None, replace_invalid: bool) -> Iterator[Understood | Reject]:
    """The document of a row, or why there is none; of a whole file that breaks off, both."""
    if isinstance(raw.content, InputFile):
        rows = rows_of(raw.content, encoding, None)
    else:
        rows = iter([(raw.line, raw.content.parsed() if isinstance(raw.content, Unparsed) else raw.content)])
    for line, row in rows:
        found = row if isinstance(row, Problem) else to_document(row, raw.doc_id, replace_invalid=replace_invalid)
        if isinstance(found, Problem):
            yield Reject(place(raw.file, line), found.field, found.reason, found.remedy)
        else:
            yield Understood(found, raw.file, line)
