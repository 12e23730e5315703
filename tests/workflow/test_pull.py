"""Pull by the command's own verb, from a real server: only what changed is read, and nothing is missed for that."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from annotate.dataset import Dataset
from annotate.labelstudio import pull as pulling
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import Project, open_project
from annotate.labelstudio.connection import Connection
from annotate.labelstudio.push import push
from annotate.workflow.pull import PullReport, pull
from tests.labelstudio.cases import seeds

TASKS = 6


@pytest.fixture(scope="module")
def studio(studio_connection: Connection) -> Iterator[Studio]:
    with Studio.of(studio_connection) as studio:
        yield studio


@pytest.fixture
def project(studio: Studio) -> Project:
    return open_project(studio, f"Susulan {uuid4()}")


@pytest.fixture
def tasks(studio: Studio, project: Project) -> list[int]:
    first = seeds()[0]
    marked = [replace(first, document=replace(first.document, doc_id=f"susulan/{n}")) for n in range(TASKS)]
    return list(push(studio, project, marked).sent.values())


@pytest.fixture
def fetch(studio_connection: Connection, project: Project, tmp_path: Path):
    def call(**more) -> PullReport:
        named = {"connection": studio_connection, "dataset": tmp_path / "dataset", "project": project.title}
        return pull(**named, author="uji", reconcile=False, **more)

    return call


@pytest.fixture
def no_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look back is for clocks and writes under way; here it would read everything of the last seconds again."""
    monkeypatch.setattr(pulling, "_OVERLAP", pulling.timedelta(seconds=-1))


def label(studio: Studio, task_id: int, **fields) -> int:
    return studio.post_once(f"api/tasks/{task_id}/annotations/", {"result": [], **fields})["id"]


def wait(studio: Studio, seconds: int) -> None:
    """The server tells its time to the second."""
    until = studio.server_time() + pulling.timedelta(seconds=seconds)
    while studio.server_time() < until:
        studio.sleep(0.1)


def states(dataset: Path) -> list[tuple[int, str]]:
    return sorted((one.task_id, one.state) for one in Dataset.open(dataset).annotations())


def test_the_second_pull_reads_what_changed(studio, tasks, fetch, tmp_path):
    for task in tasks:
        label(studio, task)
    first = fetch()
    assert (first.full, first.why, first.new_states) == (True, "the first pull", TASKS)
    label(studio, tasks[2], was_cancelled=True)
    again = fetch()
    assert (again.full, again.new_states) == (False, 1)
    quiet = fetch()
    assert (quiet.full, quiet.new_states) == (False, 0)
    assert (tasks[2], "skipped") in states(tmp_path / "dataset")
    whole = fetch(full=True)
    assert (whole.full, whole.why, whole.new_states) == (True, "asked for", 0)


def test_only_changed_tasks_are_read_and_drafts_come_with_the_full_pass(studio, tasks, fetch, no_overlap, tmp_path):
    for task in tasks:
        label(studio, task)
    wait(studio, 2)
    fetch()
    wait(studio, 2)
    own = label(studio, tasks[4])
    studio.post_once(f"api/tasks/{tasks[5]}/drafts", {"result": [], "lead_time": 3})
    report = fetch()
    assert (report.full, report.tasks, report.new_states) == (False, 1, 1)
    studio.post_once(f"api/tasks/{tasks[4]}/annotations/{own}/drafts", {"result": [], "lead_time": 4})
    report = fetch(full=True)
    assert (report.tasks, report.new_states) == (TASKS, 2)
    assert (tasks[5], "draft") in states(tmp_path / "dataset")
    assert fetch(full=True).new_states == 0


def test_a_deleted_task_is_noticed_though_it_leaves_no_time_stamp(studio, tasks, fetch, tmp_path):
    for task in tasks:
        label(studio, task)
    fetch()
    studio.delete(f"api/tasks/{tasks[1]}/")
    label(studio, tasks[3])
    report = fetch()
    assert report.full
    assert "counts 6 annotations, 7 were known" in report.why
    assert report.deleted == 1
    assert (tasks[1], "deleted") in states(tmp_path / "dataset")
    assert not fetch().full


def test_a_deleted_annotation_and_a_submitted_draft_come_with_the_changes(studio, tasks, fetch, tmp_path):
    gone = label(studio, tasks[0])
    draft = studio.post_once(f"api/tasks/{tasks[1]}/drafts", {"result": [], "lead_time": 3})["id"]
    fetch()
    assert states(tmp_path / "dataset") == [(tasks[0], "empty"), (tasks[1], "draft")]
    studio.delete(f"api/annotations/{gone}/")
    label(studio, tasks[1], draft_id=draft)
    assert not fetch().full
    assert states(tmp_path / "dataset") == [(tasks[0], "deleted"), (tasks[1], "deleted"), (tasks[1], "empty")]


def test_a_run_that_died_leaves_the_mark_behind_the_data(studio, project, tasks, fetch, tmp_path, monkeypatch):
    label(studio, tasks[0])
    fetch()
    store = Dataset.open(tmp_path / "dataset")
    noted = store.pulled_until(studio.name, project.id)
    for task in tasks:
        label(studio, task)

    def died(*_args, **_more):
        raise KeyboardInterrupt

    for step in ("append_annotations", "note_pulled"):
        with monkeypatch.context() as broken:
            broken.setattr(Dataset, step, died)
            with pytest.raises(KeyboardInterrupt):
                fetch()
    assert store.pulled_until(studio.name, project.id) == noted
    assert len(states(tmp_path / "dataset")) == TASKS + 1
    report = fetch()
    assert (report.full, report.new_states) == (False, 0)
    assert store.pulled_until(studio.name, project.id).changes >= noted.changes


def test_after_a_day_all_tasks_are_looked_at_again(studio, tasks, fetch, monkeypatch):
    label(studio, tasks[0])
    fetch()
    assert not fetch().full
    now = studio.server_time()
    monkeypatch.setattr(Studio, "server_time", lambda _self: now + pulling.timedelta(days=1, minutes=1))
    report = fetch()
    assert report.full
    assert "day" in report.why
