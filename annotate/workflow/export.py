"""Export: a version's attributions as files that an analyst opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotate.dataset import Dataset
    from annotate.export import ExportReport, Filters
    from annotate.export.chunks import Chunk
    from annotate.export.model import Statistics


def export(
    dataset: str | Path,
    target: str | Path | None = None,
    *,
    ref: int | str | None = None,
    format: str = "csv",
    filters: "Filters | None" = None,
    premarks: bool = False,
    reviewer: str | None = None,
    review_url: str | None = None,
) -> "ExportReport":
    """Write the attributions of version `ref` (a number, a tag, a date; None: the newest) to `target`.

    `target` is a file or, for formats that are folders, a folder; `exports/` where it is left out. Pre-marks that
    nobody reviewed are left out unless `premarks`. `reviewer` and `review_url`: who publishes the fact-checks of a
    `ClaimReview`, and on which page (see `annotate.export.Reviews`). Raises `DatasetError`s and `InputError`s.
    """
    from annotate.dataset import Dataset
    from annotate.export import FORMATS, Reviews
    from annotate.export import export as write
    from annotate.labelstudio.tasks import to_task

    store = Dataset.open(dataset)
    version = store.version(ref)
    if target is None:
        suffix = FORMATS[format].suffix
        target = Path("exports") / (f"attributions{suffix}" if suffix else format)
    return write(
        chunks(store, version.version),
        Path(target),
        version=version.version,
        format=format,
        tag=next((one.tag for one in store.tags() if one.tag == ref), None),
        filters=filters,
        premarks=premarks,
        to_task=to_task if format == "labelstudio" else None,
        reviews=Reviews(reviewer, review_url, _days_of_ratings(store)) if format == "schemaorg" else None,
    )


def _days_of_ratings(store: "Dataset") -> dict[tuple[str, str], str]:
    """When each rating of a claim was given (the last time), by attribution and rating."""
    return {
        (decision.attribution_id, decision.claim_rating): decision.decided_at[:10]
        for decision in store.decisions()
        if decision.attribution_id and decision.claim_rating
    }


def chunks(store: "Dataset", version: int) -> "Iterator[Chunk]":
    """A version's documents with their attributions, in Arrow tables of bounded size."""
    from annotate.export.chunks import paired

    return paired(*store.documents_and_attributions(version))


@dataclass(frozen=True)
class StatsFiles:
    """What of the statistics is to be written, and where."""

    csv: Path | None = None
    plots: Path | None = None
    report: Path | None = None


def stats(
    dataset: str | Path,
    *,
    ref: int | str | None = None,
    filters: "Filters | None" = None,
    premarks: bool = False,
    top: int = 25,
    files: StatsFiles | None = None,
) -> tuple["Statistics", list[Path]]:
    """Who is quoted, how often, where and how; with the files that were written of it."""
    from annotate.dataset import Dataset
    from annotate.export.stats import statistics

    store = Dataset.open(dataset)
    version = store.version(ref).version
    found = statistics(chunks(store, version), version=version, filters=filters, premarks=premarks, top=top)
    return found, _write(found, files or StatsFiles())


def _write(found: "Statistics", files: StatsFiles) -> list[Path]:
    from annotate.export.report import write_report, write_tables

    written: list[Path] = []
    if files.csv:
        written += write_tables(found, files.csv)
    if files.plots:
        from annotate.export.plots import write_plots

        written += write_plots(found, files.plots)
    if files.report:
        written.append(write_report(found, files.report))
    return written
