"""What is on the server already: tasks by document, doubles, and which tasks have pre-marks of a version."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from annotate.labelstudio.client import Studio

# In a task's `meta`: which machine pushed it, and of which task it is a double that was set aside.
SENDER: Final = "sender"
ASIDE: Final = "double_of"
_LONGEST_QUERY: Final = 6000  # characters of a web address that every server and proxy takes
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A task of a document; `labelled` if anybody labelled or skipped it, or left a draft.

    `sender` tells which machine pushed it; `aside`: it was set aside as a double.
    """

    task_id: int
    text_sha256: str
    labelled: bool
    sender: str = ""
    aside: bool = False


def find_tasks(studio: Studio, project_id: int, doc_ids: Iterable[str]) -> dict[str, list[Found]]:
    """The tasks of those documents, in the order of their ids; documents without any are left out."""
    found: dict[str, list[Found]] = {}
    for some in _in_queries(list(dict.fromkeys(doc_ids))):
        filters = [{"filter": "filter:tasks:data.doc_id", "operator": "in_list", "type": "String", "value": some}]
        page, seen, total = 1, 0, 1
        while seen < total:
            answer = studio.tasks(
                project_id,
                filters,
                fields="task_only",
                include="id,data,meta,is_labeled,total_annotations,cancelled_annotations,drafts",
                page=page,
                page_size=_PAGE,
            )
            total = answer["total"]
            if not answer["tasks"]:
                break
            for task in answer["tasks"]:
                labelled = task.get("total_annotations") or task.get("cancelled_annotations") or task.get("drafts")
                data, meta = task["data"], task.get("meta") or {}
                aside = bool(meta.get(ASIDE) and task.get("is_labeled"))
                found.setdefault(data["doc_id"], []).append(
                    Found(task["id"], str(data.get("text_sha256")), bool(labelled), str(meta.get(SENDER, "")), aside)
                )
            seen, page = seen + len(answer["tasks"]), page + 1
    return found


def _in_queries(doc_ids: Sequence[str]) -> Iterator[list[str]]:
    """The ids in such portions as a web address can hold."""
    portion: list[str] = []
    length = 0
    for doc_id in doc_ids:
        size = len(quote(json.dumps(doc_id, ensure_ascii=False))) + 3
        if portion and length + size > _LONGEST_QUERY:
            yield portion
            portion, length = [], 0
        portion.append(doc_id)
        length += size
    if portion:
        yield portion


def tasks_with_version(studio: Studio, project_id: int, version: str) -> set[int]:
    """Ids of the tasks that have pre-marks of exactly this model version."""
    filters = [
        {
            "filter": "filter:tasks:predictions_model_versions",
            "operator": "contains",
            "type": "List",
            "value": [version],
        }
    ]
    ids: set[int] = set()
    page = 1
    while True:
        answer = studio.tasks(project_id, filters, include="id,predictions_model_versions", page=page, page_size=_PAGE)
        # The filter looks for a part of the name; the list of names is joined by commas.
        for task in answer["tasks"]:
            names = f",{task['predictions_model_versions']},".replace(", ", ",")
            if f",{version.replace(', ', ',')}," in names:
                ids.add(task["id"])
        if page * _PAGE >= answer["total"]:
            return ids
        page += 1


def versions(studio: Studio, project_id: int) -> dict[str, int]:
    """How many predictions the project has of each model version."""
    counts = studio.get(f"api/projects/{project_id}/model-versions/")
    return {str(version): int(count) for version, count in (counts or {}).items()}


def task_count(studio: Studio, project_id: int) -> int:
    """How many tasks the project has now."""
    return tasks_and_version(studio, project_id)[0]


def tasks_and_version(studio: Studio, project_id: int) -> tuple[int, str]:
    """How many tasks the project has now, and the model version that is shown there."""
    project = studio.get(f"api/projects/{project_id}/", {"include": "id,task_number,model_version"})
    return int(project["task_number"]), str(project["model_version"] or "")
