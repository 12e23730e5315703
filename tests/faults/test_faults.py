"""A small number of trials; `benchmarks/faults.py` runs a thousand."""

from pathlib import Path
from typing import Any

import pytest

from annotate.labelstudio.connection import Connection

from .trial import Bench, disturbed, set_up, undisturbed

SEEDS = range(4)


@pytest.fixture(scope="module")
def bench(studio_connection: Connection, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return set_up(studio_connection, tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def expected(bench: Bench) -> dict[str, Any]:
    return undisturbed(bench)


def test_an_undisturbed_run_holds_every_article_and_every_label(expected: dict[str, Any]) -> None:
    assert len(expected["tasks"]) == 12
    states = [state for _doc, state, *_rest in expected["annotations"]]  # also those that were changed later
    assert {state: states.count(state) for state in set(states)} == {
        "submitted": 10,
        "skipped": 2,
        "empty": 2,
        "draft": 2,
        "deleted": 1,
    }
    assert expected["attributions"]


@pytest.mark.parametrize("seed", SEEDS)
def test_faults_lose_and_double_nothing(bench: Bench, expected: dict[str, Any], seed: int, tmp_path: Path) -> None:
    trial = disturbed(bench, seed, expected)
    assert not trial.wrong, trial
    assert not [message for message in trial.messages if message.startswith("no clear error")], trial
