"""A pull with its commit, killed at ten random points: the next one ends in the dataset of an undisturbed one."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .trial import Bench, delete_projects, label, project_of
from .verbs import Job, length, run

POINTS = 10
LONGEST_DELAY = 0.02  # seconds
TITLE = "dibunuh"


@pytest.fixture
def labelled(bench: Bench, tmp_path: Path) -> Iterator[Job]:
    """A dozen articles, pushed and labelled, and the dataset as the push left it."""
    job = Job("push", bench.connection.url, bench.connection.token.reveal(), tmp_path / "pushed", TITLE)
    assert run(job)[0] == "done"
    label(bench, project_of(bench, TITLE))
    yield job
    delete_projects(bench, TITLE)


def copy_of(job: Job, name: str, verb: str, **more: Any) -> Job:
    dataset = job.dataset.with_name(name)
    if not dataset.exists():
        shutil.copytree(job.dataset, dataset)
    return Job(verb, job.url, job.token, dataset, job.project, **more)


def test_a_pull_killed_at_ten_random_points_ends_in_the_same_dataset(labelled: Job) -> None:
    """The points are steps of the pull, and a moment later: so they lie also where no step is (in a write)."""
    steps = length(copy_of(labelled, "undisturbed", "pull"))
    expected = run(copy_of(labelled, "undisturbed", "snapshot"))[1]
    assert expected["attributions"]
    assert len(expected["annotations"]) == 13

    dice = random.Random(20261122)
    for number in range(POINTS):
        name = f"killed {number}"
        point, delay = int(dice.uniform(number, number + 1) / POINTS * steps), dice.uniform(0, LONGEST_DELAY)
        assert run(copy_of(labelled, name, "pull", kill_at=point, kill_delay=delay))[0] == "killed"
        assert run(copy_of(labelled, name, "pull"))[0] == "done"
        where = f"killed {delay:.3f} s after step {point} of {steps}"
        assert run(copy_of(labelled, name, "snapshot"))[1] == expected, where
