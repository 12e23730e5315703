"""A clock that was wrong for one pull must not hide the labels of the next."""

import shutil
from pathlib import Path

from .trial import Bench, delete_projects, label, label_again, project_of
from .verbs import Job, run

DAY = 86_400
OUT = {"right": 0, "a day ahead": DAY, "a day behind": -DAY}  # seconds that the clock is out in the first pull


def test_labels_pulled_after_the_clock_was_set_right_count(bench: Bench, tmp_path: Path) -> None:
    title = "jam"

    def do(verb: str, dataset: str, clock: int = 0) -> object:
        url, token = bench.connection.url, bench.connection.token.reveal()
        ending, what = run(Job(verb, url, token, tmp_path / dataset, title, clock=clock))
        assert ending == "done", what
        return what

    try:
        do("push", "pushed")
        label(bench, project_of(bench, title))
        for dataset, out in OUT.items():
            shutil.copytree(tmp_path / "pushed", tmp_path / dataset)
            do("pull", dataset, clock=out)
        label_again(bench, project_of(bench, title))
        for dataset in OUT:
            do("pull", dataset)
            do("pull", dataset)
        found = [do("snapshot", dataset) for dataset in OUT]
        assert found[1] == found[0], "a day ahead"
        assert found[2] == found[0], "a day behind"
    finally:
        delete_projects(bench, title)
