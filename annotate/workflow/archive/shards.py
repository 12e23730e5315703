"""Inputs cut into shards: the same inputs and options, the same shards."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from annotate.articles.inputs import InputFile
from annotate.articles.json_rows import Unparsed
from annotate.articles.raw import RawRow

_CHARACTERS: Final = 4_000_000  # of a shard: a few long articles must not fill the memory


@dataclass(frozen=True, slots=True)
class Shard:
    """Some articles that stand one after the other, and how many bytes of all inputs are read with them."""

    number: int
    rows: list[RawRow]
    position: int = 0


@dataclass(slots=True)
class _Open:
    rows: list[RawRow] = field(default_factory=list)
    size: int = 0


def cut(rows: Iterable[RawRow], articles: int) -> Iterator[list[RawRow]]:
    """Shards of so many articles, or fewer where they are long."""
    open_ = _Open()
    for row in rows:
        size = _size(row)
        if open_.rows and (len(open_.rows) >= articles or open_.size + size > _CHARACTERS):
            yield open_.rows
            open_ = _Open()
        open_.rows.append(row)
        open_.size += size
    if open_.rows:
        yield open_.rows


def _size(row: RawRow) -> int:
    content = row.content
    if isinstance(content, Unparsed):
        return len(content.line)
    if isinstance(content, InputFile):
        try:
            return os.path.getsize(content.path)
        except OSError:
            return 0
    if isinstance(content, Mapping):
        return sum(len(value) for value in content.values() if isinstance(value, str))
    return 0
