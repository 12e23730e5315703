"""The rows of one file, whatever its format; parsed at once, or left as they stand for another process to parse."""

import io
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from annotate.articles.characters import HEAD, binary_kind, open_text
from annotate.articles.csv_rows import read_csv_rows
from annotate.articles.inputs import InputFile, Position, decompressed, open_bytes
from annotate.articles.json_rows import Unparsed, read_json, read_jsonl, read_unparsed
from annotate.articles.model import MAX_ARTICLE, Format, Problem, Row, Rows
from annotate.articles.page import MAX_PAGE, read_page
from annotate.articles.parquet_rows import read_parquet
from annotate.errors import InputError


def rows_of(file: InputFile, encoding: str | None, stdin: BinaryIO | None) -> Rows:
    """The rows of one file; what the file as a whole has wrong comes as its last row."""
    return cast("Rows", _rows(file, encoding, stdin, read_jsonl, Position()))


def unparsed_rows_of(
    file: InputFile, encoding: str | None, stdin: BinaryIO | None, position: Position
) -> Iterator[Row | tuple[int, Unparsed]]:
    """The same, with lines of JSON as they stand; `position` follows the reading."""
    return _rows(file, encoding, stdin, cast("ReadLines", read_unparsed), position)


ReadLines = Callable[[io.TextIOBase], Iterator[Row | tuple[int, Unparsed]]]


def _rows(
    file: InputFile, encoding: str | None, stdin: BinaryIO | None, read_lines: ReadLines, position: Position
) -> Iterator[Row | tuple[int, Unparsed]]:
    if file.format == "parquet":
        if file.is_stdin:
            yield 0, Problem("Parquet cannot be read from standard input", remedy="give the file's path")
        else:
            yield from read_parquet(file.path, position)
        return
    try:
        stream = _standard_input(stdin) if file.is_stdin else open_bytes(file.path, position)
    except OSError as error:
        yield 0, Problem(f"cannot be opened: {error.strerror or error}", remedy="check its permissions")
        return
    with stream:
        try:
            yield from _rows_of_stream(stream, file.format, encoding, read_lines)
        except LookupError as error:
            raise InputError(str(error), remedy="name an encoding such as utf-8, cp1252 or utf-16") from error
        except (OSError, EOFError, UnicodeError, lzma.LZMAError, zlib.error) as error:
            yield 0, Problem(f"cannot be read to its end: {error}", remedy="the file is damaged: fetch it again")


def _standard_input(stdin: BinaryIO | None) -> BinaryIO:
    stream = stdin if stdin is not None else sys.stdin.buffer
    return decompressed(stream if isinstance(stream, io.BufferedReader) else _buffered(stream))


def _buffered(stream: BinaryIO) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", stream))


def _rows_of_stream(
    stream: BinaryIO, format: Format | None, encoding: str | None, read_lines: ReadLines
) -> Iterator[Row | tuple[int, Unparsed]]:
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
        reader: ReadLines = {"jsonl": read_lines, "json": read_json, "csv": read_csv_rows}[format]
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
