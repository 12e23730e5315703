"""A dataset in a folder of its own."""

from pathlib import Path

import pytest

from annotate.dataset import Dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "dataset")
