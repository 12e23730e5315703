"""The real server with two annotators' accounts, for trials on it."""

import pytest

from annotate.labelstudio.connection import Connection

from .trial import Bench, set_up


@pytest.fixture(scope="session")
def bench(studio_connection: Connection, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return set_up(studio_connection, tmp_path_factory.mktemp("faults"))
