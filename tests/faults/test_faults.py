"""A small number of trials; `benchmarks/faults.py` runs a thousand."""

from typing import Any

import pytest

from .trial import Bench, disturbed, undisturbed

SEEDS = range(4)


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
def test_faults_lose_and_double_nothing(bench: Bench, expected: dict[str, Any], seed: int) -> None:
    trial = disturbed(bench, seed, expected)
    assert not trial.wrong, trial
    assert not [message for message in trial.messages if message.startswith("no clear error")], trial
