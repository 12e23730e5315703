"""`atribusi serve` as a process of its own, wired to the real server: connect, import, open, label, stop."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from annotate.datamodel import Document
from annotate.dataset import Dataset
from annotate.errors import DatasetError
from annotate.labelstudio.backend import SECRET_HEADER, TITLE
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import Project, open_project
from annotate.labelstudio.connection import Connection, http_client
from annotate.labelstudio.push import push
from annotate.labelstudio.server import RunningServer
from annotate.labelstudio.tasks import to_task
from annotate.marking import Marker
from annotate.workflow.pull import pull

from ..labelstudio.cases import seeds

TEXT = "Pasar sepi. “Harga beras naik,” kata Budi Santoso, pedagang di Pasar Senen. Menurut Sari, harga akan turun."


@dataclass
class Service:
    """The running process, the lines that it said, and the projects that it serves."""

    process: subprocess.Popen[str]
    pushed: Project
    foreign: Project
    dataset: Path
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)


def until(what: Callable[[], Any], seconds: float = 90) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)
    return found


def command(connection: Connection, folder: Path, *projects: Project) -> list[str]:
    named = [part for project in projects for part in ("--project", str(project.id))]
    listening = ["--port", str(free_port()), "--dataset", str(folder / "dataset")]
    server = ["--url", connection.url, "--token", connection.token.reveal()]
    return [sys.executable, "-m", "annotate", "serve", *named, *listening, *server, "--workers", "1"]


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def http(studio_connection: Connection) -> Iterator[httpx.Client]:
    with http_client(studio_connection) as client:
        yield client


@pytest.fixture(scope="module")
def service(
    studio_connection: Connection, studio_server: RunningServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """One project with pre-marks of an older marker, and one that is empty."""
    assert studio_server.local_callbacks
    folder = tmp_path_factory.mktemp("serve")
    with Studio.of(studio_connection) as studio:
        pushed, foreign = open_project(studio, "live, pushed"), open_project(studio, "live, foreign")
        push(studio, pushed, seeds()[:1])
    process = subprocess.Popen(
        command(studio_connection, folder, pushed, foreign), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    service = Service(process, pushed, foreign, folder / "dataset")
    reader = Thread(target=service.read, daemon=True)
    reader.start()
    try:
        until(lambda: len([line for line in service.lines if "is connected" in line]) == 2 or process.poll())
        assert process.poll() is None, service.lines
        yield service
    finally:
        process.terminate()
        process.wait(30)
        reader.join(10)


def project_of(http: httpx.Client, project: Project) -> dict[str, Any]:
    found: dict[str, Any] = http.get(f"/api/projects/{project.id}/").raise_for_status().json()
    return found


def imported(http: httpx.Client, project: Project, text: str) -> int:
    path = f"/api/projects/{project.id}/import?return_task_ids=true"
    return int(http.post(path, json=[{"data": {"text": text}}]).raise_for_status().json()["task_ids"][0])


def predictions(http: httpx.Client, task: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get(f"/api/predictions/?task={task}").raise_for_status().json()
    return found


def kept(service: Service) -> set[int]:
    """Ids of the annotations that were pulled so far."""
    try:
        return {one.annotation_id for one in Dataset.open(service.dataset).annotations()}
    except DatasetError:  # none yet
        return set()


def marked(project: Project, task: int, text: str = TEXT) -> Any:
    return to_task(Marker().mark(Document(f"studio-{project.id}-{task}", text)))["predictions"][0]["result"]


def test_connecting_leaves_pushed_premarks_as_they_were(service: Service, http: httpx.Client) -> None:
    shown = project_of(http, service.pushed)["model_version"]
    assert shown == seeds()[0].marker
    (task,) = http.get("/api/tasks", params={"project": service.pushed.id, "fields": "all"}).json()["tasks"]
    for _opened in range(2):
        opened = http.get(f"/api/tasks/{task['id']}/").json()
        assert [one["model_version"] for one in opened["predictions"]] == [shown]
    stream = http.get(f"/api/projects/{service.pushed.id}/next").json()
    assert [one["model_version"] for one in stream["predictions"]] == [shown]
    said = next(line for line in service.lines if "live, pushed" in line and "is connected" in line)
    assert "push its articles again" in said, "what it marks with is not what is shown there"


def test_connecting_again_makes_no_second_backend_and_each_knows_the_secret(
    service: Service, http: httpx.Client
) -> None:
    for project in (service.pushed, service.foreign):
        (backend,) = http.get("/api/ml", params={"project": project.id}).json()
        assert (backend["title"], backend["state"], backend["auth_method"]) == (TITLE, "CO", "BASIC_AUTH")
        (hook,) = http.get("/api/webhooks/", params={"project": project.id}).json()
        assert hook["url"].endswith(f"/webhook/{project.id}")
        assert hook["headers"][SECRET_HEADER]
        assert hook["send_payload"] is False


def test_tasks_that_others_import_get_their_premarks_and_the_stream_shows_them(
    service: Service, http: httpx.Client
) -> None:
    task = imported(http, service.foreign, TEXT)
    (found,) = until(lambda: predictions(http, task))
    assert found["result"] == marked(service.foreign, task)
    assert len(found["result"]) > 5
    until(lambda: project_of(http, service.foreign)["model_version"] == Marker().version)
    stream = http.get(f"/api/projects/{service.foreign.id}/next").json()
    assert [one["result"] for one in stream["predictions"]] == [found["result"]]


def test_a_task_gets_its_premarks_when_it_is_opened_or_on_request(service: Service, http: httpx.Client) -> None:
    project = service.pushed
    (hook,) = http.get("/api/webhooks/", params={"project": project.id}).json()
    http.patch(f"/api/webhooks/{hook['id']}/", json={"is_active": False}).raise_for_status()  # so we are not told
    opened, asked = imported(http, project, TEXT), imported(http, project, TEXT)
    page = http.get(f"/api/tasks/{opened}/").raise_for_status().json()
    assert [one["result"] for one in page["predictions"]] == [marked(project, opened)]
    assert not predictions(http, asked)
    body = {"selectedItems": {"all": False, "included": [asked]}}
    path = f"/api/dm/actions?id=retrieve_tasks_predictions&project={project.id}"
    http.post(path, json=body).raise_for_status()
    assert [one["result"] for one in predictions(http, asked)] == [marked(project, asked)]
    assert project_of(http, project)["model_version"] == seeds()[0].marker
    http.patch(f"/api/webhooks/{hook['id']}/", json={"is_active": True}).raise_for_status()


def test_labels_are_pulled_when_they_are_saved(
    service: Service, http: httpx.Client, studio_connection: Connection
) -> None:
    task = imported(http, service.foreign, TEXT)
    labels = {"result": marked(service.foreign, task), "lead_time": 4.0}
    made = http.post(f"/api/tasks/{task}/annotations/", json=labels).raise_for_status().json()
    assert made["id"] not in kept(service), "who saves is answered before the pull"

    # Somebody pulls by hand at the same time: neither stands in the other's way, and nothing comes twice.
    by_hand = pull(
        connection=studio_connection, dataset=service.dataset, project=str(service.foreign.id), author="tangan"
    )
    assert by_hand.commit is not None
    said = f"“{service.foreign.title}”: 1 new annotation states"
    until(lambda: by_hand.new_states == 1 or any(said in line for line in service.lines))
    time.sleep(2.5)  # the event's own pull
    states = Dataset.open(service.dataset).annotations(latest=False)
    (record,) = [one for one in states if one.annotation_id == made["id"]]
    assert json.loads(record.raw)["lead_time"] == 4.0
    assert record.doc_id == f"studio-{service.foreign.id}-{task}"


def test_a_label_alone_is_enough_to_be_pulled(service: Service, http: httpx.Client) -> None:
    task = imported(http, service.foreign, TEXT)
    made = http.post(f"/api/tasks/{task}/annotations/", json={"result": []}).raise_for_status().json()
    until(lambda: made["id"] in kept(service))


def test_a_project_that_is_not_there_and_a_port_that_is_taken(
    service: Service, studio_connection: Connection, tmp_path: Path
) -> None:
    asked = command(studio_connection, tmp_path, service.foreign)
    taken = next(line for line in service.lines if "live pre-marks for" in line).split("127.0.0.1:")[1].split()[0]
    for name, value, says in (("--project", "tidak ada", "has no project"), ("--port", taken, "cannot listen")):
        asked[asked.index(name) + 1] = value
        ran = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert (ran.returncode, says in ran.stderr) == (1, True), ran.stderr
        asked[asked.index(name) + 1] = str(service.foreign.id)


def test_a_blind_project_is_refused_and_stays_blind(
    service: Service, http: httpx.Client, studio_connection: Connection, tmp_path: Path
) -> None:
    with Studio.of(studio_connection) as studio:
        blind = open_project(studio, "live, blind", blind=True)
    ran = subprocess.run(command(studio_connection, tmp_path, blind), capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "is blind" in ran.stderr
    assert not http.get("/api/ml", params={"project": blind.id}).json()
    # Somebody connects it by hand all the same: the service does not know it, so Label Studio cannot.
    (backend,) = http.get("/api/ml", params={"project": service.foreign.id}).json()
    (hook,) = http.get("/api/webhooks/", params={"project": service.foreign.id}).json()
    by_hand = {"url": backend["url"], "title": "x", "project": blind.id, "auth_method": "BASIC_AUTH"}
    by_hand |= {"basic_auth_user": "atribusi", "basic_auth_pass": hook["headers"][SECRET_HEADER]}
    assert http.post("/api/ml", json=by_hand).status_code == 400
    task = imported(http, blind, TEXT)
    assert not http.get(f"/api/tasks/{task}/").json()["predictions"]


def test_what_was_premarked_is_shown_without_the_service(service: Service, http: httpx.Client) -> None:
    tasks = http.get("/api/tasks", params={"project": service.foreign.id, "fields": "all"}).json()["tasks"]
    unlabelled = [task for task in tasks if not task["total_annotations"]]
    before = {task["id"]: [one["id"] for one in task["predictions"]] for task in unlabelled}
    assert before
    assert all(before.values())
    service.process.terminate()
    service.process.wait(30)
    for task, shown in before.items():
        assert [one["id"] for one in http.get(f"/api/tasks/{task}/").json()["predictions"]] == shown
    stream = http.get(f"/api/projects/{service.foreign.id}/next")
    assert stream.status_code == 404 or stream.json()["predictions"], "none, or with its pre-marks"
