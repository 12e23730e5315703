"""A pull with its commit, killed at ten random points: the next one ends in the dataset of an undisturbed one."""

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .trial import Bench, delete_projects, label, project_of
from .verbs import Job, run

POINTS = 10
TITLE = "dibunuh"


@pytest.fixture
def labelled(bench: Bench, tmp_path: Path) -> Iterator[Job]:
    """A dozen articles, pushed and labelled, and the dataset as the push left it."""
    job = Job("push", bench.connection.url, bench.connection.token.reveal(), tmp_path / "pushed", TITLE)
    assert run(job)[0] == "done"
    label(bench, project_of(bench, TITLE))
    yield job
    delete_projects(bench, TITLE)


def copy_of(job: Job, name: str, verb: str, kill_after: float | None = None) -> Job:
    dataset = job.dataset.with_name(name)
    if not dataset.exists():
        shutil.copytree(job.dataset, dataset)
    return Job(verb, job.url, job.token, dataset, job.project, kill_after=kill_after)


def test_a_pull_killed_at_ten_random_points_ends_in_the_same_dataset(labelled: Job) -> None:
    started = time.monotonic()
    assert run(copy_of(labelled, "undisturbed", "pull"))[0] == "done"
    length = time.monotonic() - started
    expected = run(copy_of(labelled, "undisturbed", "snapshot"))[1]
    assert expected["attributions"]
    assert len(expected["annotations"]) == 13

    dice = random.Random(20261122)
    endings = []
    for number in range(POINTS):
        name = f"killed {number}"
        moment = dice.uniform(number, number + 1) / POINTS * length
        endings.append(run(copy_of(labelled, name, "pull", kill_after=moment))[0])
        assert run(copy_of(labelled, name, "pull"))[0] == "done"
        assert run(copy_of(labelled, name, "snapshot"))[1] == expected, f"killed after {moment:.3f} s"
    assert endings.count("killed") >= POINTS // 2, endings
