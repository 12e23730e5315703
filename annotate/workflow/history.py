"""What a dataset holds and has held: its versions, what led from one to the next, and the life of a row."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.records import SetAsideRecord, TagRecord, VersionRecord

if TYPE_CHECKING:
    from annotate.dataset import Diff, Life, Problem

Ref = int | str | None
_NUMBERS = {"moved", "start_moved", "end_moved", "version"}


@dataclass(frozen=True)
class CardTerms:
    """What a dataset card says that no count can tell."""

    title: str = "Dataset"
    licence: str | None = None
    texts_licence: str | None = None


def versions(dataset: str | Path) -> tuple[list[VersionRecord], list[TagRecord]]:
    """All versions and all tags, oldest first. Raises `DatasetError` where there is no dataset."""
    from annotate.dataset import Dataset

    store = Dataset.open(dataset)
    return store.log(), store.tags()


def version(dataset: str | Path, ref: Ref = None) -> VersionRecord:
    """The version of a number, tag or date; None: the newest. Raises `VersionNotFound`."""
    from annotate.dataset import Dataset

    return Dataset.open(dataset).version(ref)


def set_aside(dataset: str | Path, ref: Ref = None) -> list[SetAsideRecord]:
    """The labels of a version that could not become part of an attribution."""
    from annotate.dataset import Dataset

    return list(Dataset.open(dataset).set_aside(ref))


def card(dataset: str | Path, ref: Ref = None, terms: CardTerms | None = None) -> str:
    """A version's dataset card in Markdown, agreement included where several people labelled."""
    from annotate.dataset import Dataset, Terms
    from annotate.workflow.agreement import agreement_markdown

    named = terms or CardTerms()
    terms_of_use = Terms(annotations_licence=named.licence, articles_licence=named.texts_licence)
    return Dataset.open(dataset).card(ref, title=named.title, terms=terms_of_use, agreement=agreement_markdown(dataset))


def tag(
    dataset: str | Path, name: str, ref: Ref = None, *, author: str, message: str = "", terms: CardTerms | None = None
) -> TagRecord:
    """Name a version and keep its card. Raises `DatasetError` where the name is taken."""
    from annotate.dataset import Dataset

    return Dataset.open(dataset).tag(name, ref, author=author, message=message, card=card(dataset, ref, terms))


def restore(dataset: str | Path, ref: Ref, *, author: str, message: str) -> VersionRecord | None:
    """An old state becomes the newest version; None where nothing differs."""
    from annotate.dataset import Dataset

    return Dataset.open(dataset).restore(ref, message=message, author=author)


def diff(dataset: str | Path, older: Ref, newer: Ref = None) -> "Diff":
    """What leads from one version to another."""
    from annotate.dataset import Dataset

    return Dataset.open(dataset).diff(older, newer)


def diff_csv(found: "Diff") -> Iterator[str]:
    """The events of a difference as lines of CSV; cells are harmless in a spreadsheet."""
    import pyarrow as pa

    from annotate.dataset.diff.versions import COLUMNS
    from annotate.export.cells import guarded_table

    schema = pa.schema([(name, pa.int64() if name in _NUMBERS else pa.string()) for name in COLUMNS])
    texts = [name for name in COLUMNS if name not in _NUMBERS]
    rows = found.rows()
    yield ",".join(COLUMNS) + "\n"
    while some := list(islice(rows, 1000)):
        for row in guarded_table(pa.Table.from_pylist(some, schema), texts).to_pylist():
            line = io.StringIO()
            csv.writer(line, lineterminator="\n").writerow(row.values())
            yield line.getvalue()


def write_diff_page(found: "Diff", path: Path) -> None:
    """Write the difference as a page of HTML with the words marked."""
    from annotate.dataset import diff_page

    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        file.writelines(diff_page(found))
    part.replace(path)


def why(dataset: str | Path, attribution_id: str) -> "Life":
    """The life of an attribution. Raises `DatasetError` where no version ever had it."""
    from annotate.dataset import Dataset

    return Dataset.open(dataset).why(attribution_id)


def verify(dataset: str | Path, ref: Ref = None) -> Iterator["Problem"]:
    """What is wrong with a version; nothing where all is well."""
    from annotate.dataset import Dataset

    return Dataset.open(dataset).verify(ref)
