"""Rows of JSON: one object a line, or a list of objects."""

import io
import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from annotate.articles.lines import TOO_LONG, bounded_lines
from annotate.articles.model import MAX_ARTICLE, Problem, Rows

# Not strict: a raw tab or NUL inside a string is let through here, and judged later with the field's name.
_decode: Final = json.JSONDecoder(strict=False).decode
_REMEDY_LINES: Final = "write one JSON object a line"


class Unparsed(NamedTuple):
    """A line of JSON as it stands: cheap to cut from a file, cheap to send to another process."""

    line: str

    def parsed(self) -> dict[str, Any] | Problem:
        """The fields of the object, or what is wrong with the line."""
        return _as_row(_parsed(self.line, _REMEDY_LINES), _REMEDY_LINES)


def read_jsonl(stream: io.TextIOBase) -> Rows:
    """One object a line; blank lines count and are passed over."""
    for number, row in read_unparsed(stream):
        yield number, row.parsed() if isinstance(row, Unparsed) else row


def read_unparsed(stream: io.TextIOBase) -> Iterator[tuple[int, Unparsed | Problem]]:
    """The lines of `read_jsonl` before they are parsed."""
    for number, line in enumerate(bounded_lines(stream), start=1):
        if line is None:
            yield number, TOO_LONG
        elif not line.isspace():
            yield number, Unparsed(line)


def read_json(stream: io.TextIOBase) -> Rows:
    """A list of objects, or one object. Rows are counted from 1."""
    text = stream.read(MAX_ARTICLE + 1)
    remedy = "write a list of objects, or one object a line in a .jsonl file"
    if len(text) > MAX_ARTICLE:
        yield 0, Problem("too long to be read as one piece of JSON", remedy="write one object a line, as .jsonl")
        return
    value = _parsed(text, remedy)
    if isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield number, _as_row(item, remedy)
    else:
        yield 0, _as_row(value, remedy)


def _parsed(text: str, remedy: str) -> Any:
    try:
        return _decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        return Problem(f"not JSON: {error.msg} ({place})", remedy=remedy)
    except RecursionError:
        return Problem("JSON that is nested too deeply", remedy=remedy)
    except ValueError as error:  # a number of thousands of digits
        return Problem(f"not JSON that can be read: {error}", remedy=remedy)


def _as_row(value: Any, remedy: str) -> dict[str, Any] | Problem:
    if isinstance(value, dict | Problem):
        return value
    return Problem(f"a JSON {type(value).__name__} where an object is expected", remedy=remedy)
