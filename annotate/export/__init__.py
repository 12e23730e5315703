"""Exports: one flat row for each attribution, in many formats, documented, from any version.

Columns are defined once (`columns.py`). `export` writes a version of the dataset; `annotate.read_csv` reads a CSV file
back equal.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.errors import MissingExtra
from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS, Column
from annotate.export.formats import FORMATS, FormatInfo
from annotate.export.model import ExportReport, Filters, Group, Reviews

if TYPE_CHECKING:
    from annotate.export.chunks import Chunk
    from annotate.export.label_studio import ToTask

__all__ = [
    "COLUMNS",
    "DOCUMENT_COLUMNS",
    "FORMATS",
    "Column",
    "ExportReport",
    "Filters",
    "FormatInfo",
    "Group",
    "Reviews",
    "export",
]


def export(
    groups: "Iterable[Group] | Iterable[Chunk]",
    target: Path,
    *,
    version: int,
    format: str = "csv",
    tag: str | None = None,
    filters: Filters | None = None,
    premarks: bool = False,
    to_task: "ToTask | None" = None,
    reviews: Reviews | None = None,
) -> ExportReport:
    """See `annotate.export.exporting.export`; here so that importing this room costs nothing."""
    try:
        from annotate.export import exporting
    except ModuleNotFoundError as error:
        raise MissingExtra("exporting", "dataset") from error
    return exporting.export(
        groups, target, version=version, format=format, tag=tag, filters=filters, premarks=premarks, to_task=to_task,
        reviews=reviews,
    )  # fmt: skip
