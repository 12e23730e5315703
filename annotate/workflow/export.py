"""Export: a version's attributions as files that an analyst opens."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.errors import DatasetError

if TYPE_CHECKING:
    from annotate.export import ExportReport, Filters, Group


def export(
    dataset: str | Path,
    target: str | Path,
    *,
    ref: int | str | None = None,
    format: str = "csv",
    filters: "Filters | None" = None,
    premarks: bool = False,
) -> "ExportReport":
    """Write the attributions of version `ref` (a number, a tag, a date; None: the newest) to `target`.

    Pre-marks that nobody reviewed are left out unless `premarks`. Raises `DatasetError`s and `InputError`s.
    """
    from annotate.dataset import Dataset
    from annotate.export import Filters
    from annotate.export import export as write

    store = Dataset.open(dataset)
    version = store.version(ref)

    def groups() -> Iterator["Group"]:
        # Both come in order of document; a document without attributions counts, too.
        rows = groupby(store.attributions(version.version), attrgetter("doc_id"))
        doc_id, some = next(rows, (None, iter(())))
        for document in store.documents(version.version):
            if document.doc_id == doc_id:
                yield document, list(some)
                doc_id, some = next(rows, (None, iter(())))
            else:
                yield document, []
        if doc_id is not None:
            raise DatasetError(f"attributions of {doc_id!r} without their document", place=str(dataset))

    tag = ref if isinstance(ref, str) and any(ref == one.tag for one in store.tags()) else None
    return write(
        groups(),
        Path(target),
        version=version.version,
        format=format,
        tag=tag,
        filters=filters or Filters(),
        premarks=premarks,
    )
