"""The one public verb of the room: `read_documents`."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from annotate.articles.fields import to_document
from annotate.articles.identity import Seen, place
from annotate.articles.inputs import find_files
from annotate.articles.model import Format, Problem, Reject, Tally
from annotate.articles.rows import rows_of
from annotate.datamodel import Document
from annotate.errors import InputError

OnReject = Callable[[Reject], None]


def read_documents(
    inputs: Iterable[str | Path],
    *,
    replace_invalid: bool = False,
    on_reject: OnReject | None = None,
    format: Format | None = None,
    encoding: str | None = None,
    stdin: BinaryIO | None = None,
    tally: Tally | None = None,
) -> Iterator[Document]:
    """Reads all articles that the inputs name, one at a time, in the order given (folders by name).

    `inputs`: files, folders, patterns (`berita/*.jsonl`), or `-` for standard input. `format` is for standard input and
    for files whose name does not tell; without it standard input is taken as JSON lines where it begins with `{`, as
    HTML where it begins with `<`, else as one text. `encoding`: UTF-8 where nothing is said; a byte order mark is
    understood, and is not part of the text. `replace_invalid` puts U+FFFD in place of each NUL, lone surrogate and
    undecodable byte. Documents with the same id and the same text are given once.

    A broken row or file goes to `on_reject` and the rest is read; without `on_reject` it raises `InputError`. Raises
    also `InputError` for an input that does not exist or where there is no article at all, `DuplicateDocument` for one
    id with two texts, `MissingExtra` for Parquet without pyarrow. Memory does not grow with the number of articles.
    """
    inputs = list(inputs)
    tally = tally if tally is not None else Tally()
    seen = Seen()
    try:
        for file in find_files(inputs, format, tally):
            tally.files += 1
            seen.file(file.name)
            for line, row in rows_of(file, encoding, stdin):
                found: Document | Problem
                if isinstance(row, Problem):
                    found = row
                else:
                    own_id = None if line else file.doc_id  # a path can name one article only
                    found = to_document(row, own_id, replace_invalid=replace_invalid)
                if isinstance(found, Problem):
                    tally.rejected += 1
                    _reject(found, place(file.name, line), on_reject)
                elif seen.is_new(found, line):
                    tally.documents += 1
                    yield found
                else:
                    tally.repeated += 1
    finally:
        seen.close()
    if not tally.documents and not tally.rejected:
        where = ", ".join(map(str, inputs))
        raise InputError("there is no article here", place=where, remedy="give files or folders that hold articles")


def _reject(problem: Problem, where: str, on_reject: OnReject | None) -> None:
    reject = Reject(where, problem.field, problem.reason, problem.remedy)
    if on_reject is None:
        field = f'{where}, field "{problem.field}"' if problem.field else where
        raise InputError(problem.reason, place=field, remedy=problem.remedy)
    on_reject(reject)
