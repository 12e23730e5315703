"""Serve: pre-marks for tasks that others import, and what to do when Label Studio says that something happened."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from annotate.errors import AtribusiError, ProjectMismatch

if TYPE_CHECKING:
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import Project
    from annotate.labelstudio.connection import Connection

Deed = Literal["connect", "follow"]
Ending = Literal["done", "failed", "blind"]
_LONGEST_TEXT: Final = 500_000  # characters; no article is as long, and its marks would be a page of megabytes
_BEHIND: Final = 10  # niceness of what nobody waits for


class BlindProject(ProjectMismatch):
    """Who labels in this project is to see no pre-marks."""


class Premarker:
    """Marks the texts of tasks, as `mark` does. `version` is the model version of its predictions."""

    def __init__(self) -> None:
        from annotate.marking import Marker

        self._marker = Marker()
        self.version = self._marker.version

    def prediction(self, doc_id: str, utf8: bytes) -> bytes:
        """The prediction for a text, as JSON; empty for a text that a task of ours could not hold either."""
        from annotate.datamodel import Document
        from annotate.labelstudio.tasks import prediction_json, quoted_in_ascii

        text = utf8.decode()
        if not text or len(text) > _LONGEST_TEXT or "\0" in text:
            return b""
        return prediction_json(self._marker.mark(Document(doc_id, text)), quoted_in_ascii).encode()


@dataclass(frozen=True)
class LiveJob:
    """What is done for a project in the background. It goes to another process, so the token is plain here.

    `address` is where Label Studio reaches this server, None if it is not to be connected; `dataset` is where labels
    are pulled to, None if they are not.
    """

    url: str
    token: str
    name: str
    project_id: int
    address: str | None
    secret: str
    version: str
    dataset: str | None
    author: str
    register: Path | None = None
    pseudonyms: Path | None = None


def served_projects(connection: "Connection", projects: Sequence[str]) -> list["Project"]:
    """The projects that are to be served. Raises `ProjectMismatch` for one that is not there, or is blind."""
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import find_project

    with Studio.of(connection) as studio:
        found = []
        for name in projects:
            project = find_project(studio, int(name) if name.isdecimal() else name)
            if project is None:
                raise ProjectMismatch(
                    f"has no project {name!r}",
                    place=connection.url,
                    remedy="push first, or name another with --project",
                )
            _refuse_blind(project)
            found.append(project)
        return found


def _refuse_blind(project: "Project") -> None:
    if project.blind:
        raise BlindProject(
            f"project “{project.title}” is blind: who labels there is to see no pre-marks",
            place=project.url,
            remedy="leave it out; only projects that are named are served",
        )


def connect(job: LiveJob) -> str:
    """Tell Label Studio where this server is, for pre-marks and for events; what was done, as a line."""
    from annotate.labelstudio.backend import connect_backend

    studio, project = _open(job)
    if job.address is None:
        return ""
    with studio:
        shown = connect_backend(studio, project, job.address, job.secret)
    line = f"project “{project.title}” is connected"
    if shown and shown != job.version:
        line += (
            f"; it shows pre-marks of {shown}, and new ones are of {job.version}: push its articles again, so that "
            "all tasks have these"
        )
    return line


def _open(job: LiveJob) -> tuple["Studio", "Project"]:
    """A client and the project as it is now: it may have become blind since."""
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import find_project

    studio = Studio(job.url, job.token, name=job.name)
    project = find_project(studio, job.project_id)
    if project is None:
        raise ProjectMismatch(f"has no project {job.project_id}", place=job.url)
    _refuse_blind(project)
    return studio, project


def _pull(job: LiveJob) -> list[str]:
    from annotate.labelstudio.connection import Connection
    from annotate.labelstudio.secret import Secret
    from annotate.workflow.pull import pull

    done = pull(
        connection=Connection(job.url, Secret(job.token), "atribusi serve", job.name),
        dataset=str(job.dataset),
        project=str(job.project_id),
        author=job.author,
        register=job.register,
        pseudonyms=job.pseudonyms,
    )
    if not done.new_states:
        return []
    return [f"{done.new_states} new annotation states", *([done.commit.summary()] if done.commit else [])]


class LiveWorker:
    """Does what is asked of it, one thing at a time, behind whoever waits for a page. For a process of its own."""

    def __init__(self) -> None:
        self._asked: dict[int, int] = {}  # up to which task of a project pre-marks were asked for
        if os.nice(0) < _BEHIND:
            os.nice(_BEHIND)

    def work_on(self, job: LiveJob, deed: Deed) -> tuple[Ending, str]:
        """How it ended, and what there is to say of it."""
        try:
            return "done", connect(job) if deed == "connect" else self._follow(job)
        except BlindProject as error:
            return "blind", str(error)
        except AtribusiError as error:
            return "failed", str(error)
        except OSError as error:
            return "failed", f"{error.filename or 'system'}: {error.strerror or error}"
        except Exception as error:  # it is tried again later; one job must not end the others
            return "failed", f"unexpected {type(error).__name__}: {error}"

    def _follow(self, job: LiveJob) -> str:
        """What an event hints at: pre-marks for new tasks, a pull of new labels. A line where something came of it."""
        from annotate.labelstudio.backend import premark_new_tasks

        studio, project = _open(job)
        said = []
        with studio:
            if job.address is not None:
                above = self._asked.get(project.id, -1)
                asked = premark_new_tasks(studio, project, job.version, above=above)
                self._asked[project.id] = max([above, *asked])
                said += [f"asked for pre-marks of {len(asked)} tasks"] if asked else []
        if job.dataset is not None:
            said += _pull(job)
        return f"project “{project.title}”: {', '.join(said)}" if said else ""
