"""What the readers hand to each other: formats, rows, problems, rejected rows, and the tally of a run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

Format = Literal["txt", "html", "jsonl", "json", "csv", "parquet"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)

# Characters of one article, and bytes of a file that holds one. What is longer is no article but a file that lost its
# line ends, and would take the memory of the whole machine.
MAX_ARTICLE: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row or a file cannot become a document, before it is known where it stands."""

    reason: str
    field: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or a file that was skipped. `str()` gives one line with place, field, reason and remedy."""

    place: str
    field: str | None
    reason: str
    remedy: str | None = None

    def __str__(self) -> str:
        where = f'{self.place}, field "{self.field}"' if self.field else self.place
        return f"{where}: {self.reason}" + (f" — {self.remedy}" if self.remedy else "")


@dataclass(slots=True)
class Tally:
    """What a run has read so far.

    `repeated`: documents met again with the same id and the same text, read once. `ignored`: files of unknown kind in
    folders.
    """

    files: int = 0
    documents: int = 0
    rejected: int = 0
    repeated: int = 0
    ignored: int = 0


# What a reader yields for each article: its line or row in the file (counted from 1; 0 where the file is the article),
# and the fields that were read or what is wrong with them.
Row = tuple[int, Mapping[str, Any] | Problem]
Rows = Iterator[Row]
