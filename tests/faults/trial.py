"""One trial: a dozen articles are pushed, labelled, pulled, labelled again and pulled again, through faults.

Whatever happens on the way, once the faults are gone the server must hold exactly the tasks, and the dataset exactly
the labels, of an undisturbed run. Most trials put one of the verbs through faults and begin where an undisturbed run
had come to; every tenth goes all the way.

Aimed trials have their faults where each does most harm: at the imports of a push, after the server did them; at the
pages of a pull; and a SIGKILL within a commit. A dozen articles go in three requests there.
"""

import json
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from annotate.labelstudio.accounts import invite
from annotate.labelstudio.connection import Connection, http_client
from annotate.labelstudio.secret import Secret

from .proxy import DONE, FAULTS, REVOKED, SERVER, FaultProxy, Plan
from .verbs import Job, length, run

Act = Literal["push", "pull", "pull again", "all", "import", "export", "commit"]
_OFTEN: dict[Act, int] = {"push": 3, "pull": 3, "pull again": 3, "all": 1}  # how often each is drawn
AIMED: tuple[Act, ...] = ("import", "export", "commit")  # by turns, in the trials from this number on:
FIRST_AIMED = 1_000_000
_PORTION = 4  # tasks in one request of an aimed trial
ANNOTATORS = ("sari@uji.example", "budi@uji.example")
PUSHER = "petugas@uji.example"  # the account that pushes and pulls; its token may be revoked
DISTURBED_RUNS = 2  # of each verb, at most, before the faults are gone
LIMITS = {"kill_at": "SIGKILL (steps)", "file_limit": "disk full (bytes)", "clock": "clock out (seconds)"}
# Seconds that the client waits for an answer in a disturbed run: at a minute for each time-out, no trial would end.
TIMEOUT = 0.8
LONGEST_DELAY = 0.02  # seconds until a verb is killed after a step: not between two steps alone


@dataclass
class Trial:
    """What happened in a trial. `wrong` is empty where it ended as an undisturbed one."""

    seed: int
    act: Act
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


@dataclass(frozen=True)
class Stage:
    """Where a trial begins, what it must end in, its verb, and how many steps that takes undisturbed.

    Pulls change nothing on the server: all trials of a pull share one project, each with a dataset of its own.
    """

    expected: dict[str, list[Any]]
    verb: str = ""
    steps: int = 0
    project: str = ""
    dataset: Path = Path()
    fetched: int = 0  # steps until the commit begins


@contextmanager
def undisturbed(bench: Bench) -> Iterator[dict[Act, Stage]]:
    """The stages of a run without faults, for as long as they are needed."""
    titles = [f"stage {number} {time.time_ns()}" for number in (1, 2)]
    jobs = [Job("", bench.connection.url, bench.pusher.token, bench.folder / title, title) for title in titles]
    try:
        _other, taken = (length(replace(job, verb="push")) for job in reversed(jobs))
        push = Stage(_ended(bench, jobs[0]), "push", taken)
        for title in titles:
            label(bench, project_of(bench, title))
        first, second = (replace(job, dataset=Path(f"{job.dataset}, before")) for job in jobs)
        shutil.copytree(jobs[0].dataset, first.dataset)
        fetched = length(_copied(first, "fetched", "fetch"))
        in_portions = length(_copied(first, "in portions", "pull"))
        taken = length(replace(jobs[0], verb="pull"))
        pull = Stage(_ended(bench, jobs[0]), "pull", taken, first.project, first.dataset)
        assert run(replace(jobs[1], verb="pull"))[0] == "done"
        label_again(bench, project_of(bench, second.project))
        shutil.copytree(jobs[1].dataset, second.dataset)
        taken = length(replace(jobs[1], verb="pull"))
        again = Stage(_ended(bench, jobs[1]), "pull", taken, second.project, second.dataset)
        stages: dict[Act, Stage] = {"push": push, "pull": pull, "pull again": again, "all": Stage(again.expected)}
        stages |= {"import": push, "export": pull, "commit": replace(pull, steps=in_portions, fetched=fetched)}
        yield stages
    finally:
        for title in titles:
            delete_projects(bench, title)


def _copied(job: Job, name: str, verb: str) -> Job:
    """The verb in portions, with a dataset of its own."""
    dataset = Path(f"{job.dataset}, {name}")
    shutil.copytree(job.dataset, dataset)
    return replace(job, verb=verb, dataset=dataset, portion=_PORTION)


def act_of(seed: int) -> Act:
    """What the trial of that seed puts through faults."""
    if seed >= FIRST_AIMED:
        return AIMED[seed % len(AIMED)]
    return random.Random(f"act {seed}").choices(list(_OFTEN), list(_OFTEN.values()))[0]


def disturbed(bench: Bench, seed: int, stages: dict[Act, Stage], act: Act | None = None, mutant: str = "") -> Trial:
    """Run the trial of that seed, with the program as it is or as a mutant, and compare how it ended."""
    trial = Trial(seed, act or act_of(seed))
    started = time.monotonic()
    ended = _Attempt(bench, trial, stages, mutant).carry_out()
    for part, whole in stages[trial.act].expected.items():
        if ended.get(part) != whole:
            trial.wrong.append(f"{part}: {_difference(ended.get(part) or [], whole)}")
    trial.seconds = round(time.monotonic() - started, 2)
    return trial


def _difference(found: list[Any], expected: list[Any]) -> str:
    more = [entry for entry in found if entry not in expected]
    less = [entry for entry in expected if entry not in found]
    return f"{len(found)} instead of {len(expected)}; not expected: {more[:3]}; missing: {less[:3]}"[:2000]


def _ended(bench: Bench, job: Job) -> dict[str, list[Any]]:
    """What server and dataset hold."""
    kept: dict[str, list[Any]] = run(replace(job, verb="snapshot"))[1] or {}
    return {"tasks": _tasks(bench, project_of(bench, job.project)), **kept}


class _Attempt:
    """A trial on its way."""

    def __init__(self, bench: Bench, trial: Trial, stages: dict[Act, Stage], mutant: str = "") -> None:
        self.bench = bench
        self.trial = trial
        self.stages = stages
        self.dice = random.Random(trial.seed)
        restart = bench.kill_server or (lambda: None)
        self.proxy = FaultProxy(bench.connection.url, hold=TIMEOUT + 0.2, kill=restart, revoke=bench.pusher.revoke)
        stage = stages[trial.act]
        self.own = "" if stage.project else f"trial {trial.seed} {time.time_ns()}"
        self.job = Job(
            verb="",
            url=self.proxy.url,
            token=bench.pusher.token,
            dataset=bench.folder / f"dataset {trial.seed}",
            project=self.own or stage.project,
            portion=_PORTION if trial.act in AIMED else None,
            mutant=mutant,
        )
        shutil.rmtree(self.job.dataset, ignore_errors=True)
        if stage.project:
            shutil.copytree(stage.dataset, self.job.dataset)

    def carry_out(self) -> dict[str, list[Any]]:
        """What the server and the dataset hold in the end; nothing if it did not come so far."""
        try:
            with self.proxy:
                succeeded = self._all() if self.trial.act == "all" else self._through_faults(self.trial.act)
            return _ended(self.bench, self.job) if succeeded else {}
        finally:
            if self.own:
                delete_projects(self.bench, self.own)
            shutil.rmtree(self.job.dataset, ignore_errors=True)

    def _all(self) -> bool:
        acts: tuple[tuple[Act, Callable[[Bench, int], None] | None], ...]
        acts = (("push", label), ("pull", label_again), ("pull again", None))
        for act, work in acts:
            if not self._through_faults(act):
                return False
            if work:
                work(self.bench, project_of(self.bench, self.own))
        return True

    def _through_faults(self, act: Act) -> bool:
        """Run the verb through faults, some times, and then without; whether it succeeded in the end."""
        stage = self.stages[act]
        verb = stage.verb
        for _run in range(self.dice.randint(1, DISTURBED_RUNS)):
            self.proxy.log.clear()
            if act in AIMED:
                self.proxy.plan, limits = _aim(self.dice, act, stage)
            else:
                self.proxy.plan, limits = _draw(self.dice, stage.steps, self.bench.kill_server is not None)
            ending, what = run(replace(self.job, verb=verb, timeout=TIMEOUT, **limits))
            self.proxy.settle()
            self._note(act, limits, ending, what)
            if self.job.token != self.bench.pusher.token:
                clear = ending == "killed" or (ending == "error" and str(what).startswith("StudioAuthError"))
                if not clear:
                    self.trial.wrong.append(f"{act} with a revoked token: {ending}: {what}")
                self.job = replace(self.job, token=self.bench.pusher.token)  # renewed by whoever read the message
        self.proxy.plan = None
        ending, what = run(replace(self.job, verb=verb))
        if ending != "done":
            self.trial.wrong.append(f"{act} without faults: {ending}: {what}")
        return ending == "done"

    def _note(self, act: Act, limits: dict[str, Any], ending: str, what: Any) -> None:
        """Put into the trial what disturbed a run, and what that said."""
        for method, path, fault in self.proxy.log:
            if fault:
                self.trial.faults.append(f"{act}: {fault} at {method} {path.split('?')[0]}")
        for name, value in limits.items():
            if name in LIMITS and (name != "kill_at" or ending == "killed"):
                self.trial.faults.append(f"{act}: {LIMITS[name]} at {value:.6g}")
        if ending == "crash":
            self.trial.messages.append(f"no clear error: {what}")
        elif ending == "error":
            self.trial.messages.append(what)


def _draw(dice: random.Random, steps: int, may_kill_server: bool) -> tuple[Plan, dict[str, Any]]:
    """What disturbs the next run: faults on the way, SIGKILL, a full disk, a wrong clock, a killed server, a token."""
    kinds, rate, limit, limits = list(FAULTS), dice.choice([0.05, 0.15, 0.4, 0.8]), 6, {}
    nature = dice.random()
    if nature < 0.3:
        limits = {"kill_at": int(dice.random() * steps), "kill_delay": dice.uniform(0, LONGEST_DELAY)}
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


def _aim(dice: random.Random, act: Act, stage: Stage) -> tuple[Plan, dict[str, Any]]:
    """The same for an aimed trial: one thing, where it does most harm."""
    if act == "commit":
        point = stage.fetched + int(dice.random() * (stage.steps - stage.fetched))
        return Plan(0, 0.0), {"kill_at": point, "kill_delay": dice.uniform(0, LONGEST_DELAY)}
    seed, rate, limit = dice.randrange(2**32), dice.choice([0.4, 0.7, 1.0]), dice.randint(1, 6)
    if act == "import":
        return Plan(seed, rate, DONE, limit, r"^POST .*/import\b"), {}
    return Plan(seed, rate, FAULTS, limit, r"^GET .*/export\b"), {}


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
