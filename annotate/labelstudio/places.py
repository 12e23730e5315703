"""Projects of the annotators' own, and what is copied into them: one for each, one more for what they label blind.

The open edition knows no assignment of tasks to people. (Its tabs cannot stand in: their filters know no list of tasks,
the label stream that a link opens does not heed them, and in a task that is shared everybody reads what others
labelled.) So everybody gets a project with the articles that are his or hers, and nothing else.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

from annotate.errors import ProjectMismatch
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import Project, open_project
from annotate.labelstudio.push_lookup import ASIDE, SENDER, find_tasks

_LONGEST_TITLE: Final = 50
_BLIND: Final = " – buta"
_PAGE: Final = 200
_OWN: Final = ("result", "model_version", "score")  # of a prediction; the rest is the server's


def open_place(studio: Studio, project: str, annotator: str, *, blind: bool) -> Project:
    """The annotator's own project beside `project`, made if there is none.

    Raises `ProjectMismatch` where a project has that title and shows pre-marks though it should not, or the reverse.
    """
    place = open_project(studio, place_title(project, annotator, blind=blind), blind=blind)
    wrong = "shows pre-marks, and should not" if blind else "hides pre-marks, and should not"
    if place.blind != blind:
        raise ProjectMismatch(f"project “{place.title}” {wrong}", place=place.url, remedy="rename it there")
    if blind and studio.get("api/ml/", {"project": place.id}):
        raise ProjectMismatch(
            f"project “{place.title}” is to be labelled blind and has an ML backend, which would pre-mark its articles",
            place=f"{studio.url}/projects/{place.id}/settings/ml",
            remedy="remove the backend there",
        )
    return place


def place_title(project: str, annotator: str, *, blind: bool) -> str:
    """`pemilu – sari@example.org`, with `– buta` for the blind one; shortened, and told apart, where that is long."""
    room = _LONGEST_TITLE - len(_BLIND)
    title = f"{project} – {annotator}"
    if len(title) > room:
        mark = blake2b(title.encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()
        title = f"{project[:16].strip()} – {annotator[: room - 27].strip()}… {mark}"
    return title + (_BLIND if blind else "")


def tasks_of(studio: Studio, project: Project) -> Iterator[dict[str, Any]]:
    """All tasks of a project as they would be imported, each with the one prediction that annotators see, if any."""
    done = -1
    while True:
        above = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": done}
        page = studio.tasks(project.id, [above], fields="all", include="id,data,meta,predictions", page_size=_PAGE)[
            "tasks"
        ]
        if not page:
            return
        for task in page:
            done = max(done, int(task["id"]))
            meta = {name: value for name, value in (task.get("meta") or {}).items() if name not in (SENDER, ASIDE)}
            yield {"data": task["data"], "meta": meta, "predictions": _shown(task, project)}


def _shown(task: Mapping[str, Any], project: Project) -> list[dict[str, Any]]:
    predictions = task.get("predictions") or []
    fitting = [one for one in predictions if one.get("model_version") == project.model_version] or predictions[-1:]
    return [{name: one[name] for name in _OWN if one.get(name) is not None} for one in fitting[:1]]


def withdraw(studio: Studio, project_id: int, doc_ids: Iterable[str], begun: Container[str]) -> int:
    """Take tasks that nobody has touched out of a project again; how many. `begun`: articles known to be touched."""
    gone = 0
    for doc_id, tasks in find_tasks(studio, project_id, doc_ids).items():
        for one in tasks:
            if one.labelled or doc_id in begun:
                continue
            task = studio.get(f"api/tasks/{one.task_id}/")  # asked anew: it may have been opened a moment ago
            if not (task.get("annotations") or task.get("drafts")):
                studio.delete(f"api/tasks/{one.task_id}/")
                gone += 1
    return gone


def doc_id_of(task: Mapping[str, Any]) -> str | None:
    """The article of a task; None where the task is not one of ours."""
    data = task.get("data") or {}
    found = data.get("doc_id")
    return found if isinstance(found, str) and found and data.get("text_sha256") else None


def as_line(task: Mapping[str, Any]) -> bytes:
    """A task as one line of JSON."""
    return json.dumps(task, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
