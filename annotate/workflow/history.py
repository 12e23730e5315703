"""What a dataset holds and has held."""

from pathlib import Path

from annotate.records import VersionRecord


def versions(dataset: str | Path) -> list[VersionRecord]:
    """All versions, oldest first. Raises `DatasetError` where there is no dataset."""
    from annotate.dataset import Dataset

    return Dataset.open(dataset).log()
