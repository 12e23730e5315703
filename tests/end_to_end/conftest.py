"""Projects on the tests' server, made with our own label configuration and tasks."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from annotate.labelstudio.config import label_config
from annotate.labelstudio.connection import Connection, http_client

NewProject = Callable[[str, Iterable[dict[str, Any]]], tuple[int, list[int]]]


@pytest.fixture(scope="session")
def new_project(studio_connection: Connection) -> NewProject:
    """Makes a project of that title with those tasks; returns its id and the tasks' ids in their order."""

    def make(title: str, tasks: Iterable[dict[str, Any]]) -> tuple[int, list[int]]:
        with http_client(studio_connection) as client:
            made = client.post("/api/projects/", json={"title": title, "label_config": label_config()})
            project = int(made.raise_for_status().json()["id"])
            client.post("/api/dm/views/", json={"project": project, "data": {}}).raise_for_status()
            path = f"/api/projects/{project}/import?return_task_ids=true"
            sent = client.post(path, json=list(tasks)).raise_for_status()
            return project, list(sent.json()["task_ids"])

    return make
