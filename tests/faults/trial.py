"""One trial: a dozen articles are pushed, labelled, pulled, labelled again and pulled again, through faults.

Whatever happens on the way, once the faults are gone the server must hold exactly the tasks, and the dataset exactly
the labels, of an undisturbed run.
"""

import json
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotate.labelstudio.accounts import invite
from annotate.labelstudio.connection import Connection, http_client
from annotate.labelstudio.secret import Secret

from .proxy import FAULTS, REVOKED, SERVER, FaultProxy, Plan
from .verbs import Job, run

ANNOTATORS = ("sari@uji.example", "budi@uji.example")
PUSHER = "petugas@uji.example"  # the account that pushes and pulls; its token may be revoked
DISTURBED_RUNS = 2  # of each verb, at most, before the faults are gone
LIMITS = {"kill_at": "SIGKILL (steps)", "file_limit": "disk full (bytes)", "clock": "clock out (seconds)"}
# Seconds that the client waits for an answer in a disturbed run: at a minute for each time-out, no trial would end.
TIMEOUT = 1.2
# A verb is killed within as many steps as it takes undisturbed, and a moment later: not between two steps alone.
LENGTH = {"push": 150_000, "pull": 300_000}
LONGEST_DELAY = 0.02  # seconds


@dataclass
class Trial:
    """What happened in a trial. `wrong` is empty where it ended as an undisturbed one."""

    seed: int
    faults: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Bench:
    """The real server, an account for each annotator, one that pushes and pulls, and a folder for the trials' datasets.

    `kill_server` ends the server and returns when it is back; without it, no trial does that.
    """

    connection: Connection
    people: dict[str, int]
    pusher: "Pusher"
    folder: Path
    kill_server: Callable[[], None] | None = None


@dataclass
class Pusher:
    """An account with a token that holds until it is revoked: then `token` is the new one, which nobody was told."""

    connection: Connection

    @property
    def token(self) -> str:
        return self.connection.token.reveal()

    def revoke(self) -> None:
        """What somebody does on the account's page."""
        with http_client(self.connection) as client:
            made = client.post("/api/current-user/reset-token/").raise_for_status().json()
        self.connection = replace(self.connection, token=Secret(made["token"]))


def set_up(connection: Connection, folder: Path, kill_server: Callable[[], None] | None = None) -> Bench:
    """Make the accounts."""
    password = next(one.password for one in invite(connection, [*ANNOTATORS, PUSHER]) if one.email == PUSHER)
    assert password is not None, "a server that is new to this"
    with http_client(connection) as client:
        people = {user["email"]: user["id"] for user in client.get("/api/users/").raise_for_status().json()}
        del client.headers["Authorization"]
        client.get("/user/login/").raise_for_status()
        form = {"email": PUSHER, "password": password.reveal(), "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        client.post("/user/login/", data=form, headers={"Referer": connection.url})
        token = client.get("/api/current-user/token").raise_for_status().json()["token"]
    pusher = Pusher(replace(connection, token=Secret(token)))
    return Bench(connection, people, pusher, folder, kill_server)


def undisturbed(bench: Bench) -> dict[str, Any]:
    """Server and dataset after a run without faults: what every trial must end in."""
    trial = Trial(-1)
    ended = _carry_out(bench, trial, None)
    if trial.wrong:
        raise AssertionError(f"the undisturbed run failed: {trial.wrong}")
    return ended


def disturbed(bench: Bench, seed: int, expected: dict[str, Any]) -> Trial:
    """Run the trial of that seed and compare how it ended."""
    trial = Trial(seed)
    started = time.monotonic()
    ended = _carry_out(bench, trial, random.Random(seed))
    for part, whole in expected.items():
        if ended.get(part) != whole:
            trial.wrong.append(f"{part}: {_difference(ended.get(part) or [], whole)}")
    trial.seconds = round(time.monotonic() - started, 2)
    return trial


def _difference(found: list[Any], expected: list[Any]) -> str:
    more = [entry for entry in found if entry not in expected]
    less = [entry for entry in expected if entry not in found]
    return f"{len(found)} instead of {len(expected)}; not expected: {more[:3]}; missing: {less[:3]}"[:2000]


def _carry_out(bench: Bench, trial: Trial, dice: random.Random | None) -> dict[str, Any]:
    title = f"trial {trial.seed} {time.time_ns()}"
    dataset = bench.folder / f"dataset {trial.seed}"
    shutil.rmtree(dataset, ignore_errors=True)
    restart = bench.kill_server or (lambda: None)
    with FaultProxy(bench.connection.url, hold=TIMEOUT + 0.3, kill=restart, revoke=bench.pusher.revoke) as proxy:
        job = {"url": proxy.url, "token": bench.pusher.token, "dataset": dataset, "project": title}
        ended: dict[str, Any] = {}
        try:
            if _through_faults(bench, trial, dice, proxy, "push", job):
                project = project_of(bench, title)
                label(bench, project)
                _through_faults(bench, trial, dice, proxy, "pull", job)
                label_again(bench, project)
                _through_faults(bench, trial, dice, proxy, "pull", job)
                ended = {"tasks": _tasks(bench, project), **(run(Job("snapshot", **job))[1] or {})}
        finally:
            delete_projects(bench, title)
            shutil.rmtree(dataset, ignore_errors=True)
    return ended


def _through_faults(
    bench: Bench, trial: Trial, dice: random.Random | None, proxy: FaultProxy, verb: str, job: dict[str, Any]
) -> bool:
    """Run the verb through faults, some times, and then without; whether it succeeded in the end."""
    if dice is not None:
        for _attempt in range(dice.randint(1, DISTURBED_RUNS)):
            proxy.log.clear()
            proxy.plan, limits = _draw(dice, verb, bench.kill_server is not None)
            ending, what = run(Job(verb, **job, timeout=TIMEOUT, **limits))
            proxy.settle()
            trial.faults += [
                f"{verb}: {fault} at {method} {path.split('?')[0]}" for method, path, fault in proxy.log if fault
            ]
            trial.faults += [
                f"{verb}: {LIMITS[name]} at {value:.6g}"
                for name, value in limits.items()
                if name in LIMITS and (name != "kill_at" or ending == "killed")
            ]
            if ending == "crash":
                trial.messages.append(f"no clear error: {what}")
            elif ending == "error":
                trial.messages.append(what)
            if job["token"] != bench.pusher.token:
                clear = ending == "killed" or (ending == "error" and str(what).startswith("StudioAuthError"))
                if not clear:
                    trial.wrong.append(f"{verb} with a revoked token: {ending}: {what}")
                job["token"] = bench.pusher.token  # renewed by whoever read the message
    proxy.plan = None
    ending, what = run(Job(verb, **job))
    if ending != "done":
        trial.wrong.append(f"{verb} without faults: {ending}: {what}")
    return ending == "done"


def _draw(dice: random.Random, verb: str, may_kill_server: bool) -> tuple[Plan, dict[str, Any]]:
    """What disturbs the next run: faults on the way, SIGKILL, a full disk, a wrong clock, a killed server, a token."""
    kinds, rate, limit, limits = list(FAULTS), dice.choice([0.05, 0.15, 0.4, 0.8]), 6, {}
    nature = dice.random()
    if nature < 0.3:
        limits = {"kill_at": dice.randrange(LENGTH[verb]), "kill_delay": dice.uniform(0, LONGEST_DELAY)}
    elif nature < 0.4:
        limits = {"file_limit": dice.choice([0, 500, 2_000, 10_000, 50_000])}
        rate = 0.0
    elif nature < 0.5:
        limits = {"clock": dice.choice([-1, 1]) * dice.choice([60, 86_400, 86_400 * 365])}
        rate = dice.choice([0, rate])
    elif nature < 0.54 and may_kill_server:
        kinds, rate, limit = SERVER, 0.15, 1
    elif nature < 0.6:
        kinds, rate, limit = REVOKED, 0.15, 1
    return Plan(dice.randrange(2**32), rate, kinds, limit), limits


def project_of(bench: Bench, title: str) -> int:
    """Id of the one project of that title."""
    found = _projects(bench, title)
    assert len(found) == 1, f"{len(found)} projects"
    return found[0]


def _projects(bench: Bench, title: str) -> list[int]:
    with http_client(bench.connection) as client:
        answer = client.get("/api/projects/", params={"title": title, "page_size": 100}).raise_for_status().json()
    return [project["id"] for project in answer["results"] if project["title"] == title]


def delete_projects(bench: Bench, title: str) -> None:
    """Delete every project of that title."""
    with http_client(bench.connection) as client:
        for project in _projects(bench, title):
            client.delete(f"/api/projects/{project}/")


def whole_tasks(bench: Bench, project: int) -> list[dict[str, Any]]:
    """All tasks of the project with their predictions and annotations, by the articles' ids."""
    params: dict[str, Any] = {"project": project, "fields": "all", "page_size": 1000}
    with http_client(bench.connection) as client:
        tasks = client.get("/api/tasks", params=params).raise_for_status().json()["tasks"]
    return sorted(tasks, key=lambda task: (task["data"]["doc_id"], task["id"]))


def _tasks(bench: Bench, project: int) -> list[Any]:
    """What the server holds, without what differs from run to run."""
    return [
        (
            task["data"],
            task["meta"],
            [(each["model_version"], each["score"], each["result"]) for each in task["predictions"]],
            [(each["result"], each["was_cancelled"], each["ground_truth"]) for each in task["annotations"]],
        )
        for task in whole_tasks(bench, project)
    ]


def label(bench: Bench, project: int) -> None:
    """Annotators' work, the same in every trial: accepted, changed, skipped, empty, begun, by two people, by all."""
    sari, budi = (bench.people[email] for email in ANNOTATORS)
    tasks = whole_tasks(bench, project)
    with http_client(bench.connection) as client:
        for kind, task in enumerate(tasks[:6]):
            result = task["predictions"][0]["result"] if task["predictions"] else []
            path = f"/api/tasks/{task['id']}"
            if kind == 5:
                client.post(f"{path}/drafts", json={"result": result, "lead_time": 3.5}).raise_for_status()
                continue
            labels = {0: result, 1: _without_first(result), 2: [], 3: [], 4: result}[kind]
            body = {"result": labels, "was_cancelled": kind == 2, "lead_time": 12.0, "completed_by": sari}
            client.post(f"{path}/annotations/", json=body).raise_for_status()
            if kind == 4:
                second = {**body, "result": _without_first(result), "completed_by": budi}
                client.post(f"{path}/annotations/", json=second).raise_for_status()
        rest = {"selectedItems": {"all": False, "included": [task["id"] for task in tasks[6:]]}}
        accept = {"id": "predictions_to_annotations", "project": project}
        client.post("/api/dm/actions", params=accept, json=rest).raise_for_status()


def _without_first(result: list[Any]) -> list[Any]:
    """The labels without the first region and all that refers to it."""
    first = next((row["id"] for row in result if row["type"] == "labels"), None)
    return [row for row in result if first not in (row.get("id"), row.get("from_id"), row.get("to_id"))]


def label_again(bench: Bench, project: int) -> None:
    """Second thoughts: one is changed, one is deleted, one becomes the reference."""
    tasks = whole_tasks(bench, project)
    with http_client(bench.connection) as client:
        changed, deleted, reference = (tasks[number]["annotations"][0] for number in (0, 1, 6))
        labels = json.loads(json.dumps(_without_first(changed["result"])))
        path = "/api/annotations"
        client.patch(f"{path}/{changed['id']}/", json={"result": labels}).raise_for_status()
        client.delete(f"{path}/{deleted['id']}/").raise_for_status()
        client.patch(f"{path}/{reference['id']}/", json={"ground_truth": True}).raise_for_status()
