"""A clock that was wrong for one pull must not hide the labels of the next."""

from pathlib import Path

import pytest

from .trial import Bench, delete_projects, label, label_again, project_of
from .verbs import Job, run


@pytest.mark.parametrize("out", [86_400, -86_400], ids=["a day ahead", "a day behind"])
def test_labels_pulled_after_the_clock_was_set_right_count(bench: Bench, tmp_path: Path, out: int) -> None:
    title = f"jam {out}"
    url, token = bench.connection.url, bench.connection.token.reveal()

    def do(verb: str, dataset: str, clock: int = 0) -> object:
        ending, what = run(Job(verb, url, token, tmp_path / dataset, title, clock=clock))
        assert ending == "done", what
        return what

    try:
        for dataset in ("right", "wrong"):
            do("push", dataset)
        label(bench, project_of(bench, title))
        do("pull", "right")
        do("pull", "wrong", clock=out)
        label_again(bench, project_of(bench, title))
        for dataset in ("right", "wrong"):
            do("pull", dataset)
            do("pull", dataset)
        assert do("snapshot", "wrong") == do("snapshot", "right")
    finally:
        delete_projects(bench, title)
