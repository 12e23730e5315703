"""The one public verb of the room: `read_documents`."""

import io
import lzma
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from annotate.articles.characters import HEAD, binary_kind, open_text
from annotate.articles.csv_rows import read_csv_rows
from annotate.articles.fields import to_document
from annotate.articles.identity import Seen, place
from annotate.articles.inputs import InputFile, decompressed, find_files, open_bytes
from annotate.articles.json_rows import read_json, read_jsonl
from annotate.articles.model import MAX_ARTICLE, Format, Problem, Reject, Rows, Tally
from annotate.articles.page import MAX_PAGE, read_page
from annotate.articles.parquet_rows import read_parquet
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
            for line, row in _rows(file, encoding, stdin):
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


def _rows(file: InputFile, encoding: str | None, stdin: BinaryIO | None) -> Rows:
    """The rows of one file; what the file as a whole has wrong comes as its last row."""
    if file.format == "parquet":
        if file.is_stdin:
            yield 0, Problem("Parquet cannot be read from standard input", remedy="give the file's path")
        else:
            yield from read_parquet(file.path)
        return
    try:
        stream = _standard_input(stdin) if file.is_stdin else open_bytes(file.path)
    except OSError as error:
        yield 0, Problem(f"cannot be opened: {error.strerror or error}", remedy="check its permissions")
        return
    with stream:
        try:
            yield from _rows_of_stream(stream, file.format, encoding)
        except LookupError as error:
            raise InputError(str(error), remedy="name an encoding such as utf-8, cp1252 or utf-16") from error
        except (OSError, EOFError, UnicodeError, lzma.LZMAError, zlib.error) as error:
            yield 0, Problem(f"cannot be read to its end: {error}", remedy="the file is damaged: fetch it again")


def _standard_input(stdin: BinaryIO | None) -> BinaryIO:
    stream = stdin if stdin is not None else sys.stdin.buffer
    return decompressed(stream if isinstance(stream, io.BufferedReader) else _buffered(stream))


def _buffered(stream: BinaryIO) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", stream))


def _rows_of_stream(stream: BinaryIO, format: Format | None, encoding: str | None) -> Rows:
    buffered = stream if isinstance(stream, io.BufferedReader) else _buffered(stream)
    head = buffered.peek(HEAD)[:HEAD]
    if kind := binary_kind(head, encoding):
        yield 0, Problem(f"this is {kind}, not text", remedy="give articles as text, HTML, JSON lines, CSV or Parquet")
        return
    format = format or _guess(head)
    if format == "html":
        yield 0, read_page(buffered.read(MAX_PAGE + 1), encoding)
    elif format == "txt":
        yield 0, _whole_text(open_text(cast("BinaryIO", buffered), head, encoding, newline=""))
    else:
        reader = {"jsonl": read_jsonl, "json": read_json, "csv": read_csv_rows}[format]
        newline = "\n" if format == "jsonl" else ""
        yield from reader(open_text(cast("BinaryIO", buffered), head, encoding, newline=newline))


def _whole_text(stream: io.TextIOBase) -> dict[str, str] | Problem:
    text = stream.read(MAX_ARTICLE + 1)
    if len(text) > MAX_ARTICLE:
        return Problem("too long to be one article", remedy="split it, or give many articles as .jsonl or .csv")
    return {"text": text}


def _guess(head: bytes) -> Format:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return "jsonl" if start == b"{" else "html" if start == b"<" else "txt"
