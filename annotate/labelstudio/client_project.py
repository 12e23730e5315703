"""Projects: found by title or number, made with our page and guideline, and refused where their page does not fit."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from annotate.errors import ProjectMismatch, StudioError
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_errors import StudioFault
from annotate.labelstudio.config import config_hash, config_problems, guideline_html, label_config

_LONGEST_TITLE: Final = 50
# What the Data Manager shows: the article's facts and the state of the work. The rest is a click away.
_SHOWN: Final = ("data.title", "data.outlet", "data.published_at", "total_annotations", "annotators", "completed_at")
_SHOWN_BESIDE_A_TASK: Final = ("data.title", "data.outlet")
_COLUMNS: Final = (
    *("id", "inner_id", "completed_at", "total_annotations", "cancelled_annotations", "total_predictions"),
    *("annotators", "annotations_results", "annotations_ids", "predictions_score", "predictions_model_versions"),
    *("predictions_results", "file_upload", "storage_filename", "created_at", "updated_at", "updated_by"),
    *("avg_lead_time", "draft_exists", "data.text", "data.doc_id", "data.text_sha256", "data.title"),
    *("data.outlet", "data.published_at", "data.url", "data.info"),
)


@dataclass(frozen=True, slots=True)
class Project:
    """A project whose page fits. `label_url` opens the label stream, where pre-marks never fail to load."""

    id: int
    title: str
    server: str
    tasks: int
    model_version: str
    label_config: str
    created: bool = False
    blind: bool = False

    @property
    def url(self) -> str:
        return f"{self.server}/projects/{self.id}/data"

    @property
    def label_url(self) -> str:
        return f"{self.server}/projects/{self.id}/data?labeling=1"

    @property
    def config_hash(self) -> str:
        return config_hash(self.label_config)


def find_project(studio: Studio, title_or_id: str | int) -> Project | None:
    """The project of that number or exact title; None if there is none.

    Raises `ProjectMismatch` where two projects have the title, or where the page does not fit, and `StudioError` for a
    server that is too old.
    """
    studio.require_version()
    if isinstance(title_or_id, int):
        return _fitting(studio, studio.get(f"api/projects/{title_or_id}/"))
    title_or_id = title_or_id.strip()
    found = [project for project in _projects(studio, title_or_id) if project["title"] == title_or_id]
    if len(found) > 1:
        numbers = ", ".join(str(project["id"]) for project in found)
        raise ProjectMismatch(
            f'{len(found)} projects have the title "{title_or_id}" (numbers {numbers})',
            place=studio.url,
            remedy="name the one that you mean by its number",
        )
    return _fitting(studio, studio.get(f"api/projects/{found[0]['id']}/")) if found else None


def open_project(
    studio: Studio, title: str, *, annotators: int = 1, blind: bool = False, instruction: str | None = None
) -> Project:
    """The project of that title, made if there is none: with our page and guideline, and one view.

    `annotators` is how many people are to label each article; `blind` shows no pre-marks; `instruction` is HTML in
    place of the annotators' guideline. All count at creation only.
    The view matters: without one, the page that a link opens first may fail to load the pre-marks.
    """
    title = title.strip()
    if not 3 <= len(title) <= _LONGEST_TITLE:
        raise ProjectMismatch(
            f'"{title}" is no title for a project: Label Studio takes 3 to {_LONGEST_TITLE} characters',
            remedy="choose another title",
        )
    with one_at_a_time(studio.url, f"project {title}"):
        project = find_project(studio, title) or _create(studio, title, annotators, blind, instruction)
        studio.repeatedly(lambda: _ensure_view(studio, project.id))
        return project


def _create(studio: Studio, title: str, annotators: int, blind: bool, instruction: str | None) -> Project:
    settings = {
        "title": title,
        "description": "Dibuat oleh atribusi: siapa berkata apa",
        "label_config": label_config(),
        "expert_instruction": instruction or guideline_html(),
        "show_instruction": True,
        "show_collab_predictions": not blind,
        "maximum_annotations": annotators,
        "color": "#1F78B4",
    }
    for attempt in range(1, studio.attempts + 1):
        try:
            made = studio.post_once("api/projects/", settings)
            return _fitting(studio, made, created=True)
        except StudioFault as fault:
            studio.pause(fault, attempt)
            found = find_project(studio, title)  # the server may have made it all the same
            if found is not None:
                return found
            if attempt == studio.attempts:
                raise
    raise AssertionError("unreachable")


def _projects(studio: Studio, title: str) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        answer = studio.get("api/projects/", {"include": "id,title", "title": title, "page": page, "page_size": 100})
        yield from answer["results"]
        if not answer.get("next"):
            return
        page += 1


def _fitting(studio: Studio, project: Mapping[str, Any], *, created: bool = False) -> Project:
    problems = config_problems(project.get("label_config") or "")
    if problems:
        raise ProjectMismatch(
            f'the labelling page of project "{project.get("title")}" does not fit: ' + "; ".join(problems),
            place=f"{studio.url}/projects/{project.get('id')}/settings/labeling",
            remedy="paste there what `atribusi studio config` prints, or push to a project of another title",
        )
    return Project(
        id=int(project["id"]),
        title=str(project["title"]),
        server=studio.public_url,
        tasks=int(project.get("task_number") or 0),
        model_version=str(project.get("model_version") or ""),
        label_config=str(project["label_config"]),
        created=created,
        blind=project.get("show_collab_predictions") is False,
    )


def _ensure_view(studio: Studio, project_id: int) -> None:
    """Make a view unless there is one; may be asked again after a fault, since it looks first."""
    if studio.get("api/dm/views/", {"project": project_id}):
        return

    def hidden(shown: tuple[str, ...]) -> list[str]:
        return [f"tasks:{column}" for column in _COLUMNS if column not in shown]

    view = {
        "title": "Artikel",
        "type": "list",
        "target": "tasks",
        "hiddenColumns": {"explore": hidden(_SHOWN), "labeling": hidden(_SHOWN_BESIDE_A_TASK)},
        "filters": {"conjunction": "and", "items": []},
        "ordering": [],
    }
    studio.post_once("api/dm/views/", {"project": project_id, "data": view})


@contextmanager
def one_at_a_time(url: str, what: str, *, patience: float = 600.0) -> Iterator[None]:
    """Hold a lock of this machine while changing a project, so that two pushes do not both find an article missing.

    The kernel drops the lock when the process dies. Raises `StudioError` after `patience` seconds.
    """
    import filelock

    name = sha256(f"{url}\n{what}".encode()).hexdigest()[:16]
    lock = filelock.FileLock(Path(tempfile.gettempdir()) / f"atribusi-{name}.lock", timeout=patience, mode=0o666)
    try:
        with lock:
            yield
    except filelock.Timeout:
        raise StudioError(
            f"another atribusi has been writing to this project for {patience:g} seconds",
            place=url,
            remedy="wait until it has ended, and run the command again",
        ) from None
