"""Sample: which articles of a marked archive people should see, as tasks ready to push.

All documents that are no copies are put in order of outlet, month and chance, and cut into runs of equal length, one
for each task wanted: so outlets and months come by their share of the archive, however many there are. Of some runs the
article is taken whose marks are least certain, of the others one by chance; the latter are a fair sample, by which the
quality of the marks can be judged. Chance is a hash of seed and id: the same archive and seed, the same sample.
"""

import hashlib
import json
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from annotate.errors import InputError
from annotate.workflow.mark import Progress, task_writer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from annotate.datamodel import Document

UNKNOWN: Final = "unknown"
_REMEDY: Final = "give a folder that `atribusi mark ARCHIVE -o FOLDER` wrote to its end"


@dataclass(frozen=True)
class Drawn:
    """A document that was drawn. `uncertainty`: mean of 1 - confidence over its marks; None where it has none."""

    doc_id: str
    outlet: str
    month: str
    uncertainty: float | None
    by: Literal["uncertainty", "chance"]


@dataclass
class SampleReport:
    """What was drawn, in the order of the tasks; `documents`: how many there were to draw from, `copies` left out."""

    output: str
    seed: int
    documents: int = 0
    copies: int = 0
    drawn: list[Drawn] = field(default_factory=list)

    def summary(self) -> str:
        """One line for a person."""
        outlets, months = ({getattr(one, name) for one in self.drawn} for name in ("outlet", "month"))
        uncertain = sum(one.by == "uncertainty" for one in self.drawn)
        return (
            f"{self.output}: {len(self.drawn)} of {self.documents} documents, {uncertain} of them by uncertainty, "
            f"of {len(outlets)} outlets and {len(months)} months; {self.copies} copies left out"
        )

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        return {**self.__dict__, "drawn": [one.__dict__ for one in self.drawn]}


@dataclass(frozen=True)
class _Candidates:
    """All documents to draw from, 40 bytes each. `places` are numbers of the shard, and of the document in it."""

    strata: "NDArray[np.int64]"  # numbers of outlet and month, in their order
    chance: "NDArray[np.uint64]"
    uncertainty: "NDArray[np.float64]"  # -1: no mark
    places: "NDArray[np.int64]"
    copies: int


def sample(
    marked: str | Path,
    output: str,
    size: int,
    *,
    seed: int = 0,
    uncertain: float = 0.5,
    progress: Progress | None = None,
) -> SampleReport:
    """Draws `size` documents of an archive that `mark` has marked into the folder `marked`, and writes them as tasks.

    `uncertain` is the share that is drawn by uncertainty, 0.0 to 1.0. The texts are read from the archive again, of
    the shards with drawn articles alone. Raises `InputError` where the folder is no finished run or the archive is not
    what it was.
    """
    from annotate.labelstudio.tasks import task_json
    from annotate.marking import Marker

    folder = Path(marked)
    manifest = finished_manifest(folder)
    candidates = _candidates(folder, seed)
    report = SampleReport(output, seed, len(candidates.chance), candidates.copies)
    drawn = _named(folder, candidates, pick(candidates, size, uncertain))
    texts = _texts(manifest, folder, drawn, progress)
    marker = Marker()
    with task_writer(output) as write:
        for one in sorted(
            (one for ones in drawn.values() for one in ones), key=lambda one: _hash(seed + 1, one.doc_id)
        ):
            write(task_json(marker.mark(texts[one.doc_id])))
            report.drawn.append(one)
    return report


def pick(candidates: _Candidates, size: int, uncertain: float) -> dict[int, Literal["uncertainty", "chance"]]:
    """Numbers of the documents drawn, and how: one of each of `size` runs of equal length over the strata in order."""
    import numpy as np

    total = len(candidates.chance)
    order = np.lexsort((candidates.chance, candidates.strata))
    size = min(size, total)
    bounds = [total * n // size for n in range(size + 1)] if size else [0]
    picked: dict[int, Literal["uncertainty", "chance"]] = {}
    for n in range(size):
        run = order[bounds[n] : bounds[n + 1]]
        # Spread evenly: of 10 runs and a share of 0.3 the 4th, the 7th and the 10th.
        by_doubt = int((n + 1) * uncertain + 1e-9) > int(n * uncertain + 1e-9)
        if by_doubt and candidates.uncertainty[best := run[np.argmax(candidates.uncertainty[run])]] >= 0:
            picked[int(best)] = "uncertainty"
        else:
            picked[int(run[np.argmin(candidates.chance[run])])] = "chance"
    return picked


def finished_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a finished run with rows in Parquet. Raises `InputError` for all else."""
    try:
        found: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
        sound = found["state"] == "done" and found["options"]["rows"] == "parquet"
    except (OSError, ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise InputError("is no finished run with rows in Parquet", place=str(folder), remedy=_REMEDY)
    return found


def _part(folder: Path, table: str, shard: int, columns: list[str]) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(folder / table / f"part-{shard:06d}.parquet", columns=columns)


_DOCUMENT: Final = ["doc_id", "outlet", "date", "copy_of"]


def _candidates(folder: Path, seed: int) -> _Candidates:
    import numpy as np

    names: dict[tuple[str, str], int] = {}
    strata, chance, doubts, places = array("q"), array("Q"), array("d"), array("q")
    copies = 0
    for path in sorted((folder / "documents").glob("part-*.parquet")):
        shard = int(path.stem.removeprefix("part-"))
        doubt = _doubt(_part(folder, "attributions", shard, ["doc_id", "premark_confidence"]))
        for number, row in enumerate(_part(folder, "documents", shard, _DOCUMENT).to_pylist()):
            if row["copy_of"]:
                copies += 1
                continue
            strata.append(names.setdefault(_stratum(row), len(names)))
            chance.append(_hash(seed, row["doc_id"]))
            doubts.append(doubt.get(row["doc_id"], -1.0))
            places.extend((shard, number))
    ordered = {name: n for n, name in enumerate(sorted(names))}
    renumbered = np.array([ordered[name] for name in names], np.int64)
    return _Candidates(
        renumbered[np.array(strata, np.int64)], np.array(chance, np.uint64), np.array(doubts, np.float64),
        np.array(places, np.int64).reshape(-1, 2), copies,
    )  # fmt: skip


def _stratum(row: dict[str, Any]) -> tuple[str, str]:
    return row["outlet"] or UNKNOWN, (row["date"] or UNKNOWN)[:7]


def _doubt(rows: Any) -> dict[str, float]:
    """Mean of 1 - confidence over the marks of each document."""
    grouped = rows.group_by("doc_id").aggregate([("premark_confidence", "mean")])
    found = zip(grouped["doc_id"].to_pylist(), grouped["premark_confidence_mean"].to_pylist(), strict=True)
    return {doc_id: 1.0 - (mean or 0.0) for doc_id, mean in found}


def _hash(seed: int, doc_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}/{doc_id}".encode(), digest_size=8).digest(), "big")


def _named(
    folder: Path, candidates: _Candidates, picked: dict[int, Literal["uncertainty", "chance"]]
) -> dict[int, list[Drawn]]:
    """What was picked, by shard."""
    at: dict[int, dict[int, int]] = {}
    for n in picked:
        shard, number = candidates.places[n].tolist()
        at.setdefault(shard, {})[number] = n
    drawn: dict[int, list[Drawn]] = {}
    for shard, numbers in sorted(at.items()):
        rows = _part(folder, "documents", shard, _DOCUMENT).to_pylist()
        for number, n in sorted(numbers.items()):
            outlet, month = _stratum(rows[number])
            doubt = float(candidates.uncertainty[n])
            one = Drawn(rows[number]["doc_id"], outlet, month, round(doubt, 4) if doubt >= 0 else None, picked[n])
            drawn.setdefault(shard, []).append(one)
    return drawn


def _texts(
    manifest: dict[str, Any], folder: Path, drawn: dict[int, list[Drawn]], progress: Progress | None
) -> "dict[str, Document]":
    """The documents that were drawn, from the archive's own files."""
    from annotate.workflow.archive.again import read_again

    found: dict[str, Document] = {}
    for shard, documents in read_again(manifest, str(folder), set(drawn)):
        wanted = {one.doc_id for one in drawn[shard]}
        # The first of an id is the one that was marked: what came after it was a repetition, or rejected.
        for document in documents:
            if document.doc_id in wanted:
                found.setdefault(document.doc_id, document)
        if progress:
            progress(len(found), sum(map(len, drawn.values())))
    return found
