"""Rows of a CSV file with a header; comma, semicolon, tab or bar between the cells."""

import csv
import io
import sys
from collections import deque
from collections.abc import Iterator
from typing import Final

from annotate.articles.fields import no_text, plan_for
from annotate.articles.lines import TOO_LONG, bounded_lines
from annotate.articles.model import MAX_ARTICLE, Problem, Rows

_SEPARATORS: Final = ",;\t|"
_REMEDY: Final = (
    "put cells that hold separators, quotation marks or line ends between quotation marks, doubling those inside"
)


class _TooLong(Exception):
    """A row that has no end within the length of an article."""


class _Lines:
    """Physical lines for `csv.reader`, with the lines of the row that is being read kept to go back to.

    Where a quotation mark was never closed, the reader swallows the rest of the file; going back costs one row only.
    """

    def __init__(self, lines: Iterator[str | None]) -> None:
        self._lines = lines
        self._again: deque[str | None] = deque()
        self._row: list[str | None] = []
        self._size = 0
        self.number = 0  # of the last line given out

    def peek(self) -> str:
        """The first line, which stays to be read."""
        first = next(self._lines, "")
        self._again.append(first)
        return first or ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.number += 1
        self._row.append(line)
        self._size += len(line or "")
        if line is None or self._size > MAX_ARTICLE:
            raise _TooLong
        return line

    def row_done(self) -> None:
        self._row.clear()
        self._size = 0

    def back_to_second(self) -> int:
        """Goes back to behind the first line of the broken row; gives that line's number."""
        self.number -= len(self._row) - 1
        self._again.extendleft(reversed(self._row[1:]))
        self.row_done()
        return self.number


def read_csv_rows(stream: io.TextIOBase) -> Rows:
    """The rows, numbered by the line that each begins in."""
    csv.field_size_limit(max(csv.field_size_limit(), min(MAX_ARTICLE, sys.maxsize)))
    lines = _Lines(bounded_lines(stream))
    separator = max(_SEPARATORS, key=lines.peek().count)
    header: list[str] | None = None
    for number, cells in _cells(lines, separator):
        if isinstance(cells, Problem):
            yield number, cells
        elif header is None:
            header = cells
            if problem := _bad_header(tuple(header)):
                yield number, problem
                return
        elif len(cells) > len(header):
            yield number, Problem(f"{len(cells)} cells where the header has {len(header)}", remedy=_REMEDY)
        else:
            yield number, dict(zip(header, cells, strict=False))


def _cells(lines: _Lines, separator: str) -> Iterator[tuple[int, list[str] | Problem]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begins = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            long = isinstance(error, _TooLong)
            yield lines.back_to_second(), TOO_LONG if long else Problem(f"not CSV: {error}", remedy=_REMEDY)
            reader = csv.reader(lines, delimiter=separator, strict=True)
            continue
        lines.row_done()
        if cells:
            yield begins, cells


def _bad_header(header: tuple[str, ...]) -> Problem | None:
    doubles = {name for name in header if name and header.count(name) > 1}
    if doubles:
        return Problem(f"two columns named {sorted(doubles)[0]!r}", remedy="rename one of them")
    return None if "text" in plan_for(header) else no_text()
