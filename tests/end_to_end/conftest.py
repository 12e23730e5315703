"""The command line, and projects on the tests' server made with our own label configuration and tasks."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from annotate.cli import atribusi
from annotate.cli.terminal import run
from annotate.labelstudio.config import label_config
from annotate.labelstudio.connection import Connection, http_client
from annotate.labelstudio.server import RunningServer

NewProject = Callable[[str, Iterable[dict[str, Any]]], tuple[int, list[int]]]


@pytest.fixture(scope="session")
def new_project(studio_connection: Connection) -> NewProject:
    """Makes a project of that title with those tasks; returns its id and the tasks' ids in their order."""

    def make(title: str, tasks: Iterable[dict[str, Any]]) -> tuple[int, list[int]]:
        with http_client(studio_connection) as client:
            made = client.post("/api/projects/", json={"title": title, "label_config": label_config()})
            project = int(made.raise_for_status().json()["id"])
            client.post("/api/dm/views/", json={"project": project, "data": {}}).raise_for_status()
            wanted = list(tasks)
            if not wanted:
                return project, []
            path = f"/api/projects/{project}/import?return_task_ids=true"
            sent = client.post(path, json=wanted).raise_for_status()
            return project, list(sent.json()["task_ids"])

    return make


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self
        return json.loads(self.out)


Command = Callable[..., Ran]


@pytest.fixture
def command(
    studio_server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """`atribusi` in an empty folder, with the tests' server as its embedded one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATRIBUSI_HOME", str(studio_server.data_dir.parent))

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        code = run(atribusi, [str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return call
