"""Pull: what people labelled comes into the dataset, exactly as the server has it, and becomes a version.

A pull reads the tasks that changed since the last one. Until when a project was pulled is noted in the dataset after
what was read is kept there, so that a run that was killed leaves it behind the data and never ahead. What moves no time
stamp on the server is found by a pass over all tasks: drafts, deleted tasks, what a clock hid. Such a pass is made the
first time, once a day, when it is asked for, and whenever the server counts other annotations than we hold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotate.errors import ProjectMismatch
from annotate.records import AnnotationRecord, PlanRecord
from annotate.workflow.commit import CommitReport, commit
from annotate.workflow.mark import Progress
from annotate.workflow.pseudonyms import Pseudonym, pseudonym_for

if TYPE_CHECKING:
    from annotate.dataset import Dataset
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.connection import Connection
    from annotate.labelstudio.pull import Pull

_FULL_AFTER: Final = timedelta(days=1)
_STRANGERS: Final = 200  # texts of another dataset that are kept together


@dataclass
class PullReport:
    """What a pull brought. `full`: all tasks were read, for the reason `why`; else those that changed.
    `missing`: numbers of annotators' projects that are no longer there.

    `commit` is None when only the annotations were asked for.
    """

    project: str
    tasks: int = 0
    new_states: int = 0
    known_states: int = 0
    deleted: int = 0
    full: bool = False
    why: str = ""
    missing: list[int] = field(default_factory=list)
    commit: CommitReport | None = None

    def summary(self) -> str:
        """Some lines for a person."""
        deleted = f", {self.deleted} found deleted on the server (kept here)" if self.deleted else ""
        looked = (
            f"all {self.tasks} labelled tasks read ({self.why})" if self.full else f"{self.tasks} changed tasks read"
        )
        line = f"project “{self.project}”: {looked}, {self.new_states} new annotation states{deleted}"
        gone = [f"project {number} of the plan is no longer there" for number in self.missing]
        return "\n".join([line, *gone, *([self.commit.summary()] if self.commit else [])])

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        own = ("project", "tasks", "new_states", "known_states", "deleted", "full", "why", "missing")
        commit = self.commit.as_dict() if self.commit else None
        return {**{name: getattr(self, name) for name in own}, "commit": commit}


def pull(
    *,
    connection: "Connection",
    dataset: str | Path,
    project: str,
    author: str,
    message: str = "labels pulled",
    full: bool = False,
    reconcile: bool = True,
    register: Path | None = None,
    pseudonyms: Path | None = None,
    processes: int | None = 1,
    progress: Progress | None = None,
) -> PullReport:
    """Fetch every new state of every annotation of `project`, reconcile, and record a version if anything changed.

    Also of the projects that `assign` made for its annotators. `full`: look at all tasks, not only at those that
    changed. `pseudonyms` is the file by which annotators get one. `processes` reconcile, as in `commit`.
    Raises `StudioError`s and `DatasetError`s. Killed at any point, the next run ends in the same dataset.
    """
    from annotate.dataset import Dataset
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import find_project

    studio = Studio.of(connection)
    target = find_project(studio, int(project) if project.isdecimal() else project)
    if target is None:
        raise ProjectMismatch(
            f"has no project {project!r}", place=connection.url, remedy="push first, or name another with --project"
        )
    store = Dataset.create(dataset)

    def tick(tasks: int) -> None:
        if progress:
            progress(tasks, None)

    report = PullReport(target.title)
    pseudonym = pseudonym_for(store, pseudonyms)
    plans = store.plans(studio.name, target.id)
    plan = plans[-1] if plans else None
    fetch_all(studio, store, target.id, report, plan=plan, full=full, pseudonym=pseudonym, tick=tick)
    if reconcile:
        report.commit = commit(dataset, message=message, author=author, register=register, processes=processes)
    return report


def fetch_all(
    studio: "Studio",
    store: "Dataset",
    project_id: int,
    report: PullReport,
    *,
    plan: PlanRecord | None,
    full: bool = False,
    pseudonym: Pseudonym | None = None,
    tick: Callable[[int], None] | None = None,
) -> None:
    """Keep what is new in a project, and in the annotators' own that a plan names; adds what was done to the report."""
    for one in (project_id, *(place.project_id for place in plan.places)) if plan else (project_id,):
        before = report.tasks

        def sum_up(tasks: int, before: int = before) -> None:
            if tick:
                tick(before + tasks)

        done = PullReport(report.project)
        try:
            _fetch(studio, store, one, done, full=full, pseudonym=pseudonym, tick=sum_up)
        except ProjectMismatch:
            if one == project_id:
                raise
            report.missing.append(one)  # somebody deleted it; what was pulled of it stays
        report.full |= done.full
        report.why = report.why or done.why
        for name in ("tasks", "new_states", "known_states", "deleted"):
            setattr(report, name, getattr(report, name) + getattr(done, name))


def _fetch(
    studio: "Studio",
    store: "Dataset",
    project_id: int,
    report: PullReport,
    *,
    full: bool,
    pseudonym: Pseudonym | None,
    tick: Callable[[int], None] | None,
) -> None:
    """Keep what is new in one project."""
    since, report.why = _since(studio, store, project_id, full=full)
    while True:
        known = report.new_states
        done = _one_pass(studio, store, project_id, since, report, pseudonym, tick)
        if done.full:
            report.why = report.why or "the server's clock was set back"
            return
        there, held = studio.annotation_count(project_id), store.living(studio.name, project_id)
        if there == held:
            return
        if report.new_states == known:  # else it may have come in meanwhile: look once more
            report.why = f"the server counts {there} annotations, {held} were known"
            since = None
        else:
            since = done.watermark


def _since(studio: "Studio", store: "Dataset", project_id: int, *, full: bool) -> tuple[str | None, str]:
    """From when on to look for changes; None, and the reason, where all tasks are to be looked at."""
    if full:
        return None, "asked for"
    until = store.pulled_until(studio.name, project_id)
    if until.changes is None or until.everything is None:
        return None, "the first pull"
    now = studio.server_time()
    if now is None or now - datetime.fromisoformat(until.everything) > _FULL_AFTER:
        return None, "the last full pass is more than a day old"
    return until.changes, ""


def _with_texts(done: "Pull", store: "Dataset") -> Iterator[AnnotationRecord]:
    """The records of a pull; along the way, texts that another dataset sent out are kept."""
    for record in done:
        yield record
        if len(done.strangers) >= _STRANGERS:
            store.keep_documents(done.strangers)
            done.strangers.clear()
    store.keep_documents(done.strangers)


def _one_pass(
    studio: "Studio",
    store: "Dataset",
    project_id: int,
    since: str | None,
    report: PullReport,
    pseudonym: Pseudonym | None,
    tick: Callable[[int], None] | None,
) -> "Pull":
    from annotate.labelstudio.pull import Known, Pull

    known = (Known(*one) for one in store.held(studio.name, project_id))
    texts = store.held_texts()
    done = Pull(studio, project_id, since=since, known=known, held=texts, pseudonym=pseudonym, progress=tick)
    kept = store.append_annotations(_with_texts(done, store))
    if done.watermark and (done.full or done.tasks):
        store.note_pulled(studio.name, project_id, done.watermark, full=done.full)
    report.full |= done.full
    report.tasks = done.tasks if done.full else report.tasks + done.tasks
    report.new_states += kept.added
    report.known_states += kept.known
    report.deleted += done.deleted
    return done
