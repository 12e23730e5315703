"""A small number of trials; `benchmarks/faults.py` runs a thousand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .proxy import REVOKED, FaultProxy, Plan
from .trial import (
    FIRST_AIMED,
    Act,
    Bench,
    Stage,
    delete_projects,
    disturbed,
    label,
    project_of,
    undisturbed,
    whole_tasks,
)
from .verbs import Job, run

SEEDS: list[tuple[int, Act]] = [
    *((0, "push"), (1, "push"), (2, "pull"), (3, "pull again"), (4, "all"), (5, "all")),
    *((6, "import"), (7, "export"), (8, "commit")),
]


@pytest.fixture(scope="module")
def stages(bench: Bench) -> Iterator[dict[Act, Stage]]:
    with undisturbed(bench) as stages:
        yield stages


def test_an_undisturbed_run_holds_every_article_and_every_label(stages: dict[Act, Stage]) -> None:
    expected = stages["all"].expected
    assert len(expected["tasks"]) == 12
    states = [state for _doc, state, *_rest in expected["annotations"]]  # also those that were changed later
    assert {state: states.count(state) for state in set(states)} == {
        "submitted": 12,  # ten annotations, two of which were changed
        "skipped": 1,
        "empty": 1,
        "draft": 1,
        "deleted": 1,
    }
    assert expected["attributions"]


@pytest.mark.parametrize(("seed", "act"), SEEDS)
def test_faults_lose_and_double_nothing(bench: Bench, stages: dict[Act, Stage], seed: int, act: Act) -> None:
    trial = disturbed(bench, seed, stages, act)
    assert not trial.wrong, trial
    assert not [message for message in trial.messages if message.startswith("no clear error")], trial


@pytest.mark.parametrize(
    ("mutant", "act"),
    [
        ("resends blindly, doubles stay", "import"),
        ("drops a page, counts nothing", "export"),
        ("commits anyhow", "import"),
    ],
)
def test_a_few_aimed_trials_find_out_a_program_that(
    bench: Bench, stages: dict[Act, Stage], mutant: str, act: Act
) -> None:
    trials = (disturbed(bench, seed, stages, act, mutant) for seed in range(FIRST_AIMED, FIRST_AIMED + 6))
    assert any(trial.wrong for trial in trials)


@pytest.mark.parametrize("verb", ["push", "pull"])
def test_a_revoked_token_is_a_clear_error_and_the_renewed_one_goes_on(bench: Bench, tmp_path: Path, verb: str) -> None:
    """Revoked early and late."""
    title = f"token {verb}"
    try:
        with FaultProxy(bench.connection.url, hold=1, revoke=bench.pusher.revoke) as proxy:

            def do(verb: str) -> tuple[str, Any]:
                return run(Job(verb, proxy.url, bench.pusher.token, tmp_path / "dataset", title))

            if verb == "pull":
                assert do("push")[0] == "done"
                label(bench, project_of(bench, title))
            for place in (1, 6):
                proxy.log.clear()
                proxy.plan = AtRequest(place)
                ending, what = do(verb)
                assert ending == "error"
                assert what.startswith("StudioAuthError"), what
                assert "take a token" in what, "and what to do about it"
            proxy.plan = None
            ending, what = do(verb)
            assert ending == "done", what
            ending, again = do(verb)
            assert (again["sent"] if verb == "push" else again["new_states"]) in ({}, 0), "all was done before"
        assert len(whole_tasks(bench, project_of(bench, title))) == 12
    finally:
        delete_projects(bench, title)


class AtRequest(Plan):
    """The token is revoked at one request."""

    def __init__(self, place: int) -> None:
        super().__init__(seed=0, rate=0)
        self.place = place

    def next(self, request: str = "") -> str | None:
        self.place -= 1
        return REVOKED[0] if self.place == -1 else None
