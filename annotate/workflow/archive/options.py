"""What an archive run is told, and what it tells afterwards."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from annotate.workflow.mark import ReadOptions

SHARD: Final = 1000  # articles
LIMIT: Final = 60.0  # seconds for one article; most take a few thousandths

Form = Literal["parquet", "jsonl"]


@dataclass(frozen=True)
class ArchiveOptions:
    """How an archive is marked.

    `rows`: attributions as rows with the columns of an export; `tasks`: tasks for Label Studio. `dedupe`: of
    near-copies mark one and link the rest. `shard`: articles of a shard. `jobs`: processes; with 0, this one alone,
    which then is not protected from what kills or stops it. `limit`: seconds that one article may take. `jobs` and
    `limit` have no part in what comes out of sound articles; all else has.
    """

    rows: Form | None = "parquet"
    tasks: bool = False
    dedupe: bool = False
    reading: ReadOptions = field(default_factory=ReadOptions)
    register: str | None = None
    shard: int = SHARD
    jobs: int = 0
    limit: float = LIMIT

    def identity(self) -> dict[str, Any]:
        """What a run that goes on must have in common with the one that began."""
        return {
            "rows": self.rows,
            "tasks": self.tasks,
            "dedupe": self.dedupe,
            "shard": self.shard,
            "register": self.register,
            "replace_invalid": self.reading.replace_invalid,
            "format": self.reading.format,
            "encoding": self.reading.encoding,
        }


@dataclass
class Counts:
    """What shards hold. `documents` were marked; `copies` and `repeated` were not, `rejected` could not be."""

    documents: int = 0
    attributions: int = 0
    copies: int = 0
    repeated: int = 0
    rejected: int = 0

    def add(self, other: dict[str, Any]) -> None:
        """Adds a receipt's counts."""
        for name in ("documents", "attributions", "copies", "repeated", "rejected"):
            setattr(self, name, getattr(self, name) + int(other[name]))

    @property
    def articles(self) -> int:
        """All that was read."""
        return self.documents + self.copies + self.repeated + self.rejected


@dataclass
class ArchiveReport:
    """What a run did, all runs before it that it went on from included; `resumed`: shards that were there already."""

    output: str
    counts: Counts = field(default_factory=Counts)
    shards: int = 0
    resumed: int = 0
    rejects: str | None = None
    first_rejects: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """One line for a person."""
        c = self.counts
        parts = [f"{c.documents} documents", f"{c.attributions} attributions"]
        parts += [f"{n} {what}" for n, what in ((c.copies, "copies linked"), (c.repeated, "repeated")) if n]
        if c.rejected:
            parts.append(f"{c.rejected} rejected, see {self.rejects}")
        if self.resumed:
            parts.append(f"{self.resumed} of {self.shards} shards were there already")
        return f"{self.output}: {', '.join(parts)}"

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "output": self.output, **self.counts.__dict__, "shards": self.shards, "resumed": self.resumed,
            "rejects": self.rejects,
        }  # fmt: skip
