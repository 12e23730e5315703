"""Pull: what people labelled comes into the dataset, exactly as the server has it, and becomes a version."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotate.errors import ProjectMismatch
from annotate.workflow.commit import CommitReport, commit
from annotate.workflow.mark import Progress

if TYPE_CHECKING:
    from annotate.dataset import Dataset
    from annotate.labelstudio.connection import Connection


@dataclass
class PullReport:
    """What a pull brought. `commit` is None when only the annotations were asked for."""

    project: str
    tasks: int
    new_states: int
    known_states: int
    deleted: int
    commit: CommitReport | None = None

    def summary(self) -> str:
        """Some lines for a person."""
        deleted = f", {self.deleted} found deleted on the server (kept here)" if self.deleted else ""
        line = f"project “{self.project}”: {self.tasks} tasks, {self.new_states} new annotation states{deleted}"
        return "\n".join([line, *([self.commit.summary()] if self.commit else [])])

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "project": self.project,
            "tasks": self.tasks,
            "new_states": self.new_states,
            "known_states": self.known_states,
            "deleted": self.deleted,
            "commit": self.commit.as_dict() if self.commit else None,
        }


def pull(
    *,
    connection: "Connection",
    dataset: str | Path,
    project: str,
    author: str,
    message: str = "labels pulled",
    reconcile: bool = True,
    register: Path | None = None,
    progress: Progress | None = None,
) -> PullReport:
    """Fetch every state of every annotation of `project`, then reconcile and record a version if anything changed.

    Raises `StudioError`s and `DatasetError`s. Killed at any point, the next run ends in the same dataset.
    """
    from annotate.dataset import Dataset
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import find_project
    from annotate.labelstudio.pull import Pull

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

    fetched = Pull(studio, target.id, known=_known(store, connection.name, target.id), progress=tick)
    kept = store.append_annotations(fetched)
    report = PullReport(target.title, fetched.tasks, kept.added, kept.known, fetched.deleted)
    if reconcile:
        report.commit = commit(dataset, message=message, author=author, register=register)
    return report


def _known(store: "Dataset", server: str, project_id: int) -> list[Any]:
    """The annotations that we hold and believe alive, by task: what is missing of them on the server was deleted."""
    from annotate.labelstudio.pull import Known

    living = (
        Known(one.task_id, one.annotation_id, one.doc_id, one.task_text_sha256)
        for one in store.annotations()
        if (one.server, one.project_id) == (server, project_id) and one.state != "deleted"
    )
    return sorted(living, key=lambda known: (known.task_id, known.annotation_id))
