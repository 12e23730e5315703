"""The verbs in processes of their own, that can be killed and that can run out of disk.

A fork server imports the program once; each verb is a fork of it, as fresh as a command and much faster to start.
"""

import json
import multiprocessing
import resource
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, Literal

from annotate.labelstudio.connection import Connection
from annotate.labelstudio.secret import Secret
from tests.steps import Steps, wait_for_the_end

from .mutants import MUTANTS

AUTHOR = "trial"

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.faults.verbs_preload"])

Ending = Literal["done", "error", "crash", "killed"]
_THERE = "there"  # what a verb says at the point where it is to be killed


@dataclass(frozen=True)
class Job:
    """One verb with what it works on.

    `timeout` is how many seconds the client waits for an answer, `file_limit` how long a file may become before the
    disk counts as full (bytes), and `clock` how far this machine's clock is out (seconds). The verb is killed
    `kill_delay` seconds after it has gone `kill_at` steps (see `length`), and at the latest when it has done all and
    told nobody. `portion` is how many tasks go in one request, and `mutant` what is broken in the program on purpose.
    """

    verb: str
    url: str
    token: str
    dataset: Path
    project: str
    timeout: float = 60.0
    file_limit: int | None = None
    kill_at: int | None = None
    kill_delay: float = 0.0
    clock: int = 0
    portion: int | None = None
    mutant: str = ""


def run(job: Job) -> tuple[Ending, Any]:
    """Run the verb to its end: what it gave, or its message, or its traceback."""
    return _run(job)


def length(job: Job) -> int:
    """Run the verb to its end, and tell how many steps that takes."""
    ending, steps = _run(job, count=True)
    assert ending == "done", steps
    return int(steps)


def _run(job: Job, *, count: bool = False) -> tuple[Ending, Any]:
    receiver, sender = _forks.Pipe(duplex=False)
    child = _forks.Process(target=_work, args=(sender, job, count))
    child.start()
    sender.close()
    try:
        ending, what = receiver.recv()
        if ending == _THERE:
            time.sleep(job.kill_delay)
            child.kill()
            receiver.recv()
    except EOFError:
        ending, what = "killed", None
    child.join()
    return ending, what


def _work(pipe: Pipe, job: Job, count: bool) -> None:
    _hurry(job.timeout)
    _set_clock(job.clock)
    if job.portion:
        _divide(job.portion)
    if job.mutant:
        MUTANTS[job.mutant]()
    if job.file_limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job.file_limit, resource.RLIM_INFINITY))
    steps = Steps(job.kill_at, lambda: pipe.send((_THERE, None)))
    if count or job.kill_at is not None:
        steps.start()
    ending, what = _outcome(job)
    if job.kill_at is not None and ending == "done":
        steps.arrive()
    if steps.arrived:
        wait_for_the_end()
    pipe.send((ending, steps.taken if count else what))


def _outcome(job: Job) -> tuple[Ending, Any]:
    from annotate.errors import AtribusiError

    try:
        return "done", VERBS[job.verb](job)
    except AtribusiError as error:
        return "error", f"{type(error).__name__}: {error}"
    except OSError as error:  # what the system refuses; the command line makes a line of it
        return "error", f"{type(error).__name__}: {error}"
    except BaseException:
        return "crash", traceback.format_exc()


def _hurry(timeout: float) -> None:
    """Compress time: short time-outs, and no pauses before a request is repeated. Nothing else is changed."""
    from annotate.labelstudio.client import Studio

    defaults = Studio.__init__.__kwdefaults__
    assert defaults is not None
    defaults["timeout"] = timeout
    Studio.pause = lambda self, fault, attempt: None  # type: ignore[method-assign]


def _divide(tasks: int) -> None:
    """Send and read that many tasks in one request: a dozen articles shall be several."""
    from annotate.labelstudio import push as pushing
    from annotate.labelstudio.pull import Pull

    for function, name in ((pushing.push, "batch"), (Pull.__init__, "page")):
        assert function.__kwdefaults__ is not None
        function.__kwdefaults__[name] = tasks


def _set_clock(seconds: int) -> None:
    """Put the clock that the program reads out by that much."""

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=seconds)

    for name, module in list(sys.modules.items()):
        if name.startswith("annotate.") and getattr(module, "datetime", None) is datetime:
            module.datetime = Shifted  # type: ignore[attr-defined]


def _push(job: Job) -> dict[str, Any]:
    from annotate.workflow.push import push

    articles = Path(__file__).parent / "articles.jsonl"
    done = push([articles], connection=_connection(job), dataset=job.dataset, project=job.project, author=AUTHOR)
    return done.as_dict()


def _pull(job: Job) -> dict[str, Any]:
    from annotate.workflow.pull import pull

    return pull(connection=_connection(job), dataset=job.dataset, project=job.project, author=AUTHOR).as_dict()


def _fetch(job: Job) -> dict[str, Any]:
    """A pull without its commit."""
    from annotate.workflow.pull import pull

    where = _connection(job)
    return pull(connection=where, dataset=job.dataset, project=job.project, author=AUTHOR, reconcile=False).as_dict()


def _connection(job: Job) -> Connection:
    # A server is known by its name: the proxies before it have an address each.
    return Connection(job.url, Secret(job.token), "trial", name="the real one")


def _snapshot(job: Job) -> dict[str, list[Any]]:
    """What the dataset holds, without what differs from run to run (ids of server and commits, times)."""
    from annotate.dataset import Dataset

    store = Dataset.open(job.dataset)
    attributions = []
    for row in store.attributions():
        parts = [[(s.start, s.end, s.text) for s in spans] for spans in ([row.content], row.sources, row.cues)]
        attributions.append((row.doc_id, row.type, *parts, row.speaker, row.status, row.annotators, row.readers))
    states = [
        (s.doc_id, s.state, s.annotator, s.ground_truth, _labels(json.loads(s.raw)))
        for s in store.annotations(latest=False)
    ]
    versions = [(one.version, one.message, one.documents, one.attributions) for one in store.log()]
    return {
        "attributions": sorted(attributions, key=repr),
        "annotations": sorted(states, key=repr),
        "versions": versions,
    }


def _labels(raw: dict[str, Any]) -> str:
    return sha256(json.dumps(raw.get("result"), sort_keys=True).encode()).hexdigest()[:16]


VERBS: dict[str, Callable[[Job], Any]] = {"push": _push, "pull": _pull, "fetch": _fetch, "snapshot": _snapshot}
